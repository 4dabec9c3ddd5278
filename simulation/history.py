"""What the log of a village says, and which histories of a matter are legal. Source: lifecycle, the table of states."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from contracts import catalogue, lifecycle
from contracts.envelope import Body, Message
from contracts.lifecycle import DISPUTE, REJECTION_OF_REWORK
from contracts.messages import reviews, routing
from runtime.delivery.records import Incoming
from simulation.village import read

LEGAL: Mapping[str, Mapping[type[Body], str]] = {
    str(state): {catalogue.BY_NAME[name].body: str(reached) for name, reached in exits.items()}
    for state, exits in lifecycle.MOVES.items()
}
"""State → the facts that may change it, and to what."""

POSSIBLE = frozenset(
    {(old, new) for old, exits in LEGAL.items() for new in exits.values()}
    | {tuple(map(str, move)) for move in (DISPUTE, REJECTION_OF_REWORK)}
)
MOVES = tuple({body for moves in LEGAL.values() for body in moves})


class Violated(AssertionError):
    """An invariant does not hold; the text begins with its number."""


class History:
    """What the log of a village says, each message once, in order of first occurrence per ticket."""

    def __init__(self, records: Sequence[Incoming]) -> None:
        self.records = records

    @cached_property
    def messages(self) -> dict[str, list[Message[Any]]]:
        first: dict[str, Message[Any]] = {}
        for record in self.records:
            message = read(record)
            first.setdefault(message.id, message)
        found: dict[str, list[Message[Any]]] = defaultdict(list)
        for message in first.values():
            found[message.key].append(message)
        return found

    def of(self, *bodies: type[Body]) -> Iterable[Message[Any]]:
        """All messages of these types."""
        return (message for each in self.messages.values() for message in each if isinstance(message.body, bodies))

    def transitions(self) -> Counter[tuple[str, str]]:
        """How often each state was left to each other. Raises Violated on an illegal move."""
        met: Counter[tuple[str, str]] = Counter()
        for ticket, messages in self.messages.items():
            state = ""
            for message in (each for each in messages if isinstance(each.body, MOVES)):
                reached = following(state, message.body)
                if reached is None:
                    raise Violated(f"V3 {ticket}: {message.type} in state {state or 'new'}")
                met[state, reached] += 1
                state = reached
        return met


def following(state: str, body: Body) -> str | None:
    """The state that a fact leads to; None when it may not happen now."""
    reached = LEGAL[state].get(type(body))
    if reached and isinstance(body, reviews.ReviewRejected) and body.round > 1:
        return REJECTION_OF_REWORK[1].value
    return DISPUTE[1].value if reached and disputes(body) else reached


def state_of(messages: Iterable[Message[Any]]) -> str:
    """The state that a ticket's facts lead to."""
    state = ""
    for message in (each for each in messages if isinstance(each.body, MOVES)):
        state = following(state, message.body) or state
    return state


def disputes(body: Body) -> bool:
    """Whether it is a return that ends in a dispute."""
    return isinstance(body, routing.TicketReturned) and body.disputed
