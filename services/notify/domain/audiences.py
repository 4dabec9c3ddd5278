"""Whom of staff a step of a matter concerns, what overtakes a notice, and what a reporter is promised."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from contracts.vocabulary import CHINA, COLOURS, LIMIT_UNITS, Pair, is_supervision, leader_of, step_name, supervision_of
from services.notify.domain.deliveries import TURN, Delivery, TicketDeliveries
from services.notify.domain.notes import Note

ORDERS_IT = "order"  # of vocabulary.LADDER_DEEDS: an order follows
ESCALATION = {"yellow": ("unit", "supervision"), "orange": ("unit", "lead"), "red": ("lead", "supervision")}
"""The ladder (C7), *ours*: who hears of which colour, where a division published none."""


def supervision(post: TicketDeliveries) -> str:
    """The supervision office of the county (督查室)."""
    return supervision_of(post.division)


def to_desk(post: TicketDeliveries, kind: str, nth: int, lead_unit: str) -> Note:
    """A note to the desk whose turn it is: the lead unit's, or else the supervision office's."""
    audience = "lead" if lead_unit else "supervision"
    return Note(audience, kind, nth, to=lead_unit or supervision(post), urgent=post.urgent, about=TURN)


def to_reviewer(post: TicketDeliveries, kind: str, nth: int, reviewer: str) -> Note:
    """A note to whoever reviews, by their account: the unit's head, a lead unit, a leader, a supervision office."""
    audience = _audience(post, reviewer)
    return Note(audience, kind, nth, to=reviewer, urgent=post.urgent, about=TURN)


def _audience(post: TicketDeliveries, reviewer: str) -> str:
    if is_supervision(reviewer):
        return "supervision"
    if reviewer == leader_of(post.division):
        return "leader"
    return "unit" if reviewer == post.unit else "lead"


def is_review(delivery: Delivery) -> bool:
    """Whether it asks somebody to review the work."""
    return delivery.kind == "review"


def to_unit(post: TicketDeliveries, kind: str, nth: int) -> Note:
    """A note to the unit that handles the matter."""
    return Note("unit", kind, nth, to=post.unit, urgent=post.urgent)


def is_plan_review(delivery: Delivery) -> bool:
    """Whether it asks somebody to review a plan."""
    return delivery.kind == "plan_review"


def climb(colour: str, unit: str, lead_unit: str, division: str, tell: Sequence[str] = ()) -> dict[str, str]:
    """Account → the audience as which it hears of a colour: each account once, on the lowest rung it stands on.

    ``tell``: who hears by the ladder of the division: a head at the unit's account, nobody whom this build does not
    know.
    """
    heads = {"unit": (unit, "unit"), "head": (unit, "unit"), "lead": (lead_unit, "lead")}
    above = {"supervision": (supervision_of(division), "supervision"), "leader": (leader_of(division), "leader")}
    accounts = heads | above
    return once(*(accounts[each] for each in tell or ESCALATION.get(colour, ()) if each in accounts))


def ordered(unit: str, lead_unit: str, level: int) -> tuple[str, ...]:
    """Accounts that an order at this level reaches: the unit and a copy to whoever leads it, or the latter alone."""
    return (lead_unit,) if level > 1 and lead_unit else (unit, lead_unit)


def step(name: str) -> tuple[tuple[str, str], ...]:
    """What a step is called, as a template says it."""
    zh, en = step_name(name)
    return (("step_zh", zh), ("step_en", en))


def once(*heard: tuple[str, str]) -> dict[str, str]:
    """Account → the first audience as which it hears."""
    found: dict[str, str] = {}
    for account, audience in heard:
        if account:
            found.setdefault(account, audience)
    return found


def was_somebodys_turn(delivery: Delivery) -> bool:
    """What told somebody to act who is not to act any more. Urgent clocks run on, and so do their warnings (A9)."""
    return delivery.about == TURN or (delivery.kind.startswith(LIT) and not delivery.urgent)


def is_light(delivery: Delivery, clock: str, above: str = COLOURS[0]) -> bool:
    """Whether it tells of a colour of this clock beyond ``above``."""
    kinds = {f"light_{colour}" for colour in COLOURS[COLOURS.index(above) + 1 :]}
    return delivery.about == clock and delivery.kind in kinds


def has(delivery: Delivery, order: str) -> bool:
    """Whether somebody has got an order by it, or may have."""
    return (delivery.about, delivery.kind) == (order, "order") and arrived(delivery.state)


def arrived(outcome: str) -> bool:
    """Whether somebody has it, or may have."""
    return outcome in ("sent", "delivered", "unknown")


def void(order: Delivery) -> Note:
    """That an order is void, to whom it was sent."""
    values = (("order", order.about),)
    return Note(order.audience, "order_withdrawn", order.round, to=order.to, urgent=order.urgent, values=values)


def due(instant: datetime) -> tuple[tuple[str, str], ...]:
    """An instant as a template says it: the time of the offices."""
    return (("due", f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M}"),)


def count(clock: str) -> int:
    """The number of a clock within its ticket: c3 is the third."""
    return int("".join(filter(str.isdigit, clock)) or 0)


def nth_order(clock: str, level: int, seq: int) -> int:
    """A number of its own for each order of a ticket; those that rest on no clock lie beyond all clocks."""
    return count(clock) * 10 + level if clock else BEYOND_CLOCKS + seq


BEYOND_CLOCKS = 1_000_000
PLAN = "plan"
"""What tells of the measures of a plan is about it."""
LIT = ("light_", "measure_")
NUMBERED_AT_MOST = 8  # measures of one message; those behind them stand on the page of the matter
UNITS: Mapping[str, Pair] = {**LIMIT_UNITS, "hours": ("小时", "hours")}


def numbered(measures: Sequence[int]) -> str:
    """1、2、5, the first of them where there are many."""
    shown = "、".join(map(str, measures[:NUMBERED_AT_MOST]))
    return f"{shown}…" if len(measures) > NUMBERED_AT_MOST else shown


def promise(limit: int, unit: str, *, urgent: bool) -> tuple[tuple[str, str], ...]:
    """What the reporter is promised, in words. An urgent matter's day runs already, whatever the standard says (A9)."""
    if urgent:
        return (("promise_zh", "按特急事项立即办理"), ("promise_en", "to be dealt with at once, as urgent"))
    if unit == "minutes" and limit % 60 == 0:
        limit, unit = limit // 60, "hours"
    zh, en = UNITS.get(unit, (unit, unit))
    en = en.removesuffix("s") if limit == 1 else en
    return (("promise_zh", f"承诺{limit}{zh}内办结"), ("promise_en", f"promised within {limit} {en}"))
