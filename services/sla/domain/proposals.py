"""标准提议: a table of standards is published by a second account that has the same table in hand (four eyes, C1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from runtime import four_eyes
from runtime.four_eyes import Proposal

HOLDS = four_eyes.HELD_FOR  # for the second account, in wall time; then it is proposed anew
STANDING_AT_MOST = 50  # proposals that wait at a time


@dataclass(frozen=True, slots=True)
class StandardsProposal:
    """A table, by the digest of what it says, that ``proposer`` wants published. ``confirmer`` "": nobody else yet."""

    digest: str
    proposer: str
    at: datetime
    until: datetime
    count: int
    confirmer: str = ""

    @property
    def awaited(self) -> Proposal | None:
        """What a second account may still confirm, if it comes in time."""
        return None if self.confirmer else Proposal(self.digest, self.proposer, self.at)

    def waits(self, wall: datetime) -> bool:
        """Whether a second account is awaited."""
        return self.awaited is not None and self.awaited.waits(wall, HOLDS)


@dataclass(frozen=True, slots=True)
class ProposalRefused:
    """Why a table is not taken, by code; what to do, Chinese and English."""

    code: str
    zh: str
    en: str


FOUR_EYES = ProposalRefused(
    "four_eyes",
    "这份标准由您提议，须由另一账号提交同一份文件后发布。",
    "You proposed this table: it is published when another account sends the same one.",
)
TOO_MANY = ProposalRefused(
    "too_many_proposals",
    f"待确认的标准提议已有 {STANDING_AT_MOST} 份，请先确认其中一些，或等其过期。",
    f"{STANDING_AT_MOST} tables wait for a second account: confirm some of them first, or wait until they run out.",
)


def decide_proposal(
    known: Mapping[str, StandardsProposal], digest: str, count: int, by: str, wall: datetime
) -> StandardsProposal | ProposalRefused:
    """The proposal as it stands once ``by`` has sent the table: confirmed where somebody else proposed it, else begun.

    ``known``: by digest. One that has run out, or was confirmed before, begins anew.
    """
    found = known.get(digest)
    match four_eyes.decided(found.awaited if found else None, digest, by, wall, HOLDS), found:
        case "publish", StandardsProposal():
            return replace(found, count=count, confirmer=by)
        case "refuse", _:
            return FOUR_EYES
        case _:
            is_room = sum(each.waits(wall) for each in known.values()) < STANDING_AT_MOST
            return StandardsProposal(digest, by, wall, wall + HOLDS, count) if is_room else TOO_MANY


def ran_out(known: Iterable[StandardsProposal], wall: datetime) -> tuple[StandardsProposal, ...]:
    """Those for which nobody came: nothing has to be known of them any more."""
    return tuple(each for each in known if not each.confirmer and not each.waits(wall))
