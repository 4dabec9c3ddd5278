"""All services on the in-memory bus with the simulated people: what the checks after each history must see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from cli.simulate import DAYS, TICKETS
from contracts import feed, snapshots
from contracts.envelope import Body
from runtime.change import Ignore
from services.notify.adapters.memory import InMemoryOutbox
from services.notify.ports import JournalEntry
from services.sla.domain import explanation, measures
from services.sla.domain.sheet import ClockSheet
from services.sla.handlers.contact import ContactClocks
from services.sla.handlers.plans import PlanClocks
from services.sla.handlers.review import ReviewClocks
from services.sla.handlers.routing import RoutingClocks
from simulation import clock_checks
from simulation.history import LEGAL, Violated
from simulation.play import play
from simulation.village import Village


def test_without_faults_of_machines_every_matter_comes_to_an_end_or_waits_for_people() -> None:
    played = play(4242, 12, 60, faulty=False)
    assert played.said["TicketRegistered"] >= 8
    assert played.said["TicketStruckOff"] >= 4


def play_all(seeds: int = 25, days: int = DAYS) -> None:
    """As many histories as asked for, until one raises."""
    for seed in range(seeds):
        play(seed, TICKETS, days)


def test_without_timers_the_invariant_on_timers_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Village, "_knock", lambda _village: 0)
    with pytest.raises(Violated, match=r"^V5 .* nobody"):
        play_all(days=8)


def test_an_explanation_that_forgets_more_time_breaks_the_invariant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_checks, "explained", lambda clock, by: explanation.explain(clock.limit, clock.start, by))
    with pytest.raises(Violated, match=r"^V10 "):
        play_all(60)


def test_a_clock_that_does_not_go_on_after_a_review_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReviewClocks, "_gone_on", lambda _handlers, sheet, *_: (sheet, ()))
    with pytest.raises(Violated, match=r"^V5 .* and no clock runs"):
        play_all()


def test_a_clock_that_does_not_go_on_after_the_review_of_a_plan_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlanClocks, "on_plan_reviewed", lambda *_: Ignore("deaf"))
    with pytest.raises(Violated, match=r"^V5 .*PlanReviewed( asks for a plan)?, and no clock runs"):
        play_all()


def test_a_measure_of_which_nobody_says_that_it_is_red_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(sheet: ClockSheet, now: datetime) -> tuple[ClockSheet, tuple[Body, ...]]:
        return (replace(sheet, measures=measures.turned(sheet.measures, now)[0]) if sheet.measures else sheet), ()

    monkeypatch.setattr("services.sla.handlers.measures.turned", silent)
    with pytest.raises(Violated, match=r"^C4 .* should be red"):
        play_all()


def test_a_plan_that_is_asked_for_without_a_time_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlanClocks, "_plan_asked", lambda _handlers, sheet, _now: (sheet, ()))
    with pytest.raises(Violated, match=r"^V5 .* asks for a plan, and no clock runs"):
        play_all()


def test_reporters_whom_nobody_has_to_contact_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RoutingClocks, "_contact_due", lambda _handlers, sheet, _now: (sheet, ()))
    with pytest.raises(Violated, match=r"^V5 .* nobody has to contact the reporters"):
        play_all()


def test_a_contact_that_does_not_stop_its_clock_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContactClocks, "on_reporter_contacted", lambda *_: Ignore("deaf"))
    with pytest.raises(Violated, match=r"^V5 .* their clock runs on"):
        play_all()


def test_what_was_held_back_and_is_taken_up_without_a_clock_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlanClocks, "on_plan_lapsed", lambda *_: Ignore("runs_on"))
    with pytest.raises(Violated, match="V5"):
        play_all()


def test_a_hold_that_gives_new_time_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlanClocks, "_gone_on", lambda _handlers, sheet, *_: (sheet, ()))
    with pytest.raises(Violated, match=r"^V5 .* began anew after a hold"):
        play_all()


def test_a_snapshot_that_keeps_who_gave_it_back_breaks_the_invariant(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {kind: change for kind, change in snapshots.CHANGES.items() if kind is not feed.Returned}
    monkeypatch.setattr(snapshots, "CHANGES", kept)
    with pytest.raises(Violated, match=r"^snapshot: "):
        play_all(60)


def test_without_the_desks_clock_a_matter_waits_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    def deaf(handlers: RoutingClocks, *_: object) -> Ignore:
        return Ignore("deaf")

    monkeypatch.setattr(RoutingClocks, "on_assignment_queued", deaf)
    with pytest.raises(Violated, match=r"^V5 .* became queued, and no assign_by began"):
        play_all()


def test_without_the_letter_in_the_journal_a_crash_tells_somebody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = InMemoryOutbox.attempt

    async def nameless(self: InMemoryOutbox, entries: Sequence[JournalEntry], at: datetime) -> set[str]:
        return await attempt(self, [replace(each, letter=each.name) for each in entries], at)

    monkeypatch.setattr(InMemoryOutbox, "attempt", nameless)
    with pytest.raises(AssertionError, match=r"V11 not in one letter|told in two letters"):
        play_all(100)


def test_telling_a_history_changes_nothing_in_it() -> None:
    lines = list[str]()
    assert play(7, TICKETS, DAYS, tell=lines.append) == play(7, TICKETS, DAYS)
    assert any("!!" in line for line in lines)
    assert sum("TicketRegistered" in line for line in lines) >= 1


def test_a_history_that_is_told_ends_at_the_message_that_must_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, until = list[str](), list[str]()
    play(7, TICKETS, DAYS, tell=whole.append)
    monkeypatch.setitem(LEGAL, "registered", {})
    with pytest.raises(Violated, match=r"V3 .* AssignmentQueued in state registered"):
        play(7, TICKETS, DAYS, tell=until.append)
    assert until == whole[: len(until)]
    assert len(until) < len(whole) / 2
    assert any("AssignmentQueued" in line for line in until[-4:])
