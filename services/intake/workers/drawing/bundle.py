"""A draw as one file that shows how it came about; with an export of the ledger, also that nothing is missing."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from contracts.draws import DrawImpossible, DrawLine, commitment_of, digest_of, draw, seed_of
from contracts.envelope import Body, Message, understood
from contracts.messages.draws import DrawAnnounced, DrawClosed, SampleDrawn
from services.intake.domain.export import Fault, Verified
from services.intake.domain.ledger import Head, LedgerEntry, Signed, record_of
from services.intake.workers.drawing.population import Population, StruckOffIn

STEPS: dict[str, type[Body]] = {each.__name__: each for each in (DrawAnnounced, DrawClosed, SampleDrawn)}
FORM = 1  # version of the file


class NoBundle(ValueError):
    """The file is no bundle of this program; the text says why."""


@dataclass(frozen=True, slots=True)
class DrawStory:
    """What the log of affairs says of one draw. ``closing``: log, partition and offset."""

    key: str
    announced: DrawAnnounced
    announced_at: datetime
    closing: tuple[str, int, int]
    sample: SampleDrawn


@dataclass(frozen=True, slots=True)
class Bundle:
    """A draw with its population and the signed head that it was drawn by."""

    story: DrawStory
    head: Signed
    lines: tuple[DrawLine, ...]


def story_of(entries: Iterable[LedgerEntry], key: str) -> DrawStory | None:
    """The draw with this key; None where it is not there or not drawn yet."""
    announced, closing, sample = None, None, None
    for entry in entries:
        if (message := _of_draw(entry, key)) is None:
            continue
        match message.body:
            case DrawAnnounced() as body if announced is None:
                announced = body, message.at
            case DrawClosed() if closing is None:
                closing = (entry.log, entry.partition, entry.offset)
            case SampleDrawn() as body if sample is None:
                sample = body
    if announced is None or closing is None or sample is None:
        return None
    return DrawStory(key, *announced, closing, sample)


def _of_draw(entry: LedgerEntry, key: str) -> Message[Body] | None:
    found, headers, value = record_of(entry.record)
    return understood(found, value, headers, STEPS) if found == key else None


def written(bundle: Bundle) -> bytes:
    """JSON with the population sorted, so that one draw gives one file."""
    story, head = bundle.story, bundle.head.head
    return orjson.dumps(
        {
            "bundle": FORM,
            "draw": story.key,
            "announced_at": story.announced_at,
            "announced": story.announced.model_dump(mode="json"),
            "closing": list(story.closing),
            "sample": story.sample.model_dump(mode="json"),
            "head": {"number": head.number, "previous": head.previous, "chains": [list(each) for each in head.chains]},
            "population": [each.text for each in sorted(bundle.lines)],
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )


def read(file: bytes) -> Bundle:
    """The bundle in a file. Raises NoBundle."""
    try:
        plain: Any = orjson.loads(file)
        if plain["bundle"] != FORM:
            raise NoBundle(f"form {plain['bundle']}: this program reads form {FORM}")
        return _bundle(plain)
    except (KeyError, TypeError, ValueError) as wrong:
        raise NoBundle(f"not a bundle of a draw: {type(wrong).__name__} {wrong}") from None


def _bundle(plain: Any) -> Bundle:
    log, partition, offset = plain["closing"]
    announced, sample = DrawAnnounced.model_validate(plain["announced"]), SampleDrawn.model_validate(plain["sample"])
    at = datetime.fromisoformat(plain["announced_at"])
    chains = tuple((str(name), int(part), int(last), str(chain)) for name, part, last, chain in plain["head"]["chains"])
    head = Head(int(plain["head"]["number"]), chains, str(plain["head"]["previous"]))
    story = DrawStory(str(plain["draw"]), announced, at, (str(log), int(partition), int(offset)), sample)
    return Bundle(story, Signed(head, sample.head.signature, sample.head.key), tuple(_lines(plain["population"])))


def _lines(texts: Iterable[str]) -> Iterator[DrawLine]:
    for text in texts:
        ticket, comma, stratum = text.partition(",")
        if not comma:
            raise NoBundle(f"a line of the population lacks its stratum: {text[:60]}")
        yield DrawLine(ticket, stratum)


def faults(bundle: Bundle, verified: Verified, trusted: frozenset[str]) -> list[Fault]:
    """What does not fit within the bundle itself; nothing: the sample follows from what was fixed before."""
    announced, sample, head = bundle.story.announced, bundle.story.sample, bundle.head.head
    checks = (
        ("announcement", "made after the period had ended", bundle.story.announced_at < announced.ends),
        ("nonce", "is not the one that was committed to", commitment_of(sample.nonce) == announced.commitment),
        ("head", "has another hash than the sample names", head.hash == sample.head.hash),
        ("head", "is not signed by the key it names", verified(bundle.head.key, head.hash, bundle.head.signature)),
        ("head", "is signed by a key that you do not trust", not trusted or bundle.head.key in trusted),
        ("head", "does not cover the closing", covers(head, bundle.story.closing)),
        ("outside", "was announced and has no value", bool(sample.outside) == bool(announced.outside)),
        ("seed", "does not follow from nonce, head and outside", seed_of_sample(sample) == sample.seed),
        ("population", "is not the one that was drawn from", digest_of(bundle.lines) == sample.population),
        ("sample", "is not what the seed draws from the population", _drawn_again(bundle) == _drawn(sample)),
    )
    return [Fault(where, what) for where, what, holds in checks if not holds]


def covers(head: Head, place: tuple[str, int, int]) -> bool:
    """Whether the record at ``place`` lies under the head."""
    return any((log, part) == place[:2] and last >= place[2] for log, part, last, _ in head.chains)


def seed_of_sample(sample: SampleDrawn) -> str:
    """The seed as it has to be."""
    return seed_of(sample.nonce, sample.head.hash, sample.outside)


def _drawn_again(bundle: Bundle) -> list[tuple[str, int, tuple[str, ...]]] | None:
    announced = bundle.story.announced
    try:
        strata = draw(bundle.lines, bundle.story.sample.seed, announced.permille, announced.percent)
    except (DrawImpossible, ValueError):  # rates or a seed that nothing can be drawn with
        return None
    return [(each.name, each.size, each.drawn) for each in strata]


def _drawn(sample: SampleDrawn) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(each.name, each.size, each.drawn) for each in sample.strata]


@dataclass(slots=True)
class LedgerWitness:
    """What an export of the ledger says of a draw. Read it twice: ``second`` wants to know whose labels to collect."""

    bundle: Bundle
    entries: list[LedgerEntry]
    period: StruckOffIn
    population: Population | None = None
    first: Head | None = None

    @classmethod
    def of(cls, bundle: Bundle) -> "LedgerWitness":
        announced = bundle.story.announced
        return cls(bundle, [], StruckOffIn(announced.begins, announced.ends))

    def take_head(self, head: Head) -> None:
        """Heads come in their order, before what is not under them."""
        if self.first is None and covers(head, self.bundle.story.closing):
            self.first = head

    def take(self, entry: LedgerEntry) -> None:
        """What is said of the draw, and which tickets belong to the period."""
        if entry.log.startswith("affairs/"):
            self.entries += [entry] if _of_draw(entry, self.bundle.story.key) else []
        elif entry.log.startswith("tickets/") and self._is_under(entry):
            self.period.take(entry.record)

    def take_again(self, entry: LedgerEntry) -> None:
        """The labels of the tickets that the first reading found."""
        if self.population is None:
            self.population = Population(self.period.tickets)
        if entry.log.startswith("tickets/") and self._is_under(entry):
            self.population.take(entry.record)

    def _is_under(self, entry: LedgerEntry) -> bool:
        return covers(self.bundle.head.head, (entry.log, entry.partition, entry.offset))

    def faults(self) -> list[Fault]:
        """What the ledger says otherwise."""
        story, bundle = story_of(self.entries, self.bundle.story.key), self.bundle
        lines = self.population.lines(bundle.story.announced.division) if self.population else []
        checks = (
            ("ledger", "says other things of this draw than the bundle", story == bundle.story),
            ("ledger", "has an earlier head that covers the closing", self.first == bundle.head.head),
            ("population", "is not what the ledger has", sorted(lines) == sorted(bundle.lines)),
        )
        return [Fault(where, what) for where, what, holds in checks if not holds]


async def entries_of(entries: AsyncIterator[LedgerEntry], key: str) -> list[LedgerEntry]:
    """What is said of one draw among all affairs."""
    return [entry async for entry in entries if _of_draw(entry, key)]
