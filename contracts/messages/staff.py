"""What staff says and what is asked of it: accounts, and the appointments by which they may act.

The log is that of affairs; the key is account/<name of the account>. No password, no name and no telephone travels.
"""

from datetime import datetime

from contracts.entries import fact, request
from contracts.envelope import Body


class ProposeAppointment(Body):
    """A configurer wants an account to have a role, for a unit or a division, from an instant on; a first one opens it.

    ``since`` None: from its confirmation on; ``until`` None: until somebody ends it.
    """

    role: str
    unit: str = ""
    division: str
    since: datetime | None = None
    until: datetime | None = None


class ConfirmAppointment(Body):
    """A second configurer confirms what another one proposed: from then on it is an appointment."""

    appointment: int


class EndAppointment(Body):
    """A configurer ends an appointment, or takes a proposal back."""

    appointment: int


class LockAccount(Body):
    """A configurer shuts an account at once, whatever it is appointed to."""


class UnlockAccount(Body):
    """A configurer opens a locked account again."""


class ProposeReplacement(Body):
    """A configurer wants an account to get another credential: ``what`` is a code of accounts.CREDENTIALS.

    ``public_key``: of a key, its public half (x of an Ed25519 JWK).
    """

    what: str
    public_key: str = ""


class ConfirmReplacement(Body):
    """A second configurer confirms that the account gets another credential."""

    replacement: int


class AppointmentProposed(Body):
    """任命提议: a second account is awaited. ``proposer``: the account that proposed it, which may not confirm it."""

    index: int
    role: str
    unit: str
    division: str
    since: datetime | None
    until: datetime | None
    proposer: str


class AppointmentMade(Body):
    """任命: the account may act so from ``since`` until before ``until``. ``by``: the accounts that it rests on."""

    index: int
    role: str
    unit: str
    division: str
    since: datetime
    until: datetime | None
    by: tuple[str, ...]


class AppointmentEnded(Body):
    """免去: the account may no longer act so. ``by``: the account that ended it."""

    index: int
    role: str
    unit: str
    division: str
    by: str


class AccountLocked(Body):
    """The account may not sign in, and no session of it gets another token. ``by``: the account that locked it."""

    by: str


class AccountUnlocked(Body):
    """The account may sign in again. ``by``: the account that unlocked it."""

    by: str


class ReplacementProposed(Body):
    """更换凭据提议: a second account is awaited until ``until`` (wall time). ``proposer``: may not confirm it."""

    index: int
    what: str
    proposer: str
    until: datetime
    public_key: str = ""


class ReplacementConfirmed(Body):
    """更换凭据: until ``until`` (wall time) those whom it rests on may do it, once; the holder's sessions end.

    A key is the account's from then on, until another one takes its place.
    """

    index: int
    what: str
    by: tuple[str, ...]
    until: datetime
    public_key: str = ""


class TokenKeyPublished(Body):
    """The key that signs tokens of a day. ``certificate``: by the installation's own key."""

    kid: str
    certificate: str


AFFAIRS = "affairs"
ENTRIES = (
    request(ProposeAppointment, "staff", "staff", AFFAIRS),
    request(ConfirmAppointment, "staff", "staff", AFFAIRS),
    request(EndAppointment, "staff", "staff", AFFAIRS),
    request(LockAccount, "staff", "staff", AFFAIRS),
    request(UnlockAccount, "staff", "staff", AFFAIRS),
    request(ProposeReplacement, "staff", "staff", AFFAIRS),
    request(ConfirmReplacement, "staff", "staff", AFFAIRS),
    fact(AppointmentProposed, "staff", "intake", AFFAIRS),
    fact(AppointmentMade, "staff", "intake", AFFAIRS),
    fact(AppointmentEnded, "staff", "intake", AFFAIRS),
    fact(AccountLocked, "staff", "intake", AFFAIRS),
    fact(AccountUnlocked, "staff", "intake", AFFAIRS),
    fact(ReplacementProposed, "staff", "intake", AFFAIRS),
    fact(ReplacementConfirmed, "staff", "intake", AFFAIRS),
    fact(TokenKeyPublished, "staff", "intake routing sla notify feedback portal staff", "configuration"),
)
"""Who says each message and who reads it: of what is decided here, so far, the ledger, which intake keeps."""
