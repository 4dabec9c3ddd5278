"""What every handler of sla does with a clock sheet: clocks start, stop and are rebased."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from contracts import vocabulary
from contracts.envelope import Actor, Body
from contracts.lifecycle import CLOCKS, PROMISED, UNANNOUNCED, Phase, clocks_of
from contracts.messages.routing import TicketAccepted, TicketAssigned
from contracts.values import HandlingStandard
from runtime.change import Change, Ignore, Result
from services.sla.domain import deeds, due_steps, schemes, transitions
from services.sla.domain import sheet as sheets
from services.sla.domain.calendar import Calendar
from services.sla.domain.deadlines import Deadline, deadline, due_at
from services.sla.domain.ladder import Ladder
from services.sla.domain.limits import LONGEST, Limit
from services.sla.domain.orders import WITHDRAWN
from services.sla.domain.schemes import CLOCK
from services.sla.domain.sheet import (
    ANSWER_BY,
    ASSIGN_BY,
    COMPLETE_BY,
    CONTACT_BY,
    PLAN_BY,
    ClockSheet,
    SheetClock,
    Start,
)
from services.sla.domain.transitions import OrderPolicy, StoppedClock, Untrue
from services.sla.handlers import statements
from services.sla.ports import (
    NO_LADDERS,
    NO_SCHEMES,
    NOTHING_APPLIED,
    OUR_CHECKS,
    AppliedStandards,
    Calendars,
    Checks,
    Ladders,
    Limits,
    Schemes,
)

WORK = PROMISED
"""The clocks of the work; one of them runs at a time."""

ALL = tuple(CLOCKS)


Said = tuple[ClockSheet, tuple[Body, ...]]
Instants = tuple[datetime, ...]


class ClockHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(
        self,
        calendars: Calendars,
        policy: OrderPolicy,
        limits: Limits,
        ladders: Ladders = NO_LADDERS,
        schemes: Schemes = NO_SCHEMES,
        checks: Checks = OUR_CHECKS,
        applied: AppliedStandards = NOTHING_APPLIED,
    ) -> None:
        self._calendars, self._policy, self._limits = calendars, policy, limits
        self._ladders, self._schemes, self._checks = ladders, schemes, checks
        self._applied = applied

    def _ladder(self, sheet: ClockSheet, now: datetime) -> Ladder:
        """How long each step may take that begins now."""
        return self._limits.ladder(sheet.division, now)

    def _to_desk(
        self, sheet: ClockSheet, now: datetime, desks: tuple[str, str], *, disputed: bool, reason: str
    ) -> Said:
        """The matter is with no unit: the first desk must hand it out, the second answers for an urgent one's day."""
        first, second = desks
        sheet = sheets.hand_over(sheet, sheets.DESK, now)
        sheet, stopped = clocks_stopped(sheet, now, bought_by_returning(sheet), reason)
        limit = self._ladder(sheet, now).handing_out(urgent=sheet.urgent, disputed=disputed)
        sheet, assign_by = self._started(sheet, Start(ASSIGN_BY, first, "", limit), now)
        sheet, day = self._day(sheet, second, "", now)
        return sheet, (*stopped, *assign_by, *day)

    def _day(self, sheet: ClockSheet, unit: str, lead_unit: str, now: datetime) -> Said:
        """An urgent matter's clock of work: it begins once; from then on only who answers for it changes."""
        if not sheet.urgent:
            return sheet, ()
        if not sheet.running(*WORK):
            return self._started(
                sheet, Start(COMPLETE_BY, unit, lead_unit, self._ladder(sheet, now).complete_urgent), now
            )
        facts = list[Body]()
        for clock in sheet.running(*WORK):
            moved = transitions.passed_on(
                clock, unit, lead_unit, self._orders_at(sheet, replace(clock, unit=unit), after(clock.instants, now))
            )
            sheet = sheet.put(moved)
            facts += [statements.deadline_set(moved)] if moved != clock else []
        return sheet, tuple(facts)

    def _plan_asked(self, sheet: ClockSheet, now: datetime) -> Said:
        """The unit has so long to make a plan; none where it is urgent."""
        if sheet.urgent:
            return sheet, ()
        return self._started(
            sheet, Start(PLAN_BY, sheet.responsible, sheets.lead_of(sheet), self._ladder(sheet, now).plan), now
        )

    def _contact_due(self, sheet: ClockSheet, now: datetime) -> Said:
        """The unit has so long to speak to the reporters, beside its work."""
        asked = Start(CONTACT_BY, sheet.responsible, sheets.lead_of(sheet), self._ladder(sheet, now).contact)
        return self._started(sheet, asked, now)

    def _started(self, sheet: ClockSheet, asked: Start, now: datetime) -> Said:
        asked = replace(asked, limit=self._coloured(sheet, asked, now))
        calendar = self._calendars.current(sheet.division)
        reached = deadline(asked.limit, now, calendar)
        asked = self._by_ladder(sheet, asked, reached, calendar, now)
        begins = (reached.yellow, reached.orange, reached.due)
        sheet, clock = sheets.start(sheet, asked, reached, self._orders_at(sheet, asked, begins))
        return sheet, (statements.deadline_set(clock),)

    def _coloured(self, sheet: ClockSheet, asked: Start, now: datetime) -> Limit:
        """The limit of a clock that starts now, in the colours that its division published."""
        scheme = self._schemes.scheme(CLOCK, sheet.division, now)
        return scheme.on(asked.limit) if scheme and asked.kind not in UNANNOUNCED else asked.limit

    def _by_ladder(
        self, sheet: ClockSheet, asked: Start, reached: Deadline, calendar: Calendar, now: datetime
    ) -> Start:
        """With what the published ladder says of it: what follows an unanswered order no ladder changes.

        Nothing follows a colour that its scheme has not, or begins in.
        """
        if asked.kind in UNANNOUNCED:
            return asked
        unsaid = schemes.unsaid(asked.limit)
        rungs = [each for each in self._ladders.rungs(sheet.division, now) if each.when not in unsaid]
        case, after_red = sheet.case(asked.kind), self._policy.after_red(urgent=sheet.urgent)
        steps = due_steps.timed(due_steps.fixed(rungs, case, after_red[0]), reached, calendar)
        if asked.kind == ANSWER_BY:
            return replace(asked, steps=due_steps.only_told(steps))
        return replace(asked, steps=steps, deeds=deeds.fixed(rungs, case, after_red, due_steps.levels(steps)))

    def _orders_at(self, sheet: ClockSheet, clock: Start | SheetClock, begins: Instants) -> Instants:
        """The supervision office orders, nobody orders it, nor the leader in charge: their clocks only turn red. That
        nobody answered an order is said one level up, once.
        """
        if clock.kind in UNANNOUNCED:
            return ()
        if ordered_by_nobody(sheet, clock.unit):
            return ()
        if clock.deeds:
            return deeds.instants(clock.deeds, begins)
        orders_at = self._policy.orders_at(begins[-1], urgent=sheet.urgent)
        return orders_at[:1] if clock.kind == ANSWER_BY else orders_at

    def _with_more(self, sheet: ClockSheet, clock: SheetClock, now: datetime) -> Said:
        """The sheet with ``clock``, whose more time is another than before: due anew."""
        before = sheet.clock(clock.id) or clock
        sheet, moved, untrue = self._again(sheet, clock, now)
        sheet, withdrawn = taken_back(sheet, untrue, "more_time", now)
        return sheet, (*statements.moved(before, moved), *withdrawn)

    def _again(self, sheet: ClockSheet, clock: SheetClock, now: datetime) -> tuple[ClockSheet, SheetClock, Untrue]:
        """A clock by the calendar in force now and with the more time that it has; recorded in the sheet."""
        calendar = self._calendars.current(sheet.division)
        paused = calendar.paused(clock.pauses)
        reached = deadline(clock.limit_now, clock.start, paused)
        orders_at = self._orders_at(sheet, clock, (reached.yellow, reached.orange, reached.due))
        promised = due_at(clock.limit, clock.start, calendar) if clock.more else reached.due
        steps = due_steps.timed(clock.steps, reached, paused)
        moved, untrue = transitions.rebase(clock, reached, orders_at, steps, now, promised)
        return sheet.put(moved), moved, untrue


