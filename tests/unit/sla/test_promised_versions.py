"""What was promised stays promised: a later version of a standard touches no clock that runs (C1)."""

from datetime import timedelta
from typing import Any

from contracts.envelope import Body
from contracts.messages.sla import DeadlineSet
from contracts.values import HandlingStandard
from runtime.clock import Clock
from runtime.process.configuration import publication
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.sla import wiring
from services.sla.adapters.packaged import standard_key
from services.sla.adapters.published import configuration_of
from tests.facts.routing import accepted, assigned
from tests.facts.standards import standard_published
from tests.harness import MONDAY, TICKET, Stage, fact

OTHER_TICKET = TICKET[:-1] + "T"
HOUR = timedelta(hours=1)
FIRST = standard_published().standard
SHORTER = FIRST.model_copy(update={"version": FIRST.version + 1, "limit": 1, "valid_from": MONDAY + HOUR})


class PublishedScene(Stage):
    """sla as it is wired, beside a configuration that the test publishes into."""

    def __init__(self) -> None:
        self.platform = InMemoryPlatform(load(Settings), Clock(wall=lambda: self.wall))
        super().__init__(wiring.of(self.platform))

    async def publish(self, standard: HandlingStandard) -> None:
        key, body = standard_key(standard.code, standard.version), standard_published(standard=standard)
        await self.platform.writer.publish([publication(key, body, "sla", self.clock)])
        await configuration_of(self.platform).catch_up()

    async def hear(self, *bodies: Body, key: str = TICKET) -> None:
        self.say(*(fact(body, self.clock.now(), seq, "routing", key=key) for seq, body in enumerate(bodies, 1)))
        await self.run()

    def work(self, key: str = TICKET) -> Any:
        [clock] = self.document(key).running("complete_by")
        return clock


async def test_a_later_version_touches_no_running_clock_and_holds_for_what_is_accepted_under_it() -> None:
    scene = PublishedScene()
    await scene.publish(FIRST)
    await scene.hear(assigned(), accepted(standard=FIRST))
    before = scene.work()
    await scene.publish(SHORTER)
    scene.pass_time(2 * HOUR)
    await scene.run()
    assert scene.work() == before
    assert before.limit.standard == f"{FIRST.code}@{FIRST.version}"
    await scene.hear(assigned(), accepted(standard=SHORTER), key=OTHER_TICKET)
    later = scene.work(OTHER_TICKET)
    assert (later.limit.standard, later.limit.amount) == (f"{FIRST.code}@{SHORTER.version}", 1)
    assert later.due < before.due
    assert [each.body.kind for each in scene.facts([DeadlineSet]) if each.key == TICKET] == ["accept_by", "complete_by"]
