"""The story of a ticket line by line, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from contracts.vocabulary import Language
from services.portal.reading.ticket import notes, sentences, steps
from services.portal.reading.ticket.document import SaidWords, Step, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One line of the story: when, what, and what was said with it, as far as the reader may read it."""

    at: datetime
    kind: str
    colour: str
    sentence: str
    said: SaidWords | None


def lines(ticket: Ticket, language: Language) -> tuple[StoryLine, ...]:
    """The story of a ticket as its reader may read it (visibility.py)."""
    return tuple(_line(step, language) for step in ticket.history)


def _line(step: Step, language: Language) -> StoryLine:
    taken = notes.step_of(step.kind, step.note)
    colour = taken.colour if isinstance(taken, steps.LightTurnedStep | steps.LightWithdrawnStep) else ""
    told = sentences.sentence(taken, (step.unit_zh, step.unit_en), language)
    return StoryLine(at=step.at, kind=step.kind, colour=colour, sentence=told, said=step.said)
