"""The reads of feedback's API: one suite on the in-memory adapter and on MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from contracts.identifiers import number_of
from contracts.lifecycle import TicketState
from contracts.vocabulary import OF_A_UNIT
from runtime.clock import Clock
from runtime.delivery.ports import Store
from runtime.delivery.records import Record
from runtime.identity.tokens import READING_ROLES, Principal
from runtime.memory.store import InMemoryStore
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from services.feedback.adapters.memory import InMemoryCases
from services.feedback.adapters.mongo import MongoCases
from services.feedback.api.tickets import reach_of
from services.feedback.domain.case import SUPERVISION_SEAT, Case
from services.feedback.ports import EVERYWHERE, Cases, CaseScope
from services.feedback.wiring import build
from tests.facts.values import DAY, LEAD, OTHER, UNIT
from tests.harness import MONDAY
from tests.stack import Stack
from tests.unit.feedback.cases import a_case, a_vote, awaiting

DIVISIONS = ("431226", "431226100", "431225", "440100")
UNITS = (UNIT, OTHER)
IDS = [f"{nth}{'Z' * 25}" for nth in range(1, 9)]
PLACES = dict(zip(IDS, product(DIVISIONS, UNITS), strict=True))


@dataclass
class StoredCases:
    """Cases written as the loop does and read through the port."""

    cases: Cases
    store: Store[Case]

    async def put(self, cases: dict[str, Case]) -> None:
        assert await self.store.save([Record(ticket, 0, case) for ticket, case in cases.items()]) == set()


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def shelf(request: pytest.FixtureRequest) -> AsyncIterator[StoredCases]:
    if request.param == "memory":
        store: InMemoryStore[Case] = InMemoryStore()
        yield StoredCases(InMemoryCases(store), store)
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, "t-feedback-cases")
    database = mongo.database("feedback")
    await mongo.client.drop_database(database.name)
    cases = MongoCases(database)
    await cases.create_indexes()
    yield StoredCases(cases, MongoStore(database, build(), Clock()))
    await mongo.client.drop_database(database.name)
    await mongo.close()


def everywhere() -> dict[str, Case]:
    """A case of every unit in every division."""
    return {
        ticket: a_case(number=number_of(ticket, division), division=division, unit=unit)
        for ticket, (division, unit) in PLACES.items()
    }


async def test_a_case_is_found_by_its_whole_number(shelf: StoredCases) -> None:
    cases = everywhere()
    await shelf.put(cases)
    for ticket, case in cases.items():
        found = await shelf.cases.find(case.number, EVERYWHERE)
        assert found is not None
        assert (found.ticket, found.case) == (ticket, case)
    assert await shelf.cases.find(number_of(IDS[0], "999999"), EVERYWHERE) is None
    assert await shelf.cases.find(number_of("0" * 26, "431226"), EVERYWHERE) is None


@pytest.mark.parametrize("role", sorted(READING_ROLES))
async def test_nobody_reads_across_the_scope_of_the_token(shelf: StoredCases, role: str) -> None:
    cases = everywhere()
    await shelf.put({ticket: replaced(case) for ticket, case in cases.items()})
    for division, unit in product(("43", "4312", "431226", "44"), (*UNITS, "")):
        reach = reach_of(Principal("x", unit, division, role))
        mine = {ticket for ticket, case in cases.items() if allowed(case, role, division, unit)}
        found = {ticket for ticket, case in cases.items() if await shelf.cases.find(case.number, reach)}
        calls = {filed.ticket for filed in await shelf.cases.to_call(reach, 100)}
        assert (found, calls) == (mine, mine)


def replaced(case: Case) -> Case:
    """The same case, waiting for a call."""
    return awaiting(number=case.number, division=case.division, unit=case.unit, reminders=2, next_look=None)


def allowed(case: Case, role: str, division: str, unit: str) -> bool:
    """The rule in plain words: one's division and below; a unit only what is its own."""
    return case.division.startswith(division) and (role not in OF_A_UNIT or case.unit == unit)


async def test_only_silent_filers_are_called_in_a_stable_order(shelf: StoredCases) -> None:
    silent: dict[str, Any] = {"reminders": 2, "next_look": None}
    await shelf.put(
        {
            IDS[0]: awaiting(2, **silent, votes=(a_vote(1),)),
            IDS[1]: awaiting(2, **silent, votes=(a_vote(0),)),
            IDS[2]: awaiting(reminders=1),
            IDS[3]: a_case(),
            IDS[4]: awaiting(**silent),
            IDS[5]: awaiting(**silent, state=TicketState.STRUCK_OFF),
        }
    )
    assert [filed.ticket for filed in await shelf.cases.to_call(CaseScope(), 10)] == [IDS[0], IDS[4]]
    assert [filed.ticket for filed in await shelf.cases.to_call(CaseScope(), 1)] == [IDS[0]]


LED: dict[str, Any] = {"found_by": "d", "lead_unit": LEAD}
FOUND: dict[str, Case] = {
    IDS[0]: a_case(**LED, found_at=MONDAY + DAY),
    IDS[1]: a_case(**LED, found_at=MONDAY, state=TicketState.REWORK),
    IDS[2]: a_case(lead_unit=LEAD),
    IDS[3]: a_case(**LED, found_at=MONDAY, state=TicketState.WITHDRAWN),
    IDS[4]: a_case(found_by="d", found_at=MONDAY, unit=LEAD, lead_unit=LEAD),
    IDS[5]: a_case(found_by="d", found_at=MONDAY, lead_unit=OTHER, division="431225"),
}


@pytest.mark.parametrize(
    ("seats", "reach", "found"),
    [
        ({f"lead:{LEAD}", "staff:a"}, CaseScope("431226"), (1, 0)),
        ({SUPERVISION_SEAT}, CaseScope("431226"), (1, 4, 0)),
        ({f"lead:{OTHER}"}, CaseScope("431225"), (5,)),
        ({f"lead:{OTHER}"}, CaseScope("431226"), ()),
        ({f"unit_head:{LEAD}"}, EVERYWHERE, ()),
        (set(), EVERYWHERE, ()),
    ],
)
async def test_what_a_unit_found_waits_for_its_lead_unit_and_for_supervision(
    shelf: StoredCases, seats: set[str], reach: CaseScope, found: tuple[int, ...]
) -> None:
    await shelf.put(FOUND)
    waiting = await shelf.cases.to_confirm(frozenset(seats), reach, 10)
    assert [each.ticket for each in waiting] == [IDS[nth] for nth in found]
    assert await shelf.cases.to_confirm(frozenset(seats), reach, 1) == waiting[:1]
