"""Masking by pattern of free words before staff read them. It protects views; sealing protects data.

Hidden are, in whatever width, script and spelling: telephones, resident ID numbers (GB 11643), numbers of a
person's papers, dates of birth, e-mail, bank cards, ids of messengers, names that are announced or likely, and
whatever the reporters of the matter gave of themselves; in public views houses and plates too. Short public numbers
(12345, 110), 400 or 800 numbers, amounts, other dates, documents and officials named by their office stay readable.
"""

from collections.abc import Iterable, Iterator

from services.portal.reading.ticket.masking import contacts, names, papers
from services.portal.reading.ticket.masking.form import ReadText, readings
from services.portal.reading.ticket.masking.own import NOBODY, Own
from services.portal.reading.ticket.masking.spans import Span, replaced

__all__ = ["NOBODY", "Own", "hidden_in", "mask", "mask_beside_names", "mask_people"]


def mask(words: str, own: Own = NOBODY) -> str:
    """``words`` with what identifies a person hidden, house and plate too; masking what is masked changes nothing."""
    return replaced(words, _located(words, own, houses=True))


def mask_people(words: str, own: Own = NOBODY) -> str:
    """The same, but houses and plates stay: for the unit that has to find the place or the car."""
    return replaced(words, _located(words, own))


def mask_beside_names(words: str, own: Own = NOBODY) -> str:
    """The same in a field that names whoever answers for something: the name stays, unless it is a reporter's."""
    return replaced(words, _located(words, own, names_stay=True))


def hidden_in(words: str, own: Own = NOBODY) -> list[tuple[int, int]]:
    """From where to where ``mask_people`` hides something."""
    return [(span.start, span.end) for span in _located(words, own)]


def _located(words: str, own: Own, *, houses: bool = False, names_stay: bool = False) -> list[Span]:
    """What is found in any reading of the words, by its place in them."""
    return [
        Span(*form.written(span.start, span.end), span.shown)
        for form in readings(words)
        for span in _found(form, own, houses=houses, names_stay=names_stay)
    ]


def _found(form: ReadText, own: Own, *, houses: bool, names_stay: bool) -> Iterator[Span]:
    places: Iterable[Span] = (*contacts.houses(form.text), *contacts.plates(form.text)) if houses else ()
    people: Iterable[Span] = () if names_stay else names.spans(form.text)
    yield from (*own.spans(form.text), *contacts.spans(form.text), *papers.spans(form.text), *people, *places)
