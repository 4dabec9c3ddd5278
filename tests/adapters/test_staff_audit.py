"""The list of the audit: one suite on the in-memory adapter and on MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from runtime.mongo.client import Mongo
from services.staff.adapters.audit_entries import InMemoryAuditEntries, MongoAuditEntries
from services.staff.domain.audit import AuditEntry, AuditQuestion
from services.staff.ports import AuditEntries
from tests.facts.values import COUNTY, HOUR, NUMBER
from tests.harness import MONDAY
from tests.stack import Stack

LOOK = AuditEntry(
    place="audit/1/003/0000000000000000007",
    kind="Looked",
    account="qian.yi",
    time=MONDAY,
    divisions=(COUNTY,),
    role="supervisor",
    what="original",
    number=NUMBER,
    reason="核对",
    shown=1,
)
SIGN_IN = AuditEntry(
    place="audit/1/004/0000000000000000000", kind="SignedIn", account="zhou.qi", time=MONDAY + HOUR, divisions=("43",)
)
LINK = AuditEntry(
    place="audit/1/005/0000000000000000000",
    kind="CredentialChanged",
    account="sun.li",
    time=MONDAY - HOUR,
    divisions=("431225",),
    what="link_laid",
    by="wu.hao",
)
NOWHERE = replace(LOOK, place="audit/1/003/0000000000000000008", divisions=())


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def entries(request: pytest.FixtureRequest) -> AsyncIterator[AuditEntries]:
    if request.param == "memory":
        yield InMemoryAuditEntries()
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, "t-staff-audit")
    database = mongo.database("staff")
    await mongo.client.drop_database(database.name)
    stored = MongoAuditEntries(database)
    await stored.create_indexes()
    yield stored
    await mongo.client.drop_database(database.name)
    await mongo.close()


async def test_an_entry_is_listed_as_it_was_said_and_once(entries: AuditEntries) -> None:
    await entries.add([LOOK, SIGN_IN, NOWHERE])
    await entries.add([replace(LOOK, reason="another"), SIGN_IN])
    await entries.add([])
    assert await entries.find(AuditQuestion(division="43"), 10) == (SIGN_IN, LOOK)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (AuditQuestion(division=COUNTY), [LOOK]),
        (AuditQuestion(division="431225"), [LINK]),
        (AuditQuestion(division="43", account="wu.hao"), [LINK]),
        (AuditQuestion(division="43", account="sun.li"), [LINK]),
        (AuditQuestion(division="43", what="link_laid"), [LINK]),
        (AuditQuestion(division="43", account="zhou.qi"), [SIGN_IN]),
        (AuditQuestion(division="43", number=NUMBER), [LOOK]),
        (AuditQuestion(division="43", what="words"), []),
        (AuditQuestion(division="43", since=MONDAY + HOUR), [SIGN_IN]),
        (AuditQuestion(division="43", until=MONDAY + HOUR), [LOOK, LINK]),
        (AuditQuestion(division="43", since=MONDAY, until=MONDAY), []),
    ],
)
async def test_a_question_finds_what_it_covers(
    entries: AuditEntries, asked: AuditQuestion, found: list[AuditEntry]
) -> None:
    await entries.add([LOOK, SIGN_IN, LINK, NOWHERE])
    assert list(await entries.find(asked, 10)) == found
    assert [each for each in (SIGN_IN, LOOK, LINK, NOWHERE) if asked.covers(each)] == found


async def test_no_more_than_asked_for_is_shown_the_newest_first(entries: AuditEntries) -> None:
    await entries.add([replace(LOOK, place=f"{nth}", time=MONDAY + nth * HOUR) for nth in range(5)])
    listed = await entries.find(AuditQuestion(division=COUNTY), 2)
    assert [entry.place for entry in listed] == ["4", "3"]
