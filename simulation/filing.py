"""Where people bring matters and wishes to in a simulation: what a door and the APIs would put into the log."""

import itertools
import random

import orjson

from contracts import identifiers
from contracts.envelope import Actor, Body, Kind, Message
from contracts.messages.intake import SubmissionReceived, SupplementTicket
from runtime.clock import Clock
from runtime.http.requests import outgoing
from runtime.identity import seals
from runtime.identity.vault import WordKeys, seal_words
from runtime.ids import id_of
from runtime.memory.log import InMemoryLog
from simulation.faults import ended
from simulation.sample_matters import Matter

SECRET = b"a secret of the simulation, of no use elsewhere"
DAY_KEY = "simulated"
CANARY = "CANARY王小明13900001234"
DOOR = "431226"
SENT_TWICE, ASKED_TWICE = 0.2, 0.1  # shares of submissions and requests


class Filing:
    """Puts submissions and requests into the log, now and then twice. ``acknowledged``: ticket → number."""

    def __init__(self, log: InMemoryLog, clock: Clock, rng: random.Random, words: WordKeys, day_public: bytes) -> None:
        self._log, self._clock, self._rng, self._words, self._public = log, clock, rng, words, day_public
        self._count = itertools.count()
        self.acknowledged: dict[str, str] = {}

    def submit(self, matter: Matter) -> str:
        """登记 as the door does it, with a canary as the name; the ticket."""
        content = matter.sent()
        content["reporter"] = (content.get("reporter") or {}) | {"name": CANARY}
        ticket = identifiers.ticket_id(SECRET, "web", "", f"key-{next(self._count)}")
        body = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
        fact = self._received(ticket, body, voters=1 + len(matter.co_reporters))
        self.acknowledged[ticket] = fact.number
        message = self._message(id_of("submission", ticket, fact.body_digest), Kind.FACT, ticket, fact, "intake")
        for _ in range(2 if self._rng.random() < SENT_TWICE else 1):
            self._log.append(outgoing(message, "submissions"))
        return ticket

    def _received(self, ticket: str, body: bytes, voters: int) -> SubmissionReceived:
        digest = identifiers.keyed(SECRET, "body", body).hex()
        codes = [identifiers.query_code(SECRET, ticket, digest, voter) for voter in range(voters)]
        plain = b'{"content":' + body + b',"codes":' + orjson.dumps(codes) + b"}"
        sealed = seals.seal_to(self._public, f"{ticket}/submission", plain, self._rng.randbytes)
        return SubmissionReceived(
            number=identifiers.number_of(ticket, DOOR),
            channel="web",
            door=DOOR,
            principal="",
            body_digest=digest,
            body_form=1,
            day_key=DAY_KEY,
            sealed=seals.to_text(sealed),
        )

    def sealed(self, ticket: str, field: str, text: str) -> str | None:
        """Text under the ticket's words key; None when there is none."""
        key = ended(self._words.keys([ticket])).get(ticket)
        return None if key is None else seal_words(key, ticket, field, text, self._rng.randbytes)

    def supplement(self, ticket: str, *, clear: bool) -> None:
        """补充; one that is not clear does not mend an invalid matter."""
        text = ("补充：在麻阳县高村镇农贸市场门口，已经持续一个星期。" if clear else "请处理。").encode()
        sealed = seals.seal_to(self._public, f"{ticket}/supplement", text, self._rng.randbytes)
        self.ask(ticket, SupplementTicket(voter=0, day_key=DAY_KEY, sealed=seals.to_text(sealed)), ("intake",))

    def ask(self, ticket: str, body: Body, to: tuple[str, ...], actor: Actor | None = None) -> None:
        """Put a request into the log."""
        by = actor or Actor(role="reporter")
        message = self._message(f"request-{next(self._count)}", Kind.REQUEST, ticket, body, to[0], to, by)
        for _ in range(2 if self._rng.random() < ASKED_TWICE else 1):
            self._log.append(outgoing(message, "tickets"))

    def _message(
        self,
        message_id: str,
        kind: Kind,
        ticket: str,
        body: Body,
        producer: str,
        to: tuple[str, ...] = (),
        actor: Actor | None = None,
    ) -> Message[Body]:
        return Message(
            id=message_id,
            type=type(body).__name__,
            kind=kind,
            key=ticket,
            producer=producer,
            at=self._clock.now(),
            time=self._clock.wall(),
            body=body,
            to=to,
            actor=actor,
        )
