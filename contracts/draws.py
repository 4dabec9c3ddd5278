"""抽查 (E8): the algorithm of a draw that nobody can steer; whoever announces, draws or checks one uses this.

Model: RFC 3797, "Publicly Verifiable Nominations Committee Random Selection": the seed is made of values that are fixed
before the population is known (a commitment), of the first signed head of the ledger that covers the closing, and,
where one is named, of a value from outside. Sample sizes are exact: hypergeometric, in integers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contracts.identifiers import hash_of, keyed

ALGORITHM = "duban-draw-1"
"""SHA-256 of parts with their lengths; HMAC-SHA256 ranks; the least n of each stratum."""

PERMILLE, PERCENT = 1_000, 100
DRAWN_AT_MOST = 5_000  # matters of one draw: what one message carries, and more than an office checks in a month


class DrawImpossible(ValueError):
    """Rates outside their range; the text says which."""


@dataclass(frozen=True, slots=True, order=True)
class DrawLine:
    """One matter of the population. ``stratum``: county, major class and light at completion, joined by "/"."""

    ticket: str
    stratum: str

    @property
    def text(self) -> str:
        """The line as it is hashed and exported."""
        return f"{self.ticket},{self.stratum}"


@dataclass(frozen=True, slots=True)
class DrawnStratum:
    """How many matters a stratum has, and which of them were drawn, the lowest rank first."""

    name: str
    size: int
    drawn: tuple[str, ...]


def nonce_of(secret: bytes, draw: str) -> str:
    """The nonce of a draw, derived from the secret of query codes: nothing to store, and nobody can tell it before."""
    return keyed(secret, "draw", draw).hex()


def commitment_of(nonce: str) -> str:
    """What is published of a nonce before the period ends."""
    return hash_of("commitment", nonce)


def seed_of(nonce: str, head: str, outside: str) -> str:
    """The seed, in hex. ``head``: hash of the signed ledger head; ``outside``: "" where no source was named."""
    return hash_of("seed", nonce, head, outside)


def digest_of(lines: Iterable[DrawLine]) -> str:
    """The fingerprint of a population, whatever order its lines are in."""
    return hash_of("population", *(line.text for line in sorted(lines)))


def sample_size(population: int, permille: int, percent: int) -> int:
    """The least n such that, were ``permille`` of all bad (rounded up), n would miss every one of them with a chance of
    at most 100 − ``percent`` in 100. None for an empty population. Raises DrawImpossible.
    """
    if not 0 < permille < PERMILLE or not 0 < percent < PERCENT:
        raise DrawImpossible("an error rate lies between 1 and 999 permille, a confidence between 1 and 99 percent")
    bad = -(-population * permille // PERMILLE)
    missed, ways, drawn = 1, 1, 0
    while drawn < population and missed * PERCENT > ways * (PERCENT - percent):
        missed, ways, drawn = missed * (population - bad - drawn), ways * (population - drawn), drawn + 1
    return drawn


def draw(lines: Iterable[DrawLine], seed: str, permille: int, percent: int) -> tuple[DrawnStratum, ...]:
    """The sample of each stratum, by name. A pure function: the same lines and seed give the same sample."""
    return tuple(
        DrawnStratum(name, len(tickets), _lowest(tickets, name, seed, sample_size(len(tickets), permille, percent)))
        for name, tickets in sorted(_by_stratum(lines).items())
    )


def _by_stratum(lines: Iterable[DrawLine]) -> Mapping[str, list[str]]:
    strata: dict[str, list[str]] = {}
    for line in lines:
        strata.setdefault(line.stratum, []).append(line.ticket)
    return strata


def _lowest(tickets: Sequence[str], stratum: str, seed: str, wanted: int) -> tuple[str, ...]:
    return tuple(sorted(tickets, key=lambda ticket: rank(seed, stratum, ticket))[:wanted])


def rank(seed: str, stratum: str, ticket: str) -> bytes:
    """Where a matter stands in its stratum's order."""
    return keyed(bytes.fromhex(seed), stratum, ticket)
