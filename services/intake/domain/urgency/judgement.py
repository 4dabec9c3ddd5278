"""特急: what touches life, safety or order *now* (A9). Two readers: signs, and likeness to labelled sentences.

A sign is a word of danger judged in its clause. Whoever calls for help often uses none of the words that one would
list: short texts are also held against the project's own labelled sentences. The guidelines, the set and how the two
errors are weighed: docs/urgency.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.domain.urgency.clauses import Passage, Place
from services.intake.domain.urgency.form import punctuated
from services.intake.domain.urgency.likeness import Likeness, likeness, names_a_danger, telling
from services.intake.domain.urgency.sign import DangerSign, Level
from services.intake.domain.urgency.signs import signs_in
from services.intake.domain.urgency.silence import DOUBT, is_silent, is_told_elsewhere

LONG = 120
"""Characters from which on a text is a letter: it tells a story, and a danger in it must be said to go on."""
HEAD = 45
"""Characters of a letter that are read as its title."""
UNLISTED = "danger"
"""The class of what no sign names."""

BRIEF = 40  # characters: a call, not a letter
LIKE_BRIEF, LIKE = 0.45, 0.6  # chance from which on a short text without a sign is perhaps urgent
LIKE_NOW = 0.85  # and *now*
TITLE_LIKE = 0.8  # the same of the first line of a letter: it names a topic, so more is asked
TELLS_LITTLE = 7  # characters under which likeness says nothing
UNLIKE = 0.2  # chance under which a sign alone is not enough for *now*
VERY_UNLIKE = 0.1  # chance under which a doubtful sign counts for nothing


@dataclass(frozen=True, slots=True)
class Urgency:
    """``kind``: the class of what is urgent, "" without. ``words``: what the judgement rests on, as it was written."""

    level: Level = Level.NO
    kind: str = ""
    words: tuple[str, ...] = ()


NOTHING = Urgency()


def judge(text: str) -> Urgency:
    """How urgent is what the text says, in its reading form."""
    text = punctuated(text)
    found = _by_signs(text)
    if len(text) > LONG:
        return found if found.level else _by_title(text.split("\n", 1)[0])
    if len(text) < TELLS_LITTLE or (len(text) > BRIEF and not found.level and not names_a_danger(text)):
        return found
    like = likeness(text)
    return (
        _weighed(found, like) if found.level else _by_likeness(text, like, LIKE_BRIEF if len(text) <= BRIEF else LIKE)
    )


def _weighed(found: Urgency, like: Likeness) -> Urgency:
    """A sign in a short text that is otherwise unlike, or very like, an urgent one."""
    if found.level is Level.NOW and like.urgent < UNLIKE:
        return Urgency(Level.PERHAPS, found.kind, found.words)
    if found.level is Level.PERHAPS and like.now >= LIKE_NOW:
        return Urgency(Level.NOW, found.kind, found.words)
    if found.level is Level.PERHAPS and like.urgent < VERY_UNLIKE:
        return NOTHING
    return found


def _by_title(title: str) -> Urgency:
    if len(title) > LONG or not names_a_danger(title):
        return NOTHING
    return _by_likeness(title, likeness(title), TITLE_LIKE)


def _by_likeness(text: str, like: Likeness, least: float) -> Urgency:
    if like.urgent < least:
        return NOTHING
    level = Level.NOW if like.now >= LIKE_NOW and len(text) <= BRIEF else Level.PERHAPS
    return Urgency(level, UNLISTED, telling(text))


def _by_signs(text: str) -> Urgency:
    """Of all words of danger, the one that stands for most where it stands."""
    best, hits = NOTHING, signs_in(text)
    if not hits:
        return best
    passage = Passage(text)
    for word, start, rows in hits:
        level, row = _best_of(passage, word, start, rows)
        if row and level > best.level:
            best = Urgency(level, row.kind, (word,))
        if best.level is Level.NOW:
            break
    return best


def _best_of(passage: Passage, word: str, start: int, rows: Sequence[DangerSign]) -> tuple[Level, DangerSign | None]:
    """What the word is worth where it stands, and the row that says so."""
    deep = len(passage.text) > LONG and start >= HEAD
    opens, closes = passage.sentence_at(start)
    if deep and is_told_elsewhere(passage.text[opens:closes]):
        rows = [row for row in rows if row.lasts]
    if not rows:
        return Level.NO, None
    place = passage.at(start, start + len(word))
    return max(((_level(passage.text, place, row, deep=deep), row) for row in rows), key=lambda each: each[0])


def _level(text: str, place: Place, row: DangerSign, *, deep: bool) -> Level:
    """What a sign is worth. ``deep``: in a letter, behind its beginning."""
    if not row.stands(text, place) or is_silent(text, place, lasts=row.lasts):
        return Level.NO
    rises = row.rises is not None and row.rises.search(place.sentence(text))
    level = Level.NOW if rises else row.level
    is_doubtful = bool(DOUBT.search(place.clause(text))) or (deep and not row.lasts)
    return Level.PERHAPS if is_doubtful else level
