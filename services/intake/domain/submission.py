"""A submission: its canonical form, its digest, who may see it, and the registration that comes of it."""

from dataclasses import dataclass, field, replace

from services.intake.domain.screening import Signals

BODY_FORM = 1  # version of the canonical form under which bodies are compared
CONFLICTS_AT_MOST = 20  # other bodies under one key that are kept as supplements


@dataclass(frozen=True, slots=True)
class Seat:
    """A voter: index 0 filed the matter; the keyed digest of the query code."""

    index: int
    code_digest: str


@dataclass(frozen=True, slots=True)
class Registration:
    """Intake's document of a ticket. ``words`` and ``identity`` are ciphertext.

    States: registered, invalid, withdrawn, closed. ``bodies``: digests of other bodies that came under the same key.
    """

    number: str
    channel: str
    door: str
    state: str
    body_digest: str
    words: str
    identity: str = ""
    voters: tuple[Seat, ...] = ()
    division_given: str = ""
    hint: str = ""
    on_behalf: bool = False
    signals: Signals = field(default_factory=Signals)
    supplements: int = 0
    bodies: tuple[str, ...] = ()
    erased: bool = False

    def became(self, state: str) -> "Registration":
        """The same registration in another state."""
        return replace(self, state=state)

    def with_body(self, digest: str) -> "Registration":
        """Another body came under the same key: its sender sees only that part."""
        return replace(self, bodies=(*self.bodies, digest)[-CONFLICTS_AT_MOST:])

    def seat_of(self, index: int) -> Seat | None:
        """The voter with this index."""
        return next((seat for seat in self.voters if seat.index == index), None)
