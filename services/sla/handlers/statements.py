"""What sla says: its values as facts."""

from collections.abc import Iterable
from datetime import datetime

from contracts.envelope import Body
from contracts.messages.conferences import ConferenceDecided, MatterReferred, RecordConference, ReferMatter
from contracts.messages.sla import (
    AnswerOrder,
    AskMoreTime,
    ClockStopped,
    DeadlineMoved,
    DeadlineSet,
    DecideOrder,
    LightChanged,
    LightWithdrawn,
    MoreTimeAsked,
    MoreTimeDecided,
    OrderAnswered,
    OrderDecided,
    OrderWithdrawn,
    PauseEnded,
    SupervisionOrdered,
)
from contracts.values import GrantedPause, OrderItem, StepInstant
from contracts.vocabulary import COLOURS, Pair
from services.sla.domain import order_numbers
from services.sla.domain.conference import Referral
from services.sla.domain.deeds import ONE_UP, ORDER, TO_THE_UNIT, ClockDeed
from services.sla.domain.more_time import MoreTime, extended_by
from services.sla.domain.orders import IssuedOrder, answers_for
from services.sla.domain.rungs import Rung, told
from services.sla.domain.sheet import RED, ClockSheet, SheetClock
from services.sla.domain.transitions import Ordered, StoppedClock, Turned, Untrue

Items = tuple[OrderItem, ...]
MEASURES = ("提出整改措施和责任人", "Name measures and the person responsible")
COMPLETION = ("明确办结时间", "Give the date of completion")
ORDER_ITEMS = (("说明超期原因", "Explain why it is overdue"), MEASURES, COMPLETION)
UNANSWERED_ITEMS = (
    ("说明督办件逾期未答复的原因", "Explain why the order was not answered in time"),
    MEASURES,
    COMPLETION,
)
REWORK_ITEMS = (
    ("说明多次重办群众仍不满意的原因", "Explain why it had to be done again so often"),
    MEASURES,
    COMPLETION,
)
STUCK_ITEMS = (("说明久无进展的原因", "Explain why nothing has moved"), MEASURES, COMPLETION)
EARLY_ITEMS = (("说明办理进展", "Say how far it is"), MEASURES, COMPLETION)


def deadline_set(clock: SheetClock) -> DeadlineSet:
    """A clock runs, or runs otherwise than was said."""
    return DeadlineSet(
        clock=clock.id,
        kind=clock.kind,
        unit=clock.unit,
        start=clock.start,
        due=clock.due,
        yellow=clock.yellow,
        orange=clock.orange_begins,
        red=clock.due,
        calendar_version=clock.calendar_version,
        provisional=clock.provisional,
        standard=clock.limit.standard,
        pauses=tuple(
            GrantedPause(since=each.since, until=each.until, ground=each.ground, approver=each.approver)
            for each in clock.pauses
        ),
        extended=extended_by(clock.more),
        continues=clock.continues,
        steps=tuple(StepInstant(step=each.name, at=each.at) for each in clock.steps if each.at is not None),
        scheme=clock.limit.scheme,
    )


def rebased(before: SheetClock, clock: SheetClock) -> Iterable[Body]:
    """What another calendar, or standard, changed for those who were promised something; nothing when only the name of
    a calendar is new.
    """
    standard = clock.limit.standard if clock.limit.standard != before.limit.standard else ""
    if standard or (_begins(before), before.provisional) != (_begins(clock), clock.provisional):
        yield deadline_set(clock)
    if clock.due != before.due:
        yield DeadlineMoved(
            clock=clock.id,
            kind=clock.kind,
            unit=clock.unit,
            before=before.due,
            due=clock.due,
            calendar_version=clock.calendar_version,
            standard=standard,
        )


def moved(before: SheetClock, clock: SheetClock) -> Iterable[Body]:
    """What more time, or less, changed of the instants; nothing where a pause took no day."""
    if _begins(before) != _begins(clock):
        yield deadline_set(clock)


def _begins(clock: SheetClock) -> tuple[datetime | None, ...]:
    """When its colours begin, and its steps."""
    return (*clock.instants, *(each.at for each in clock.steps))


def more_time_asked(clock: SheetClock, asked: MoreTime, desk: str, body: AskMoreTime) -> MoreTimeAsked:
    return MoreTimeAsked(
        more_time=asked.id,
        clock=clock.id,
        kind=clock.kind,
        unit=clock.unit,
        how=asked.how,
        ground=asked.ground,
        amount=asked.amount,
        until=asked.until,
        approver=asked.approver,
        approver_unit=desk,
        evidence=body.evidence,
        words=body.words,
    )


def more_time_decided(clock: SheetClock, asked: MoreTime, due: datetime, words: str) -> MoreTimeDecided:
    """``clock``: as it was before."""
    return MoreTimeDecided(
        more_time=asked.id,
        clock=clock.id,
        kind=clock.kind,
        unit=clock.unit,
        how=asked.how,
        ground=asked.ground,
        amount=asked.amount,
        until=asked.until,
        approved=asked.approved,
        approver=asked.approver,
        before=clock.due,
        due=due,
        words=words,
    )


def pause_ended(clock: SheetClock, pause: MoreTime, due: datetime) -> PauseEnded:
    """``clock``: as it was before."""
    return PauseEnded(
        more_time=pause.id,
        clock=clock.id,
        kind=clock.kind,
        unit=clock.unit,
        ground=pause.ground,
        before=clock.due,
        due=due,
    )


