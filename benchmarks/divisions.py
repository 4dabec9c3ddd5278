"""How well and how fast divisions are resolved, on real messages that are not part of the project.

``python -m benchmarks.divisions`` prints counts only, never a message. Without ../shared/data it says so and measures
nothing. A place whose code has changed since counts as right when the finding is what it has become.
"""

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.routing.adapters import packaged
from services.routing.domain.place.divisions import DivisionFinding

MESSAGES = Path(__file__).parents[2] / "shared/data/messages/located_525.csv"
LEVELS = {"province": 2, "county": 6}  # digits


@dataclass(frozen=True, slots=True)
class PlaceScore:
    """Messages by what was found at one level."""

    right: int
    wrong: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One run. ``micros``: mean microseconds of processor time a message."""

    scores: dict[str, PlaceScore]
    micros: float


def rows_of(path: Path = MESSAGES) -> list[dict[str, str]]:
    """The messages, [] when the folder is not there."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def measure(rows: Sequence[dict[str, str]], *, with_recipient: bool) -> Measured:
    """Resolve every message from its text, with or without the office that it was addressed to as a field."""
    places = packaged.places()
    fields = [(row["reply_object"],) if with_recipient else () for row in rows]
    texts = [f"{row['title']}\n{row['replyContentMain']}" for row in rows]
    start = time.process_time()
    found = [places.resolve("", *each) for each in zip(fields, texts, strict=True)]
    micros = (time.process_time() - start) / max(1, len(rows)) * 1e6
    pairs = [(each, _key(row)) for each, row in zip(found, rows, strict=True)]
    return Measured({level: _score(pairs, digits) for level, digits in LEVELS.items()}, micros)


def _key(row: dict[str, str]) -> str:
    """Today's code of the place that the message is about, as deep as the answer key knows it."""
    return packaged.places().resolve(row["zipcode"], (), "").code or row["zipcode"]


def _score(pairs: Sequence[tuple[DivisionFinding, str]], digits: int) -> PlaceScore:
    known = [(found.code[:digits], key[:digits]) for found, key in pairs if len(key) >= digits]
    right = sum(found == key for found, key in known)
    unknown = sum(len(found) < digits for found, _ in known)
    return PlaceScore(right, len(known) - right - unknown, unknown)


def main() -> None:
    rows = rows_of()
    if not rows:
        print("SKIPPED: ../shared/data/messages/located_525.csv is not here; nothing was measured")
        return
    for with_recipient in (True, False):
        measured = measure(rows, with_recipient=with_recipient)
        given = "recipient and text" if with_recipient else "text only"
        print(f"{given}: {measured.micros:.0f} µs of processor time a message")
        for level, score in measured.scores.items():
            print(f"  {level:9} right {score.right:4}  wrong {score.wrong:3}  unknown {score.unknown:4}")


if __name__ == "__main__":
    main()
