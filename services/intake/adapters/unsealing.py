"""Opening sealed submissions and sealing them again under the ticket's own keys: intake's ``prepare``."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from pydantic import BaseModel, ValidationError

from contracts.envelope import Body, Message
from contracts.identifiers import code_digest
from contracts.messages.intake import EraseIdentity, SubmissionReceived, SupplementTicket
from contracts.sealed import GivenContact, SealedContact, SealField, contacts_json, words_json
from runtime.identity import seals
from runtime.identity.seals import Opener, SealBroken
from runtime.identity.vault import OTHER_CONTACT, Keys, OwnerKeys, WordKeys, seal_words
from services.intake.domain.persons import identifying
from services.intake.domain.screening import Signals, signals_of, signals_of_addition
from services.intake.domain.submission import DESK, PUBLIC
from services.intake.ports import Added, DayKeys, ErasedSubmission, Erasures, OpenedSubmission

log = structlog.get_logger()
OPENERS_KEPT = 4  # day keys: a destroyed one does not live on here
PEOPLE = ("reporter", "co_reporters", "on_behalf_of")


class Content(BaseModel):
    """What intake looks at in a submission; whatever else was sent is kept and not looked at."""

    title: str = ""
    content: str
    place: str | None = None
    division: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    category: str | None = None
    on_behalf_of: str | None = None
    reporter: GivenContact | None = None
    co_reporters: list[GivenContact] = []


class Plain(BaseModel):
    """A submission as the door seals it. ``named_from``: as in SealedContact; "" of a door that vouches for them."""

    content: Content
    codes: list[str]
    named_from: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """An opened submission: what intake looks at, and every field as it was sent."""

    read: Plain
    sent: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SubmissionOpening:
    """Everything that has to be known before the pure handlers run; all of it may be repeated.

    What cannot be opened is given nothing, and so set aside by its handler: it must not stop the others.
    """

    day_keys: DayKeys
    keys: Keys
    words: WordKeys
    code_secret: bytes
    erasures: Erasures
    openers: OrderedDict[str, Opener] = field(default_factory=OrderedDict)

    async def prepare(self, messages: Sequence[Message[Body]]) -> Mapping[str, object]:
        """What each message needs, by message id. Raises Unavailable."""
        await self._erase([message for message in messages if isinstance(message.body, EraseIdentity)])
        given: dict[str, object] = {}
        given |= await self._submissions([m for m in messages if isinstance(m.body, SubmissionReceived)])
        given |= await self._supplements([m for m in messages if isinstance(m.body, SupplementTicket)])
        return given

    async def _erase(self, messages: Sequence[Message[Any]]) -> None:
        """First into the list that no backup brings back, then for ever. What was erased before is not listed again."""
        wanted = dict.fromkeys(message.key for message in messages if message.body.voter == 0)
        erased = await self.keys.erased(wanted) if wanted else set()
        if tickets := [ticket for ticket in wanted if ticket not in erased]:
            await self.erasures.add(tickets)
        for ticket in tickets:
            await self.keys.erase(ticket)
            self.words.forget(ticket)

    async def _submissions(self, messages: Sequence[Message[Any]]) -> dict[str, object]:
        opened = [(message, submitted) for message in messages if (submitted := await self._open(message))]
        contacts = {message.key: _contact(submitted.read) for message, submitted in reversed(opened)}
        keys = await self.keys.issue(contacts) if contacts else {}
        return {m.id: self._sealed_again(m, s, keys[m.key]) for m, s in opened if m.key in keys}

    async def _open(self, message: Message[SubmissionReceived]) -> Submitted | None:
        opener = await self._opener(message.body.day_key)
        if opener is None:
            log.error("submission_not_opened", ticket=message.key, why="day_key_unknown")
            return None
        try:
            raw = orjson.loads(opener.open(f"{message.key}/submission", seals.from_text(message.body.sealed)))
            read = Plain.model_validate(raw)
        except (SealBroken, orjson.JSONDecodeError, ValidationError) as why:
            log.error("submission_not_opened", ticket=message.key, why=type(why).__name__)
            return None
        return Submitted(read, raw["content"]) if len(read.codes) == 1 + len(read.content.co_reporters) else None

    async def _opener(self, key: str) -> Opener | None:
        if key not in self.openers:
            private = await self.day_keys.private(key)
            if private is None:
                return None
            self.openers[key] = Opener(private)
            if len(self.openers) > OPENERS_KEPT:
                self.openers.popitem(last=False)
        return self.openers[key]

    def _sealed_again(
        self, message: Message[Any], submitted: Submitted, keys: OwnerKeys | None
    ) -> OpenedSubmission | ErasedSubmission:
        if keys is None:
            return ErasedSubmission()
        ticket, content, sent = message.key, submitted.read.content, submitted.sent
        return OpenedSubmission(
            words=_sealed(keys.words, ticket, SealField.WORDS, words_json(sent)),
            identity=_sealed(keys.identity, ticket, SealField.IDENTITY, _json(sent, PEOPLE)),
            code_digests=tuple(code_digest(self.code_secret, ticket, code) for code in submitted.read.codes),
            division=content.division or "",
            on_behalf=bool(content.on_behalf_of),
            signals=_signals(content, message.body.channel),
            hide=_sealed(keys.words, ticket, SealField.HIDE, orjson.dumps(identifying(sent)).decode()),
            contact=_sealed(keys.contact, ticket, OTHER_CONTACT, _contact(submitted.read).decode()),
            to_confirm=bool(submitted.read.named_from),
        )

    async def _supplements(self, messages: Sequence[Message[Any]]) -> dict[str, object]:
        keys = await self.words.keys({message.key for message in messages}) if messages else {}
        texts = [(m, await self._text(m)) for m in messages if m.key in keys]
        return {m.id: _added(keys[m.key], m.key, text) for m, text in texts if text is not None}

    async def _text(self, message: Message[SupplementTicket]) -> str | None:
        opener = await self._opener(message.body.day_key)
        if opener is None:
            return None
        try:
            return opener.open(f"{message.key}/supplement", seals.from_text(message.body.sealed)).decode()
        except (SealBroken, UnicodeDecodeError):
            return None


def _json(sent: Mapping[str, Any], names: Sequence[str]) -> str:
    return orjson.dumps({name: sent[name] for name in names if sent.get(name) is not None}).decode()


def _sealed(key: bytes, ticket: str, field: str, text: str) -> str:
    """The same bytes each time: a replay says again what was said."""
    return seal_words(key, ticket, field, text, seals.synthetic(key, f"{ticket}/{field}", text.encode()))


def _added(key: bytes, ticket: str, text: str) -> Added:
    return Added(_sealed(key, ticket, SealField.SUPPLEMENT, text), signals_of_addition(text))


def _signals(content: Content, channel: str) -> Signals:
    """Staff who file a matter of their own are its reporter; who writes down another's can be asked about it."""
    people = [content.reporter or GivenContact(), *content.co_reporters]
    is_own = channel not in (PUBLIC, DESK) and not content.on_behalf_of
    can_be_asked = is_own or any(person.addresses for person in people)
    place = content.place or content.division or ("" if content.latitude is None else "coordinates")
    by_staff = channel != PUBLIC
    return signals_of(content.title, content.content, place, can_be_asked=can_be_asked, filed_by_staff=by_staff)


def _contact(plain: Plain) -> bytes:
    """How to reach each voter, with the code that is theirs: only intake and notify ever open this."""
    people = [plain.content.reporter or GivenContact(), *plain.content.co_reporters]
    named_from = [None, *(plain.named_from or None for _ in plain.content.co_reporters)]
    reachable = zip(people, plain.codes, named_from, strict=True)
    contacts = [SealedContact(**each.model_dump(), code=code, named_from=named) for each, code, named in reachable]
    return contacts_json(contacts)
