"""V5 and V10: each clock announces what it must, once and in time, and its explanation gives what was said."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import Body, Message
from contracts.lifecycle import PROMISED, UNANNOUNCED, UNORDERED, Phase, clocks_of, waiting_for
from contracts.messages import conferences, feedback, reviews, routing, sla
from contracts.vocabulary import COLOURS, HELD, county_of, is_supervision, leader_of
from services.sla.adapters.packaged import PackagedCalendars
from services.sla.domain import explanation, order_numbers
from services.sla.domain.calendar import Calendar
from services.sla.domain.explanation import Explanation
from services.sla.domain.limits import MINUTES
from services.sla.domain.more_time import extended_by
from services.sla.domain.sheet import SheetClock
from simulation.history import History, Violated, state_of
from simulation.village import Village

ANNOUNCED_WITHIN = timedelta(minutes=10)  # a village's last look at its clocks is no later than that before its end
ANSWER_BY, PLAN_BY, CONTACT_BY = "answer_by", "plan_by", "contact_by"
SPOKEN = (feedback.ReporterContacted, feedback.ReporterAsked)
OF_AN_URGENT_MATTER = "complete-urgent"  # a code of sla's ladder
ORDERED_WITHIN = timedelta(hours=4)  # the longest hold between red and the order (sla)
BACK_AT_WORK = (reviews.ReviewRejected, feedback.PlanReviewed, feedback.PlanLapsed)


def timers_fire_once_in_order_and_never_early(history: History) -> None:
    """V5: each colour follows the one before, by the deadline in force; only what was withdrawn returns."""
    for ticket, messages in history.messages.items():
        in_force, shown = dict[str, sla.DeadlineSet](), dict[str, str]()
        for message in messages:
            body = message.body
            if isinstance(body, sla.DeadlineSet):
                in_force[body.clock] = body
            elif isinstance(body, sla.LightWithdrawn):
                shown[first_of(in_force[body.clock])] = body.new
            elif isinstance(body, sla.LightChanged):
                first = first_of(in_force[body.clock])
                _turned(f"V5 {ticket} {body.clock}", message, in_force[body.clock], shown.get(first, COLOURS[0]))
                shown[first] = body.new


def first_of(clock: sla.DeadlineSet) -> str:
    """The clock with which its time began: a colour that was said of that is not said again of the one that goes on."""
    return clock.continues or clock.clock


def _turned(clock: str, message: Message[sla.LightChanged], in_force: sla.DeadlineSet, shown: str) -> None:
    colours, new = [COLOURS[0], *_colours(in_force)], message.body.new
    if message.at < getattr(in_force, new):
        raise Violated(f"{clock} turned {new} early")
    if colours[colours.index(shown) :][1:2] != [new]:
        raise Violated(f"{clock} turned {new} after {shown}")


def the_lines_give_the_deadline(history: History, village: Village) -> None:
    """V10: the explanation of each clock gives, from its lines alone, the deadline that was said."""
    calendars = PackagedCalendars()
    said = {(message.key, message.body.clock): message.body.due for message in history.of(sla.DeadlineSet)}
    sheets = {key: record.document for key, record in village.stores["sla"].records.items() if record.document}
    for ticket, sheet in sheets.items():
        for clock in sheet.clocks:
            if explanation.recompute(explained(clock, calendars.current(sheet.division))) != said[ticket, clock.id]:
                raise Violated(f"V10 {ticket} {clock.id}: the lines give another deadline")


def explained(clock: SheetClock, calendar: Calendar) -> Explanation:
    """As sla's API explains it."""
    more = extended_by(clock.more)
    return explanation.explain(clock.limit, clock.start, calendar.paused(clock.pauses), extended=more)


