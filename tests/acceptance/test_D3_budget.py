"""D3: an account gets so many letters in a day; what is not urgent waits for the next."""

from datetime import timedelta

from prometheus_client import REGISTRY

from runtime.clock import DomainTime
from services.notify.adapters.published import PublishedCalendar
from services.notify.domain.budget import LetterPlaces, day_of
from services.notify.domain.deliveries import Delivery
from services.notify.wiring import parts_of
from tests.acceptance.test_D3_digest import to_unit, wind_to
from tests.acceptance.town import COUNTY, ReporterReceipt, RunningSystem

LEFT = 2  # letters that the account may still get on this day
NEXT_DAY_WITHIN = 180.0  # seconds: what waits is looked at again each half minute


def spent() -> float:
    return REGISTRY.get_sample_value("notify_budget_spent_total") or 0.0


async def submitted(town: RunningSystem) -> ReporterReceipt:
    """A matter of the forestry bureau, whose letters no other test spends."""
    return await town.submit("有人乱砍滥伐公益林", "麻阳县兰里镇有人乱砍滥伐公益林，请林业局查处。", place="兰里镇")


async def spend_but(town: RunningSystem, unit: str, left: int) -> None:
    """The unit has got all letters of this day but so many: the town's budget is large, as its tests share accounts."""
    parts, now = parts_of(town.platforms["notify"]), town.clock.now()
    order = Delivery("an order", "unit", 0, "order", 1, now, to=unit)
    for place in LetterPlaces(parts.settings.letters_a_day).open_to([order], day_of(now))[left:]:
        assert await parts.outbox.take_place([place], f"of {place}", town.clock.wall())


async def ordered(town: RunningSystem, receipt: ReporterReceipt) -> None:
    """By hand, at once: an order waits for no digest."""
    answer_by = (town.clock.now() + timedelta(days=5)).isoformat()
    body = {"items": [{"check": "measures", "answer_by": answer_by}]}
    await town.ok("sla", f"/v1/tickets/{receipt.number}/orders", town.staff("supervisor"), body)


async def order_of(town: RunningSystem, receipt: ReporterReceipt) -> str:
    """The state of the order to the unit, "" before it is planned."""
    path = f"/v1/tickets/{receipt.number}/deliveries"
    rows = (await town.call("notify", "GET", path, who=town.staff("supervisor"))).json()
    return next((each["state"] for each in rows if (each["audience"], each["kind"]) == ("unit", "order")), "")


def wind_to_next_day(town: RunningSystem) -> None:
    """The clock stands at the opening of the next day of work."""
    office = PublishedCalendar(parts_of(town.platforms["notify"]).configuration).office(COUNTY)
    tomorrow = DomainTime(office.next_open(town.clock.now() + timedelta(days=1)))
    town.wind(tomorrow - town.clock.now())


async def test_D3_beyond_its_letters_of_the_day_an_account_is_told_on_the_next(town: RunningSystem) -> None:
    first = await submitted(town)
    wind_to(town, (await to_unit(town, first))["not_before"])  # in office hours
    before, receipts = spent(), [await submitted(town) for _ in range(2 * LEFT)]
    for each in receipts:
        await town.accepted(each)
    await spend_but(town, (await town.assigned(first)).body.unit, LEFT)
    for each in receipts:
        await ordered(town, each)

    async def is_spent() -> bool:
        states = [await order_of(town, each) for each in receipts]
        return spent() > before and "planned" in states and "" not in states and states.count("sent") <= LEFT

    await town.eventually(is_spent, what="a letter beyond the budget")
    wind_to_next_day(town)

    async def are_told() -> bool:
        return {await order_of(town, each) for each in receipts} == {"sent"}

    await town.eventually(are_told, within=NEXT_DAY_WITHIN, what="what waited for the next day")
