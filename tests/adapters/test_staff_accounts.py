"""The reads of staff's API: one suite on the in-memory adapter and on MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from runtime.clock import Clock
from runtime.delivery.ports import Store
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from services.staff.adapters.memory import InMemoryAccounts
from services.staff.adapters.mongo import MongoAccounts
from services.staff.domain.account import Account, key_of
from services.staff.ports import Accounts
from services.staff.wiring import build
from tests.facts.values import DAY
from tests.harness import MONDAY
from tests.stack import Stack
from tests.unit.staff.accounts import appointed, proposed


@dataclass
class StoredAccounts:
    """Accounts written as the loop does and read through the port."""

    accounts: Accounts
    store: Store[Account]

    async def put(self, accounts: dict[str, Account]) -> None:
        records = [Record(key_of(name), 0, account) for name, account in accounts.items()]
        assert await self.store.save(records) == set()


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def shelf(request: pytest.FixtureRequest) -> AsyncIterator[StoredAccounts]:
    if request.param == "memory":
        store: InMemoryStore[Account] = InMemoryStore()
        yield StoredAccounts(InMemoryAccounts(store), store)
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, "t-staff-accounts")
    database = mongo.database("staff")
    await mongo.client.drop_database(database.name)
    accounts = MongoAccounts(database)
    await accounts.create_indexes()
    yield StoredAccounts(accounts, MongoStore(database, build(), Clock()))
    await mongo.client.drop_database(database.name)
    await mongo.close()


async def test_an_account_is_read_as_it_was_written(shelf: StoredAccounts) -> None:
    account = appointed(since=MONDAY + DAY, until=MONDAY + 3 * DAY)
    await shelf.put({"chen.jing": account})
    assert await shelf.accounts.find("chen.jing") == account
    assert await shelf.accounts.find("chen") is None


PLACES = {"chen": "431226100", "bei": "431226"}


def _in(division: str) -> Account:
    proposal = replace(proposed().appointments[0], division=division)
    return Account(appointments=(proposal,))


async def test_a_division_has_the_accounts_that_are_appointed_in_it_or_below(shelf: StoredAccounts) -> None:
    at = {name: _in(division=division) for name, division in PLACES.items()}
    await shelf.put(at)
    found = {
        prefix: [each.name for each in await shelf.accounts.within(prefix, 10)]
        for prefix in ("431226", "431226100", "4311", "44")
    }
    assert found == {"431226": ["bei", "chen"], "431226100": ["chen"], "4311": [], "44": []}


async def test_names_come_in_order_a_page_at_a_time(shelf: StoredAccounts) -> None:
    await shelf.put({name: proposed() for name in ("dong", "an", "bei", "chen")})
    pages = [await shelf.accounts.within("43", 2), await shelf.accounts.within("43", 2, "bei")]
    assert [[each.name for each in page] for page in pages] == [["an", "bei"], ["chen", "dong"]]
