"""The closing gate (E6): a matter is struck off only when its reporters are satisfied."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.feedback.domain.case import Vote

FILER = 0


class Verdict(StrEnum):
    """What the votes of a round say."""

    OPEN = "open"
    SHUT = "shut"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Tally:
    """A round's votes, counted. ``filer_heard``: the filer voted, or a look-back stands in for it."""

    voters: int
    votes: int
    dissatisfied: int
    filer_heard: bool

    @property
    def satisfied(self) -> int:
        """Votes that are solved with a satisfied grade."""
        return self.votes - self.dissatisfied


def is_satisfied(vote: Vote, dissatisfied: frozenset[int]) -> bool:
    """Satisfied means solved and a satisfied grade; both."""
    return vote.solved and vote.grade not in dissatisfied


def tally(votes: Iterable[Vote], voters: int, dissatisfied: frozenset[int]) -> Tally:
    """Count the votes of a round."""
    cast = tuple(votes)
    unhappy = sum(not is_satisfied(vote, dissatisfied) for vote in cast)
    return Tally(voters, len(cast), unhappy, any(vote.voter == FILER for vote in cast))


def is_open(counted: Tally) -> bool:
    """The rule itself, on the votes as they are. A single matter is the rule for one: 3 × 1 > 1."""
    return counted.votes > 0 and counted.filer_heard and not 3 * counted.dissatisfied > counted.votes


def verdict(counted: Tally, *, time_is_over: bool) -> Verdict:
    """Shut as soon as no vote to come can open it; else decided when all have voted or the time for votes is over.

    An open gate waits for everybody, because each voter has the right to a vote; a shut one brings a fresh round, in
    which all vote again. A shut verdict may come before the filer was heard, an open one never.
    """
    if 3 * counted.dissatisfied > counted.voters:
        return Verdict.SHUT
    if not counted.filer_heard or (counted.votes < counted.voters and not time_is_over):
        return Verdict.PENDING
    return Verdict.OPEN if is_open(counted) else Verdict.SHUT
