"""A submission: its canonical form, its digest, who may see it, and the registration that comes of it."""

from dataclasses import dataclass, field, replace

from services.intake.domain.screening import Signals

BODY_FORM = 2  # version of the canonical form under which bodies are compared
FORMER_FORM = 1  # the one before: what was first sent under it is known again
ADDED_AT_MOST = 100_000  # characters of ciphertext that go on with a registration: the longest addition fits
BODIES_KEPT = 20  # digests of other bodies under one key: an older one sent once more is kept as one more supplement
PUBLIC = "web"  # the channel of whoever is not signed in
DESK = "operator"  # the channel of staff who write down what others say
OTHERS_FROM = 1000  # index of the first voter who came with another body


@dataclass(frozen=True, slots=True)
class SubmissionVoter:
    """A voter: index 0 filed the matter; the keyed digest of the query code; whether the seat counts already."""

    index: int
    code_digest: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Registration:
    """Intake's document of a ticket. ``words``, ``identity`` and ``hide`` are ciphertext.

    States: invalid (intake decides), withdrawn (it was invalid, and still is intake's), registered (handed on), closed
    (somebody else ended it). ``words`` are kept only until they are handed on. ``bodies``: digests of other bodies that
    came under the same key; ``conflicts`` counts them, ``hide_of_others`` is what their senders gave of themselves.
    ``added``: what was added while it was invalid, sealed, kept like ``words``. ``rule`` and ``round``: what screened
    it out last, and how many rules have in turn. ``filed_by``: keyed digest of the account of staff; "" for the public.
    """

    number: str
    channel: str
    door: str
    state: str
    body_digest: str
    words: str
    identity: str = ""
    voters: tuple[SubmissionVoter, ...] = ()
    division_given: str = ""
    on_behalf: bool = False
    signals: Signals = field(default_factory=Signals)
    supplements: int = 0
    bodies: tuple[str, ...] = ()
    conflicts: int = 0
    erased: bool = False
    added: tuple[str, ...] = ()
    rule: str = ""
    round: int = 0
    filed_by: str = ""
    hide: str = ""
    hide_of_others: tuple[str, ...] = ()

    @property
    def hidden(self) -> tuple[str, ...]:
        """What everybody who reported it gave of themselves, sealed, for whoever hides it in what is added."""
        return tuple(filter(None, (self.hide, *self.hide_of_others)))

    @property
    def is_collective(self) -> bool:
        """Whether several whose seats count reported it."""
        return sum(seat.confirmed for seat in self.voters) > 1

    def with_confirmed(self, voter: int) -> "Registration":
        """The same registration in which this seat counts."""
        seats = (replace(seat, confirmed=seat.confirmed or seat.index == voter) for seat in self.voters)
        return replace(self, voters=tuple(seats))

    def became(self, state: str) -> "Registration":
        """The same registration in another state."""
        return replace(self, state=state)

    def with_body(self, digest: str, hide: str = "") -> "Registration":
        """Another body came under the same key: its sender sees only that part."""
        others = self.hide_of_others if self.erased else tuple(filter(None, (*self.hide_of_others, hide)))
        return replace(
            self,
            bodies=(*self.bodies, digest)[-BODIES_KEPT:],
            conflicts=self.conflicts + 1,
            hide_of_others=others[-BODIES_KEPT:],
        )

    def knows(self, *digests: str) -> bool:
        """Whether this body came before, under one form or another."""
        return any(digest == self.body_digest or digest in self.bodies for digest in digests if digest)

    def with_added(self, words: str, signals: Signals) -> "Registration":
        """The reporter added something that may make it valid; the newest additions are kept, as far as they fit."""
        added, room = list[str](), ADDED_AT_MOST
        for each in (words, *reversed(self.added)):
            room -= len(each)
            added += [each] if room >= 0 else []
        return replace(self, added=tuple(reversed(added)), signals=self.signals.and_also(signals))

    def screened_out(self, rule: str) -> "Registration":
        """It is invalid by this rule; another rule than before is news to the reporter."""
        return replace(self, state="invalid", rule=rule, round=self.round + (rule != self.rule))

    def handed_on(self) -> "Registration":
        """Registered: the words go on and are not kept here."""
        return replace(self, state="registered", words="", added=())

    def without_people(self) -> "Registration":
        """The registration once its keys are destroyed."""
        return replace(self, erased=True, identity="", words="", added=(), filed_by="", hide="", hide_of_others=())
