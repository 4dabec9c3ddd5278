"""An account (账号) and its appointments (任命): role × unit × division × from × to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

APPOINTMENTS_AT_MOST = 100  # of one account, ended ones included
KIND = "account/"
INSTALLATION = "installation"
"""Whoever holds the installation's own key. It makes the first configurers; no account is called so."""


def key_of(name: str) -> str:
    """The key of an account in the log."""
    return f"{KIND}{name}"


def name_of(key: str) -> str:
    """The account that a key names."""
    return key.removeprefix(KIND)


class AppointmentState(StrEnum):
    """``PROPOSED``: a second configurer is awaited."""

    PROPOSED = "proposed"
    MADE = "made"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """``index`` counts from 1. ``since`` None: from the confirmation on. ``proposer``: the account that proposed it."""

    index: int
    role: str
    unit: str
    division: str
    since: datetime | None
    until: datetime | None
    proposer: str
    state: AppointmentState = AppointmentState.PROPOSED

    def holds(self, now: datetime) -> bool:
        """Whether one may act by it at ``now``."""
        begun = self.since is not None and self.since <= now
        return self.state is AppointmentState.MADE and begun and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Another credential for the account. ``by``: who proposed it and, once it is confirmed, who confirmed it.

    ``at``: when it was said last, and ``until``: when it runs out, are wall time, as sessions and links are.
    ``public_key``: of a key, its public half.
    """

    index: int
    what: str
    by: tuple[str, ...]
    at: datetime
    until: datetime
    public_key: str = ""

    @property
    def is_confirmed(self) -> bool:
        return len(self.by) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person's or one system's. It may sign in while it is not locked, and act by any appointment that holds.

    ``replaced``: how many replacements of a credential were confirmed; a session of before the last one has ended.
    """

    appointments: tuple[Appointment, ...] = ()
    locked: bool = False
    replacements: tuple[Replacement, ...] = ()
    replaced: int = 0

    def appointment(self, index: int) -> Appointment | None:
        """The one with this index."""
        return next((each for each in self.appointments if each.index == index), None)

    def holding(self, now: datetime) -> tuple[Appointment, ...]:
        """By which it may act at ``now``: none while it is locked."""
        return () if self.locked else tuple(each for each in self.appointments if each.holds(now))

    @property
    def open(self) -> tuple[Appointment, ...]:
        """What was proposed or made and has not ended."""
        return tuple(each for each in self.appointments if each.state is not AppointmentState.ENDED)

    @property
    def public_key(self) -> str:
        """The public half of the key that two configurers agreed on last; "" where there is none."""
        return next((each.public_key for each in self.replacements if each.public_key and each.is_confirmed), "")

    @property
    def divisions(self) -> tuple[str, ...]:
        """In which it is appointed, or is to be."""
        return tuple(sorted({each.division for each in self.open}))

    def touches(self, division: str) -> bool:
        """Whether any of its appointments lies in a division, ended ones too."""
        return any(each.division.startswith(division) for each in self.appointments)
