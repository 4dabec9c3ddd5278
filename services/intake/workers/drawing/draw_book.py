"""Which draws wait for their sample, from the log of affairs alone, and the sample itself once the ledger is read."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from contracts.draws import DRAWN_AT_MOST, DrawLine, DrawnStratum, commitment_of, digest_of, draw, seed_of
from contracts.envelope import Body, understood
from contracts.messages.draws import (
    DrawAnnounced,
    DrawClosed,
    DrawSample,
    DrawStratum,
    OutsideSupplied,
    SampleDrawn,
    SignedHead,
)
from services.intake.domain.ledger import LedgerEntry, Signed, record_of

MODELS: dict[str, type[Body]] = {
    each.__name__: each for each in (DrawAnnounced, DrawClosed, OutsideSupplied, SampleDrawn)
}


class DrawTooLarge(ValueError):
    """More matters than one draw may have: whoever announced it announces one for each county."""


@dataclass(frozen=True, slots=True)
class WaitingDraw:
    """A draw that is announced. ``closing``: the place in the log at which it was closed, once it was."""

    key: str
    announced: DrawAnnounced
    closing: tuple[str, int, int] | None = None
    outside: str = ""

    @property
    def is_due(self) -> bool:
        """Whether nothing but a head is missing."""
        return self.closing is not None and bool(self.outside or not self.announced.outside)


@dataclass(slots=True)
class DrawBook:
    """Folds the log of affairs, partition by partition. Draws that are done are forgotten."""

    waiting: dict[str, WaitingDraw] = field(default_factory=dict)

    def take(self, entry: LedgerEntry) -> None:
        """Look at one entry of the log of affairs."""
        key, headers, value = record_of(entry.record)
        message = understood(key, value, headers, MODELS)
        if message is not None:
            self._fold(key, message.body, entry)

    def _fold(self, key: str, body: Body, entry: LedgerEntry) -> None:
        known = self.waiting.get(key)
        match body:
            case DrawAnnounced():
                self.waiting.setdefault(key, WaitingDraw(key, body))
            case DrawClosed() if known is not None:
                self.waiting[key] = replace(known, closing=(entry.log, entry.partition, entry.offset))
            case OutsideSupplied(value=value) if known is not None:
                self.waiting[key] = replace(known, outside=value)
            case SampleDrawn():
                self.waiting.pop(key, None)


def sample_of(waiting: WaitingDraw, nonce: str, head: Signed, lines: Iterable[DrawLine]) -> DrawSample:
    """What is drawn. Raises DrawTooLarge."""
    population, announced = list(lines), waiting.announced
    assert commitment_of(nonce) == announced.commitment, "the secret is not the one that the draw was announced with"
    strata = draw(population, seed_of(nonce, head.head.hash, waiting.outside), announced.permille, announced.percent)
    if sum(len(each.drawn) for each in strata) > DRAWN_AT_MOST:
        raise DrawTooLarge(waiting.key)
    shown = SignedHead(number=head.head.number, hash=head.head.hash, key=head.key, signature=head.signature)
    return DrawSample(nonce=nonce, head=shown, population=digest_of(population), strata=_said(strata))


def _said(strata: Iterable[DrawnStratum]) -> tuple[DrawStratum, ...]:
    return tuple(DrawStratum(name=each.name, size=each.size, drawn=each.drawn) for each in strata)
