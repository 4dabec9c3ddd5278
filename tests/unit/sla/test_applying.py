"""Applying a version to what runs, by HTTP: what would move, who may order it, and an order once (C1)."""

from typing import Any

import httpx2
import pytest

from contracts.messages.standards import StandardApplied, StandardPublished
from contracts.values import HandlingStandard
from runtime.http.app import create_app
from runtime.identity import tokens
from runtime.identity.tokens import Gate, Principal
from runtime.process.configuration import TOPIC, publication
from services.sla import wiring
from services.sla.adapters.catalogue_book import CatalogueBook
from services.sla.adapters.memory import InMemorySheets
from services.sla.adapters.packaged import standard_key
from services.sla.adapters.published import configuration_of
from services.sla.adapters.published_applied import applied_of
from services.sla.api.applying import ApplyingOffice, add_applying
from tests.facts.routing import accepted, assigned
from tests.facts.values import COUNTY, DAY, HOUR, NUMBER, STANDARD, UNIT
from tests.unit.sla.scene import Scene
from tests.unit.sla.test_api import PRIVATE, PUBLIC
from tests.unit.sla.test_applied import SECOND, OrdersGiven, knocked, work
from tests.unit.sla.test_what_if import platform_of

SUPERVISOR = Principal("wang", "", COUNTY, "supervisor")
TEN_KEYS = [f"{nth:026d}" for nth in range(10, 20)]


