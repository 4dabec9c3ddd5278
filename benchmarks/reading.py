"""What the reading form costs, beside bare ``unicodedata.normalize`` on the same texts of 100 characters.

``python -m benchmarks.reading``. Both are measured in turns; the ratio of the medians says more than either.
"""

import statistics
import time
import unicodedata
from collections.abc import Callable

from runtime import reading_form

LENGTH = 100  # characters of each text
CALLS, TURNS = 2_000, 15
_PLAIN = (
    "我家住在麻阳县高村镇，从上周五起一直停水，打了三次电话都没有人来修。小区里有两百多户人家，老人孩子要到河边挑水吃，"
)
_TRADITIONAL = (
    "我家住在麻陽縣高村鎮，從上週五起一直停水，打了三次電話都沒有人來修。小區裡有兩百多戶人家，老人孩子要到河邊挑水喫，"
)
_ENGLISH = "The street lamp in front of the school has been dark for three weeks and nobody came to mend it. "
TEXTS = {
    "simplified": _PLAIN,
    "traditional": _TRADITIONAL,
    "blanks between": " ".join(_PLAIN),
    "zero width": "\u200b".join(_PLAIN),
    "english": _ENGLISH,
}


def micros(read: Callable[[str], object], text: str) -> float:
    """Microseconds of processor time that one call takes."""
    start = time.process_time()
    for _ in range(CALLS):
        read(text)
    return (time.process_time() - start) / CALLS * 1e6


def measure(text: str) -> tuple[float, float]:
    """(the reading form, the floor) in microseconds: medians of turns."""
    turns = [(micros(reading_form.fold, text), micros(_floor, text)) for _ in range(TURNS)]
    ours, floor = zip(*turns, strict=True)
    return statistics.median(ours), statistics.median(floor)


def _floor(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def main() -> None:
    """Print a line for each kind of text."""
    for name, words in TEXTS.items():
        ours, floor = measure((words * 3)[:LENGTH])
        print(f"{name:15} {ours:5.2f} µs  NFKC alone {floor:5.2f} µs  ratio {ours / floor:4.2f}")


if __name__ == "__main__":
    main()
