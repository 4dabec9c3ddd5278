"""``python -m benchmarks.urgency_training``: learns the weights of urgency from the project's own train sentences.

Logistic regression by stochastic gradient descent, in a fixed order, so that the same sentences give the same file. No
real message is read: nothing of them may be in what is shipped.
"""

import gzip
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import exp, log, sqrt
from pathlib import Path

from benchmarks.urgency import Row, sentences
from runtime.reading_form import fold
from services.intake.domain.urgency.form import punctuated
from services.intake.domain.urgency.likeness import CUE_SIZE, cues_of, pairs_of

WEIGHTS = Path(__file__).parents[1] / "services/intake/data/urgency_weights.tsv.gz"
EPOCHS = 60
RATE = 1.0  # of the first epoch; falls with the square root of the epochs
SHRINK = 1e-4  # L2, each step, taken at the end of an epoch
ORDER = 15


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence as its features and sizes, and what was labelled."""

    features: tuple[tuple[str, float], ...]
    urgent: bool
    now: bool


def _form(text: str) -> str:
    return punctuated(fold(text))


def digest_of(rows: Sequence[Row]) -> str:
    """Of the sentences with their labels: weights that were learnt from others are stale."""
    return sha256("\n".join(f"{row.answer}\t{row.text}" for row in rows).encode()).hexdigest()


def rarities(rows: Sequence[Row]) -> dict[str, float]:
    """Inverse document frequency of each pair."""
    seen = Counter(pair for row in rows for pair in pairs_of(_form(row.text)))
    return {pair: log((1 + len(rows)) / (1 + count)) + 1 for pair, count in seen.items()}


def examples(rows: Sequence[Row], rarity: dict[str, float]) -> list[Example]:
    """The rows as features: pairs by their rarity, of length 1 together; cues; a constant."""
    return [_example(row, rarity) for row in rows]


def _example(row: Row, rarity: dict[str, float]) -> Example:
    text = _form(row.text)
    pairs = [(pair, rarity[pair]) for pair in sorted(pairs_of(text)) if pair in rarity]
    size = sqrt(sum(each * each for _, each in pairs)) or 1.0
    cues = [(cue, CUE_SIZE) for cue in cues_of(text)]
    features = (*((pair, each / size) for pair, each in pairs), *cues, ("#", 1.0))
    return Example(features, row.answer != "no", row.answer == "now")


def learn(given: Sequence[Example], *, is_now: bool) -> dict[str, float]:
    """The weight of each feature towards urgent (or *now*)."""
    weights: dict[str, float] = dict.fromkeys((feature for each in given for feature, _ in each.features), 0.0)
    order, shuffle = list(given), random.Random(ORDER).shuffle
    for epoch in range(1, EPOCHS + 1):
        shuffle(order)
        rate = RATE / sqrt(epoch)
        for example in order:
            _step(weights, example, example.now if is_now else example.urgent, rate)
        kept = (1 - rate * SHRINK) ** len(order)
        weights = {feature: weight * kept for feature, weight in weights.items()}
    return weights


def _step(weights: dict[str, float], example: Example, label: bool, rate: float) -> None:
    score = sum(weights[feature] * size for feature, size in example.features)
    miss = label - 1 / (1 + exp(-max(-30.0, min(30.0, score))))
    for feature, size in example.features:
        weights[feature] += rate * miss * size


def lines_of(rows: Sequence[Row]) -> list[str]:
    """The file: the digest, then feature, weight towards urgent, towards now, squared rarity."""
    rarity = rarities(rows)
    given = examples(rows, rarity)
    urgent, now = learn(given, is_now=False), learn(given, is_now=True)
    return [f"# {digest_of(rows)}", *(_line(each, urgent, now, rarity) for each in sorted(urgent))]


def _line(feature: str, urgent: dict[str, float], now: dict[str, float], rarity: dict[str, float]) -> str:
    """A pair's weight is that of its rarity; a cue's is that of its size: nothing is multiplied when judging."""
    rare = rarity.get(feature, 0.0)
    size = rare or (1.0 if feature == "#" else CUE_SIZE)
    return f"{feature}\t{urgent[feature] * size:.3f}\t{now[feature] * size:.3f}\t{rare * rare:.3f}"


def main() -> None:
    rows = [row for row in sentences() if row.part == "train"]
    text = "\n".join(lines_of(rows)) + "\n"
    WEIGHTS.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{len(rows)} sentences, {text.count(chr(10)) - 1} features, {WEIGHTS.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
