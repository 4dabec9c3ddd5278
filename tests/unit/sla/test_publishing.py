"""The catalogue by HTTP: what would change, every fault with its row and column, and two accounts."""

from typing import Any

import httpx2
import pytest

from contracts.messages.standards import StandardPublished, StandardsProposed
from runtime.clock import Clock
from runtime.http.app import create_app
from runtime.http.tables import csv_text
from runtime.identity import tokens
from runtime.identity.tokens import Gate, Principal
from runtime.process.configuration import TOPIC, publication
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from runtime.tables.workbooks import workbook
from services.sla import wiring
from services.sla.adapters import packaged, standard_rows
from services.sla.adapters.catalogue_book import CatalogueBook
from services.sla.adapters.published import configuration_of
from services.sla.api.publishing import CSV, XLSX, PublishingOffice, add_publishing
from services.sla.domain.proposals import HOLDS
from tests.facts.routing import unit_published
from tests.facts.values import COUNTY
from tests.harness import MONDAY
from tests.unit.cli.test_sla_standards import ROW

PRIVATE, PUBLIC = tokens.new_key_pair()
ANN, BOB = (Principal(name, "", COUNTY, "configurer") for name in ("ann", "bob"))
SECOND_VERSION = ROW | {"版本": "2", "时限": "3"}


def table(*rows: dict[str, str]) -> bytes:
    return csv_text(tuple(ROW), [*rows] or [ROW]).encode()


