"""What staff needs from outside."""

from dataclasses import dataclass
from typing import Protocol

from services.staff.domain.account import Account


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account and its name."""

    name: str
    account: Account


class Accounts(Protocol):
    """The accounts, for reading. Every method may raise runtime.delivery.ports.Unavailable."""

    async def find(self, name: str) -> Account | None:
        """The account of this name."""

    async def within(self, division: str, at_most: int, after: str = "") -> tuple[NamedAccount, ...]:
        """Accounts with an appointment in a division (a prefix of codes), in the order of their names."""
