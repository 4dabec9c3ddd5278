"""What an erasure leaves in MongoDB, and what ends it: a member made anew by an initial sync (docs/operations.md)."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from bson import encode
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.kafka import begin, end
from deploy.local.mongod import binary
from deploy.local.state import free_port, wait_for_port
from runtime.clock import Clock
from runtime.delivery.records import Record
from runtime.identity.seals import KeyWrap
from runtime.identity.vault import Keys, MongoVault
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from services.intake.adapters.oplog import MongoOplog
from services.portal import wiring
from services.portal.reading.adapters.memory import ClearWords
from services.portal.reading.ticket.document import scrubbed
from tests.unit.portal.tickets import TICKET, a_ticket

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]
WORDS = "金丝雀：王小明，电话13900001234"
WITHIN = 60.0  # seconds until a member is what it is to become
LEGIBLE = ("--wiredTigerCollectionBlockCompressor", "none", "--wiredTigerJournalCompressor", "none")
"""So that bytes on the disk are those that were written."""


@dataclass
class Member:
    """A mongod of a replica set, with a folder of its own."""

    folder: Path
    port: int
    process: "Popen[bytes] | None" = None

    def start(self) -> "Member":
        self.folder.mkdir(parents=True, exist_ok=True)
        place = ("--dbpath", str(self.folder), "--port", str(self.port), "--bind_ip", "127.0.0.1", "--nounixsocket")
        quiet = (
            "--quiet",
            "--setParameter",
            "diagnosticDataCollectionEnabled=false",
            "--wiredTigerCacheSizeGB",
            "0.25",
        )
        log = self.folder.with_suffix(".log")
        self.process = begin([str(binary()), "--replSet", "rs0", *place, *quiet, *LEGIBLE], log)
        wait_for_port(self.port, WITHIN, log, lambda: self.process is not None and self.process.poll() is None)
        return self

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, 20.0)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def uri(self) -> str:
        return f"mongodb://{self.host}/?directConnection=true"

    def dumped(self) -> bytes:
        """Every document of every collection, the oplog's entries too, as whoever copies them reads them."""
        with MongoClient[Any](self.uri, readPreference="secondaryPreferred") as client:
            named = [
                (client[name], each) for name in client.list_database_names() for each in _collections(client[name])
            ]
            return b"".join(encode(document) for database, each in named for document in database[each].find())

    def on_disk(self) -> bytes:
        """Every byte of its folder."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())


def _collections(database: Any) -> list[str]:
    return [each["name"] for each in database.list_collections() if each["type"] == "collection"]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Member]:
    member = Member(tmp_path / "old", free_port()).start()
    with MongoClient[Any](member.uri) as client:
        client.admin.command("replSetInitiate", {"_id": "rs0", "members": [{"_id": 0, "host": member.host}]})
        until(lambda: client.admin.command("hello")["isWritablePrimary"])
    yield member
    member.stop()


def until(holds: Any) -> None:
    """Fails after a minute; a member that cannot be asked yet is asked again."""
    over = time.monotonic() + WITHIN
    while time.monotonic() < over:
        try:
            if holds():
                return
        except PyMongoError:
            pass  # it starts
        time.sleep(0.1)
    raise AssertionError("it does not happen")


async def written_and_erased(member: Member) -> tuple[str, bytes]:
    """A matter with words, and its keys, as the product writes them, then erased; what stood there, as canaries."""
    mongo, wrap = Mongo(member.uri), KeyWrap(b"k" * 32, lambda size: b"r" * size)
    vault, service = MongoVault(mongo.database("vault")), wiring.build(ClearWords())
    await Keys(vault, wrap).issue({TICKET: b"[]"})
    wrapped = (await vault.read([TICKET]))[TICKET].words
    store = MongoStore(mongo.database("portal"), service, Clock(), omit=service.omit_defaults)
    record = Record(TICKET, 3, a_ticket(title="停水", content=WORDS))
    await store.save([record])
    (read,) = (await store.load([TICKET])).values()
    assert read.document is not None
    await store.save([replace(read, document=replace(scrubbed(read.document), erased=True))])
    await vault.erase(TICKET)
    await mongo.close()
    return WORDS, wrapped


def left(held: bytes, canaries: tuple[str, bytes]) -> list[str]:
    """By name, the canaries that somebody who reads these bytes finds."""
    words, wrapped = canaries
    sought = {"words": words.encode(), "key": wrapped}
    return [name for name, each in sought.items() if each in held]


def renewed(old: Member, folder: Path) -> Member:
    """A member that was made by an initial sync from ``old``."""
    new = Member(folder, free_port()).start()
    with MongoClient[Any](old.uri) as client:
        config = client.admin.command("replSetGetConfig")["config"]
        config["version"] += 1
        config["members"].append({"_id": 1, "host": new.host, "priority": 0, "votes": 0})
        client.admin.command("replSetReconfig", config)
        until(lambda: states(client) == ["PRIMARY", "SECONDARY"])
    return new


def states(client: MongoClient[Any]) -> list[str]:
    return [each["stateStr"] for each in client.admin.command("replSetGetStatus")["members"]]


async def test_an_erasure_leaves_words_and_keys_until_the_member_is_made_anew(old: Member, tmp_path: Path) -> None:
    canaries = await written_and_erased(old)
    assert left(old.dumped(), canaries) == ["words", "key"], "the oplog holds them: else nothing would be shown"
    assert left(old.on_disk(), canaries) == ["words", "key"]
    new = renewed(old, tmp_path / "new")
    try:
        assert left(new.dumped(), canaries) == []
        assert await oldest(old.uri) < await oldest(f"{new.uri}&readPreference=secondaryPreferred")
        new.stop()
        assert left(new.on_disk(), canaries) == []
    finally:
        new.stop()


async def test_a_member_made_from_a_copy_of_the_files_has_them_still(old: Member, tmp_path: Path) -> None:
    """The toothless variant: no initial sync."""
    canaries = await written_and_erased(old)
    old.stop()
    copied = Member(tmp_path / "copied", old.port)
    shutil.copytree(old.folder, copied.folder)
    assert "words" in left(copied.on_disk(), canaries)


async def oldest(uri: str) -> datetime:
    """The instant to which the log of a member reaches back."""
    mongo = Mongo(uri)
    found = await MongoOplog(mongo.database("intake")).oldest()
    await mongo.close()
    assert found is not None
    return found
