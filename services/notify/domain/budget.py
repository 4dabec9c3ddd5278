"""The budget of an account: how many letters it gets in a day, unless they are urgent (D3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.vocabulary import CHINA
from services.notify.domain.deliveries import ORDERS, REPORTER, Delivery
from services.notify.domain.digests import DIGEST

URGENT, ORDER, ALONE = "urgent", "order", "alone"
KEPT_FOR_DIGEST = 0  # the place of a day that only a digest takes, which tells all that waits


def reason_of(letter: Sequence[Delivery]) -> str:
    """Why a letter goes as it does, by its deliveries."""
    if any(each.urgent for each in letter):
        return URGENT
    if letter[0].audience != REPORTER and len(letter) > 1:
        return DIGEST
    return ORDER if letter[0].kind in ORDERS else ALONE


@dataclass(frozen=True, slots=True)
class LetterPlaces:
    """``a_day``: letters of an account, 0 for as many as there are. ``with_digests``: whether one is kept for them."""

    a_day: int = 0
    with_digests: bool = True

    def open_to(self, letter: Sequence[Delivery], day: date) -> list[str]:
        """The places of the day of its account that a letter may take, the first that is free."""
        keeps = self.with_digests and self.a_day > 1 and reason_of(letter) != DIGEST
        free = (each for each in range(self.a_day) if not keeps or each != KEPT_FOR_DIGEST)
        return [f"{letter[0].to}/{day}/{each}" for each in free]


def day_of(now: datetime) -> date:
    """The day that a budget is of: China's."""
    return now.astimezone(CHINA).date()
