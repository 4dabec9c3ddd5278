"""What notify keeps of the questions that it asked by SMS, and of the replies to them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notify.domain.questions import OpenQuestion, QuestionAsked

QUESTIONS_AT_MOST = 20  # of one phone that are looked at, the newest


@dataclass(frozen=True, slots=True)
class ReplyPlace:
    """Which question a reply answers: None for nobody's. ``ambiguous``: one of several, and nobody can say which."""

    question: OpenQuestion | None = None
    ambiguous: bool = False


class OpenQuestions(Protocol):
    """Open questions by the digests of phones. All of it is forgotten after ``OPEN_FOR``, by the wall's time."""

    async def ask(self, questions: Mapping[OpenQuestion, str], at: datetime) -> None:
        """Keep questions with the digest of the phone that each goes to; asked again they stay open for longer.

        Of tickets that were forgotten nothing is kept. Raises Unavailable.
        """

    async def asked(self, phones: Collection[str], now: datetime) -> list[QuestionAsked]:
        """The newest of what was asked of a phone, by any of its digests, newest first. Raises Unavailable."""

    async def answered(self, question: OpenQuestion) -> None:
        """A reply came to it. Raises Unavailable."""

    async def place(self, reply: str) -> ReplyPlace | None:
        """What a reply was found to answer, by the provider's id of it. Raises Unavailable."""

    async def keep_place(self, reply: str, place: ReplyPlace, at: datetime) -> ReplyPlace:
        """Keep what it answers, once; the place that was kept first. Raises Unavailable."""

    async def forget(self, tickets: Collection[str], at: datetime) -> None:
        """Delete what is kept of these tickets, now and of whatever is still under way. Raises Unavailable."""
