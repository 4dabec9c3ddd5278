"""What sla says: clocks, lights and orders."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.envelope import Message
from contracts.messages import conferences, ladders, sla
from contracts.vocabulary import step_name
from runtime.change import Change
from services.portal.reading.ticket import steps
from services.portal.reading.ticket.document import Order, ShownClock, Ticket
from services.portal.reading.ticket.fold.folding import Folded, follows, timed, told
from services.portal.reading.ticket.fold.words import said
from services.portal.reading.ticket.steps import FoldedStep

ORDERS_KEPT = 8


def on_deadline_set(ticket: Ticket, message: Message[sla.DeadlineSet], now: datetime) -> Folded:
    body = message.body
    clock = ShownClock(
        id=body.clock,
        kind=body.kind,
        unit=body.unit,
        start=body.start,
        due=body.due,
        yellow=body.yellow,
        orange=body.orange,
        red=body.red,
    )
    others = tuple(each for each in ticket.clocks if each.id != clock.id)
    return told(timed(ticket, (*others, clock)), message, steps.ClockStartedStep(clock=body.kind, due=body.due))


def on_clock_stopped(ticket: Ticket, message: Message[sla.ClockStopped], now: datetime) -> Folded:
    running = tuple(clock for clock in ticket.clocks if clock.id != message.body.clock)
    return Change(replace(timed(ticket, running), changed_at=max(ticket.changed_at, message.at)))


def on_light_changed(ticket: Ticket, message: Message[sla.LightChanged], now: datetime) -> Folded:
    return told(ticket, message, steps.LightTurnedStep(colour=message.body.new))


def on_light_withdrawn(ticket: Ticket, message: Message[sla.LightWithdrawn], now: datetime) -> Folded:
    return told(ticket, message, steps.LightWithdrawnStep(colour=message.body.new))


def on_step_reached(ticket: Ticket, message: Message[ladders.StepReached], now: datetime) -> Folded:
    """One line a step, however long everything was down."""
    zh, en = step_name(message.body.step)
    return told(ticket, message, steps.LadderReachedStep(name_zh=zh, name_en=en))


def on_supervision_ordered(ticket: Ticket, message: Message[sla.SupervisionOrdered], now: datetime) -> Folded:
    body = message.body
    order = Order(
        number=body.order,
        unit=body.unit,
        colour=body.colour,
        level=body.level,
        items_zh=tuple(item.zh for item in body.items),
        items_en=tuple(item.en for item in body.items),
        answer_by=max((item.answer_by for item in body.items), default=message.at),
    )
    orders = (*ticket.orders, order)[-ORDERS_KEPT:]
    return told(ticket, message, steps.OrderedStep(order=body.order), orders=orders, ordered=True)


def on_order_withdrawn(ticket: Ticket, message: Message[sla.OrderWithdrawn], now: datetime) -> Folded:
    gone = message.body.order
    orders = tuple(replace(order, withdrawn=True) if order.number == gone else order for order in ticket.orders)
    standing = any(order.stands for order in orders)
    return told(ticket, message, steps.OrderWithdrawnStep(order=gone), orders=orders, ordered=standing)


def on_order_answered(ticket: Ticket, message: Message[sla.OrderAnswered], now: datetime) -> Folded:
    """What the unit answered to the supervision office is read by staff."""
    body = message.body
    orders = tuple(
        replace(each, answered=tuple(sorted({*each.answered, body.index}))) if each.number == body.order else each
        for each in ticket.orders
    )
    step = steps.OrderAnsweredStep(order=body.order, index=body.index)
    return told(ticket, message, step, said(ticket, message, inward=True), orders=orders)


def on_order_decided(ticket: Ticket, message: Message[sla.OrderDecided], now: datetime) -> Folded:
    """Sent back, all of its items are open again."""
    body = message.body
    step: FoldedStep = steps.OrderLiftedStep(order=body.order)
    changed: dict[str, Any] = {"lifted": True}
    if body.answer_by is not None:
        step = steps.OrderSentBackStep(order=body.order, until=body.answer_by)
        changed = {"answered": (), "answer_by": body.answer_by}
    orders = tuple(replace(each, **changed) if each.number == body.order else each for each in ticket.orders)
    standing = any(order.stands for order in orders)
    return told(ticket, message, step, said(ticket, message, inward=True), orders=orders, ordered=standing)


def on_more_time_asked(ticket: Ticket, message: Message[sla.MoreTimeAsked], now: datetime) -> Folded:
    """What the unit wrote to its approver is read by staff."""
    step = steps.MoreTimeAskedStep(how=message.body.how, ground=message.body.ground)
    return told(ticket, message, step, said(ticket, message, inward=True))


def on_more_time_decided(ticket: Ticket, message: Message[sla.MoreTimeDecided], now: datetime) -> Folded:
    body = message.body
    step: FoldedStep = steps.MoreTimeRefusedStep(how=body.how, ground=body.ground)
    if body.approved:
        step = steps.MoreTimeGrantedStep(how=body.how, ground=body.ground, due=body.due)
    return told(ticket, message, step, said(ticket, message))


def on_pause_ended(ticket: Ticket, message: Message[sla.PauseEnded], now: datetime) -> Folded:
    return told(ticket, message, steps.PauseEndedStep(due=message.body.due))


def on_matter_referred(ticket: Ticket, message: Message[conferences.MatterReferred], now: datetime) -> Folded:
    """What staff wrote to the conference is read by staff."""
    return told(ticket, message, steps.ReferredStep(ground=message.body.ground), said(ticket, message, inward=True))


def on_conference_decided(ticket: Ticket, message: Message[conferences.ConferenceDecided], now: datetime) -> Folded:
    """The decision is for everybody; the minutes are read by staff."""
    body = message.body
    held_on = body.held_on.isoformat()
    minutes = said(ticket, message, inward=True)
    if body.until is not None:
        held = steps.ConferenceHeldStep(conference=body.conference, held_on=held_on, until=body.until)
        return told(ticket, message, held, minutes, held_until=body.until)
    step = steps.ConferenceDecidedStep(conference=body.conference, held_on=held_on, decision=body.decision)
    return told(ticket, message, step, minutes)


REACTS = (
    follows(sla.DeadlineSet, on_deadline_set),
    follows(sla.ClockStopped, on_clock_stopped),
    follows(sla.LightChanged, on_light_changed),
    follows(sla.LightWithdrawn, on_light_withdrawn),
    follows(ladders.StepReached, on_step_reached),
    follows(sla.SupervisionOrdered, on_supervision_ordered),
    follows(sla.OrderWithdrawn, on_order_withdrawn),
    follows(sla.OrderAnswered, on_order_answered),
    follows(sla.OrderDecided, on_order_decided),
    follows(sla.MoreTimeAsked, on_more_time_asked),
    follows(sla.MoreTimeDecided, on_more_time_decided),
    follows(sla.PauseEnded, on_pause_ended),
    follows(conferences.MatterReferred, on_matter_referred),
    follows(conferences.ConferenceDecided, on_conference_decided),
)
"""Each fact with the fold that is made for it."""