def light_changed(sheet: ClockSheet, due: Turned, rungs: Iterable[Rung] = ()) -> LightChanged:
    """``rungs``: of the ladder in force, which says who hears."""
    clock = due.clock
    return LightChanged(
        clock=clock.id,
        unit=clock.unit,
        lead_unit=clock.lead_unit,
        old=COLOURS[due.old],
        new=COLOURS[due.new],
        due=clock.due,
        urgent=sheet.urgent,
        tell=told(rungs, COLOURS[due.new], sheet.case(clock.kind)),
    )


def items_of(texts: Iterable[Pair], answer_by: datetime) -> Items:
    """The numbered items of an order."""
    return tuple(OrderItem(index=nth, zh=zh, en=en, answer_by=answer_by) for nth, (zh, en) in enumerate(texts, 1))


def ordered(sheet: ClockSheet, due: Ordered, items: Items) -> SupervisionOrdered:
    """督办件, to whoever is overdue."""
    return SupervisionOrdered(
        order=order_numbers.of_clock(sheet.number, due.clock.first, due.level),
        clock=due.clock.id,
        unit=due.clock.unit,
        lead_unit=due.clock.lead_unit,
        colour=COLOURS[RED],
        level=due.level,
        items=items,
        urgent=sheet.urgent,
    )


def ordered_one_up(sheet: ClockSheet, due: Ordered, upper: str, items: Items) -> SupervisionOrdered:
    """To whoever leads the unit that did not answer."""
    said = ordered(sheet, due, items)
    return said.model_copy(update={"unit": upper, "lead_unit": "", "level": ONE_UP})


def ordered_by_ladder(sheet: ClockSheet, due: Ordered, deed: ClockDeed, items: Items) -> SupervisionOrdered:
    """As a published ladder says: at that colour, to the unit or to whoever leads it."""
    said, clock = ordered(sheet, due, items), due.clock
    upper = answers_for(clock.unit, clock.lead_unit) if deed.one_up else clock.unit
    over = clock.lead_unit if upper == clock.unit else ""
    colour = COLOURS[deed.colour]
    return said.model_copy(update={"unit": upper, "lead_unit": over, "level": deed.level, "colour": colour})


def stopped(ended: StoppedClock, reason: str) -> ClockStopped:
    clock, held = ended.clock, int(ended.held.total_seconds())
    return ClockStopped(
        clock=clock.id,
        unit=clock.unit,
        met=clock.met,
        held=held,
        reason=reason,
        met_as_promised=clock.met_as_promised,
        left=int((clock.due - clock.stopped).total_seconds()) if clock.stopped else None,
    )


def lights_withdrawn(untrue: Untrue, reason: str) -> Iterable[LightWithdrawn]:
    """The light that turned out to be false."""
    clock = untrue.clock
    for old, new in untrue.colours:
        yield LightWithdrawn(clock=clock.id, unit=clock.unit, old=COLOURS[old], new=COLOURS[new], reason=reason)


def orders_withdrawn(sheet: ClockSheet, untrue: Untrue, reason: str) -> Iterable[OrderWithdrawn]:
    """The orders that rested on what turned out to be false."""
    clock = untrue.clock
    numbers = [order_numbers.of_clock(sheet.number, clock.first, level) for level in untrue.orders]
    ordering = [each.level for each in untrue.steps if each.do == ORDER]
    numbers += [order_numbers.of_step(sheet.number, clock.first, level) for level in ordering]
    return [OrderWithdrawn(order=each, unit=clock.unit, reason=reason) for each in numbers]


def ordered_by_hand(sheet: ClockSheet, order: IssuedOrder, items: tuple[OrderItem, ...]) -> SupervisionOrdered:
    """It rests on no clock: somebody looked and found that it must be done at once."""
    return SupervisionOrdered(
        order=order.number,
        clock="",
        unit=order.unit,
        lead_unit=order.lead_unit,
        colour=COLOURS[RED],
        level=TO_THE_UNIT,
        items=items,
        urgent=sheet.urgent,
    )


def order_answered(order: IssuedOrder, body: AnswerOrder) -> OrderAnswered:
    return OrderAnswered(
        order=order.number,
        unit=order.unit,
        index=body.index,
        left=order.left,
        evidence=body.evidence,
        words=body.words,
    )


def order_decided(order: IssuedOrder, body: DecideOrder) -> OrderDecided:
    """``order``: as it is now."""
    answer_by = None if body.lifted else order.due
    return OrderDecided(order=order.number, unit=order.unit, lifted=body.lifted, answer_by=answer_by, words=body.words)


def matter_referred(sheet: ClockSheet, referral: Referral, body: ReferMatter) -> MatterReferred:
    return MatterReferred(unit=sheet.responsible, ground=referral.ground, by=referral.by, words=body.words)


def referred_by_itself(sheet: ClockSheet, referral: Referral) -> MatterReferred:
    """Nobody wrote anything to it."""
    return MatterReferred(unit=sheet.responsible, ground=referral.ground, by=referral.by)


def conference_decided(
    sheet: ClockSheet, body: RecordConference, clock: SheetClock | None = None, due: datetime | None = None
) -> ConferenceDecided:
    """``clock`` and ``due``: of a deadline that it moved."""
    return ConferenceDecided(
        conference=body.conference,
        held_on=body.held_on,
        roster=body.roster,
        decision=body.decision,
        unit=clock.unit if clock else sheet.responsible,
        clock=clock.id if clock else "",
        amount=body.amount,
        due=due,
        minutes=body.minutes,
        until=body.until,
    )
