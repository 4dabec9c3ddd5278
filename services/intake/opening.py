"""Opening sealed submissions and sealing them again under the ticket's own keys: intake's ``prepare``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from contracts.envelope import Body, Message
from contracts.facts import SubmissionReceived
from contracts.identifiers import code_digest
from contracts.requests import EraseIdentity, SupplementTicket
from runtime import seals
from runtime.ports import Unavailable
from runtime.seals import SealBroken
from runtime.vault import Keys, TicketKeys, Words, open_words, seal_words
from services.intake.domain.screening import Signals, signals_of
from services.intake.ports import Added, DayKeys, Erased, Opened


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything that has to be known before the pure handlers run; all of it may be repeated."""

    day_keys: DayKeys
    keys: Keys
    words: Words
    code_secret: bytes
    random: seals.Random

    async def prepare(self, messages: Sequence[Message[Body]]) -> Mapping[str, object]:
        """What each message needs, by message id. Raises Unavailable."""
        await self._erase([message for message in messages if isinstance(message.body, EraseIdentity)])
        given: dict[str, object] = {}
        given |= await self._submissions([m for m in messages if isinstance(m.body, SubmissionReceived)])
        given |= await self._supplements([m for m in messages if isinstance(m.body, SupplementTicket)])
        return given

    async def _erase(self, messages: Sequence[Message[Any]]) -> None:
        for message in messages:
            await self.keys.erase(message.ticket)
            self.words.forget(message.ticket)

    async def _submissions(self, messages: Sequence[Message[Any]]) -> dict[str, object]:
        plain = {message.id: await self._open(message) for message in messages}
        contacts = {m.ticket: _contact(plain[m.id]) for m in reversed(messages) if plain[m.id] is not None}
        keys = await self.keys.issue(contacts) if contacts else {}
        return {m.id: self._sealed_again(m, plain[m.id], keys[m.ticket]) for m in messages if plain[m.id] is not None}

    async def _open(self, message: Message[SubmissionReceived]) -> Any:
        private = await self.day_keys.private(message.body.day_key)
        if private is None:
            raise Unavailable(f"day key {message.body.day_key} is not here yet")
        try:
            sealed = seals.from_text(message.body.sealed)
            return orjson.loads(seals.unseal_with(private, f"{message.ticket}/submission", sealed))
        except (SealBroken, orjson.JSONDecodeError):
            return None

    def _sealed_again(self, message: Message[Any], plain: Any, keys: TicketKeys | None) -> Opened | Erased:
        if keys is None:
            return Erased()
        ticket, content = message.ticket, plain["content"]
        words = {name: content[name] for name in ("title", "content", "place") if content.get(name)}
        identity = orjson.dumps(content.get("reporter") or {}).decode()
        return Opened(
            words=seal_words(keys.words, ticket, "words", orjson.dumps(words).decode(), self.random),
            identity=seal_words(keys.identity, ticket, "identity", identity, self.random),
            code_digests=tuple(code_digest(self.code_secret, ticket, code) for code in plain["codes"]),
            division=content.get("division") or "",
            hint=content.get("category") or "",
            on_behalf=bool(content.get("on_behalf_of")),
            signals=_signals(content),
        )

    async def _supplements(self, messages: Sequence[Message[Any]]) -> dict[str, object]:
        keys = await self.words.keys({message.ticket for message in messages}) if messages else {}
        return {m.id: Added(_added(keys[m.ticket], m)) for m in messages if m.ticket in keys}


def _added(key: bytes, message: Message[SupplementTicket]) -> Signals:
    try:
        text = open_words(key, message.ticket, "supplement", message.body.words)
    except SealBroken:
        return Signals()
    return signals_of("", text, "", can_be_asked=False)


def _signals(content: Mapping[str, Any]) -> Signals:
    reporter = content.get("reporter") or {}
    can_be_asked = bool(reporter.get("phone") or reporter.get("email"))
    place = content.get("place") or content.get("division") or ""
    return signals_of(content.get("title") or "", content["content"], place, can_be_asked=can_be_asked)


def _contact(plain: Any) -> bytes:
    """How to reach each voter, with the code that is theirs: only intake and notify ever open this."""
    content, codes = plain["content"], plain["codes"]
    people = [content.get("reporter") or {}, *(content.get("co_reporters") or ())]
    fields = ("phone", "email", "channel", "language")
    return orjson.dumps(
        [
            {name: person.get(name) for name in fields} | {"code": code}
            for person, code in zip(people, codes, strict=True)
        ]
    )