class ApplyingDesk:
    """The route over a scene whose matter is in hand under the first version; the second is out."""

    def __init__(self, scene: Scene, orders: OrdersGiven) -> None:
        self.scene, self.orders, self.platform = scene, orders, platform_of(scene)
        configuration, desk = configuration_of(self.platform), wiring.look_ups_of(self.platform)
        self.book = CatalogueBook(configuration, self.platform.writer, scene.clock)
        sheets = InMemorySheets(scene.store, scene.clock.now)
        self.app = create_app("sla", _ready)
        self.app.state.gate = Gate(PUBLIC, scene.clock.wall)
        add_applying(self.app, ApplyingOffice(desk, sheets, self.book))

    def publish(self, standard: HandlingStandard) -> None:
        body = StandardPublished(standard=standard, duties=("URB",))
        key = standard_key(standard.code, standard.version)
        self.platform.log.append(publication(key, body, "sla", self.scene.clock))

    async def ask(
        self, who: Principal | None, query: str = "", code: str = STANDARD.code, **sent: Any
    ) -> httpx2.Response:
        """Asked once all that is published was read."""
        await configuration_of(self.platform).catch_up()
        signed = {"Authorization": f"Bearer {tokens.issue(PRIVATE, who, self.scene.clock.wall())}"} if who else {}
        transport = httpx2.ASGITransport(self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://sla") as client:
            return await client.post(f"/v1/standards/{code}/apply{query}", json={"version": 2} | sent, headers=signed)

    async def told(self, query: str = "", who: Principal = SUPERVISOR, **sent: Any) -> dict[str, Any]:
        """What came of an order that is taken."""
        answer = await self.ask(who, query, **sent)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def obeyed(self) -> None:
        """The loop reads the orders, and is knocked for."""
        await configuration_of(self.platform).catch_up()
        self.orders.given = [*applied_of(self.platform).orders()]
        await knocked(self.scene)

    @property
    def written(self) -> int:
        return len(self.platform.log.of_topic(TOPIC))


async def _ready() -> bool:
    return True


@pytest.fixture
async def desk() -> ApplyingDesk:
    orders = OrdersGiven()
    scene = Scene(applied=orders)
    await scene.hear(assigned())
    await scene.hear(accepted())
    await scene.later(HOUR)
    made = ApplyingDesk(scene, orders)
    for each in (STANDARD, SECOND):
        made.publish(each)
    return made


async def test_a_preview_lists_each_matter_with_its_old_and_new_due_and_orders_nothing(desk: ApplyingDesk) -> None:
    before, written = work(desk.scene), desk.written
    shown = await desk.told("?preview=true")
    assert (shown["state"], shown["next"], desk.written) == ("preview", "", written)
    [matter] = shown["matters"]
    [clock] = matter["clocks"]
    assert (matter["number"], clock["clock"], clock["standard"], clock["unit"]) == (NUMBER, "c2", "URB-03@1", UNIT)
    assert clock["overdue_then"] is False
    await desk.obeyed()
    assert work(desk.scene) == before
    await desk.told()
    await desk.obeyed()
    after = work(desk.scene)
    due, due_then = (each.isoformat().replace("+00:00", "Z") for each in (before.due, after.due))
    assert (due, due_then) == (clock["due"], clock["due_then"])
    assert after.due > before.due


async def test_what_would_be_overdue_at_once_is_marked(desk: ApplyingDesk) -> None:
    desk.publish(STANDARD.model_copy(update={"version": 3, "limit": 1}))
    desk.scene.pass_time(2 * DAY)
    [matter] = (await desk.told("?preview=true", version=3))["matters"]
    assert [each["overdue_then"] for each in matter["clocks"]] == [True]


async def test_an_order_says_who_gave_it_and_when_and_is_given_once(desk: ApplyingDesk) -> None:
    first = await desk.told()
    assert (first["state"], first["by"], first["division"]) == ("applied", "wang", COUNTY)
    written, at = desk.written, first["at"]
    desk.scene.pass_time(DAY)
    again = await desk.told(who=Principal("li", "", COUNTY, "supervisor"))
    assert (again["state"], again["by"], again["at"], desk.written) == ("standing", "wang", at, written)
    [said] = configuration_of(desk.platform).all(StandardApplied).values()
    assert (said.standard, said.by) == (SECOND, "wang")


async def test_each_division_orders_for_itself(desk: ApplyingDesk) -> None:
    assert (await desk.told(division="431226104"))["division"] == "431226104"
    assert (await desk.told())["state"] == "applied"
    await configuration_of(desk.platform).catch_up()
    divisions = [each.division for each in configuration_of(desk.platform).all(StandardApplied).values()]
    assert divisions == ["431226104", COUNTY]


async def test_another_divisions_matters_are_not_listed(desk: ApplyingDesk) -> None:
    elsewhere = Principal("s", "", "431225", "supervisor")
    assert (await desk.told("?preview=true", who=elsewhere))["matters"] == []
    assert (await desk.told("?preview=true", division="431226104"))["matters"] == []
    answer = await desk.ask(SUPERVISOR, division="431225")
    assert (answer.status_code, answer.json()["type"]) == (403, "outside_your_scope")


async def test_a_long_preview_comes_page_by_page(desk: ApplyingDesk) -> None:
    [record] = desk.scene.store.records.values()
    for key in TEN_KEYS:
        desk.scene.store.records[key] = type(record)(key, 0, record.document)
    pages, after = list[int](), ""
    for _ in range(4):
        shown = await desk.told(f"?preview=true&limit=3&after={after}")
        pages.append(len(shown["matters"]))
        after = shown["next"]
    assert (pages, after) == ([3, 3, 3, 2], "")


@pytest.mark.parametrize(
    ("code", "version", "refused"),
    [("URB-03", 9, "version_unknown"), ("NO-99", 1, "version_unknown"), ("URB-03", 4, "version_not_in_force")],
)
async def test_only_what_is_in_force_is_applied(desk: ApplyingDesk, code: str, version: int, refused: str) -> None:
    later = desk.scene.clock.now() + DAY
    desk.publish(STANDARD.model_copy(update={"version": 4, "valid_from": later}))
    written = desk.written
    answer = await desk.ask(SUPERVISOR, code=code, version=version)
    told = answer.json()
    assert (answer.status_code, told["type"], desk.written) == (409, refused, written)
    assert told["zh"]
    assert told["en"]


@pytest.mark.parametrize("preview", ["", "?preview=true"])
@pytest.mark.parametrize("role", sorted(tokens.ROLES - {"supervisor"}))
async def test_no_other_role_orders_or_sees_what_would_move(desk: ApplyingDesk, role: str, preview: str) -> None:
    written = desk.written
    answer = await desk.ask(Principal("s", UNIT, COUNTY, role), preview)
    assert (answer.status_code, NUMBER in answer.text, desk.written) == (403, False, written)
    assert (await desk.ask(None, preview)).status_code == 401
