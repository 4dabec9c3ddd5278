"""The burden of messages (减负): what staff were told, in how many letters, and by whose act (D3)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contracts.vocabulary import CHINA, leader_of, supervision_of
from services.notify.domain.deliveries import Delivery, TicketDeliveries

ACCOUNT, CAUSE, KIND = "account", "cause", "kind"
FIELDS: Mapping[str, str] = {ACCOUNT: "to", CAUSE: "caused_by", KIND: "kind"}
"""What is counted apart, and the field of a delivery that says it."""
CLOCK = "clock"  # the cause of what no office did
SYSTEM = "system"
DAYS_AT_MOST = 400  # of one question


def office_of(role: str, unit: str, division: str) -> str:
    """The account of whoever acted: their unit, else the county's supervision office or leader; "" for a clock."""
    if role in ("", SYSTEM):
        return ""
    above = {"supervisor": supervision_of(division), "leader": leader_of(division)}
    return unit or above.get(role, role)


@dataclass(frozen=True, slots=True)
class BurdenAsked:
    """Of which matters and instants: ``until`` is outside. ``account``: told to it, or by its act; "" for all.

    ``only``: what was told to these accounts; None for any.
    """

    division: str
    since: datetime
    until: datetime
    account: str = ""
    only: Collection[str] | None = None

    def told_in(self, post: TicketDeliveries) -> Iterator[Delivery]:
        """What is asked for of a post."""
        if post.division.startswith(self.division):
            yield from (item for item in post.items if self._holds(item))

    def _holds(self, item: Delivery) -> bool:
        is_theirs = self.account in ("", item.to, item.caused_by) and (self.only is None or item.to in self.only)
        return item.told_at is not None and self.since <= item.told_at < self.until and is_theirs


@dataclass(frozen=True, slots=True)
class Burden:
    """What was told of one account, cause or kind. ``outside``: letters outside office hours; ``again``: demands that
    had been made shortly before."""

    of: str
    letters: int
    deliveries: int
    outside: int
    again: int

    @property
    def saved(self) -> int:
        """Messages that nobody had to read."""
        return self.deliveries - self.letters


NOTHING = Burden("", 0, 0, 0, 0)


def counted(deliveries: Iterable[Delivery], by: str) -> list[Burden]:
    """The burden of each account, cause or kind; with ``by`` "" of all together."""
    letters: dict[tuple[str, str], list[Delivery]] = {}
    for each in deliveries:
        of = getattr(each, FIELDS[by]) if by else ""
        letters.setdefault((of, each.sent_as), []).append(each)
    found: dict[str, list[list[Delivery]]] = {}
    for (of, _), letter in letters.items():
        found.setdefault(of, []).append(letter)
    return heaviest(_burden(of, theirs) for of, theirs in found.items())


def _burden(of: str, letters: list[list[Delivery]]) -> Burden:
    deliveries = [each for letter in letters for each in letter]
    outside = sum(any(each.outside for each in letter) for letter in letters)
    return Burden(of, len(letters), len(deliveries), outside, sum(each.again for each in deliveries))


def heaviest(burdens: Iterable[Burden]) -> list[Burden]:
    """Whoever got the most letters comes first."""
    return sorted(burdens, key=lambda each: (-each.letters, -each.deliveries, each.of))


def begin_of(day: date) -> datetime:
    """When a day begins in China."""
    return datetime.combine(day, time(), CHINA)


def end_of(day: date) -> datetime:
    """When the next day begins in China."""
    return begin_of(day + timedelta(days=1))
