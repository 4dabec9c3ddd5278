"""What a search looks at in a matter: all its words and its place, masked as staff read them, in reading form.

Masked first and folded then: a search confirms nothing that a reader is not shown.
"""

from runtime import reading_form

SEARCHED_AT_MOST = 24_000  # characters of a matter: the longest title, content, place and category fit


def searchable(*shown: str) -> str:
    """The reading form of masked words, one line for each part; a line break inside a part parts no word."""
    lines = (reading_form.fold(" ".join(part.split())) for part in shown)
    return "\n".join(filter(None, lines))[:SEARCHED_AT_MOST]


def with_added(searched: str, shown: str) -> str:
    """The same with a line for masked words that were added later; what no longer fits is not found."""
    return "\n".join(filter(None, (searched, searchable(shown))))[:SEARCHED_AT_MOST]
