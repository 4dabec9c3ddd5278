"""Figures on real messages, which are no part of the project: measured where they are, stated in ``stated.toml``.

``python -m benchmarks.stated YYYY-MM-DD`` writes them anew, dated; tests/unit/test_stated_figures.py holds the file to
what is measured. Counts and shares, never a message.
"""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import divisions, urgency

FILE = Path(__file__).parent / "stated.toml"
LOCATED = "{} messages with a known place (located_525.csv)"
LABELLED = "{} messages (labelled_train.csv), test part"
HEAD = "# Written by python -m benchmarks.stated. The messages are no part of the project; the counts are.\n"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of docs/reading.md. ``target`` "": none was set; ``dated``: when it was measured, "" for every build."""

    about: str
    name: str
    value: str
    target: str
    measured_on: str
    dated: str = ""


def stated() -> list[Figure]:
    """The figures as they were measured last."""
    return [Figure(**row) for row in tomllib.loads(FILE.read_text("utf-8"))["figure"]]


def measured() -> list[Figure]:
    """The same rows on the messages; [] when they are not there."""
    return [*_places(), *_urgency()]


def _places() -> Iterator[Figure]:
    rows = divisions.rows_of()
    for with_recipient in (False, True) if rows else ():
        asked = "text and recipient" if with_recipient else "text alone"
        for level, score in divisions.measure(rows, with_recipient=with_recipient).scores.items():
            found = f"right {score.right}, wrong {score.wrong}, unknown {score.unknown}"
            target = "wrong ≤ 1" if (with_recipient, level) == (False, "province") else ""
            yield Figure("place", f"{level} from {asked}", found, target, LOCATED.format(len(rows)))


def _urgency() -> Iterator[Figure]:
    real = [row for row in urgency.messages() if row.part == "test"]
    if not real:
        return
    both = urgency.score([*(row for row in urgency.sentences() if row.part == "test"), *real])
    labelled = "own sentences and labelled real messages, test parts"
    yield Figure("urgency", "precision of *now*", f"{both.precision:.3f}", "≥ 0.80", labelled)
    yield Figure("urgency", "recall of *now* or *perhaps*", f"{both.recall:.3f}", "≥ 0.90", labelled)
    share, name = urgency.rates(real), LABELLED.format(len(real))
    yield Figure("urgency", "called *now*", f"{share['now']:.2%}", "≤ 1 %", name)
    yield Figure("urgency", "called *perhaps*", f"{share['perhaps']:.2%}", "≤ 3 %", name)


def page(figures: list[Figure], dated: str) -> str:
    """The file that states them."""
    rows = ({"about": each.about, "name": each.name, "value": each.value, "target": each.target} for each in figures)
    ends = ({"measured_on": each.measured_on, "dated": dated} for each in figures)
    tables = (row | end for row, end in zip(rows, ends, strict=True))
    return HEAD + "".join(f"\n[[figure]]\n{_lines(table)}" for table in tables)


def _lines(table: dict[str, str]) -> str:
    return "".join(f'{name} = "{value}"\n' for name, value in table.items())


def main(dated: str) -> None:
    found = measured()
    if not found:
        print("SKIPPED: ../shared/data is not here; nothing was measured")
        return
    FILE.write_text(page(found, dated), "utf-8")
    print(f"wrote {len(found)} figures")


if __name__ == "__main__":
    main(sys.argv[1])
