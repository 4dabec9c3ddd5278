from datetime import timedelta

from pydantic import Field

from contracts.vocabulary import EVIDENCE
from runtime.process.settings import Keys, PublicKey, Settings
from services.feedback.domain.policy import EvaluationPolicy


class FeedbackSettings(Settings):
    """What feedback needs beyond every process."""

    PARTS = ("api",)
    code_secret: str = Field(min_length=32, repr=False, description="Secret of query codes and their digests")
    vault_key: Keys = Field(
        repr=False,
        description="Keys that wrap the vault's keys: base64 of 32 bytes, comma-separated; the first wraps, all unwrap",
    )
    token_public_key: PublicKey = Field(description="Public key (JWK) that verifies staff tokens")


class FeedbackRules(Settings):
    """What the rules of feedback may be set to; every loop of an installation needs the same."""

    dissatisfied_grades: frozenset[int] = Field(
        default=frozenset({1, 2}), description="Grades of five that count as dissatisfied, a JSON list"
    )
    evidence_kinds: frozenset[str] = Field(
        default=frozenset(EVIDENCE), min_length=1, description="Kinds of evidence that are taken, a JSON list"
    )
    remind_after_days: float = Field(
        default=3, gt=0, le=60, description="Days of silence after a completion until the reminder"
    )
    look_back_after_days: float = Field(
        default=3, gt=0, le=60, description="Days of silence after the reminder until somebody calls"
    )
    stuck_after_days: float = Field(
        default=7,
        ge=0,
        le=365,
        description="Days without a move until a matter is said to be stuck; 0: never",
    )
    ask_again_days: float = Field(
        default=5,
        ge=0,
        le=60,
        description="Days after a report of progress, or a request, until the next request",
    )
    vote_window_days: float = Field(default=3, ge=0, le=60, description="Days in which a reporter may change a vote")

    def policy(self) -> EvaluationPolicy:
        """As the domain has them."""
        return EvaluationPolicy(
            dissatisfied=self.dissatisfied_grades,
            evidence_kinds=self.evidence_kinds,
            remind_after=timedelta(days=self.remind_after_days),
            look_back_after=timedelta(days=self.look_back_after_days),
            stuck_after=timedelta(days=self.stuck_after_days),
            ask_again_after=timedelta(days=self.ask_again_days),
            vote_window=timedelta(days=self.vote_window_days),
        )
