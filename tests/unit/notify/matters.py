"""Facts about a matter, as notify reads them; and a deliverer in memory."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from contracts import values
from contracts.envelope import Message
from contracts.identifiers import TOO_MANY_CODES, WRONG_CODE
from contracts.messages.notify import PeopleNotified, PersonTold, ReportDelivery
from runtime.identity import seals
from runtime.identity.code_attempts import CodeAttempts
from runtime.identity.seals import KeyWrap
from runtime.identity.vault import Contacts, InMemoryVault, Keys
from runtime.memory.log import InMemoryProgress
from runtime.memory.tried_codes import InMemoryTriedCodes
from services.notify.adapters.memory import InMemoryMessenger, InMemoryOutbox
from services.notify.adapters.phone_digests import PhoneDigests
from services.notify.adapters.questions_in_memory import InMemoryOpenQuestions
from services.notify.adapters.templates import packaged
from services.notify.api.reporters import ReporterDesk
from services.notify.domain.budget import LetterPlaces
from services.notify.domain.deliveries import Delivery, TicketDeliveries
from services.notify.domain.letters import letter_of
from services.notify.ports import Duties, Guarantee, JournalEntry, Letter, Messenger, OfficeHours, Outcome
from services.notify.wiring import build
from services.notify.workers.catching_up import CatchingUp
from services.notify.workers.dispatch import Errand
from services.notify.workers.questions import QuestionKeeping, forgetting
from services.notify.workers.sender import Sender
from tests.facts import feedback, intake, routing, sla
from tests.facts.notify import delivery_report, report_delivery
from tests.facts.values import voters
from tests.harness import MONDAY, TICKET, Stage, fact

SATURDAY = datetime(2026, 3, 7, 2, 0, tzinfo=UTC)  # ten in the morning in China
FILER = {"channel": "sms", "phone": "13800000001", "email": "", "code": "QUERYCODE1", "language": "zh"}
NEIGHBOUR = {"channel": "email", "phone": "", "email": "n@example.org", "code": "QUERYCODE2", "language": "en"}


def crowd(count: int) -> tuple[dict[str, str], ...]:
    """So many people, each with a phone of their own."""
    return tuple(FILER | {"phone": f"138{nth:08d}"} for nth in range(1, count + 1))


def registered(people: int = 1, *, seq: int = 1, **changed: object) -> Message[Any]:
    return fact(intake.registered(voters=voters(people), **changed), producer="intake", seq=seq)


def assigned(at: datetime = MONDAY, *, seq: int = 1, **changed: object) -> Message[Any]:
    return fact(routing.assigned(**changed), at=at, producer="routing", seq=seq)


def accepted() -> Message[Any]:
    return fact(routing.accepted(), producer="routing", seq=2)


def completed() -> Message[Any]:
    return fact(feedback.completed(), producer="feedback", seq=1)


def light(new: values.Light, at: datetime = MONDAY, **changed: object) -> Message[Any]:
    return fact(sla.light_changed(new=new, due=at, **changed), at=at, producer="sla", seq=1)


def receipt(delivery: Delivery, outcome: str) -> ReportDelivery:
    """What a provider says of a delivery that went alone."""
    return report_delivery(reports=(delivery_report(reference=delivery.ref, outcome=outcome, letter=delivery.ref),))


def entries(*deliveries: Delivery) -> list[JournalEntry]:
    """What is written down before they go in one letter."""
    letter = letter_of([each.ref for each in deliveries])
    return [JournalEntry(each.ref, letter, TICKET) for each in deliveries]


def told_by(facts: Sequence[Message[Any]]) -> list[PersonTold]:
    """What these facts say of each delivery, with its letter."""
    return [
        each.model_copy(update={"letter": each.letter or fact.body.letter})
        for fact in facts
        if isinstance(fact.body, PeopleNotified)
        for each in fact.body.told
    ]


class Desktop:
    """Notify's loop and deliverer in memory, with a provider for SMS and one for e-mail."""

    def __init__(self, offices: OfficeHours | None = None, places: LetterPlaces | None = None) -> None:
        self.questions, self.digests = InMemoryOpenQuestions(), PhoneDigests(seals.to_text(b"d" * 32))
        service = replace(build(offices), prepare=forgetting(self.questions, lambda: self.stage.wall))
        self.stage, self._offices, self._places = Stage(service), offices, places
        self.partitions: Collection[int] = range(64)  # that its process holds
        self.sms, self.email = InMemoryMessenger("sms"), InMemoryMessenger("email")
        self.outbox = InMemoryOutbox(self.stage.store)
        self.vault, self.wrap = InMemoryVault(), KeyWrap(b"k" * 32, lambda size: b"r" * size)
        self.deliverer = self.restarted()

    def restarted(
        self, only: Sequence[str] = ("sms", "email"), duties: Duties | None = None, **others: Messenger
    ) -> Sender:
        """A deliverer that remembers nothing: the process before it died. ``others`` stand in place of the usual."""
        desk = self.stage.request_desk()
        messengers: dict[str, Messenger] = {"sms": self.sms, "email": self.email, **others}
        messengers = {channel: each for channel, each in messengers.items() if channel in only}
        contacts, clock = Contacts(self.vault, self.wrap), self.stage.clock
        given = self.outbox, contacts, messengers, packaged(), desk, clock, lambda: self.partitions
        asking = QuestionKeeping(self.questions, self.digests, clock.wall)
        self.deliverer = Sender(*given, self._offices, duties, self._places, asking, self._catching_up())
        return self.deliverer

    def _catching_up(self) -> CatchingUp:
        reads = self.stage.service
        return CatchingUp(InMemoryProgress(self.stage.log, reads.group, reads.logs), self.stage.clock.stopwatch)

    async def told(self, *messages: Message[Any], people: tuple[dict[str, str], ...] = (FILER,)) -> None:
        """The loop reads; the vault holds how the people are reached."""
        await Keys(self.vault, self.wrap).issue({TICKET: orjson.dumps(people)})
        self.stage.say(*messages)
        await self.stage.run()

    async def told_of(self, ticket: str, person: dict[str, str]) -> None:
        """One more matter, with one reporter."""
        await self.told_as(registered(), ticket, (person,))

    async def told_as(self, said: Message[Any], ticket: str, people: tuple[dict[str, str], ...]) -> None:
        """One more matter, as it was registered, with its reporters."""
        await Keys(self.vault, self.wrap).issue({ticket: orjson.dumps(people)})
        self.stage.say(replace(said, key=ticket, id=f"registered {ticket}"))
        await self.stage.run()

    async def deliver(self) -> None:
        """One sweep, a look after what is unknown, and the loop reads what came of it."""
        await self.deliverer.sweep()
        await self.deliverer.inquiries.step()
        await self.stage.run()

    def told_of_people(self) -> list[PersonTold]:
        """What was said of each delivery to a reporter."""
        return told_by(self.stage.facts([PeopleNotified]))

    async def forming(self) -> list[Errand]:
        """The letters that may go now."""
        waiting = await self.outbox.waiting([TICKET], self.stage.clock.now())
        return await self.deliverer._letters.errands(waiting)

    def reporters(self) -> ReporterDesk:
        """What the API is built over."""
        clock, contacts = self.stage.clock, Contacts(self.vault, self.wrap)
        guesses = CodeAttempts(InMemoryTriedCodes(clock.stopwatch), b"s" * 32, WRONG_CODE, TOO_MANY_CODES)
        return ReporterDesk(self.outbox, contacts, packaged(), self.stage.request_desk(), guesses)

    def states(self) -> dict[tuple[str, int, str], str]:
        """State per (audience, person, kind)."""
        post: TicketDeliveries = self.stage.document()
        return {(item.audience, item.person, item.kind): item.state for item in post.items}


class SilentMessenger:
    """A provider that says nothing, as SMTP does when the line breaks."""

    channel = "sms"
    promise: Guarantee | None = None
    tries = 0

    async def send(self, letters: Sequence[Letter]) -> dict[str, Outcome]:
        self.tries += 1
        return {letter.reference: Outcome.UNKNOWN for letter in letters}

    async def look_up(self, references: Sequence[str]) -> dict[str, Outcome]:
        return dict.fromkeys(references, Outcome.UNKNOWN)

    async def close(self) -> None: ...


async def sent(messenger: Messenger, letter: Letter) -> Outcome:
    """What becomes of one letter."""
    return (await messenger.send([letter]))[letter.reference]


async def found(messenger: Messenger, reference: str) -> Outcome:
    """What a provider knows of one letter."""
    return (await messenger.look_up([reference]))[reference]
