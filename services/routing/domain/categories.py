"""Category by a keyword lexicon; explained by the words that matched. The trained classifier comes with B3."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

TAXONOMY_VERSION = "demo-2026.1"
TITLE_WEIGHT = 3.0  # a word in the title speaks for as much as three in the text
CLEAR_BY = 1.34  # the best must lead the second by this factor
Scan = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Category:
    """One class of matters."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Classification:
    """The best category ("" unknown), whether it is clear, the words that speak for it, and the runners-up."""

    code: str
    clear: bool
    words: tuple[str, ...]
    runners_up: tuple[str, ...] = ()


def classify(title: str, content: str, hint: str, lexicon: Mapping[str, tuple[str, ...]], scan: Scan) -> Classification:
    """The category whose keywords weigh most. ``hint``: a category code or name that the reporter chose."""
    weights: Counter[str] = Counter()
    words: dict[str, dict[str, None]] = {}
    for text, weight in ((title, TITLE_WEIGHT), (content, 1.0), (hint, TITLE_WEIGHT)):
        for word in scan(text):
            for code in lexicon.get(word, ()):
                weights[code] += weight * len(word) / 2  # type: ignore[assignment]
                words.setdefault(code, {})[word] = None
    return _decided(weights, words)


def _decided(weights: Counter[str], words: Mapping[str, Mapping[str, None]]) -> Classification:
    if not weights:
        return Classification("", False, ())
    ranked = [code for code, _ in sorted(weights.items(), key=lambda item: (-item[1], item[0]))]
    best = ranked[0]
    second = weights[ranked[1]] if len(ranked) > 1 else 0
    is_clear = weights[best] >= 1.5 and weights[best] >= second * CLEAR_BY
    return Classification(best, is_clear, tuple(words[best]), tuple(ranked[1:4]))
