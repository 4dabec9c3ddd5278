"""Routing's assignments: one suite on the in-memory adapter and on MongoDB."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.identifiers import number_of
from runtime.clock import Clock
from runtime.delivery.ports import Store
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from services.routing.adapters.memory import InMemoryAssignments
from services.routing.adapters.mongo import MongoAssignments
from services.routing.domain.assignment.assignment import WAITING, Assignment, AssignmentState, AssignmentVoter
from services.routing.ports import Assignments, AssignmentScope, FiledAssignment
from tests.harness import MONDAY
from tests.stack import Stack
from tests.unit.routing.matters import ROADS, WATER, routing_service

DIVISIONS = ("", "43", "4312", "431226", "431226100", "431222", "110105")
REACHES = st.builds(AssignmentScope, st.sampled_from(DIVISIONS), st.sampled_from(["", WATER, ROADS]))
ASSIGNMENTS = st.lists(
    st.builds(
        Assignment,
        number=st.just(""),
        state=st.sampled_from(AssignmentState),
        division=st.sampled_from(DIVISIONS),
        registered_at=st.integers(0, 50).map(lambda hours: MONDAY + timedelta(hours=hours)),
        voters=st.just((AssignmentVoter(0, "d0"),)),
        urgent=st.booleans(),
        unit=st.sampled_from(["", WATER, ROADS]),
        returns=st.integers(0, 2),
        candidates=st.sampled_from([(), (WATER, ROADS)]),
    ),
    min_size=10,
    max_size=10,
)


def numbered(found: list[Assignment]) -> list[FiledAssignment]:
    """The assignments with an id and a number each."""
    ids = [f"{nth:012d}" + "0" * 14 for nth in range(len(found))]
    return [
        FiledAssignment(id_, replace(each, number=number_of(id_, "431226")))
        for id_, each in zip(ids, found, strict=True)
    ]


@dataclass
class StoredAssignments:
    """Assignments written as the loop does and read through the port."""

    assignments: Assignments
    store: Store[Assignment]
    versions: dict[str, int] = field(default_factory=dict)

    async def put(self, kept: list[FiledAssignment]) -> None:
        records = [Record(each.ticket, 0, each.assignment, self.versions.get(each.ticket, 0)) for each in kept]
        assert await self.store.save(records) == set()
        self.versions |= {each.ticket: self.versions.get(each.ticket, 0) + 1 for each in kept}


@pytest.fixture(scope="module", params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def mongo(request: pytest.FixtureRequest) -> AsyncIterator[Mongo | None]:
    """A database of its own, or None in memory."""
    if request.param == "memory":
        yield None
        return
    stack: Stack = request.getfixturevalue("stack")
    client = Mongo(stack.mongodb_uri, f"t{uuid.uuid4().hex[:10]}")
    yield client
    await client.client.drop_database(client.database("routing").name)
    await client.close()


@pytest.fixture
async def desk(mongo: Mongo | None) -> StoredAssignments:
    if mongo is None:
        memory: InMemoryStore[Assignment] = InMemoryStore()
        return StoredAssignments(InMemoryAssignments(memory), memory)
    database = mongo.database("routing")
    await database["assignments"].delete_many({})
    real = MongoAssignments(database)
    await real.create_indexes()
    return StoredAssignments(real, MongoStore(database, routing_service(), Clock()))


@pytest.mark.timeout(120)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    found=ASSIGNMENTS,
    reach=REACHES,
    states=st.sets(st.sampled_from(AssignmentState), min_size=1),
    at_most=st.integers(1, 12),
)
async def test_whoever_asks_sees_what_the_reach_allows_and_nothing_else(
    desk: StoredAssignments, found: list[Assignment], reach: AssignmentScope, states: set[AssignmentState], at_most: int
) -> None:
    kept = numbered(found)
    await desk.put(kept)
    visible = [filed for filed in kept if reach.allows(filed.assignment)]
    by_number = await desk.assignments.find([filed.assignment.number for filed in kept], reach)
    listed = await desk.assignments.waiting(reach, sorted(states), at_most)
    expected = sorted(
        (filed for filed in visible if filed.assignment.state in states),
        key=lambda filed: (not filed.assignment.urgent, filed.assignment.registered_at, filed.ticket),
    )
    assert sorted(by_number, key=lambda filed: filed.ticket) == visible
    assert list(listed) == expected[:at_most]


async def test_the_census_counts_what_waits(desk: StoredAssignments) -> None:
    states = (AssignmentState.QUEUED, AssignmentState.QUEUED, AssignmentState.DISPUTED, AssignmentState.HANDED_OVER)
    kept = [Assignment("", state, "431226", MONDAY, returns=nth) for nth, state in enumerate(states)]
    await desk.put(numbered(kept))
    census = await desk.assignments.census()
    assert dict(census.by_state) == {
        AssignmentState.QUEUED: 2,
        AssignmentState.ASSIGNED: 0,
        AssignmentState.DISPUTED: 1,
    }
    assert (census.returned, set(census.by_state)) == (2, set(WAITING))


async def test_a_number_of_nobody_is_found_nowhere(desk: StoredAssignments) -> None:
    await desk.put(numbered([Assignment("", AssignmentState.QUEUED, "431226", MONDAY)]))
    assert await desk.assignments.find([number_of("Z" * 26, "431226")], AssignmentScope()) == ()
    assert await desk.assignments.find([], AssignmentScope()) == ()
