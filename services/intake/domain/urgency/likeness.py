"""How like a text is to sentences that were labelled urgent: a linear model over characters and pairs of them.

Trained on the project's own sentences only (``python -m benchmarks.urgency_training``); no real message is in it.
"""

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from math import exp, sqrt

from ahocorasick_rs import AhoCorasick

from services.intake.domain.urgency import silence
from services.intake.domain.urgency.lexicon import DANGERS, LEXICON

TOKEN = re.compile(r"[a-z]+|\d+|\S")
CUES = (
    ("#not_so", silence.NOT_SO),
    ("#else", silence.ELSE),
    ("#long_ago", silence.LONG_AGO),
    ("#habit", silence.HABIT),
    ("#goes_on", silence.GOES_ON),
    ("#over", silence.OVER),
    ("#if", silence.IF),
    ("#asks", silence.ASKS),
    ("#listed", silence.LISTED),
    ("#office", silence.OFFICE),
    ("#figure", silence.FIGURE),
    ("#doubt", silence.DOUBT),
    ("#help", silence.HELP),
    ("#question", silence.QUESTION),
    ("#wish", silence.WISH),
    ("#quoted", silence.QUOTED),
)
CUE_SIZE = 0.3
"""What a cue counts, where the characters of a text count 1 together."""
TELLING_AT_MOST = 3
TELLS = re.compile(r"[一-鿿]{2}|[a-z]{3,}")


_WORDS = [(word, f"#{name}") for name, words in LEXICON.items() for word in words.split()]
_CLASS_OF = [name for _, name in _WORDS]
_DANGERS = frozenset(f"#{name}" for name in DANGERS)
_FIND = AhoCorasick([word for word, _ in _WORDS]).find_matches_as_indexes


Weight = tuple[float, float, float]
"""Of a pair (or a cue): towards urgent, towards *now*, and the square of how rare it is (0 of a cue)."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Chances, 0 to 1, that a person would label a text so."""

    urgent: float = 0.0
    now: float = 0.0


def pairs_of(text: str) -> set[str]:
    """The different characters (words, where letters are) and pairs of neighbours, all numbers being one."""
    tokens = ["^", *("0" if token.isdigit() else token for token in TOKEN.findall(text)), "$"]
    return {*tokens, *map(str.__add__, tokens, tokens[1:])}


def names_a_danger(text: str) -> bool:
    """Whether any word of a class that may be one is in the text: quick, and true of one title in four."""
    return any(_CLASS_OF[at] in _DANGERS for at, _, _ in _FIND(text))


def cues_of(text: str) -> list[str]:
    """The ways of speaking and the classes of words that are in the text, alone and each two, as features."""
    classes = sorted({_CLASS_OF[at] for at, _, _ in _FIND(text, overlapping=True)})
    said = [name for name, cue in CUES if cue.search(text)]
    return [*said, *classes, *map("".join, combinations(classes, 2))]


def likeness(text: str) -> Likeness:
    """How like the text is to what was labelled urgent, and *now*."""
    weights = _weights()
    urgent, now, rarity = map(sum, zip(*_known(pairs_of(text), weights), (0.0, 0.0, 0.0), strict=True))
    base, size = weights["#"], sqrt(rarity) or 1.0
    cued = list(zip(*_known(cues_of(text), weights), (0.0, 0.0, 0.0), strict=True))
    return Likeness(_chance(base[0] + urgent / size + sum(cued[0])), _chance(base[1] + now / size + sum(cued[1])))


def telling(text: str) -> tuple[str, ...]:
    """The pairs that told most for urgent, two Chinese characters or a word."""
    weights = _weights()
    known = [(weights[pair][0], pair) for pair in pairs_of(text) if pair in weights and TELLS.fullmatch(pair)]
    return tuple(pair for weight, pair in sorted(known, reverse=True)[:TELLING_AT_MOST] if weight > 0)


def _known(features: Iterable[str], weights: dict[str, Weight]) -> Iterator[Weight]:
    return (weights[feature] for feature in features if feature in weights)


def _chance(score: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


@cache
def _weights() -> dict[str, Weight]:
    """The packaged weights, read once."""
    packed = files("services.intake").joinpath("data/urgency_weights.tsv.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(packed).decode().splitlines()[1:])
    return {feature: (float(urgent), float(now), float(rarity)) for feature, urgent, now, rarity in rows}
