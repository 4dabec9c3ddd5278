"""How well urgency is judged, on the labelled set (docs/urgency.md), and how fast.

``python -m benchmarks.urgency`` prints figures, never a message. The real messages are not part of the project:
without ../shared/data the figures on them are left out, and it says so.
"""

import csv
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from runtime.reading_form import fold
from services.intake.domain.urgency.judgement import judge
from services.intake.domain.urgency.signs import signs_in

SETS = Path(__file__).parent / "sets"
MESSAGES = Path(__file__).parents[2] / "shared/data/messages/labelled_train.csv"
ANSWERS = ("no", "perhaps", "now")


@dataclass(frozen=True, slots=True)
class Row:
    """A text with its label ("" where none was given), in the part "train" or "test"."""

    part: str
    answer: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class UrgencyScore:
    """Of labelled rows: how many were right to be called now, and how many dangers were seen."""

    called_now: int
    rightly_now: int
    dangers: int
    seen: int

    @property
    def precision(self) -> float:
        """Share of what is called *now* that was labelled *now*."""
        return self.rightly_now / max(1, self.called_now)

    @property
    def recall(self) -> float:
        """Share of what was labelled *now* or *perhaps* that is called one of them."""
        return self.seen / max(1, self.dangers)


def sentences() -> list[Row]:
    lines = (SETS / "urgency_sentences.tsv").read_text("utf-8").splitlines()[1:]
    return [Row(*line.split("\t")) for line in lines]


def messages(path: Path = MESSAGES) -> list[Row]:
    """The real ones, [] when the folder is not there; the labels are those of the committed keys."""
    if not path.exists():
        return []
    labels = dict(line.split("\t") for line in (SETS / "urgency_messages.tsv").read_text().splitlines()[1:])
    with path.open(encoding="utf-8-sig", newline="") as file:
        texts = [f"{row['title']}\n{row['detail']}" for row in csv.DictReader(file)]
    return [_message(text, labels) for text in texts]


def _message(text: str, labels: dict[str, str]) -> Row:
    key = sha256(text.encode()).hexdigest()[:16]
    return Row(part_of(int(key[:8], 16)), labels.get(key, ""), "message", text)


def part_of(number: int) -> str:
    """Odd: the test part, not looked at while rules were made."""
    return "test" if number % 2 else "train"


def answers(rows: Iterable[Row]) -> list[str]:
    """What is said of each."""
    return [ANSWERS[judge(fold(row.text)).level] for row in rows]


def score(rows: Sequence[Row]) -> UrgencyScore:
    """Of those with a label."""
    labelled = [row for row in rows if row.answer]
    pairs = Counter(zip((row.answer for row in labelled), answers(labelled), strict=True))
    return UrgencyScore(
        called_now=sum(count for (_, said), count in pairs.items() if said == "now"),
        rightly_now=pairs["now", "now"],
        dangers=sum(count for (label, _), count in pairs.items() if label != "no"),
        seen=sum(count for (label, said), count in pairs.items() if "no" not in (label, said)),
    )


def rates(rows: Sequence[Row]) -> dict[str, float]:
    """Share of each answer among all."""
    counts = Counter(answers(rows))
    return {answer: counts[answer] / max(1, len(rows)) for answer in ANSWERS}


def micros(rows: Sequence[Row]) -> float:
    """Mean microseconds of processor time a text, its reading form given."""
    texts = [fold(row.text) for row in rows]
    judge(texts[0])  # reads the weights
    start = time.process_time()
    for text in texts:
        judge(text)
    return (time.process_time() - start) / len(texts) * 1e6


def figures() -> list[tuple[str, str, str]]:
    """Rows of a table: the figure, its value, the set it was measured on."""
    own = [row for row in sentences() if row.part == "test"]
    real = [row for row in messages() if row.part == "test"]
    found = [*_scored(own, f"{len(own)} own sentences, test part"), _paced(own, "own sentences, test part")]
    if not real:
        return [*found, ("rates on real messages", "not measured", "../shared/data is not here")]
    both = score([*own, *real])
    name = f"{len(real)} real messages, test part"
    share = rates(real)
    return [
        *found,
        ("precision of *now*", f"{both.precision:.3f}", "own and labelled real, test parts"),
        ("recall of *now or perhaps*", f"{both.recall:.3f}", "own and labelled real, test parts"),
        ("called *now*", f"{share['now']:.2%}", name),
        ("called *perhaps*", f"{share['perhaps']:.2%}", name),
        _paced(real, name),
    ]


def floor_micros(rows: Sequence[Row]) -> float:
    """The same for finding the words of danger alone: what nothing that knows them can do without."""
    texts = [fold(row.text) for row in rows]
    start = time.process_time()
    for text in texts:
        signs_in(text)
    return (time.process_time() - start) / len(texts) * 1e6


def _scored(rows: Sequence[Row], name: str) -> list[tuple[str, str, str]]:
    found = score(rows)
    return [
        ("precision of *now*", f"{found.precision:.3f}", name),
        ("recall of *now or perhaps*", f"{found.recall:.3f}", name),
    ]


def _paced(rows: Sequence[Row], name: str) -> tuple[str, str, str]:
    return "processor time a text", f"{micros(rows):.0f} µs (floor {floor_micros(rows):.0f} µs)", name


def main() -> None:
    for figure, value, measured_on in figures():
        print(f"{figure:28} {value:>20}   {measured_on}")


if __name__ == "__main__":
    main()
