"""All signs, found by their words in one pass."""

from ahocorasick_rs import AhoCorasick, MatchKind

from services.intake.domain.urgency import (
    signs_english,
    signs_fire,
    signs_ground,
    signs_health,
    signs_people,
    signs_town,
)
from services.intake.domain.urgency.sign import DangerSign

_TABLES = (signs_fire, signs_ground, signs_town, signs_people, signs_health, signs_english)
SIGNS: tuple[DangerSign, ...] = tuple(row for table in _TABLES for row in table.SIGNS)


def _by_word() -> dict[str, list[DangerSign]]:
    table: dict[str, list[DangerSign]] = {}
    for row in SIGNS:
        for word in row.words:
            table.setdefault(word, []).append(row)
    return table


def _rows(word: str, table: dict[str, list[DangerSign]]) -> tuple[DangerSign, ...]:
    """The rows of a word and of the words in it: the longest word is found, and it is about all of them."""
    inside = (row for other, rows in table.items() if other in word for row in rows)
    return tuple(sorted(dict.fromkeys(inside), key=lambda row: -row.level))


_TABLE = _by_word()
_WORDS = list(_TABLE)
_ROWS = [_rows(word, _TABLE) for word in _WORDS]
_FIND = AhoCorasick(_WORDS, MatchKind.LeftmostLongest).find_matches_as_indexes


def signs_in(text: str) -> list[tuple[str, int, tuple[DangerSign, ...]]]:
    """Each word of a sign, where it begins, and the rows that it belongs to, the more urgent first."""
    return [(_WORDS[at], start, _ROWS[at]) for at, start, _ in _FIND(text)]
