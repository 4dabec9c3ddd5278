"""Category by a keyword lexicon (B1); explained by the words that matched. The trained classifier comes with B3."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

TAXONOMY_VERSION = "demo-2026.2"
IN_TITLE = 3.0  # a word in the title, or in the reporter's own hint, speaks for as much as three in the text
REPEATS_COUNTED = 3  # how often one word of the text counts: long complaints repeat themselves
SPEAKS_FROM = 2.0  # less weight than this is a passing mention
LEADS_BY = 1.34  # the best must lead the second by this factor
RUNNERS_UP = 3
WORDS_SHOWN = 8
Scan = Callable[[str], Iterable[str]]
"""Finds the known words in a text, in order."""


@dataclass(frozen=True, slots=True)
class Category:
    """One class of matters. ``code``: major, a dot, minor (WTR.01); a major alone has no dot."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``weights``: word → (category, how much it speaks for it). A word of one category alone weighs 1."""

    weights: Mapping[str, tuple[tuple[str, float], ...]]


@dataclass(frozen=True, slots=True)
class Classification:
    """The best category ("" unknown), whether it is clear, the words that speak for it, and the runners-up.

    ``confidence`` is the best one's share of what spoke for the two best, 0–1; not calibrated.
    """

    code: str = ""
    clear: bool = False
    words: tuple[str, ...] = ()
    runners_up: tuple[str, ...] = ()
    confidence: float = 0.0


def classify(title: str, content: str, hint: str, lexicon: Lexicon, scan: Scan) -> Classification:
    """The category whose words weigh most. ``hint``: a category's code or name that the reporter chose."""
    weights: Counter[str] = Counter()
    words: dict[str, dict[str, None]] = {}
    for word, times in _counted(title, content, hint, scan).items():
        for code, weight in lexicon.weights.get(word, ()):
            weights[code] += times * weight * len(word) / 2  # type: ignore[assignment]
            words.setdefault(code, {})[word] = None
    return _decided(weights, words)


def _counted(title: str, content: str, hint: str, scan: Scan) -> dict[str, float]:
    """Word → how much it is said: in the text at most three times, in title or hint for three each."""
    times: dict[str, float] = {word: float(min(n, REPEATS_COUNTED)) for word, n in Counter(scan(content)).items()}
    for word in (*dict.fromkeys(scan(title)), *dict.fromkeys(scan(hint))):
        times[word] = times.get(word, 0.0) + IN_TITLE
    return times


def _decided(weights: Mapping[str, float], words: Mapping[str, Mapping[str, None]]) -> Classification:
    if not weights:
        return Classification()
    ranked = sorted(weights, key=lambda code: (-weights[code], code))
    best = ranked[0]
    first, second = weights[best], weights[ranked[1]] if len(ranked) > 1 else 0.0
    is_clear = first >= SPEAKS_FROM and first >= second * LEADS_BY
    shown = tuple(words[best])[:WORDS_SHOWN]
    return Classification(best, is_clear, shown, tuple(ranked[1 : 1 + RUNNERS_UP]), first / (first + second))