def after(instants: Instants, now: datetime) -> Instants:
    """The instants, none of them before now."""
    return tuple(max(each, now) for each in instants)


def ordered_by_nobody(sheet: ClockSheet, unit: str) -> bool:
    """Whether it is the supervision office, which orders others, or the leader in charge."""
    return vocabulary.is_supervision(unit) or unit == vocabulary.leader_of(sheet.division)


def sheet_of(document: ClockSheet | None, body: TicketAssigned | TicketAccepted, now: datetime) -> ClockSheet:
    """The sheet, with the matter in the unit's hands, where it lies now. Once urgent, urgent."""
    sheet = document or ClockSheet(body.number, body.division)
    urgent = sheet.urgent or body.urgent
    number, category = sheet.number or body.number, body.category or sheet.category_code
    moved = replace(sheet, number=number, division=body.division, urgent=urgent, category_code=category)
    return sheets.hand_over(replace(moved, reporters=reporters_of(body)), body.unit, now)


def reporters_of(body: TicketAssigned | TicketAccepted) -> int:
    """How many confirmed that they report it."""
    if isinstance(body, TicketAssigned):
        return body.reporters
    return sum(each.confirmed for each in body.voters) or 1


def bought_by_returning(sheet: ClockSheet) -> tuple[str, ...]:
    """The clocks that a return, or another assignment, stops: of an urgent matter not that of the work."""
    return clocks_of(Phase.ACCEPTANCE) if sheet.urgent else ALL


