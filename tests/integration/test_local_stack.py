"""The Kafka and the mongod of the wheels: they keep what they were given, and refuse what they should."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from contracts.topics import SERVICES
from deploy.local import jars
from deploy.local.accounts import ACCOUNTS
from deploy.local.kafka import Broker, begin
from deploy.local.mongod import Mongod
from deploy.local.state import DidNotStart, free_port, wait_for_port
from runtime.kafka.bus import Bus
from runtime.kafka.topics import create_topics

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]
NAMESPACE = "kept"
UNAUTHORIZED = 13  # MongoDB's error code
WRONG = "org.slf4j:slf4j-api:1.7.36 " + "0" * 64


@contextmanager
def running(server: Broker | Mongod, log: Path) -> Iterator[None]:
    server.start(log)
    try:
        yield
    finally:
        server.stop()


async def test_kafka_keeps_what_it_acknowledged_over_a_restart(tmp_path: Path) -> None:
    broker = Broker(tmp_path / "kafka", free_port(), free_port())
    bus = Bus(servers=broker.servers, namespace=NAMESPACE)
    with running(broker, tmp_path / "log"):
        assert f"{NAMESPACE}.tickets" in await create_topics(bus)
        async with AIOKafkaProducer(**bus.client_options(), acks="all") as producer:
            await producer.send_and_wait(f"{NAMESPACE}.live-rates", b"said before", partition=0)
    with running(broker, tmp_path / "log"):
        assert await create_topics(bus) == []
        consumer = AIOKafkaConsumer(f"{NAMESPACE}.live-rates", **bus.client_options(), auto_offset_reset="earliest")
        async with consumer:
            assert (await consumer.getone()).value == b"said before"


def test_mongod_keeps_its_documents_and_users_over_a_restart(tmp_path: Path) -> None:
    mongod = Mongod(tmp_path / "mongodb", free_port(), secrets.token_urlsafe(16))
    passwords = {name: secrets.token_urlsafe(16) for name in ACCOUNTS}
    for nth in range(2):
        with running(mongod, tmp_path / "log"):
            mongod.grant(NAMESPACE, passwords)
            with MongoClient[Any](mongod.uri_of("sla", passwords["sla"])) as client:
                sheets = client[f"{NAMESPACE}_sla"]["clock_sheets"]
                assert sheets.count_documents({}) == nth
                sheets.insert_one({"_id": nth})


def test_a_start_that_died_before_the_administrator_was_made_is_completed_by_the_next(tmp_path: Path) -> None:
    mongod = Mongod(tmp_path / "mongodb", free_port(), secrets.token_urlsafe(16))
    mongod.process = begin(mongod.prepare(), tmp_path / "log")
    try:
        wait_for_port(mongod.port, 40, tmp_path / "log")
        member = {"_id": 0, "host": f"127.0.0.1:{mongod.port}"}
        with MongoClient[Any](f"mongodb://127.0.0.1:{mongod.port}/?directConnection=true") as client:
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": [member]})
        for _ in range(2):
            mongod.initiate()
        mongod.password = "another"
        with pytest.raises(DidNotStart, match=r"secrets\.env do not belong together"):
            mongod.initiate()
    finally:
        mongod.stop()


@pytest.fixture(scope="module")
def granted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Mongod, dict[str, str]]]:
    """A mongod with a user per service, and their passwords."""
    folder = tmp_path_factory.mktemp("granted")
    mongod = Mongod(folder / "mongodb", free_port(), secrets.token_urlsafe(16))
    passwords = {name: secrets.token_urlsafe(16) for name in ACCOUNTS}
    with running(mongod, folder / "log"):
        mongod.grant(NAMESPACE, passwords)
        yield mongod, passwords


def is_refused(call: Any) -> bool:
    """Whether MongoDB says that the user may not; any other error is raised."""
    try:
        call()
    except OperationFailure as why:
        if why.code == UNAUTHORIZED:
            return True
        raise
    return False


def test_nobody_may_change_or_delete_in_the_ledger(granted: tuple[Mongod, dict[str, str]]) -> None:
    mongod, passwords = granted
    entry = {"_id": "1/tickets/0/0"}
    for name in SERVICES:
        with MongoClient[Any](mongod.uri_of(name, passwords[name])) as client:
            ledger = client[f"{NAMESPACE}_intake"]["ledger"]
            assert is_refused(lambda ledger=ledger: ledger.insert_one(dict(entry))) == (name != "intake")
            assert is_refused(lambda ledger=ledger: ledger.update_one(entry, {"$set": {"d": b""}}))
            assert is_refused(lambda ledger=ledger: ledger.delete_one(entry))
            assert is_refused(lambda ledger=ledger: ledger.drop())


def test_without_a_password_nothing_is_read(granted: tuple[Mongod, dict[str, str]]) -> None:
    mongod, _ = granted
    with MongoClient[Any](f"mongodb://127.0.0.1:{mongod.port}/?replicaSet=rs0") as client:
        assert is_refused(lambda: client[f"{NAMESPACE}_intake"]["ledger"].find_one({}))


def test_a_broker_with_a_jar_that_is_not_the_locks_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "jars.txt"
    lock.write_text(WRONG)
    monkeypatch.setattr(jars, "LOCK", lock)
    monkeypatch.setattr(jars, "PAUSES", ())
    with pytest.raises(jars.JarRefused, match="slf4j-api"):
        Broker(tmp_path / "kafka", free_port(), free_port()).start(tmp_path / "log")
