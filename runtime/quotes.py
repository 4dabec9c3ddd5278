"""Where in a text the words stand that a reading rests on, as they were written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from runtime import reading_form
from runtime.reading_form import FoldedText


@dataclass(frozen=True, slots=True)
class Quote:
    """``start`` and ``end`` are a slice of the field as it was written; ``words`` is that slice."""

    field: str
    start: int
    end: int
    words: str


def quote(field: str, form: FoldedText, start: int, end: int) -> Quote:
    """The characters ``start`` to ``end`` of the reading form of a field."""
    begin, stop = form.original_span(start, end)
    return Quote(field, begin, stop, form.original[begin:stop])


def quoted(words: Iterable[str], fields: Mapping[str, str]) -> tuple[Quote, ...]:
    """For each word the first place in each field in which it stands, whatever the script, width and case."""
    forms = {name: reading_form.traced(text) for name, text in fields.items()}
    return tuple(each for word in dict.fromkeys(map(reading_form.fold, words)) for each in _first(word, forms))


def _first(word: str, forms: Mapping[str, FoldedText]) -> Iterator[Quote]:
    for name, form in forms.items():
        at = form.text.find(word) if word else -1
        if at >= 0:
            yield quote(name, form, at, at + len(word))
