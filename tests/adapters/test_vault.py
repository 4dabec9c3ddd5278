"""The vault and the day keys: one suite in memory and on MongoDB."""

import secrets
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from runtime.identity.seals import KeyWrap
from runtime.identity.vault import Contacts, InMemoryVault, Keys, MongoVault, VaultStore, Wrapped
from runtime.mongo.client import Mongo
from services.intake.adapters.memory import InMemoryDayKeys
from services.intake.adapters.mongo import MongoDayKeys
from services.intake.ports import DayKeys
from tests.stack import Stack

WRAP = KeyWrap(b"k" * 32, secrets.token_bytes)


@dataclass
class SharedVault:
    """The vault as intake, as the readers of words and as the readers of contacts see it; the day keys."""

    vault: VaultStore
    words: VaultStore
    contacts: VaultStore
    day_keys: DayKeys
    same_day_keys: DayKeys


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def room(request: pytest.FixtureRequest) -> AsyncIterator[SharedVault]:
    if request.param == "memory":
        vault, keys = InMemoryVault(), InMemoryDayKeys()
        yield SharedVault(vault, vault, vault, keys, keys)
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, f"t{uuid.uuid4().hex[:10]}")
    databases = mongo.database("vault"), mongo.database("intake")
    mine = MongoVault(databases[0])
    await mine.create_views()
    await mine.create_views()
    views = MongoVault(databases[0], "words_keys"), MongoVault(databases[0], "contact_keys")
    yield SharedVault(mine, *views, MongoDayKeys(databases[1], WRAP), MongoDayKeys(databases[1], WRAP))
    for database in databases:
        await mongo.client.drop_database(database.name)
    await mongo.close()


async def test_the_first_record_stands(room: SharedVault) -> None:
    first, other = Wrapped("a", b"1", b"2", b"3", b"4"), Wrapped("a", b"5", b"6", b"7", b"8")
    assert await room.vault.insert_absent([first]) == set()
    assert await room.vault.insert_absent([other, Wrapped("b", b"9")]) == {"a"}
    assert await room.vault.read(["a", "b", "c"]) == {"a": first, "b": Wrapped("b", b"9")}


async def test_a_tombstone_stands_for_ever(room: SharedVault) -> None:
    await room.vault.insert_absent([Wrapped("a", b"1")])
    await room.vault.erase("a")
    await room.vault.erase("never there")
    assert await room.vault.insert_absent([Wrapped("a", b"2"), Wrapped("never there", b"3")]) == {"a", "never there"}
    assert await room.vault.read(["a"]) == {"a": Wrapped("a", erased=True)}


async def test_readers_find_what_is_theirs(room: SharedVault) -> None:
    keys = Keys(room.vault, WRAP)
    issued = (await keys.issue({"a": b"contact"}))["a"]
    assert issued is not None
    seen = (await room.words.read(["a"]))["a"]
    assert WRAP.unwrap("a/words", seen.words) == issued.words
    assert await Contacts(room.contacts, WRAP).of(["a"]) == {"a": b"contact"}
    await keys.erase("a")
    assert await room.words.read(["a"]) == {"a": Wrapped("a", erased=True)}
    assert await Contacts(room.contacts, WRAP).of(["a"]) == {}


@pytest.mark.stack
async def test_a_view_shows_nothing_else(stack: Stack) -> None:
    mongo = Mongo(stack.mongodb_uri, f"t{uuid.uuid4().hex[:10]}")
    database = mongo.database("vault")
    vault = MongoVault(database)
    await vault.create_views()
    await Keys(vault, WRAP).issue({"a": b"contact"})
    assert set(await database["words_keys"].find_one({"_id": "a"})) == {"_id", "words", "erased"}
    assert set(await database["contact_keys"].find_one({"_id": "a"})) == {"_id", "contact_key", "contact", "erased"}
    await mongo.client.drop_database(database.name)
    await mongo.close()


async def test_the_first_day_key_stands(room: SharedVault) -> None:
    first, second = secrets.token_bytes(32), secrets.token_bytes(32)
    assert await room.day_keys.ensure("2026-03-02", first) == first
    assert await room.same_day_keys.ensure("2026-03-02", second) == first
    assert await room.same_day_keys.private("2026-03-02") == first
    assert await room.day_keys.private("1999-01-01") is None


async def test_of_a_destroyed_day_key_only_the_name_is_left(room: SharedVault) -> None:
    for day in ("2026-03-03", "2026-03-02"):
        await room.day_keys.ensure(day, secrets.token_bytes(32))
    assert await room.day_keys.kept() == ["2026-03-02", "2026-03-03"]
    for day in ("2026-03-02", "2026-03-02", "1999-01-01"):
        await room.day_keys.destroy(day)
    assert await room.day_keys.private("2026-03-02") is None
    assert await room.same_day_keys.private("2026-03-02") is None
    assert await room.same_day_keys.kept() == ["2026-03-03"]
