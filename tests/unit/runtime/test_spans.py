"""A span is not the difference of two readings of the wall clock (class K): the clock is set back, the span runs on."""

import math
from datetime import timedelta

import pytest

from runtime.clock import Clock, system_stopwatch
from runtime.delivery.records import Outgoing
from runtime.delivery.timers import AGAIN_AFTER, Timers
from runtime.identity.code_attempts import TRIES
from runtime.memory.log import InMemoryFollower, InMemoryLog, InMemoryReader, InMemoryWriter
from runtime.memory.tried_codes import InMemoryTriedCodes
from runtime.telemetry import metrics
from services.intake.api.registering import BREAK_AFTER, BREAK_FOR, LookUpBreaker
from services.notify.adapters.memory import InMemoryMessenger
from services.notify.domain.notes import Note, plan
from services.notify.domain.office_hours import Office
from services.notify.ports import Letter, Outcome
from services.notify.workers.dispatch import Dispatch, Errand
from services.portal.reading.board.board import Rate
from services.portal.reading.live.counting import published
from services.portal.reading.live.rates import FRESH_FOR, FollowedRates
from tests.harness import MONDAY, TICKET, Stage, fact
from tests.unit.runtime.counting import Opened, counting

HOUR = timedelta(hours=1)


class Machine:
    """A wall clock that is set, and a stopwatch that only runs."""

    def __init__(self) -> None:
        self.wall, self.ran = MONDAY, timedelta(days=3)
        self.clock = Clock(wall=lambda: self.wall, stopwatch=lambda: self.ran)

    def runs(self, span: timedelta) -> None:
        self.wall, self.ran = self.wall + span, self.ran + span


SET = pytest.mark.parametrize("by", [-HOUR, timedelta(), HOUR], ids=["back", "as it is", "ahead"])


@SET
async def test_who_guessed_is_free_after_eleven_minutes_that_passed_and_not_before(by: timedelta) -> None:
    machine = Machine()
    tried = InMemoryTriedCodes(machine.clock.stopwatch)
    for nth in range(TRIES):
        await tried.begin("own", "anywhere", str(nth))
    machine.wall += by
    machine.runs(timedelta(minutes=9))
    assert not await tried.begin("own", "anywhere", "early")
    machine.runs(timedelta(minutes=2))
    assert await tried.begin("own", "anywhere", "late")


@SET
async def test_a_provider_that_failed_twelve_times_is_tried_after_a_minute_that_passed(by: timedelta) -> None:
    machine, sms = Machine(), InMemoryMessenger("sms")
    dispatch, errand = Dispatch({"sms": sms}, machine.clock), an_errand()
    for _ in range(12):
        machine.runs(timedelta(seconds=61))
        sms.next_outcomes = [Outcome.NOT_SENT]
        await dispatch.send([errand], lambda each, _, address: Letter(each.reference, address, "", ""))
    machine.wall += by
    machine.runs(timedelta(seconds=59))
    assert dispatch.take([errand]) == []
    machine.runs(timedelta(seconds=2))
    assert dispatch.take([errand]) == [errand]


def an_errand() -> Errand:
    (delivery,) = plan(TICKET, Note("reporter", "registered"), MONDAY, Office())
    return Errand(TICKET, "431226A", delivery.ref, (delivery,), (("sms", "13900000001"),))


@SET
def test_a_door_that_failed_tries_again_after_its_break_and_not_before(by: timedelta) -> None:
    machine = Machine()
    breaker = LookUpBreaker(machine.clock.stopwatch)
    for _ in range(BREAK_AFTER):
        breaker.failed()
    machine.wall += by
    machine.runs(BREAK_FOR - timedelta(seconds=1))
    assert breaker.is_open()
    machine.runs(timedelta(seconds=2))
    assert not breaker.is_open()


@SET
async def test_a_knock_is_repeated_after_half_a_minute_that_passed(by: timedelta) -> None:
    machine, stage = Machine(), Stage(counting())
    stage.say(fact(Opened(), seq=1))
    await stage.run()
    stage.pass_time(HOUR)
    reader, writer = InMemoryReader(stage.log, "sum.loop", ("tickets",)), InMemoryWriter(stage.log)
    timers = Timers(stage.service, stage.store, reader, writer, machine.clock)
    assert await timers.sweep() == 1
    machine.wall += by
    machine.runs(timedelta(seconds=AGAIN_AFTER - 1))
    assert await timers.sweep() == 0
    machine.runs(timedelta(seconds=2))
    assert await timers.sweep() == 1


@SET
async def test_a_rate_is_shown_for_half_a_minute_that_passed(by: timedelta) -> None:
    machine, log = Machine(), InMemoryLog()
    rate = Rate(county="431226", registered=1, moved=2, struck_off=0, series=(1, 2))
    log.append(Outgoing("live-rates", 0, "431226", (), published(rate, MONDAY)))
    rates = FollowedRates(InMemoryFollower(log, "live-rates"), machine.clock)
    await rates.look()
    machine.wall += by
    machine.runs(FRESH_FOR - timedelta(seconds=1))
    assert rates.latest() == (rate,)
    machine.runs(timedelta(seconds=2))
    assert rates.latest() == ()


def test_the_age_of_a_beat_is_told_by_the_monotonic_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([100.0, 130.0])
    monkeypatch.setattr("runtime.telemetry.metrics.time.monotonic", lambda: next(readings))
    metrics.beat("a service of this test")
    assert metrics.since_last_beat("a service of this test") == 30.0


def test_a_loop_that_never_beat_is_not_alive() -> None:
    assert metrics.since_last_beat("nothing beats here") == math.inf


def test_a_made_wall_is_its_own_stopwatch_and_the_machines_wall_is_not() -> None:
    assert Clock(wall=lambda: MONDAY + HOUR).stopwatch() - Clock(wall=lambda: MONDAY).stopwatch() == HOUR
    earlier, now = system_stopwatch(), Clock().stopwatch()
    assert timedelta() <= now - earlier < HOUR
