"""V5 and V10: each clock announces what it must, once and in time, and its explanation gives what was said."""

from datetime import timedelta

from contracts.envelope import Message
from contracts.messages import sla
from contracts.vocabulary import COLOURS, is_supervision
from services.sla.adapters.packaged import PackagedCalendars
from services.sla.domain import explanation
from services.sla.domain.calendar import Calendar
from services.sla.domain.explanation import Explanation
from services.sla.domain.more_time import extended_by
from services.sla.domain.sheet import SheetClock
from simulation.history import History, Violated
from simulation.village import Village

ANNOUNCED_WITHIN = timedelta(minutes=10)  # a village's last look at its clocks is no later than that before its end
ORDERED_WITHIN = timedelta(hours=4)  # the longest hold between red and the order (sla)


def timers_fire_once_in_order_and_never_early(history: History) -> None:
    """V5: each colour follows the one before, by the deadline in force; only what was withdrawn returns."""
    for ticket, messages in history.messages.items():
        in_force, shown = dict[str, sla.DeadlineSet](), dict[str, str]()
        for message in messages:
            body = message.body
            if isinstance(body, sla.DeadlineSet):
                in_force[body.clock] = body
            elif isinstance(body, sla.LightWithdrawn):
                shown[body.clock] = body.new
            elif isinstance(body, sla.LightChanged):
                _turned(f"V5 {ticket} {body.clock}", message, in_force[body.clock], shown.get(body.clock, COLOURS[0]))
                shown[body.clock] = body.new


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
    shown = {(m.key, m.body.clock, m.body.new) for m in history.of(sla.LightChanged)}
    ordered = {(m.key, m.body.clock) for m in history.of(sla.SupervisionOrdered)}
    set_ = {(m.key, m.body.clock): m for m in history.of(sla.DeadlineSet)}
    for key, message in set_.items():
        if key in stopped:
            continue
        for colour in _colours(message.body):
            if getattr(message.body, colour) <= until and (*key, colour) not in shown:
                raise Violated(f"V5 {key} should be {colour}, and nobody said so")
        answerable = max(message.body.red, message.at)  # who gets a red clock has the hold before the order
        is_ordered = key in ordered or is_supervision(message.body.unit) or message.body.kind == "answer_by"
        if answerable + ORDERED_WITHIN <= until and not is_ordered:
            raise Violated(f"V5 {key} is overdue, and nobody ordered anything")


def _colours(clock: sla.DeadlineSet) -> list[str]:
    """The colours that a clock goes through after green."""
    return [colour for colour in COLOURS[1:] if getattr(clock, colour) is not None]


def no_order_is_false(history: History) -> None:
    """V5: an order stands only on a clock that was overdue while it ran."""
    ends = {(m.key, m.body.clock): m.at for m in history.of(sla.ClockStopped)}
    withdrawn = {m.body.order for m in history.of(sla.OrderWithdrawn)}
    dues = {(m.key, m.body.clock): m.body.due for m in history.of(sla.DeadlineSet)}
    for message in history.of(sla.SupervisionOrdered):
        key = (message.key, message.body.clock)
        if message.body.order not in withdrawn and ends.get(key, message.at) < dues[key]:
            raise Violated(f"V5 order {message.body.order} is false")
