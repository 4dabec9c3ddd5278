"""The pure half of the delivery contract: one key's messages are folded, in order, through the handlers.

Nothing here waits, reads or writes; the loop does that around it. Points of architecture §2: 2 (a document knows what
it has seen), 3 (what is to be said is stored before it is said), 6 (four ends of a message), 7 (parked per key, in
order), 8 (requests kept by whoever may come to hold the baton), 11 (a handler is given the time of the message).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from contracts.envelope import (
    Body,
    Headers,
    Kind,
    MalformedMessage,
    Message,
    RequestDecided,
    addressed_to,
    decode,
    encode_headers,
    encode_value,
    type_of,
)
from runtime.change import Change, Ignore, Keep, Reject, Result
from runtime.delivery.records import KEPT_AT_MOST, OUTCOMES_KEPT, Decided, Incoming, Parked, ParkedAt, Record, Said
from runtime.delivery.service import Handler, Service
from runtime.delivery.turn import Folded, Read, Turn
from runtime.ids import id_of
from runtime.telemetry import traces

DocumentT = TypeVar("DocumentT")
TRIES = 5  # a handler is pure, so a second try rarely helps; it tells a bug from a hiccup of the interpreter
NOTHING_GIVEN: Mapping[str, object] = {}
BEHIND = "queued_behind_a_parked_message"
NOBODY = ("nobody",)  # a decision that clears no other service's kept requests


class Fold(Generic[DocumentT]):
    """Folds messages into the records of one service."""

    def __init__(self, service: Service[DocumentT], wall: Callable[[], datetime]) -> None:
        self._service = service
        self._wall = wall
        self._handlers: dict[str, tuple[type[Body], Handler[DocumentT] | None]] = {
            "RequestDecided": (RequestDecided, None)
        }
        self._handlers.update({body.__name__: (body, handle) for body, handle in service.reacts.items()})

    def concerns(self, headers: Headers) -> bool:
        """Whether this service reacts to the record: two headers are looked at, nothing is parsed."""
        return type_of(headers) in self._handlers and addressed_to(headers, self._service.name)

    def read(self, incoming: Incoming) -> Read:
        """Parse a record that concerns this service."""
        model, _ = self._handlers[type_of(incoming.headers)]
        try:
            return Read(incoming, decode(incoming.key, incoming.value, incoming.headers, model))
        except MalformedMessage as malformed:
            return Read(incoming, malformed)

    def fold(
        self, record: Record[DocumentT], share: Iterable[Read], given: Mapping[str, object] = NOTHING_GIVEN
    ) -> Folded[DocumentT]:
        """Take the messages of one key in the order of the log. ``given``: what was prepared, by message id."""
        untouched, reads = record.copy(), list(share)
        try:
            folded = Folded(record, given)
            for read in reads:
                self._take(folded, read)
        except Exception as bug:  # around the handlers, not in one: it costs this key its turn and nobody else
            return self.set_aside(untouched, reads, traces.code_of(bug))
        return folded

    def set_aside(self, record: Record[DocumentT], share: Iterable[Read], reason: str) -> Folded[DocumentT]:
        """Park what is new of a key whose messages cannot be taken, or what came of them not be stored."""
        folded = Folded(record)
        for read in share:
            if folded.is_new(read.incoming):
                folded.move_to(read.incoming)
                self._park(folded, read.incoming, BEHIND if record.parked else reason, root=not record.parked)
            else:
                folded.pass_over(read.incoming)
        return folded

    def kept(self, record: Record[DocumentT]) -> list[Read]:
        """The requests that wait for the baton: they may be taken up, and need to be prepared again."""
        return [self.read(waiting) for waiting in record.kept]

    def replay(
        self,
        record: Record[DocumentT],
        letters: Iterable[tuple[Parked, Read]],
        given: Mapping[str, object],
        given_up: ParkedAt | None = None,
    ) -> Folded[DocumentT]:
        """Take dead letters again, in order, but the one at ``given_up``; from the first that fails on all stay."""
        folded = Folded(record, given, changed=True)
        record.parked = False
        for letter, read in letters:
            again = Read(replace(letter.message, log=""), read.message)
            if letter.place == given_up:
                self._give_up(folded, again)
            else:
                self._deal_with(folded, again, letter.nth)
            folded.parked = [_put_back(still, letter) for still in folded.parked]
        return folded

    def _give_up(self, folded: Folded[DocumentT], read: Read) -> None:
        """Nothing comes of a message any more; a request still has its one outcome."""
        message = read.message
        if isinstance(message, MalformedMessage) or _is_copy(folded.record, message):
            return
        _see(folded.record, message)
        if message.kind is Kind.REQUEST:
            self._answer(Turn(folded, read.incoming, message, message.at), Reject("given_up"))

    def _take(self, folded: Folded[DocumentT], read: Read) -> None:
        if folded.is_new(read.incoming):
            folded.move_to(read.incoming)
            self._deal_with(folded, read)
        else:
            folded.pass_over(read.incoming)

    def _deal_with(self, folded: Folded[DocumentT], read: Read, nth: int = 0) -> None:
        message = read.message
        if folded.record.parked:
            self._queue(folded, read, nth)
        elif isinstance(message, MalformedMessage):
            self._park(folded, read.incoming, f"{message.code} {message.path}".strip(), root=True, nth=nth)
        elif _is_copy(folded.record, message):
            folded.ends[message.type, "copy"] += 1
        elif isinstance(message.body, RequestDecided):
            folded.ends[message.type, "settled"] += 1
            _see(folded.record, message)
            _settle(folded.record, message.body)
        else:
            self._handle(Turn(folded, read.incoming, _with(message, folded.given), message.at, nth))

    def _queue(self, folded: Folded[DocumentT], read: Read, nth: int) -> None:
        """Behind a parked message, except a knock: the timer knocks again when the key goes on."""
        if isinstance(read.message, Message) and read.message.kind is Kind.KNOCK:
            folded.ends[read.message.type, "dropped_behind_a_parked_message"] += 1
        else:
            self._park(folded, read.incoming, BEHIND, root=False, nth=nth)

    def _handle(self, turn: Turn[DocumentT]) -> None:
        result = self._decide(turn)
        if isinstance(result, str):
            self._park(turn.folded, turn.incoming, result, root=True, nth=turn.nth)
        elif isinstance(result, Reject) and turn.message.kind is not Kind.REQUEST:
            self._park(turn.folded, turn.incoming, result.code, root=True, nth=turn.nth)
        else:
            _see(turn.record, turn.message)
            self._apply(turn, result)

    def _decide(self, turn: Turn[DocumentT]) -> Result[DocumentT] | str:
        """What the handler returns; after five tries, where the bug is."""
        handle = self._handlers[turn.message.type][1]
        assert handle is not None, "RequestDecided is settled before it gets here"
        reason = ""
        for _ in range(TRIES):
            try:
                return handle(turn.record.document, turn.message, turn.now)
            except Exception as bug:  # the one place where a bug in a handler ends: it is parked, never passed over
                reason = traces.code_of(bug)
        return reason

    def _apply(self, turn: Turn[DocumentT], result: Result[DocumentT]) -> None:
        match result:
            case Change():
                turn.count("change")
                self._change(turn, result)
            case Ignore(code):
                turn.count(f"ignored_{code}")
            case Keep():
                self._keep(turn)
            case Reject(code):
                turn.count(f"refused_{code}")
                self._answer(turn, result)

    def _change(self, turn: Turn[DocumentT], change: Change[DocumentT]) -> None:
        turn.record.document = change.document
        for fact in change.facts:
            self._say(turn, fact)
        if turn.message.kind is Kind.REQUEST:
            self._answer(turn, change)
        if change.takes_over:
            self._take_over(turn)

    def _take_over(self, turn: Turn[DocumentT]) -> None:
        """Decide what was kept, as caused by the message that brought the baton, so that it is said again with it."""
        kept, turn.record.kept = turn.record.kept, ()
        for nth, waiting in enumerate(kept, 1):
            self._take_up(turn, waiting, nth)

    def _take_up(self, turn: Turn[DocumentT], waiting: Incoming, nth: int) -> None:
        message = self.read(waiting).message
        cause = replace(turn.incoming, headers=waiting.headers, value=waiting.value)
        if turn.record.parked:
            self._park(turn.folded, cause, BEHIND, root=False, nth=nth)
        elif isinstance(message, MalformedMessage):  # an older build could read it
            self._park(turn.folded, cause, f"{message.code} {message.path}".strip(), root=True, nth=nth)
        else:
            given = _with(message, turn.folded.given)
            self._handle(Turn(turn.folded, cause, given, max(turn.now, message.at), nth))

    def _keep(self, turn: Turn[DocumentT]) -> None:
        if len(turn.record.kept) >= KEPT_AT_MOST:
            self._answer(turn, Reject("too_many_waiting"))
            return
        turn.count("kept")
        turn.record.kept = (*turn.record.kept, turn.incoming)

    def _answer(self, turn: Turn[DocumentT], result: Change[DocumentT] | Reject) -> None:
        """Store and say the one outcome of a request."""
        code, detail = ("accepted", result.answer) if isinstance(result, Change) else (result.code, result.detail)
        decided = Decided(turn.message.id, isinstance(result, Change), code, dict(detail))
        _remember(turn.record, decided)
        decision = RequestDecided(
            request=decided.request,
            request_type=turn.message.type,
            accepted=decided.accepted,
            code=code,
            detail=dict(detail),
        )
        others = tuple(service for service in turn.message.to if service != self._service.name)
        self._say(turn, decision, to=others or NOBODY)

    def _say(self, turn: Turn[DocumentT], fact: Body, to: tuple[str, ...] = ()) -> None:
        record, cause = turn.record, turn.message
        record.seq += 1
        message = Message(
            id=id_of(self._service.name, record.key, str(record.seq)),
            type=type(fact).__name__,
            kind=Kind.FACT,
            key=record.key,
            producer=self._service.name,
            at=turn.now,
            time=self._wall(),
            body=fact,
            to=to,
            seq=record.seq,
            cause=cause.id,
            actor=cause.actor.as_said() if cause.actor else None,
            labels=self._service.labels(record.document) if record.document is not None else {},
        )
        headers, value = encode_headers(message), encode_value(message)
        record.out = (*record.out, Said(record.seq, turn.incoming.log, turn.incoming.offset, headers, value))

    def _park(self, folded: Folded[DocumentT], incoming: Incoming, reason: str, *, root: bool, nth: int = 0) -> None:
        folded.ends[type_of(incoming.headers), "parked"] += 1
        folded.record.parked = True
        folded.parked.append(Parked(incoming, reason, root, self._wall(), nth))


def _put_back(still: Parked, letter: Parked) -> Parked:
    """What stays parked in a replay, at the place in the log that it was replayed from."""
    if still.message.log:
        return still
    return replace(still, message=replace(still.message, log=letter.message.log), at=letter.at)


def _with(message: Message[Any], given: Mapping[str, object]) -> Message[Any]:
    return replace(message, given=given[message.id]) if message.id in given else message


def _is_copy(record: Record[DocumentT], message: Message[Any]) -> bool:
    """Whether the message was taken before, published twice: by sequence for a fact, by id for a request."""
    match message.kind:
        case Kind.FACT:
            return 0 < message.seq <= record.seen.get(message.producer, 0)
        case Kind.REQUEST:
            return record.outcome_of(message.id) is not None or any(_id_of(kept) == message.id for kept in record.kept)
        case Kind.KNOCK:
            return False


def _see(record: Record[DocumentT], message: Message[Any]) -> None:
    if message.kind is Kind.FACT and message.seq:
        record.seen[message.producer] = message.seq


def _settle(record: Record[DocumentT], decision: RequestDecided) -> None:
    """Another holder decided: it is kept no longer, and the outcome can be asked for here too."""
    record.kept = tuple(kept for kept in record.kept if _id_of(kept) != decision.request)
    _remember(record, Decided(decision.request, decision.accepted, decision.code, decision.detail))


def _remember(record: Record[DocumentT], decided: Decided) -> None:
    record.outcomes = (*record.outcomes, decided)[-OUTCOMES_KEPT:]


def _id_of(incoming: Incoming) -> str:
    return next((value.decode() for name, value in incoming.headers if name == "ce_id"), "")
