"""A division sets what an order by hand may demand; a file of it says every fault; an order keeps its texts (C7)."""

import json
from datetime import datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from contracts.messages import sla
from contracts.messages.checks import ChecksPublished
from contracts.values import NamedCheck, OrderCheck
from contracts.vocabulary import CHECKS
from runtime.clock import Clock
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.process.configuration import Configuration, publication
from runtime.process.editions import key_of
from services.sla.adapters.check_files import FAULTS, read
from services.sla.adapters.published_checks import PublishedChecks
from services.sla.domain import check_list, orders
from tests.facts.checks import checks_published
from tests.facts.routing import accepted, assigned
from tests.facts.sla import order_supervision
from tests.facts.values import COUNTY, DAY, HOUR
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.test_api import ServedScene
from tests.unit.sla.test_orders import SUPERVISOR

CHECK: dict[str, Any] = {"code": "site", "zh": "查现场情况", "en": "Check the site"}
LIST: dict[str, Any] = {"division": COUNTY, "version": 1, "checks": [CHECK]}


def written(*rows: object) -> bytes:
    return json.dumps(rows).encode()


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ({"division": "431299"}, "/0/division"),
        ({"version": 0}, "/0/version"),
        ({"checks": [CHECK | {"zh": 5}]}, "/0/checks/0/zh"),
        ({"checks": [CHECK | {"english": "Check"}]}, "/0/checks/0/english"),
        ({"checks": [CHECK | {"code": "Site"}]}, "/0/checks"),
        ({"checks": [CHECK | {"code": ""}]}, "/0/checks"),
        ({"checks": [CHECK | {"code": "s" * 41}]}, "/0/checks"),
        ({"checks": [CHECK, CHECK]}, "/0/checks"),
        ({"checks": [CHECK | {"zh": " "}]}, "/0/checks"),
        ({"checks": [CHECK | {"en": "x" * 201}]}, "/0/checks"),
        ({"checks": [CHECK | {"code": f"site_{nth}"} for nth in range(21)]}, "/0/checks"),
    ],
)
def test_a_fault_has_its_place_and_says_what_to_do(row: dict[str, Any], pointer: str) -> None:
    found = read(written(LIST | row))
    assert [each.pointer for each in found.faults] == [pointer]
    assert all(each.zh and each.en for each in found.faults)


def test_what_is_sound_is_published_as_it_was_written() -> None:
    [written_list] = read(written(LIST)).editions.values()
    assert not read(written(LIST)).faults
    assert (written_list.key, written_list.published(MONDAY).checks) == (f"checks/{COUNTY}@1", (NamedCheck(**CHECK),))


def test_every_rule_has_its_remedy() -> None:
    broken = tuple(NamedCheck(code="Site", zh="", en="x") for _ in range(21))
    assert set(check_list.faults(broken)) == FAULTS.keys()


def test_the_platforms_own_list_could_have_been_published() -> None:
    ours = [NamedCheck(code=code, zh=zh, en=en) for code, (zh, en) in CHECKS.items()]
    assert (check_list.faults(ours), check_list.listed(ours)) == ((), CHECKS)


class ListsOfATest:
    """What sla has read of the configuration."""

    def __init__(self) -> None:
        self._log = InMemoryLog()
        self._configuration = Configuration(InMemoryFollower(self._log, "configuration"), [ChecksPublished])
        self.read = PublishedChecks(self._configuration)

    async def publish(self, **changed: Any) -> None:
        body = checks_published(**changed)
        self._log.append(publication(key_of("checks", body.division, body.version), body, "sla", Clock()))
        await self._configuration.catch_up()

    def codes(self, division: str, at: datetime = MONDAY) -> list[str]:
        return list(self.read.checks(division, at))


async def test_the_narrowest_division_around_decides_and_what_is_wrong_does_not_hold() -> None:
    desk, ours = ListsOfATest(), list(CHECKS)
    await desk.publish(division="4312", checks=(NamedCheck(**CHECK),))
    assert (desk.codes(COUNTY), desk.codes("4313"), desk.codes(COUNTY, MONDAY - HOUR)) == (["site"], ours, ours)
    await desk.publish()
    assert (desk.codes(f"{COUNTY}100"), desk.codes("431225")) == (["site", "cause"], ["site"])
    await desk.publish(version=2, valid_from=MONDAY + DAY, checks=())
    assert (desk.codes(COUNTY), desk.codes(COUNTY, MONDAY + DAY)) == (["site", "cause"], ours)
    with capture_logs() as said:
        await desk.publish(version=3, checks=(NamedCheck(code="site", zh="", en="x"),))
        assert desk.codes(COUNTY) == ["site", "cause"]
    assert [(each["event"], each["faults"]) for each in said] == [("checks_refused", ("text_out_of_range",))]


def demanded(*codes: str) -> sla.OrderSupervision:
    return order_supervision(items=tuple(OrderCheck(check=each, answer_by=MONDAY + DAY) for each in codes))


async def test_an_order_demands_what_the_list_of_the_division_says_and_keeps_its_texts() -> None:
    lists = ListsOfATest()
    await lists.publish()
    scene = Scene(checks=lists.read)
    await scene.hear(assigned())
    await scene.hear(accepted())
    assert await scene.asked(demanded("progress"), SUPERVISOR) == "check_unknown"
    assert await scene.asked(demanded("site", "cause"), SUPERVISOR) == "accepted"
    await lists.publish(version=2, checks=())
    [said] = [message.body for message in scene.facts([sla.SupervisionOrdered])]
    assert [(each.zh, each.en) for each in said.items] == [
        ("查现场情况：是否已到现场", "Check the site: whether anybody went there"),
        ("查超期原因", "Check why it is late"),
    ]
    assert await scene.asked(demanded("progress"), SUPERVISOR) == "accepted"


def test_a_refusal_names_what_may_be_demanded() -> None:
    refused = orders.fault_of(["site"], [MONDAY + DAY], ("cause", "effect"), MONDAY)
    assert refused is not None
    assert (refused.code, "cause, effect" in refused.zh, "cause, effect" in refused.en) == ("check_unknown", True, True)


async def test_the_list_of_a_division_is_shown_and_ours_where_it_published_none() -> None:
    lists, office = ListsOfATest(), ServedScene()
    await lists.publish()
    office.lists = lists.read
    found = (await office.ask(f"/v1/checks?division={COUNTY}")).json()
    assert [each["code"] for each in found["checks"]] == ["site", "cause"]
    ours = (await office.ask("/v1/checks")).json()["checks"]
    assert ours == [{"code": code, "zh": zh, "en": en} for code, (zh, en) in CHECKS.items()]
    assert (await office.ask("/v1/checks?division=Mayang")).status_code == 422
