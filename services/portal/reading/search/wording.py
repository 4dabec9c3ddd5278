"""A search for words: each of them must stand somewhere in the matter, in whatever order, script, width and case.

Documents of builds before ``Ticket.searched`` are found by what they have, the beginning that lists show.
"""

import re
from dataclasses import dataclass

from runtime import reading_form
from services.portal.reading.search import terms
from services.portal.reading.search.terms import Query
from services.portal.reading.ticket.document import Ticket

PARTING = re.compile(r"[\s、，；]+")
"""What stands between two words that are searched for; an ASCII comma may be part of one (1,200)."""


@dataclass(frozen=True, slots=True)
class SearchWord:
    """One word: as it was typed, and in reading form."""

    typed: str
    read: str


def words_of(text: str) -> tuple[SearchWord, ...]:
    """The words of what was typed, each once. Parted first and folded then: the fold takes blanks away."""
    typed = (word.replace("\0", "") for word in PARTING.split(text))
    words = {read: SearchWord(word, read) for word in typed if (read := reading_form.fold(word))}
    return tuple(words.values())


def fits(ticket: Ticket, text: str) -> bool:
    """Whether every word of ``text`` stands in the ticket; nothing typed fits all."""
    return all(_stands_in(ticket, word) for word in words_of(text))


def query(text: str) -> Query:
    """The same as a MongoDB query. Words are taken literally."""
    parts = [_query(word) for word in words_of(text)]
    return {"$and": parts} if parts else {}


def _stands_in(ticket: Ticket, word: SearchWord) -> bool:
    if ticket.searched:
        return word.read in ticket.searched
    return word.typed in ticket.masked or word.read in ticket.masked


def _query(word: SearchWord) -> Query:
    listed = [terms.contains("masked", word.typed), terms.contains("masked", word.read)]
    old = [terms.is_("searched", {"$in": ["", None]}), {"$or": listed}]
    return {"$or": [terms.contains("searched", word.read), {"$and": old}]}
