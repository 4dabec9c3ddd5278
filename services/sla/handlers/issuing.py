"""Orders go out, each with the clock of its answer; who does not answer is ordered one level up, then a conference is
asked (C7).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.envelope import Body
from contracts.messages.sla import SupervisionOrdered
from contracts.vocabulary import COLOURS, Pair
from contracts.vocabulary.ladders import REWORK
from services.sla.domain import conference, order_numbers, orders, rungs
from services.sla.domain.conference import Referral
from services.sla.domain.deadlines import due_at
from services.sla.domain.deeds import ORDER, REFER, ClockDeed
from services.sla.domain.limits import Limit
from services.sla.domain.orders import IssuedOrder, OrderedItem
from services.sla.domain.rungs import Rung
from services.sla.domain.sheet import ANSWER_BY, RED, ClockSheet, Start
from services.sla.domain.transitions import Ordered, Reached, Transition, Turned
from services.sla.handlers import statements, stepping
from services.sla.handlers.clocks import ClockHandlers, Said, ordered_by_nobody


@dataclass(frozen=True, slots=True)
class Cause:
    """Of an order that rests on no clock: its number, what it demands, its colour."""

    number: str
    texts: tuple[Pair, ...]
    colour: str = COLOURS[RED]


class IssuingHandlers(ClockHandlers):
    """Pure: (document, message, now) → what comes of it."""

    def _announced(self, sheet: ClockSheet, due: Transition, now: datetime) -> Said:
        """A colour is said; an order is issued, and its answer has a clock of its own."""
        if isinstance(due, Turned):
            return sheet, (statements.light_changed(sheet, due, self._ladders.rungs(sheet.division, now)),)
        if isinstance(due, Reached):
            return self._on_step(sheet, due, now)
        if due.clock.kind == ANSWER_BY:
            return self._unanswered(sheet, due, now)
        if due.deed is not None:
            return self._done(sheet, due, due.deed, now)
        return self._issued(sheet, statements.ordered(sheet, due, self._items(sheet, statements.ORDER_ITEMS, now)), now)

    def _done(self, sheet: ClockSheet, due: Ordered, deed: ClockDeed, now: datetime) -> Said:
        """As the published ladder says: an order to the unit or to whoever leads it, or a conference."""
        if deed.do == REFER:
            return referred(sheet, conference.BY_LADDER, now)
        texts = statements.ORDER_ITEMS if deed.colour == RED else statements.EARLY_ITEMS
        said = statements.ordered_by_ladder(sheet, due, deed, self._items(sheet, texts, now))
        return self._issued(sheet, said, now)

    def _unanswered(self, sheet: ClockSheet, due: Ordered, now: datetime) -> Said:
        """一级压一级: the lead unit is ordered, unless it has one to answer; above it a conference decides."""
        order = sheet.ordered_by(due.clock.id)
        if order is None:
            return sheet, ()
        upper = orders.one_up(order)
        if not upper:
            return referred(sheet, conference.UNANSWERED, now)
        if orders.waits_for(sheet.issued, upper):
            return sheet, ()
        items = self._items(sheet, statements.UNANSWERED_ITEMS, now)
        return self._issued(sheet, statements.ordered_one_up(sheet, due, upper, items), now)

    def _on_step(self, sheet: ClockSheet, due: Reached, now: datetime) -> Said:
        """A step around the deadline: those of it hear, and what it does is done."""
        clock, step = due.clock, due.step
        is_ordered = step.do == ORDER and not ordered_by_nobody(sheet, clock.unit)
        do = step.do if is_ordered or step.do != ORDER else ""
        said = stepping.clock_reached(sheet, due, do)
        if is_ordered:
            texts = statements.ORDER_ITEMS if stepping.is_red(clock, due.at) else statements.EARLY_ITEMS
            items = self._items(sheet, texts, now)
            return first(said, self._issued(sheet, stepping.ordered_on_clock(sheet, due, items), now))
        return first(said, referred(sheet, conference.BY_LADDER, now) if do == REFER else (sheet, ()))

    def _reworked(self, sheet: ClockSheet, count: int, now: datetime) -> Said:
        """多次重办: as the published ladder says; where that does nothing, as ours: from the third on whoever leads the
        unit is ordered, or the unit that nobody leads.
        """
        found = [each for each in self._ladders.rungs(sheet.division, now) if each.fits(REWORK, sheet.case())]
        steps = found if any(each.do for each in found) else [*found, self._policy.rework_step]
        facts: Said = sheet, ()
        for each in rungs.reached(steps, count):
            number = order_numbers.of_rework(sheet.number, count)
            stood = self._matter_on(facts[0], each, Cause(number, statements.REWORK_ITEMS), now)
            facts = stood[0], (*facts[1], *stood[1])
        return facts

    def _matter_on(self, sheet: ClockSheet, rung: Rung, cause: Cause, now: datetime) -> Said:
        """A step that begins with no clock: those of it hear, and what it does is done."""
        said = (stepping.matter_reached(sheet, rung, now),) if rung.tell else ()
        done: Said = sheet, ()
        if rung.do == REFER:
            done = referred(sheet, conference.BY_LADDER, now)
        elif rung.do == ORDER:
            items = self._items(sheet, cause.texts, now)
            order = stepping.ordered_on_matter(sheet, cause.number, rung.level, cause.colour, items)
            done = self._issued(sheet, order, now) if order else done
        return done[0], (*said, *done[1])

    def _items(self, sheet: ClockSheet, texts: Iterable[Pair], now: datetime) -> statements.Items:
        """What an order demands, all of it by the usual time."""
        limit = self._ladder(sheet, now).answering(urgent=sheet.urgent)
        return statements.items_of(texts, due_at(limit, now, self._calendars.current(sheet.division)))

    def _issued(self, sheet: ClockSheet, said: SupervisionOrdered, now: datetime) -> Said:
        """The order goes out, with the usual time to answer it."""
        items = tuple(OrderedItem(each.index, each.answer_by) for each in said.items)
        order = IssuedOrder(said.order, said.unit, said.lead_unit, items)
        sheet, clock = self._answering(sheet, order, self._ladder(sheet, now).answering(urgent=sheet.urgent), now)
        facts: tuple[Body, ...] = (said, *clock)
        return sheet, facts

    def _answering(self, sheet: ClockSheet, order: IssuedOrder, limit: Limit, now: datetime) -> Said:
        """The sheet with the order, and the clock that runs until it is answered."""
        sheet, facts = self._started(sheet, Start(ANSWER_BY, order.unit, order.lead_unit, limit), now)
        return sheet.with_order(replace(order, clock=sheet.clocks[-1].id)), facts


def first(said: Body, done: Said) -> Said:
    """``said`` before all that was done."""
    return done[0], (said, *done[1])


def referred(sheet: ClockSheet, ground: str, now: datetime) -> Said:
    """提交联席会议, by nobody. What waits for one already does not wait twice."""
    if sheet.referred is not None:
        return sheet, ()
    referral = Referral(now, ground, conference.BY_ITSELF)
    return replace(sheet, referred=referral), (statements.referred_by_itself(sheet, referral),)
