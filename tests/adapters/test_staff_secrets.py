"""What staff keeps beside its documents: one suite on the in-memory adapters and on MongoDB."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from runtime.identity.seals import KeyWrap
from runtime.mongo.client import Mongo
from services.staff.adapters.audit_entries import InMemoryAuditEntries, MongoAuditEntries
from services.staff.adapters.second_factors import MongoSecondFactors
from services.staff.adapters.secrets_in_memory import (
    InMemoryAttempts,
    InMemoryCredentials,
    InMemorySecondFactors,
    InMemorySessions,
    InMemoryTokenKeys,
)
from services.staff.adapters.secrets_in_mongo import MongoAttempts, MongoCredentials, MongoSessions, MongoTokenKeys
from services.staff.adapters.used_assertions import InMemoryUsedAssertions, MongoUsedAssertions
from services.staff.domain.one_time_codes import SecondFactor
from services.staff.domain.sessions import OF_ONE_ACCOUNT, Session
from services.staff.ports import Credential, WrongTries
from services.staff.wiring import Keeping
from tests.harness import MONDAY
from tests.stack import Stack

HOUR = timedelta(hours=1)
NAME, HERE, THERE = "chen.jing", "192.0.2.1", "192.0.2.2"


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def kept(request: pytest.FixtureRequest) -> AsyncIterator[Keeping]:
    if request.param == "memory":
        yield Keeping(
            InMemoryCredentials(),
            InMemoryAttempts(),
            InMemorySessions(),
            InMemoryTokenKeys(),
            InMemoryAuditEntries(),
            InMemorySecondFactors(),
            InMemoryUsedAssertions(),
        )
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, "t-staff-secrets")
    database, wrap = mongo.database("staff"), KeyWrap(b"k" * 32, secrets.token_bytes)
    await mongo.client.drop_database(database.name)
    stored = Keeping(
        MongoCredentials(database),
        MongoAttempts(database),
        MongoSessions(database),
        MongoTokenKeys(database, wrap),
        MongoAuditEntries(database),
        MongoSecondFactors(database, wrap),
        MongoUsedAssertions(database),
    )
    await stored.create_indexes()
    yield stored
    await mongo.client.drop_database(database.name)
    await mongo.close()


def a_session(digest: str = "d", **changed: object) -> Session:
    given = {"digest": digest * 64, "account": NAME, "opened": MONDAY, "seen": MONDAY}
    return Session(**(given | changed))  # type: ignore[arg-type]


async def test_nobody_has_a_credential_before_a_link_was_used(kept: Keeping) -> None:
    assert await kept.credentials.find(NAME) == Credential()
    await kept.credentials.lay_link(NAME, "link", MONDAY + HOUR)
    assert await kept.credentials.find(NAME) == Credential("", "link", MONDAY + HOUR)


async def test_a_link_names_its_account_until_it_runs_out(kept: Keeping) -> None:
    await kept.credentials.lay_link(NAME, "link", MONDAY + HOUR)
    found = [await kept.credentials.of_link("link", MONDAY + after) for after in (timedelta(), HOUR)]
    assert (found, await kept.credentials.of_link("", MONDAY)) == ([NAME, ""], "")


async def test_a_link_is_used_once_and_a_later_one_takes_its_place(kept: Keeping) -> None:
    await kept.credentials.lay_link(NAME, "early", MONDAY + HOUR)
    await kept.credentials.lay_link(NAME, "late", MONDAY + HOUR)
    used = [await kept.credentials.use_link(NAME, link, link) for link in ("early", "late", "late", "")]
    assert used == [False, True, False, False]
    assert await kept.credentials.find(NAME) == Credential("late")


async def test_where_a_password_stands_only_a_later_replacement_lays_a_link_and_once(kept: Keeping) -> None:
    hashed = "$argon2id$v=19$a.b"
    await kept.credentials.lay_link(NAME, "first", MONDAY + HOUR)
    await kept.credentials.use_link(NAME, "first", hashed)
    laid = [await kept.credentials.lay_link(NAME, "next", MONDAY + HOUR, by) for by in (0, 3, 3)]
    assert laid == [False, True, True]
    assert await kept.credentials.find(NAME) == Credential(hashed, "next", MONDAY + HOUR, laid_by=3)
    await kept.credentials.use_link(NAME, "next", "other")
    assert await kept.credentials.find(NAME) == Credential("other", replacement=3)
    assert [await kept.credentials.lay_link(NAME, "again", MONDAY + HOUR, by) for by in (0, 3, 4)] == [
        False,
        False,
        True,
    ]


async def test_a_hash_is_made_anew_only_of_the_password_that_stands(kept: Keeping) -> None:
    await kept.credentials.lay_link(NAME, "link", MONDAY + HOUR)
    await kept.credentials.use_link(NAME, "link", "weak")
    await kept.credentials.rehash(NAME, "other", "never")
    await kept.credentials.rehash(NAME, "weak", "strong")
    assert (await kept.credentials.find(NAME)).password == "strong"


async def test_wrong_passwords_are_counted_by_address_and_by_account(kept: Keeping) -> None:
    for after, address in enumerate((HERE, HERE, THERE)):
        await kept.attempts.wrong(NAME, address, MONDAY + timedelta(seconds=after))
    assert await kept.attempts.lately(NAME, HERE) == WrongTries(2, 3, MONDAY + timedelta(seconds=1))
    assert await kept.attempts.lately(NAME, "192.0.2.3") == WrongTries(0, 3, None)
    await kept.attempts.right(NAME, HERE)
    assert await kept.attempts.lately(NAME, HERE) == WrongTries(0, 1, None)


async def test_a_session_is_found_by_its_digest_and_by_nothing_else(kept: Keeping) -> None:
    session = a_session(appointment=3)
    await kept.sessions.open(session)
    assert await kept.sessions.find(session.digest) == session
    assert await kept.sessions.find(session.sid) is None


async def test_a_session_that_is_used_moves_on_and_never_back(kept: Keeping) -> None:
    session = a_session()
    await kept.sessions.open(session)
    for after in (2 * HOUR, HOUR):
        await kept.sessions.seen(session.digest, MONDAY + after)
    assert await kept.sessions.find(session.digest) == replace(session, seen=MONDAY + 2 * HOUR)


async def test_a_session_goes_on_under_another_secret_once(kept: Keeping) -> None:
    first, second, third = (a_session(digest) for digest in "abc")
    await kept.sessions.open(first)
    assert [await kept.sessions.replace(first.digest, each) for each in (second, third)] == [True, False]
    assert [each.digest for each in await kept.sessions.of(NAME)] == [second.digest]


async def test_sessions_end_one_or_all_of_an_account(kept: Keeping) -> None:
    for digest in "abc":
        await kept.sessions.open(a_session(digest))
    await kept.sessions.open(a_session("z", account="zhou.qi"))
    assert await kept.sessions.end(NAME, a_session("z").sid) is False
    assert await kept.sessions.end(NAME, a_session("b").sid) is True
    assert [each.digest[0] for each in await kept.sessions.of(NAME)] == ["a", "c"]
    assert (await kept.sessions.end_all(NAME), len(await kept.sessions.of("zhou.qi"))) == (2, 1)


async def test_the_oldest_session_makes_room(kept: Keeping) -> None:
    for nth in range(OF_ONE_ACCOUNT + 1):
        await kept.sessions.open(a_session(f"{nth:02d}", opened=MONDAY + nth * HOUR))
    assert [each.digest[:2] for each in await kept.sessions.of(NAME)] == [f"{nth:02d}" for nth in range(1, 21)]


async def test_a_private_key_stands_once_it_was_made_until_its_day_is_over(kept: Keeping) -> None:
    made = [await kept.keys.ensure("2026-03-02", private) for private in ("first", "second")]
    await kept.keys.ensure("2026-03-03", "next")
    assert made == ["first", "first"]
    await kept.keys.keep_only(("2026-03-03",))
    assert [await kept.keys.private(kid) for kid in ("2026-03-02", "2026-03-03")] == [None, "next"]


def a_factor(secret: str, sid: str = "s", replacement: int = 0) -> SecondFactor:
    return SecondFactor(secret=secret, sid=sid, replacement=replacement)


async def test_a_second_factor_waits_until_a_code_was_used_and_then_stands(kept: Keeping) -> None:
    assert await kept.factors.find(NAME) is None
    laid = [await kept.factors.lay(NAME, a_factor(secret)) for secret in ("first", "second")]
    found = await kept.factors.find(NAME)
    used = await kept.factors.use(NAME, a_factor("second"), 7)
    late = await kept.factors.lay(NAME, a_factor("third"))
    assert (laid, found, used, late) == ([True, True], a_factor("second"), True, False)
    assert await kept.factors.find(NAME) == replace(a_factor("second"), step=7)


async def test_a_step_is_used_once_and_none_before_it(kept: Keeping) -> None:
    await kept.factors.lay(NAME, a_factor("secret"))
    used = [await kept.factors.use(NAME, a_factor("secret"), step) for step in (7, 7, 6, 8)]
    assert used == [True, False, False, True]


async def test_a_code_of_a_secret_that_was_laid_over_uses_nothing(kept: Keeping) -> None:
    await kept.factors.lay(NAME, a_factor("first"))
    await kept.factors.lay(NAME, a_factor("second", sid="t"))
    assert await kept.factors.use(NAME, a_factor("first"), 7) is False
    assert await kept.factors.use("nobody", a_factor("first"), 7) is False


async def test_a_later_replacement_makes_room_for_another_second_factor(kept: Keeping) -> None:
    await kept.factors.lay(NAME, a_factor("first"))
    await kept.factors.use(NAME, a_factor("first"), 7)
    laid = [await kept.factors.lay(NAME, a_factor("next", replacement=by)) for by in (0, 2)]
    assert (laid, await kept.factors.find(NAME)) == ([False, True], a_factor("next", replacement=2))


async def test_an_assertion_is_taken_once_of_an_account_and_counted_until_it_is_forgotten(kept: Keeping) -> None:
    soon = MONDAY + HOUR
    taken = [await kept.used.use(*each, soon) for each in ((NAME, "1"), (NAME, "1"), (NAME, "2"), ("zhou.qi", "1"))]
    assert taken == [True, False, True, True]
    assert [await kept.used.of(NAME, at) for at in (MONDAY, soon)] == [2, 0]
