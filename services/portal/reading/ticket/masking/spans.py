"""Spans that are hidden, and the words with something else in their place."""

from collections.abc import Iterable
from dataclasses import dataclass

STAR = "*"


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` to ``end`` of a text, and what is shown there."""

    start: int
    end: int
    shown: str


def starred(text: str, start: int, end: int, front: int = 0, back: int = 0) -> Span:
    """Stars but for so many characters at the front and the back; what is starred already stays as it is."""
    hidden = end - start - front - back
    return Span(
        start,
        end,
        text[start : start + front] + STAR * hidden + text[end - back : end]
        if back
        else text[start : start + front] + STAR * hidden,
    )


def replaced(words: str, spans: Iterable[Span]) -> str:
    """The words with every span hidden; of spans that overlap the first and longest shows, over all of them."""
    shown, done = list[str](), 0
    for span in _apart(spans):
        shown += [words[done : span.start], span.shown]
        done = span.end
    return "".join([*shown, words[done:]])


def _apart(spans: Iterable[Span]) -> list[Span]:
    apart: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
        elif span.end > apart[-1].end:
            before = apart[-1]
            more = STAR * (span.end - before.end)
            apart[-1] = Span(before.start, span.end, before.shown + more)
    return apart
