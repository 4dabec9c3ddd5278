"""What people answer by SMS, as its provider hands it on: a vote, or once a word on how it is done."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, get_args

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import Actor, Body, Message
from contracts.identifiers import prefix_of
from contracts.messages.feedback import EvaluateTicket
from contracts.messages.notify import ExplainReply
from runtime.http.requests import RequestDesk
from runtime.values import phones
from services.notify import metrics
from services.notify.adapters.phone_digests import PhoneDigests
from services.notify.api.signatures import ProviderKeys
from services.notify.domain.questions import OpenQuestion, QuestionAsked, asks, meant
from services.notify.domain.replies import ReplyOutcome, read_reply
from services.notify.ports import BATCH, Outbox
from services.notify.ports.replies import OpenQuestions, ReplyPlace

EVERYWHERE = ""


class SmsReply(BaseModel):
    """One SMS. ``id``: its provider's, the same whenever it hands it on; ``from``: the phone that wrote it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[0-9a-zA-Z_-]+$")]
    phone: Annotated[str, Field(alias="from", min_length=1, max_length=40)]
    text: Annotated[str, Field(max_length=10_000)]


class SmsReplies(BaseModel):
    """As many as a call may carry."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    replies: Annotated[list[SmsReply], Field(min_length=1, max_length=BATCH)]


@dataclass(frozen=True, slots=True)
class ReplyDesk:
    """Finds whose question a reply answers, and asks for what it says."""

    outbox: Outbox
    questions: OpenQuestions
    digests: PhoneDigests
    requests: RequestDesk
    wall: Callable[[], datetime]

    async def take(self, reply: SmsReply) -> ReplyOutcome:
        """What became of a reply; one that comes again asks for the same as before. Raises Unavailable."""
        known = await self.questions.place(reply.id)
        place = known or await self.questions.keep_place(reply.id, await self._place(reply.phone), self.wall())
        outcome = await self._asked(reply, place)
        metrics.REPLIES.labels("repeated" if known else outcome).inc()
        return outcome

    async def _place(self, phone: str) -> ReplyPlace:
        number = phones.sms_number(phone)
        asked = await self.questions.asked(self.digests.all_of(number), self.wall()) if number else []
        found = meant([each for each in asked if await self._stands_open(each)])
        return ReplyPlace(found[0], ambiguous=len(found) > 1) if found else ReplyPlace()

    async def _stands_open(self, asked: QuestionAsked) -> bool:
        one = asked.question
        found = await self.outbox.post(prefix_of(one.number), one.number, EVERYWHERE)
        return found is not None and found[0] == one.ticket and asks(found[1], one.person, one.round)

    async def _asked(self, reply: SmsReply, place: ReplyPlace) -> ReplyOutcome:
        if place.question is None:
            return "nobody"
        vote = None if place.ambiguous else read_reply(reply.text)
        if vote is None:
            await self.requests.put([explanation(self.requests, place.question)])
            return "ambiguous" if place.ambiguous else "unclear"
        body = EvaluateTicket(voter=place.question.person, grade=vote.grade, solved=vote.solved)
        await self.requests.put([_request(self.requests, place.question, body, f"sms/{reply.id}", "feedback")])
        await self.questions.answered(place.question)
        return "evaluated"


def explanation(desk: RequestDesk, question: OpenQuestion) -> Message[Body]:
    """The same request whatever the replies to a question were."""
    return _request(desk, question, ExplainReply(voter=question.person, round=question.round), f"sms/{question.round}")


def _request(desk: RequestDesk, question: OpenQuestion, body: Body, key: str, *to: str) -> Message[Body]:
    actor = Actor(role="reporter", principal=f"voter:{question.person}")
    return desk.request(question.ticket, body, actor, key, to)


def reply_routes(app: FastAPI, desk: ReplyDesk, keys: ProviderKeys) -> None:
    reads = Depends(keys.reads(SmsReplies, "sms"))

    @app.post("/v1/replies/sms")
    async def replies(said: Annotated[SmsReplies, reads]) -> dict[str, int]:
        """Signed by the provider of SMS. A reply that comes again, or answers nothing, does no harm."""
        return _counted([await desk.take(each) for each in said.replies])


def _counted(outcomes: Sequence[ReplyOutcome]) -> dict[str, int]:
    counts = Counter(outcomes)
    return {each: counts[each] for each in get_args(ReplyOutcome)}