def limit_of(standard: HandlingStandard) -> Limit:
    """What was promised. An amount that nobody may promise is taken for the nearest that one may."""
    return Limit(
        amount=min(max(standard.limit, 1), LONGEST[standard.limit_unit]),
        unit=standard.limit_unit,
        counts_from=standard.counts_from,
        yellow_at=standard.yellow_at,
        orange_at=standard.orange_at,
        yellow_left=standard.yellow_left,
        orange_left=standard.orange_left,
        standard=f"{standard.code}@{standard.version}",
        name_zh=standard.name_zh,
        name_en=standard.name_en,
        cap=standard.extension_cap,
        approver=standard.extension_approver,
    )


def handed_over(document: ClockSheet | None, now: datetime, holder: str, reason: str) -> Result[ClockSheet]:
    if document is None:
        return Ignore("unknown")
    sheet = replace(sheets.hand_over(document, holder, now), levels=(), resting="", referred=None, measures=None)
    sheet, facts = clocks_stopped(sheet, now, ALL, reason)
    return Change(sheet, facts) if sheet != document else Ignore("nothing_runs")


def acts_for(actor: Actor | None, sheet: ClockSheet, *roles: str) -> bool:
    """Whether somebody has one of the roles, for a division that the matter lies in."""
    if actor is None or actor.role not in roles:
        return False
    return bool(actor.division) and sheet.division.startswith(actor.division)


def clocks_stopped(sheet: ClockSheet, now: datetime, kinds: Collection[str], reason: str) -> Said:
    sheet, stopped = transitions.stop(sheet, now, kinds)
    facts = list[Body]()
    for each in stopped:
        sheet, said = _ended(sheet, each, reason, now)
        facts += said
    return sheet, tuple(facts)


def clock_stopped(sheet: ClockSheet, clock: str, now: datetime, reason: str) -> Said:
    """The one clock, if it runs."""
    running = sheet.clock(clock)
    if running is None:
        return sheet, ()
    ended = transitions.stopped(running, max(now, running.start))
    return _ended(sheet.put(ended.clock), ended, reason, now)


def _ended(sheet: ClockSheet, ended: StoppedClock, reason: str, now: datetime) -> Said:
    sheet, withdrawn = taken_back(sheet, ended.untrue, reason, now)
    return sheet, (statements.stopped(ended, reason), *withdrawn)


def taken_back(sheet: ClockSheet, untrue: Untrue, reason: str, now: datetime) -> Said:
    """The withdrawal of a light and of orders that turned out to be false: nobody has to answer these any more."""
    facts = list[Body](statements.lights_withdrawn(untrue, reason))
    for withdrawn in statements.orders_withdrawn(sheet, untrue, reason):
        order = sheet.order(withdrawn.order)
        if order is None and (untrue.clock.kind == ANSWER_BY or untrue.clock.deeds):
            continue  # nobody was ordered: a conference was asked, or somebody had been ordered before
        facts.append(withdrawn)
        if order is not None:
            sheet, stopped = clock_stopped(sheet, order.clock, now, "order_withdrawn")
            sheet = sheet.with_order(replace(order, state=WITHDRAWN))
            facts += stopped
    return sheet, tuple(facts)
