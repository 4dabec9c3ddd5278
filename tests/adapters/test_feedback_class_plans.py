"""The class plans among the affairs: one suite on the in-memory adapter and on MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from runtime.clock import Clock
from runtime.delivery.ports import Store
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from services.feedback.adapters.memory import InMemoryClassPlans
from services.feedback.adapters.mongo import MongoClassPlans
from services.feedback.domain.affair import Affair
from services.feedback.domain.draw.draws import Draw
from services.feedback.domain.plan.class_plans import ClassPlan
from services.feedback.ports import EVERYWHERE, CaseScope, ClassPlans
from services.feedback.wiring import CLASS_PLAN, build_affairs
from tests.facts.draws import DRAW, announce_draw
from tests.facts.values import COUNTY, OTHER, UNIT
from tests.harness import MONDAY
from tests.stack import Stack
from tests.unit.feedback.test_class_plans import proposed

FIRST, SECOND = f"plan/{OTHER}/URB", f"plan/{UNIT}/URB"
OF_LEAD = proposed()
OF_SUPERVISION = proposed(unit=OTHER, lead_unit="")
APPROVED = replace(OF_LEAD, open_to="")


@dataclass
class StoredPlans:
    """Class plans written as the loop does, beside a draw, and read through the port."""

    plans: ClassPlans
    store: Store[Affair]


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def shelf(request: pytest.FixtureRequest) -> AsyncIterator[StoredPlans]:
    if request.param == "memory":
        store: InMemoryStore[Affair] = InMemoryStore()
        yield await _filled(StoredPlans(InMemoryClassPlans(store), store))
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, "t-class-plans")
    database, service = mongo.database("feedback"), build_affairs()
    await mongo.client.drop_database(database.name)
    plans = MongoClassPlans(database, service.collection, CLASS_PLAN)
    await plans.create_indexes()
    yield await _filled(StoredPlans(plans, MongoStore(database, service, Clock())))
    await mongo.client.drop_database(database.name)
    await mongo.close()


async def _filled(shelf: StoredPlans) -> StoredPlans:
    draw = Draw(**dict(announce_draw()) | {"closes": MONDAY})
    affairs: dict[str, Affair] = {FIRST: OF_SUPERVISION, SECOND: OF_LEAD, DRAW: draw}
    await shelf.store.save([Record(key, 0, affair) for key, affair in affairs.items()])
    return shelf


async def test_a_class_plan_is_read_as_it_was_written_and_a_draw_is_none(shelf: StoredPlans) -> None:
    assert await shelf.plans.find(SECOND, EVERYWHERE) == OF_LEAD
    assert await shelf.plans.find(DRAW, EVERYWHERE) is None


@pytest.mark.parametrize(
    ("reach", "found"),
    [
        (EVERYWHERE, (OF_SUPERVISION, OF_LEAD)),
        (CaseScope(COUNTY, UNIT), (OF_LEAD,)),
        (CaseScope("431225"), ()),
    ],
)
async def test_class_plans_are_listed_within_a_scope(
    shelf: StoredPlans, reach: CaseScope, found: tuple[ClassPlan, ...]
) -> None:
    assert await shelf.plans.within(reach, 10) == found
    assert await shelf.plans.within(reach, 1) == found[:1]
    assert (await shelf.plans.find(SECOND, reach) is not None) == (OF_LEAD in found)


async def test_what_waits_for_a_seat_is_listed_for_it_alone(shelf: StoredPlans) -> None:
    assert await shelf.plans.within(EVERYWHERE, 10, frozenset({OF_LEAD.open_to, "unit_head:x"})) == (OF_LEAD,)
    assert await shelf.plans.within(EVERYWHERE, 10, frozenset()) == ()
    record = (await shelf.store.load([SECOND]))[SECOND]
    await shelf.store.save([replace(record, document=APPROVED)])
    assert await shelf.plans.within(EVERYWHERE, 10, frozenset({OF_LEAD.open_to})) == ()
