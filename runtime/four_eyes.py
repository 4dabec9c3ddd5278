"""Four eyes: what one account proposes counts when another account says the very same.

Of a proposal nothing is kept but the digest of what it says, so whoever confirms it has seen all of it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

HELD_FOR = timedelta(days=3)
"""How long a proposal waits for its second account, unless another span is given."""
Verdict = Literal["begin", "publish", "refuse"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What waits for a second account. ``at``: when it was proposed."""

    digest: str
    proposer: str
    at: datetime

    def waits(self, now: datetime, held_for: timedelta = HELD_FOR) -> bool:
        """Whether a second account may still confirm it: not from its last instant on, and never before its first."""
        return bool(self.digest) and timedelta() <= now - self.at < held_for


def decided(
    proposal: Proposal | None, digest: str, account: str, now: datetime, held_for: timedelta = HELD_FOR
) -> Verdict:
    """What comes of it that ``account`` says this: it begins, stands over what waited, or is confirmed.

    ``refuse``: the account that proposed it says it again.
    """
    if proposal is None or not proposal.waits(now, held_for) or proposal.digest != digest:
        return "begin"
    return "refuse" if proposal.proposer == account else "publish"


def digest_of(content: bytes) -> str:
    """The digest of what is proposed, in one and the same written form each time."""
    return hashlib.sha256(content).hexdigest()
