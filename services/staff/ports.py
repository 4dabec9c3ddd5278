"""What staff needs from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.staff.domain.account import Account
from services.staff.domain.audit import AuditEntry, AuditQuestion
from services.staff.domain.one_time_codes import SecondFactor
from services.staff.domain.sessions import Session


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


class HashingBusy(Exception):
    """So many passwords are being checked that one more would wait too long."""


class Passwords(Protocol):
    """A slow hash. Both coroutines may raise HashingBusy."""

    async def made(self, password: str) -> str:
        """The hash of a new password."""

    async def fits(self, known: str, password: str) -> bool:
        """Whether it is the password of a hash; ``known`` "": of nobody's, which takes as long and never fits."""

    def is_old(self, known: str) -> bool:
        """Whether a hash was made with weaker parameters than today's."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What an account proves itself with. ``link``: digest of a link by which a password may be set until ``until``.

    ``replacement``: the one by which the password was set, ``laid_by``: by which the link was; 0 for a first one.
    """

    password: str = ""
    link: str = ""
    until: datetime | None = None
    replacement: int = 0
    laid_by: int = 0


class Credentials(Protocol):
    """Password hashes and links. Secrets: they are in no log. Every method may raise Unavailable."""

    async def find(self, account: str) -> Credential:
        """That of an account; an empty one where there is none."""

    async def lay_link(self, account: str, link: str, until: datetime, replacement: int = 0) -> bool:
        """Let a password be set by this link, and by no earlier one.

        False where a password stands, unless ``replacement`` is later than the one by which it was set.
        """

    async def of_link(self, link: str, now: datetime) -> str:
        """The account of a link that was not used and has not run out; "" where there is none."""

    async def use_link(self, account: str, link: str, password: str) -> bool:
        """Set the password, by the link's replacement, and take the link away; False when it was used meanwhile."""

    async def rehash(self, account: str, old: str, new: str) -> None:
        """Another hash of the same password, unless the password was changed meanwhile."""


@dataclass(frozen=True, slots=True)
class WrongTries:
    """Wrong passwords of an account lately: from one address, from all, and when the last one came from there."""

    here: int = 0
    anywhere: int = 0
    last: datetime | None = None


class SecondFactors(Protocol):
    """Secrets of one-time codes, sealed. Every method may raise Unavailable."""

    async def find(self, account: str) -> SecondFactor | None:
        """That of an account, whether it waits, stands or was replaced."""

    async def lay(self, account: str, factor: SecondFactor) -> bool:
        """Let it wait, in the place of one that waits or is of an earlier replacement; False: another one stands."""

    async def use(self, account: str, factor: SecondFactor, step: int) -> bool:
        """Take the code of a step; False where one of this step or a later one was used, or it is another secret."""


class SignInAttempts(Protocol):
    """Wrong passwords, forgotten after an hour. Every method may raise Unavailable."""

    async def lately(self, account: str, address: str) -> WrongTries:
        """As far as they are remembered."""

    async def wrong(self, account: str, address: str, now: datetime) -> None:
        """Count one more, as the last one from this address."""

    async def right(self, account: str, address: str) -> None:
        """Forget those from this address."""


class UsedAssertions(Protocol):
    """Which assertions of systems were taken, while they could be taken again. Both may raise Unavailable."""

    async def of(self, account: str, now: datetime) -> int:
        """How many are remembered of an account."""

    async def use(self, account: str, assertion: str, until: datetime) -> bool:
        """Take one, by its id, and remember it until then; False where it was taken before."""


class Sessions(Protocol):
    """Sessions by the digest of their secret. Every method may raise Unavailable."""

    async def open(self, session: Session) -> None:
        """Remember it; beyond OF_ONE_ACCOUNT the oldest ones of the account end."""

    async def find(self, digest: str) -> Session | None:
        """The session, dead or alive, while it is remembered."""

    async def seen(self, digest: str, at: datetime) -> None:
        """Write down when it was used last; never an earlier instant than is known."""

    async def replace(self, digest: str, session: Session) -> bool:
        """Another secret for the same session; False when the old one is not there any more."""

    async def of(self, account: str) -> tuple[Session, ...]:
        """All of an account, the oldest first."""

    async def end(self, account: str, sid: str) -> bool:
        """Forget one; False where there is none."""

    async def end_all(self, account: str) -> int:
        """Forget all of an account; how many there were."""


class PrivateTokenKeys(Protocol):
    """Private halves of the keys that sign tokens, wrapped. Every method may raise Unavailable."""

    async def ensure(self, kid: str, private: str) -> str:
        """Keep ``private`` under this name unless there is one; the one that stands."""

    async def private(self, kid: str) -> str | None:
        """The private half, if it is there."""

    async def keep_only(self, kids: tuple[str, ...]) -> None:
        """Destroy all others: nobody can sign with them any more."""


class AuditEntries(Protocol):
    """The list of the audit. Both may raise runtime.delivery.ports.Unavailable."""

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        """List them; what is listed already stays as it is."""

    async def find(self, asked: AuditQuestion, at_most: int) -> tuple[AuditEntry, ...]:
        """Those that are asked for, the newest first."""
