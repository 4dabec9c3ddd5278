"""A session (登录会话): who signed in, by which appointment they act, how long it lives. Its secret is kept nowhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
SEEN_EVERY = timedelta(minutes=1)  # how exactly it is written down when a session was used last
TOKEN_LIVES = timedelta(minutes=5)
OF_ONE_ACCOUNT = 20  # one more, and the oldest ends
NONE_CHOSEN = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """``digest``: of its secret. ``appointment``: the index of the chosen one, or NONE_CHOSEN. Wall time throughout.

    ``replaced``: how many credentials of the account had been replaced when it was opened; one more ends it.
    ``proved``: a one-time code was given, too.
    """

    digest: str
    account: str
    opened: datetime
    seen: datetime
    appointment: int = NONE_CHOSEN
    replaced: int = 0
    proved: bool = False

    @property
    def sid(self) -> str:
        """What it is called where its secret must not stand."""
        return self.digest[:16]

    @property
    def ends(self) -> datetime:
        """When it ends unless it is used."""
        return min(self.seen + IDLE, self.opened + LONGEST)

    def is_alive(self, now: datetime) -> bool:
        return now < self.ends

    def is_to_be_seen(self, now: datetime) -> bool:
        """Whether its use is to be written down."""
        return now - self.seen >= SEEN_EVERY
