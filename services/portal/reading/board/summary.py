"""The board in one sentence, as a villager reads it: what came and went today, what is late, who waits longest."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts import vocabulary
from contracts.vocabulary import Language, Pair
from services.portal import times
from services.portal.reading.board.board import Board

SAID: Mapping[str, Pair] = {
    "today": (
        "今日登记 {registered} 件，销号 {struck_off} 件；",
        "Today: {registered} registered, {struck_off} struck off. ",
    ),
    "late": ("逾期 {n} 件；", "Overdue: {n}. "),
    "none_late": ("没有逾期事项；", "Nothing is overdue. "),
    "waiting": ("待受理最久 {t}。", "Longest wait to be accepted: {t}."),
    "none_waiting": ("没有待受理事项。", "Nothing waits to be accepted."),
    "apart": (
        "另有已撤回 {withdrawn} 件，不予受理 {invalid} 件",
        "Apart from these: {withdrawn} withdrawn, {invalid} not valid",
    ),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the sentence with what follows it; ``kind``: today, late, fine or waiting."""

    kind: str
    text: str


def clauses(board: Board, language: Language) -> tuple[Clause, ...]:
    """The sentence in its parts; read one after the other."""
    today = _said("today", language, registered=board.today.registered, struck_off=board.today.struck_off)
    late = Clause("late" if board.overdue else "fine", _late(board.overdue, language))
    return Clause("today", today), late, Clause("waiting", _waiting(board, language))


def _late(overdue: int, language: Language) -> str:
    return _said("late", language, n=overdue) if overdue else _said("none_late", language)


def _waiting(board: Board, language: Language) -> str:
    if board.waiting_since is None:
        return _said("none_waiting", language)
    return _said("waiting", language, t=times.span(board.now - board.waiting_since, language))


def apart(board: Board, language: Language) -> str:
    """What the six counters leave out."""
    return _said("apart", language, withdrawn=board.withdrawn, invalid=board.invalid)


def _said(name: str, language: Language, **values: object) -> str:
    return vocabulary.say(SAID[name], language).format(**values)