def every_timer_that_is_over_fired(history: History, village: Village) -> None:
    """V5: each colour that a running clock has reached was said, and an overdue clock has its order."""
    until = village.clock.now() - ANNOUNCED_WITHIN
    stopped = {(m.key, m.body.clock) for m in history.of(sla.ClockStopped)}
    set_ = {(m.key, m.body.clock): m for m in history.of(sla.DeadlineSet)}
    first = {key: (key[0], first_of(m.body)) for key, m in set_.items()}
    shown = {(*first[m.key, m.body.clock], m.body.new) for m in history.of(sla.LightChanged)}
    ordered = {first[m.key, m.body.clock] for m in history.of(sla.SupervisionOrdered) if m.body.clock}
    went_up = {key for key, clock in ordered if set_[key, clock].body.kind == ANSWER_BY}
    went_up |= {message.key for message in history.of(conferences.MatterReferred)}
    for running, message in set_.items():
        if running in stopped or message.body.kind in UNANNOUNCED:
            continue
        key = first[running]
        for colour in _colours(message.body):
            if getattr(message.body, colour) <= until and (*key, colour) not in shown:
                raise Violated(f"V5 {key} should be {colour}, and nobody said so")
        answerable = max(message.body.red, message.at)  # who gets a red clock has the hold before the order
        is_ordered = key in ordered or is_ordered_by_nobody(message.body)
        if message.body.kind == ANSWER_BY and not is_ordered_by_nobody(message.body):
            is_ordered = key[0] in went_up
        if answerable + ORDERED_WITHIN <= until and not is_ordered:
            raise Violated(f"V5 {key} is overdue, and nobody ordered anything")


def what_is_held_back_comes_back(history: History, village: Village) -> None:
    """V5: it is taken up again on its date, and goes on with the time that it had: a hold gives no new one.

    Of a limit in minutes it does, as no day is counted in it (ADR 47).
    """
    stopped = {(m.key, m.body.clock) for m in history.of(sla.ClockStopped)}
    lapsed = {(m.key, m.at) for m in history.of(feedback.PlanLapsed) if m.body.standard.limit_unit != MINUTES}
    for message in history.of(sla.DeadlineSet):
        body, key = message.body, (message.key, message.body.clock)
        is_over = body.due <= village.clock.now() - ANNOUNCED_WITHIN
        if body.kind in UNANNOUNCED and is_over and key not in stopped:
            raise Violated(f"V5 {key} is past its date, and nobody took the matter up again")
        is_anew = body.kind in PROMISED and (message.key, body.start) in lapsed
        if is_anew and body.standard != OF_AN_URGENT_MATTER:
            raise Violated(f"V5 {key} began anew after a hold")


def is_ordered_by_nobody(clock: sla.DeadlineSet) -> bool:
    """Whether it only turns red: by its kind, of the supervision office, of a leader in charge."""
    if clock.kind in UNORDERED:
        return True
    return is_supervision(clock.unit) or clock.unit == leader_of(county_of(clock.unit))


def _colours(clock: sla.DeadlineSet) -> list[str]:
    """The colours that a clock goes through after green."""
    return [colour for colour in COLOURS[1:] if getattr(clock, colour) is not None]


def work_that_is_open_is_timed(history: History, village: Village) -> None:
    """V5: a clock runs of whoever has the work, or looks at it, unless it is held back."""
    for ticket, messages in history.messages.items():
        for nth, each in enumerate(messages):
            if isinstance(each.body, BACK_AT_WORK) and not (
                _held(messages[: nth + 1]) or _runs(messages, PROMISED, each.at)
            ):
                raise Violated(f"V5 {ticket}: {each.type}, and no clock runs")
        is_open = state_of(messages) in waiting_for(Phase.COMPLETION) and not _held(messages)
        if is_open and not _runs(messages, clocks_of(Phase.COMPLETION), village.clock.now()):
            raise Violated(f"V5 {ticket} is {state_of(messages)}, and no clock runs")


