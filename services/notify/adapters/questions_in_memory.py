from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from services.notify.domain.questions import OPEN_FOR, OpenQuestion, QuestionAsked
from services.notify.ports.replies import QUESTIONS_AT_MOST, ReplyPlace

KEPT_AT_MOST = 10_000  # of each
KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


class InMemoryOpenQuestions:
    """Dicts that are bounded: the oldest goes first."""

    def __init__(self) -> None:
        self.questions: dict[OpenQuestion, tuple[str, datetime, QuestionAsked]] = {}
        self.places: dict[str, tuple[ReplyPlace, datetime]] = {}
        self._forgotten: dict[str, datetime] = {}

    async def ask(self, questions: Mapping[OpenQuestion, str], at: datetime) -> None:
        for question, phone in questions.items():
            if question.ticket not in self._forgotten:
                _, _, asked = self.questions.pop(question, ("", at, QuestionAsked(question)))
                _keep(self.questions, question, (phone, at, asked))

    async def asked(self, phones: Collection[str], now: datetime) -> list[QuestionAsked]:
        theirs = (each for phone, at, each in reversed(self.questions.values()) if phone in phones and _fresh(at, now))
        return list(theirs)[:QUESTIONS_AT_MOST]

    async def answered(self, question: OpenQuestion) -> None:
        if question in self.questions:
            phone, at, asked = self.questions[question]
            self.questions[question] = phone, at, replace(asked, answered=True)

    async def place(self, reply: str) -> ReplyPlace | None:
        return self.places[reply][0] if reply in self.places else None

    async def keep_place(self, reply: str, place: ReplyPlace, at: datetime) -> ReplyPlace:
        if reply not in self.places:
            _keep(self.places, reply, (place, at))
        return self.places[reply][0]

    async def forget(self, tickets: Collection[str], at: datetime) -> None:
        for ticket in tickets:
            _keep(self._forgotten, ticket, at)
        self.questions = {each: kept for each, kept in self.questions.items() if each.ticket not in tickets}
        self.places = {name: kept for name, kept in self.places.items() if _ticket(kept[0]) not in tickets}


def _fresh(at: datetime, now: datetime) -> bool:
    return now - at < OPEN_FOR


def _ticket(place: ReplyPlace) -> str:
    return place.question.ticket if place.question else ""


def _keep(kept: dict[KeyT, ValueT], key: KeyT, value: ValueT) -> None:
    kept[key] = value
    if len(kept) > KEPT_AT_MOST:
        del kept[next(iter(kept))]
