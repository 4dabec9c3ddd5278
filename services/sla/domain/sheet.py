"""The clock sheet: one document per ticket, its clocks and who held the matter when. Lights are instants."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from contracts.lifecycle import UNANNOUNCED
from services.sla.domain import orders
from services.sla.domain.conference import Referral
from services.sla.domain.deadlines import TIMELESS, Deadline
from services.sla.domain.deeds import Deeds
from services.sla.domain.due_steps import DueSteps
from services.sla.domain.holdings import HoldingPeriod
from services.sla.domain.levels import Levels
from services.sla.domain.limits import Limit
from services.sla.domain.measures import MeasureTrack
from services.sla.domain.more_time import MoreTime, extended_by, pauses_of
from services.sla.domain.moved_dues import MovedDues
from services.sla.domain.orders import IssuedOrder
from services.sla.domain.pauses import Pause
from services.sla.domain.rungs import RungCase

GREEN, YELLOW, ORANGE, RED = range(4)
ASSIGN_BY, ACCEPT_BY, COMPLETE_BY, REWORK_BY = "assign_by", "accept_by", "complete_by", "rework_by"
REVIEW_BY, APPROVE_BY, ANSWER_BY = "review_by", "approve_by", "answer_by"
PLAN_BY, PLAN_REVIEW_BY, HELD_UNTIL = "plan_by", "plan_review_by", "held_until"
CONTACT_BY = "contact_by"
BESIDE = (ASSIGN_BY, PLAN_REVIEW_BY, REVIEW_BY, APPROVE_BY, ANSWER_BY)
"""Clocks that are not about the work of the unit that has the matter."""
DESK, REPORTERS, NOBODY = "desk", "reporters", ""
"""Holders that are no unit: who hands matters out (分办), the reporters who evaluate, nobody once it is closed."""
CLOCKS_AT_MOST = 60  # and holdings: what is kept of a matter that is sent to and fro without end


@dataclass(frozen=True, slots=True)
class SheetClock:
    """One limit of one unit.

    ``yellow``, ``orange``, ``due``: the instants at which the colours begin; ``orders_at``: those at which a
    supervision order of level 1, 2, … falls due. ``shown``: index of the last colour announced; ``orders``: how many
    orders were issued: together the transitions that have fired. ``looked``: when a provisional deadline was last held
    against the calendar. ``more``: more time that was asked for; ``promised``: when it would be due without any, None
    where that is the same. ``continues``: the first of the clocks whose time it goes on with. ``deeds``: what follows
    its colours by a published ladder, one for each instant of ``orders_at``; none: the platform's own orders.
    ``steps``: those of that ladder around the deadline. ``moved``: what it was due before, each until when.
    """

    id: str
    kind: str
    unit: str
    lead_unit: str
    limit: Limit
    start: datetime
    yellow: datetime
    orange: datetime
    due: datetime
    orders_at: tuple[datetime, ...]
    calendar_version: str
    provisional: bool = False
    shown: int = GREEN
    orders: int = 0
    stopped: datetime | None = None
    looked: datetime | None = None
    more: tuple[MoreTime, ...] = ()
    promised: datetime | None = None
    continues: str = ""
    deeds: Deeds = ()
    steps: DueSteps = ()
    moved: MovedDues = ()

    @property
    def first(self) -> str:
        """The clock with which its time began: what was ordered on that, or on one between, was ordered on it."""
        return self.continues or self.id

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """The pauses that were granted."""
        return pauses_of(self.more)

    @property
    def limit_now(self) -> Limit:
        """The limit with its extensions."""
        extended = extended_by(self.more)
        return replace(self.limit, amount=self.limit.amount + extended) if extended else self.limit

    @property
    def is_running(self) -> bool:
        """Whether it has not stopped."""
        return self.stopped is None

    @property
    def instants(self) -> tuple[datetime, datetime, datetime]:
        """When yellow, orange and red begin."""
        return self.yellow, self.orange, self.due

    @property
    def announced(self) -> tuple[datetime, ...]:
        """When there is a colour to tell of."""
        return () if self.kind in UNANNOUNCED else self.instants

    @property
    def at_first(self) -> int:
        """The colour in which it began, which is not announced."""
        return YELLOW if self.limit.begins_yellow else GREEN

    @property
    def orange_begins(self) -> datetime | None:
        """When orange begins; None: its scheme has no such colour."""
        return self.orange if self.limit.has_orange else None

    @property
    def met(self) -> bool:
        """Whether it stopped in time; the instant of the deadline is in time."""
        return self.stopped is not None and self.stopped <= self.due

    @property
    def met_as_promised(self) -> bool:
        """Whether it stopped by the deadline that was promised first: without extensions and pauses."""
        return self.stopped is not None and self.stopped <= (self.promised or self.due)

    def state_at(self, now: datetime) -> str:
        """running, met or missed; a clock that runs past its deadline is missed already."""
        if self.stopped is None:
            return "missed" if now > self.due else "running"
        return "met" if self.met else "missed"


@dataclass(frozen=True, slots=True)
class ClockSheet:
    """A ticket's clocks and holdings. ``made``: clocks ever made. ``promised``: the limit when it was accepted.

    ``category_code``: of the taxonomy; "" on sheets that an earlier build began and no assignment has touched since.
    ``issued``: its orders as they stand; ``by_hand``: how many were ever issued by hand. ``levels``: who looks at the
    work, while somebody does; ``resting``: the clock of the work that stopped for it and goes on afterwards.
    ``referred``: it waits for a joint conference. ``plan_asked``: a rule of the division asks for a plan.
    ``reporters``: how many confirmed that they report it; ``stuck``: how often nothing moved for long. ``measures``:
    those of its plan, each by its own date.
    """

    number: str
    division: str
    urgent: bool = False
    clocks: tuple[SheetClock, ...] = ()
    holdings: tuple[HoldingPeriod, ...] = ()
    made: int = 0
    promised: Limit | None = None
    category_code: str = ""
    issued: tuple[IssuedOrder, ...] = ()
    by_hand: int = 0
    levels: Levels = ()
    resting: str = ""
    referred: Referral | None = None
    plan_asked: bool = False
    reporters: int = 1
    stuck: int = 0
    measures: MeasureTrack | None = None

    def case(self, kind: str = "") -> RungCase:
        """What stands on a ladder: a clock of this kind, or the matter."""
        return RungCase(kind, self.urgent, self.category_code, self.reporters > 1)

    def order(self, number: str) -> IssuedOrder | None:
        """The order of this number, as it stands."""
        return next((each for each in self.issued if each.number == number), None)

    def ordered_by(self, clock: str) -> IssuedOrder | None:
        """The order whose answer this clock waits for."""
        return next((each for each in self.issued if each.clock == clock), None)

    def with_order(self, order: IssuedOrder) -> "ClockSheet":
        """The sheet with this order, in place of the one of its number or after the others."""
        others = tuple(each for each in self.issued if each.number != order.number)
        return replace(self, issued=orders.kept((*others, order)))

    def running(self, *kinds: str) -> tuple[SheetClock, ...]:
        """The clocks that run, of these kinds (of all without any), oldest first."""
        return tuple(clock for clock in self.clocks if clock.is_running and (not kinds or clock.kind in kinds))

    @property
    def rests_on(self) -> frozenset[str]:
        """The editions of the calendar that its running clocks were set by: of those that a calendar moves."""
        return frozenset(each.calendar_version for each in self.running() if each.limit.unit not in TIMELESS)

    @property
    def responsible(self) -> str:
        """The unit that has the matter, or had it when it was done; "" while it is with the desk that hands out."""
        others = (REPORTERS, NOBODY)
        holders = (each.holder for each in reversed(self.holdings) if each.holder not in others and not each.reviewing)
        last = next(holders, DESK)
        return "" if last == DESK else last

    def clock(self, clock: str) -> SheetClock | None:
        """The running clock of this id."""
        return next((each for each in self.running() if each.id == clock), None)

    def put(self, clock: SheetClock) -> "ClockSheet":
        """The sheet with this clock in place of the one with its id."""
        return replace(self, clocks=tuple(clock if each.id == clock.id else each for each in self.clocks))


def light(instants: tuple[datetime, ...], now: datetime) -> int:
    """The index of the colour, by comparing: right even when everything was down. A colour begins at its instant."""
    return sum(begins <= now for begins in instants)


def passed(instants: tuple[datetime, ...], at: datetime) -> int:
    """How many lay before ``at``: what happens at the very instant of a deadline is still in time."""
    return sum(begins < at for begins in instants)


@dataclass(frozen=True, slots=True)
class Start:
    """What a new clock is for."""

    kind: str
    unit: str
    lead_unit: str
    limit: Limit
    deeds: Deeds = ()
    steps: DueSteps = ()


def start(
    sheet: ClockSheet, asked: Start, reached: Deadline, orders_at: tuple[datetime, ...]
) -> tuple[ClockSheet, SheetClock]:
    """The sheet with one more running clock."""
    clock = SheetClock(
        id=f"c{sheet.made + 1}",
        kind=asked.kind,
        unit=asked.unit,
        lead_unit=asked.lead_unit,
        limit=asked.limit,
        start=reached.start,
        yellow=reached.yellow,
        orange=reached.orange,
        due=reached.due,
        orders_at=orders_at,
        calendar_version=reached.calendar_version,
        provisional=reached.provisional,
        shown=YELLOW if asked.limit.begins_yellow else GREEN,
        deeds=asked.deeds,
        steps=asked.steps,
    )
    return with_clock(sheet, clock), clock


def with_clock(sheet: ClockSheet, clock: SheetClock) -> ClockSheet:
    """The sheet with one clock more."""
    return replace(sheet, made=sheet.made + 1, clocks=_bounded((*sheet.clocks, clock)))


def _bounded(clocks: tuple[SheetClock, ...]) -> tuple[SheetClock, ...]:
    """The newest of them; one that runs is never forgotten, however many came after it."""
    too_many = len(clocks) - CLOCKS_AT_MOST
    stopped = [clock.id for clock in clocks if clock.stopped is not None]
    forgotten = set(stopped[: max(0, too_many)])
    return tuple(clock for clock in clocks if clock.id not in forgotten)


def lead_of(sheet: ClockSheet) -> str:
    """The lead unit over the unit that had the matter last; "" when that had none."""
    return next((clock.lead_unit for clock in reversed(sheet.clocks) if clock.kind not in BESIDE), "")


def hand_over(sheet: ClockSheet, holder: str, at: datetime, *, reviewing: bool = False) -> ClockSheet:
    """From ``at`` on the matter is with ``holder``; a late fact begins where the last did: time never runs back."""
    last = sheet.holdings[-1] if sheet.holdings else None
    if last is not None and last.holder == holder:
        return sheet
    kept = (*sheet.holdings, HoldingPeriod(holder, max(at, last.since) if last else at, reviewing))
    return replace(sheet, holdings=kept if len(kept) <= CLOCKS_AT_MOST else _shortened(kept))


def _shortened(holdings: tuple[HoldingPeriod, ...]) -> tuple[HoldingPeriod, ...]:
    """The two oldest become one of the desk: the sum stays the age of the matter."""
    return (HoldingPeriod(DESK, holdings[0].since), *holdings[2:])


def held(sheet: ClockSheet, now: datetime) -> dict[str, timedelta]:
    """How long each holder has had the matter; the sum is its age since it was first with somebody, while open (C3)."""
    if not sheet.holdings:
        return {}
    end = HoldingPeriod(NOBODY, max(now, sheet.holdings[-1].since))
    spans: dict[str, timedelta] = {}
    for this, after in pairwise((*sheet.holdings, end)):
        if this.holder != NOBODY:
            spans[this.holder] = spans.get(this.holder, timedelta()) + (after.since - this.since)
    return spans
