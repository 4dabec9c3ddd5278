"""督办件: what was ordered, item by item, until it is answered and lifted (C7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabulary import is_supervision

OPEN, ANSWERED, LIFTED, WITHDRAWN = "open", "answered", "lifted", "withdrawn"
KEPT_AT_MOST = 20  # orders of a matter; the oldest that are over are forgotten first
ITEMS_AT_MOST = 10  # of an order by hand


@dataclass(frozen=True, slots=True)
class OrderedItem:
    """One numbered demand. ``answered``: when; None while it is open."""

    index: int
    answer_by: datetime
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssuedOrder:
    """An order as it stands. ``clock``: the one that runs until it is answered; ``unit``: who was ordered."""

    number: str
    unit: str
    lead_unit: str
    items: tuple[OrderedItem, ...]
    clock: str = ""
    state: str = OPEN

    @property
    def left(self) -> tuple[int, ...]:
        """The items that nobody has answered yet."""
        return tuple(each.index for each in self.items if each.answered is None)

    @property
    def due(self) -> datetime:
        """When the last of its items has to be answered."""
        return max(each.answer_by for each in self.items)

    @property
    def is_over(self) -> bool:
        """Whether nobody has to do anything about it any more."""
        return self.state in (LIFTED, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """Why an order is not answered, decided or issued, by code; what to do, Chinese and English."""

    code: str
    zh: str
    en: str


def one_up(order: IssuedOrder) -> str:
    """Who is ordered once an order was not answered; "": nobody is above, or only the office that orders."""
    upper = order.lead_unit
    return "" if upper == order.unit or is_supervision(upper) else upper


def answers_for(unit: str, lead_unit: str) -> str:
    """Who is ordered for the work of a unit: whoever leads it, or the unit itself; "": nobody orders either."""
    return next((each for each in (lead_unit, unit) if each and not is_supervision(each)), "")


def waits_for(orders: Iterable[IssuedOrder], unit: str) -> bool:
    """Whether one of these orders waits for the answer of a unit."""
    return any(each.unit == unit and each.state == OPEN for each in orders)


def kept(orders: tuple[IssuedOrder, ...]) -> tuple[IssuedOrder, ...]:
    """At most so many: those that are over go first, the oldest of them before the others."""
    too_many = len(orders) - KEPT_AT_MOST
    gone = [each.number for each in orders if each.is_over][: max(0, too_many)]
    left = tuple(each for each in orders if each.number not in gone)
    return left[-KEPT_AT_MOST:]


def answered(order: IssuedOrder, index: int, now: datetime) -> IssuedOrder | OrderRefused:
    """The order with one item answered; an item may be answered again until the order is decided."""
    if order.is_over:
        return OVER
    if index not in {each.index for each in order.items}:
        return NO_ITEM
    items = tuple(replace(each, answered=now) if each.index == index else each for each in order.items)
    done = replace(order, items=items)
    return done if done.left else replace(done, state=ANSWERED)


def lifted(order: IssuedOrder) -> IssuedOrder | OrderRefused:
    """Over: the supervision office takes the answers."""
    if order.state != ANSWERED:
        return OVER if order.is_over else UNANSWERED
    return replace(order, state=LIFTED)


def sent_back(order: IssuedOrder, answer_by: datetime) -> IssuedOrder | OrderRefused:
    """Open again, each item by the next date."""
    if order.state != ANSWERED:
        return OVER if order.is_over else UNANSWERED
    return replace(order, items=tuple(OrderedItem(each.index, answer_by) for each in order.items), state=OPEN)


def fault_of(
    checks: Sequence[str], dates: Sequence[datetime], known: Sequence[str], now: datetime
) -> OrderRefused | None:
    """What is wrong with an order by hand; None when it may be issued."""
    if not 1 <= len(checks) <= ITEMS_AT_MOST:
        return ITEMS
    if len(set(checks)) < len(checks) or not set(checks) <= set(known):
        return _unlisted(known)
    return PAST if any(each <= now for each in dates) else None


def _unlisted(known: Sequence[str]) -> OrderRefused:
    codes = ", ".join(known)
    return OrderRefused(
        "check_unknown",
        f"督办事项（items.check）须从本区划清单中选择，不得重复：{codes}。",
        f"Choose items.check from the list of the division, each once: {codes}.",
    )


NO_ORDER = OrderRefused("no_such_order", "没有这份督办件。", "There is no such order on this matter.")
NO_ITEM = OrderRefused("no_such_item", "督办件没有这一项，请核对编号。", "The order has no such item: see its numbers.")
NOT_ORDERED = OrderRefused("not_yours", "这份督办件不是发给您单位的。", "The order is not to your unit.")
OVER = OrderRefused("order_over", "督办件已销或已撤，不必再办。", "The order is lifted or withdrawn already.")
UNANSWERED = OrderRefused(
    "unanswered", "督办件尚有事项未答复，不能审核。", "Items of the order are not answered yet: wait for the answers."
)
EVIDENCE = OrderRefused("evidence_missing", "答复须附证明材料。", "An answer needs what shows it: attach evidence.")
ITEMS = OrderRefused(
    "items_out_of_range", f"督办事项须为 1 至 {ITEMS_AT_MOST} 项。", f"An order has 1 to {ITEMS_AT_MOST} items."
)
PAST = OrderRefused("answer_by_passed", "答复期限须晚于现在。", "The time to answer must be later than now.")
NOBODY = OrderRefused(
    "nobody_to_order", "此事目前不在任何单位手中，无法督办。", "No unit has the matter now: there is nobody to order."
)
