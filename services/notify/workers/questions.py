"""What asks for an evaluation by SMS is kept as an open question before it goes, so that the answer finds it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from contracts.envelope import Body, Message
from contracts.messages.intake import TicketErased
from runtime.delivery.service import Prepare
from services.notify.adapters.phone_digests import PhoneDigests
from services.notify.domain.questions import ASKING, OpenQuestion
from services.notify.ports.replies import OpenQuestions
from services.notify.workers.dispatch import Errand, Reported

SMS = "sms"


class QuestionKeeping:
    """``wall``: the time from which a question is forgotten."""

    def __init__(self, questions: OpenQuestions, digests: PhoneDigests, wall: Callable[[], datetime]) -> None:
        self._questions, self._digests, self._wall = questions, digests, wall

    async def before(self, errands: Sequence[Errand]) -> None:
        """What goes by SMS first. Raises Unavailable."""
        await self._keep([each for each in errands if each.channel == SMS])

    async def after(self, errands: Sequence[Errand], reported: Mapping[str, tuple[Reported, str]]) -> None:
        """What went by SMS because another channel refused it. Raises Unavailable."""
        by_sms = {reference for reference, (_, channel) in reported.items() if channel == SMS}
        await self._keep([each for each in errands if each.channel != SMS and each.reference in by_sms])

    async def _keep(self, errands: Sequence[Errand]) -> None:
        asked = {question: self._digests.of(phone) for each in errands for question, phone in _asked(each)}
        if asked:
            await self._questions.ask(asked, self._wall())


def _asked(errand: Errand) -> Iterator[tuple[OpenQuestion, str]]:
    for each in errand.deliveries:
        if each.audience == "reporter" and each.kind in ASKING:
            yield OpenQuestion(errand.ticket, errand.number, each.person, each.round), dict(errand.routes)[SMS]


def forgetting(questions: OpenQuestions, wall: Callable[[], datetime]) -> Prepare:
    """Before the loop takes an erasure in, nothing is left of what was asked: a loop that dies does it again."""

    async def prepare(messages: Sequence[Message[Body]]) -> Mapping[str, object]:
        await questions.forget([each.key for each in messages if isinstance(each.body, TicketErased)], wall())
        return {}

    return prepare