class PublishingDesk:
    """The route over a configuration that begins with the packaged catalogue, or with nothing."""

    def __init__(self, *, is_packaged: bool = False) -> None:
        self.wall = MONDAY
        self.clock = Clock(wall=lambda: self.wall)
        self.platform = InMemoryPlatform(load(Settings), self.clock)
        if is_packaged:
            for key, body in packaged.publications():
                self.say(key, body)
        configuration = configuration_of(self.platform)
        book = CatalogueBook(configuration, self.platform.writer, self.clock)
        self.app = create_app("sla", _ready)
        self.app.state.gate = Gate(PUBLIC, self.clock.wall)
        add_publishing(self.app, PublishingOffice(wiring.look_ups_of(self.platform), book, self.clock))

    def say(self, key: str, body: Any) -> None:
        self.platform.log.append(publication(key, body, "sla", self.clock))

    async def send(
        self, who: Principal | None, content: bytes, *, preview: bool = False, said: str = CSV
    ) -> httpx2.Response:
        """Sent once all that is published was read."""
        await configuration_of(self.platform).catch_up()
        signed = {"Authorization": f"Bearer {tokens.issue(PRIVATE, who, self.wall)}"} if who else {}
        transport = httpx2.ASGITransport(self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://sla") as client:
            path = f"/v1/standards{'?preview=true' if preview else ''}"
            return await client.post(path, content=content, headers={"Content-Type": said} | signed)

    async def sent(self, who: Principal, content: bytes, *, preview: bool = False, said: str = CSV) -> dict[str, Any]:
        """What came of a table that is taken."""
        answer = await self.send(who, content, preview=preview, said=said)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def codes(self) -> list[str]:
        """The versions that are published."""
        await configuration_of(self.platform).catch_up()
        return [key for key in configuration_of(self.platform).all(StandardPublished) if "WTR-09" in key]

    async def proposals(self) -> list[StandardsProposed]:
        await configuration_of(self.platform).catch_up()
        return [*configuration_of(self.platform).all(StandardsProposed).values()]

    @property
    def written(self) -> int:
        return len(self.platform.log.of_topic(TOPIC))


async def _ready() -> bool:
    return True


@pytest.fixture
def desk() -> PublishingDesk:
    return PublishingDesk()


async def test_a_second_account_that_sends_the_same_table_publishes_it(desk: PublishingDesk) -> None:
    first = await desk.sent(ANN, table())
    assert (first["state"], first["proposal"]["proposer"], await desk.codes()) == ("proposed", "ann", [])
    second = await desk.sent(BOB, table())
    assert (second["state"], second["proposal"]["confirmer"]) == ("published", "bob")
    assert await desk.codes() == ["standard/WTR-09@1"]
    [kept] = await desk.proposals()
    assert (kept.proposer, kept.confirmer, kept.count) == ("ann", "bob", 1)


async def test_one_account_is_not_two(desk: PublishingDesk) -> None:
    await desk.sent(ANN, table())
    before = desk.written
    answer = await desk.send(ANN, table())
    told = answer.json()
    assert (answer.status_code, told["type"], desk.written) == (409, "four_eyes", before)
    assert told["zh"]
    assert told["en"]


async def test_a_table_that_says_the_same_in_another_form_is_the_same(desk: PublishingDesk) -> None:
    rows = [ROW, SECOND_VERSION]
    first = await desk.sent(ANN, table(*rows))
    second = await desk.sent(BOB, workbook(tuple(ROW), rows[::-1]), said=XLSX)
    assert (second["state"], second["digest"]) == ("published", first["digest"])


async def test_another_table_is_another_proposal(desk: PublishingDesk) -> None:
    await desk.sent(ANN, table())
    assert (await desk.sent(BOB, table(SECOND_VERSION)))["state"] == "proposed"
    assert await desk.codes() == []


async def test_a_proposal_runs_out_and_begins_anew(desk: PublishingDesk) -> None:
    await desk.sent(ANN, table())
    desk.wall += HOLDS
    assert (await desk.sent(BOB, table()))["state"] == "proposed"
    assert (await desk.sent(ANN, table()))["state"] == "published"


async def test_nothing_is_left_of_what_ran_out_and_what_was_published_is_kept(desk: PublishingDesk) -> None:
    await desk.sent(ANN, table())
    await desk.sent(BOB, table())
    await desk.sent(ANN, table(SECOND_VERSION))
    desk.wall += HOLDS
    await desk.sent(ANN, table(ROW | {"编码": "WTR-10"}))
    assert [(each.proposer, each.confirmer) for each in await desk.proposals()] == [("ann", "bob"), ("ann", "")]


async def test_no_file_is_held_anywhere(desk: PublishingDesk) -> None:
    await desk.sent(ANN, table())
    for record in desk.platform.log.of_topic(TOPIC):
        assert ROW["名称"].encode() not in record.value


async def test_a_preview_says_what_would_change_and_changes_nothing(desk: PublishingDesk) -> None:
    await desk.sent(ANN, table())
    await desk.sent(BOB, table())
    before = desk.written
    shown = await desk.sent(ANN, table(ROW, SECOND_VERSION, ROW | {"编码": "WTR-10"}), preview=True)
    assert (shown["state"], shown["rows"], shown["unchanged"], shown["proposal"]) == ("preview", 3, 1, None)
    assert [(each["code"], each["version"]) for each in shown["added"]] == [("WTR-10", 1)]
    [changed] = shown["changed"]
    assert (changed["code"], changed["version"], changed["before"]) == ("WTR-09", 2, 1)
    assert {"field": "limit", "before": "5", "after": "3"} in changed["fields"]
    assert {each["field"] for each in changed["fields"]} <= {"limit", "valid_from"}
    assert desk.written == before


async def test_a_preview_says_who_proposed_the_table(desk: PublishingDesk) -> None:
    await desk.sent(ANN, table())
    assert (await desk.sent(BOB, table(), preview=True))["proposal"]["proposer"] == "ann"


async def test_what_is_published_already_is_said_so(desk: PublishingDesk) -> None:
    await desk.sent(ANN, table())
    await desk.sent(BOB, table())
    before = desk.written
    assert (await desk.sent(BOB, table()))["state"] == "standing"
    assert desk.written == before


@pytest.mark.parametrize("preview", [True, False])
async def test_every_fault_has_its_row_and_column_and_nothing_is_changed(desk: PublishingDesk, preview: bool) -> None:
    answer = await desk.send(
        ANN, table(ROW, ROW | {"编码": "x"}, SECOND_VERSION | {"时限单位": "天", "起算": "昨日"}), preview=preview
    )
    told = answer.json()
    assert (answer.status_code, told["type"], told["faults"]) == (422, "standards_refused", 3)
    assert [(each["row"], each["column"]) for each in told["errors"]] == [
        (3, "code"),
        (4, "limit_unit"),
        (4, "counts_from"),
    ]
    assert all(each["zh"] and each["en"] for each in told["errors"])
    assert desk.written == 0


async def test_a_version_that_stands_is_not_changed_and_none_begins_before_it_was_said(desk: PublishingDesk) -> None:
    await desk.sent(ANN, table())
    await desk.sent(BOB, table())
    past = SECOND_VERSION | {"生效时间": "2020-01-01T00:00:00+08:00"}
    rows = [ROW | {"时限": "9"}, past]
    columns = (*ROW, "生效时间")
    answer = await desk.send(ANN, csv_text(columns, [dict.fromkeys(columns, "") | each for each in rows]).encode())
    assert [(each["row"], each["column"]) for each in answer.json()["errors"]] == [(2, "version"), (3, "valid_from")]


@pytest.mark.parametrize(
    ("division", "ended", "status"), [("431225", False, 422), ("431225", True, 200), ("431226104", False, 200)]
)
async def test_what_units_of_another_division_choose_is_changed_by_neither(
    desk: PublishingDesk, division: str, ended: bool, status: int
) -> None:
    over = MONDAY if ended else None
    desk.say("unit/x", unit_published(code="x", division=division, standards=("WTR-09",), valid_to=over))
    answer = await desk.send(ANN, table())
    assert answer.status_code == status
    if status == 422:
        assert [(each["row"], each["column"]) for each in answer.json()["errors"]] == [(2, "code")]
        above = Principal("cyd", "", "4312", "configurer")
        assert (await desk.sent(above, table()))["state"] == "proposed"


@pytest.mark.parametrize("role", sorted(tokens.ROLES - {"configurer"}))
async def test_no_other_role_may_publish(desk: PublishingDesk, role: str) -> None:
    answer = await desk.send(Principal("s", "431226-UB", COUNTY, role), table())
    assert (answer.status_code, desk.written) == (403, 0)


async def test_without_a_token_or_as_something_else_nothing_is_read(desk: PublishingDesk) -> None:
    assert (await desk.send(None, table())).status_code == 401
    answer = await desk.send(ANN, table(), said="application/json")
    assert (answer.status_code, answer.json()["type"]) == (415, "content_type")
    assert (await desk.send(ANN, b"x" * (256 * 1024 + 1))).status_code == 413


async def test_the_packaged_catalogue_goes_out_and_comes_in_unchanged() -> None:
    desk = PublishingDesk(is_packaged=True)
    rows = standard_rows.lines(packaged.standards())
    shown = await desk.sent(ANN, csv_text(tuple(standard_rows.COLUMNS), rows).encode(), preview=True)
    assert (shown["unchanged"], shown["added"], shown["changed"]) == (len(packaged.standards()), [], [])
