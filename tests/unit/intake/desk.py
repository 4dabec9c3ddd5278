"""Intake on a stage: submissions as the door seals them, the vault and the day keys in memory."""

import secrets
from datetime import timedelta
from typing import Any

import orjson

from contracts.envelope import Actor, Body, Kind, Message
from contracts.identifiers import keyed, number_of, query_code, ticket_id
from contracts.messages.intake import SupplementTicket
from runtime.identity import seals
from runtime.identity.seals import KeyWrap
from runtime.identity.vault import InMemoryVault, Keys, WordKeys
from runtime.ids import id_of
from services.intake import wiring
from services.intake.adapters.memory import InMemoryDayKeys, InMemoryErasures
from services.intake.adapters.unsealing import SubmissionOpening
from tests.facts.intake import submission_received, supplement_ticket
from tests.facts.values import COUNTY
from tests.harness import MONDAY, Stage

SECRET, CODE_SECRET = b"i" * 32, b"c" * 32
PRIVATE = b"p" * 32
DAY = "2026-03-02"
CLEAR = {"title": "道路损坏", "content": "兰里镇进村的水泥路坏了一半，车不好走，请尽快修好。", "place": "兰里镇"}
UNCLEAR = {"title": "反映", "content": "请处理。"}


class StagedIntake:
    def __init__(self) -> None:
        self.vault, wrap = InMemoryVault(), KeyWrap(b"k" * 32, secrets.token_bytes)
        self.words = WordKeys(self.vault, wrap, timedelta)
        self.day_keys, self.erasures = InMemoryDayKeys(), InMemoryErasures()
        self.keys = Keys(self.vault, wrap)
        opening = SubmissionOpening(self.day_keys, self.keys, self.words, CODE_SECRET, self.erasures)
        self.stage = Stage(wiring.build(opening.prepare))

    async def open(self) -> "StagedIntake":
        await self.day_keys.ensure(DAY, PRIVATE)
        return self

    def submit(self, content: Any, key: str = "a", **changed: Any) -> str:
        """Put a submission into the log as the door does; its ticket id."""
        ticket = ticket_id(SECRET, "web", "", key)
        raw = orjson.dumps(content)
        digest = keyed(SECRET, raw).hex()
        others = content.get("co_reporters", ()) if isinstance(content, dict) else ()
        codes = [query_code(CODE_SECRET, ticket, digest, voter) for voter in range(1 + len(others))]
        plain = orjson.dumps({"content": content, "codes": codes})
        sealed = seals.seal_to(seals.public_half(PRIVATE), f"{ticket}/submission", plain, secrets.token_bytes)
        fields: dict[str, Any] = {"body_digest": digest, "day_key": DAY}
        fields |= {"sealed": seals.to_text(sealed)} | changed
        body = submission_received(number=number_of(ticket, COUNTY), **fields)
        self.say(ticket, body, Kind.FACT, "submissions", id_of("s", ticket, digest))
        return ticket

    def say(self, ticket: str, body: Body, kind: Kind, topic: str, name: str) -> None:
        message = Message(
            id=name,
            type=type(body).__name__,
            kind=kind,
            key=ticket,
            producer="test",
            at=MONDAY,
            time=MONDAY,
            body=body,
            to=("intake",) if kind is Kind.REQUEST else (),
            actor=Actor(role="reporter", principal="voter:0"),
        )
        self.stage.say(message, topic=topic)

    def ask(self, ticket: str, body: Body, name: str = "") -> str:
        name = name or id_of("request", ticket, secrets.token_hex(4))
        self.say(ticket, body, Kind.REQUEST, "tickets", name)
        return name

    def supplement(self, ticket: str, text: str) -> SupplementTicket:
        """补充 as the API seals it."""
        sealed = seals.seal_to(seals.public_half(PRIVATE), f"{ticket}/supplement", text.encode(), secrets.token_bytes)
        return supplement_ticket(day_key=DAY, sealed=seals.to_text(sealed))

    async def run(self) -> None:
        await self.stage.run()