def plans_that_are_asked_for_are_timed(history: History, village: Village) -> None:
    """C3: where a rule asks for a plan, also after a hold, and where one is sent back, the unit has a time for it.

    Unless it is urgent.
    """
    begun = {(message.key, message.at) for message in history.of(sla.DeadlineSet) if message.body.kind == PLAN_BY}
    for ticket, messages in history.messages.items():
        urgent = asked = False
        for each in messages:
            if isinstance(each.body, routing.TicketAccepted | routing.UrgencyJudged):
                urgent = each.body.urgent
            if isinstance(each.body, routing.TicketAccepted):
                asked = each.body.plan_asked
            if _asks_for_a_plan(each.body, asked=asked) and not urgent and (ticket, each.at) not in begun:
                raise Violated(f"V5 {ticket}: {each.type} asks for a plan, and no clock runs")


def reporters_are_to_be_contacted(history: History, village: Village) -> None:
    """C3: a unit that took a matter has a time to speak to its reporters, which ends when it does; unless urgent."""
    clocks = {(m.key, m.at): m for m in history.of(sla.DeadlineSet) if m.body.kind == CONTACT_BY}
    ends = {(m.key, m.body.clock): m for m in history.of(sla.ClockStopped)}
    for (ticket, at), clock in clocks.items():
        over = ends.get((ticket, clock.body.clock))
        spoke = (each.at for each in history.messages[ticket] if isinstance(each.body, SPOKEN) and each.at >= at)
        first = min(spoke, default=None)
        if first is not None and (over is None or over.at > first):
            raise Violated(f"V5 {ticket}: the reporters were contacted, and their clock runs on")
    for ticket, messages in history.messages.items():
        for each in messages:
            body = each.body
            is_owed = isinstance(body, routing.TicketAccepted) and body.traceable and not body.urgent
            if is_owed and (ticket, each.at) not in clocks:
                raise Violated(f"V5 {ticket}: accepted, and nobody has to contact the reporters")


def _asks_for_a_plan(body: Body, *, asked: bool) -> bool:
    """``asked``: whether a rule of the division does."""
    if isinstance(body, routing.TicketAccepted | feedback.PlanLapsed):
        return asked
    return isinstance(body, feedback.PlanReviewed) and not body.approved


def _runs(messages: Sequence[Message[Any]], kinds: Collection[str], at: datetime) -> bool:
    """Whether a clock of these kinds runs at that instant, which may be its last.

    What is asked for earlier may be handled later: a clock that it stops as of before it began ends as it begins.
    """
    begun = dict[str, datetime]()
    for m in messages:
        if isinstance(m.body, sla.DeadlineSet) and m.body.kind in kinds and m.at <= at:
            begun.setdefault(m.body.clock, m.at)
    stops = [(m.body.clock, m.at) for m in messages if isinstance(m.body, sla.ClockStopped) and m.body.clock in begun]
    over = {clock for clock, stopped in stops if max(stopped, begun[clock]) < at}
    return bool(begun.keys() - over)


def _held(messages: Sequence[Message[Any]]) -> bool:
    """Whether the last word of a plan is that policy, or a conference, holds the matter back."""
    plans = [each.body for each in messages if isinstance(each.body, feedback.PlanReviewed | feedback.PlanLapsed)]
    last = plans[-1] if plans else None
    return isinstance(last, feedback.PlanReviewed) and last.approved and last.mode in HELD


def no_order_is_false(history: History) -> None:
    """V5: an order stands only on a clock that was overdue while it ran."""
    ends = {(m.key, m.body.clock): m.at for m in history.of(sla.ClockStopped)}
    withdrawn = {m.body.order for m in history.of(sla.OrderWithdrawn)}
    dues = {(m.key, m.body.clock): m.body.due for m in history.of(sla.DeadlineSet)}
    for message in history.of(sla.SupervisionOrdered):
        if not re.fullmatch(order_numbers.PATTERN, message.body.order):
            raise Violated(f"order {message.body.order} can be neither answered nor lifted: no door knows it")
        if not message.body.clock:
            continue  # it rests on no clock: by hand, or for one rework too many
        key = (message.key, message.body.clock)
        if message.body.order not in withdrawn and ends.get(key, message.at) < dues[key]:
            raise Violated(f"V5 order {message.body.order} is false")
