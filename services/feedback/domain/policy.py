"""What an installation may configure of the rules."""

from dataclasses import dataclass
from datetime import timedelta

from contracts.vocabulary import EVIDENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPolicy:
    """``dissatisfied``: the grades that count so. Spans are domain time.

    ``remind_after``: silence after a completion until the reminder; ``look_back_after``: silence after the reminder
    until the time for votes is over and staff must ask the filer. ``vote_window``: how long a vote may be changed.
    ``stuck_after``: how long nothing moves until that is said, 0: never; ``ask_again_after``: how long nobody asks for
    progress again.
    """

    dissatisfied: frozenset[int] = frozenset({1, 2})
    evidence_kinds: frozenset[str] = frozenset(EVIDENCE)
    remind_after: timedelta = timedelta(days=3)
    look_back_after: timedelta = timedelta(days=3)
    stuck_after: timedelta = timedelta(days=7)
    ask_again_after: timedelta = timedelta(days=5)
    vote_window: timedelta = timedelta(days=3)
    at_once_within: timedelta = timedelta(days=1)
