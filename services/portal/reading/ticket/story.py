"""The story of a ticket line by line, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from contracts import lifecycle, vocabulary
from contracts.vocabulary import CHINA, Language
from services.portal.reading.board import names
from services.portal.reading.ticket import sentences
from services.portal.reading.ticket.document import SaidWords, ShownPromise, Step, Ticket

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One line of the story: when, what, and what was said with it, as far as the reader may read it."""

    at: datetime
    kind: str
    colour: str
    sentence: str
    said: SaidWords | None


def clock_time(instant: datetime, language: Language) -> str:
    """China wall-clock time as people write it."""
    local = instant.astimezone(CHINA)
    if language == "zh":
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def promise(chosen: ShownPromise, language: Language) -> str:
    """The promise in words: what, and within which limit."""
    limit = f"{chosen.limit} {vocabulary.name(vocabulary.LIMIT_UNITS, chosen.limit_unit, language)}"
    return f"{chosen.name_zh}，{limit.replace(' ', '')}" if language == "zh" else f"{chosen.name_en}, {limit}"


def lines(ticket: Ticket, language: Language) -> tuple[StoryLine, ...]:
    """The story of a ticket as its reader may read it (domain/readers.py)."""
    return tuple(_line(step, language) for step in ticket.history)


def _line(step: Step, language: Language) -> StoryLine:
    unit = vocabulary.say((step.unit_zh, step.unit_en), language)
    people = step.note.split("|")[2:] if step.kind == "told" else []
    sentence = vocabulary.name(sentences.STEPS, "told_many" if people else step.kind, language)
    colour = step.note if step.kind in ("light", "light_withdrawn") else ""
    told = sentence.format(unit=unit, note=_note(step, language), people="".join(people))
    return StoryLine(at=step.at, kind=step.kind, colour=colour, sentence=told, said=step.said)


def _note(step: Step, language: Language) -> str:
    """Codes become names; "kind|value" notes become a name and a value."""
    first, _, rest = step.note.partition("|")
    match step.kind:
        case "deadline":
            due = clock_time(datetime.fromisoformat(rest), language)
            colon = "：" if language == "zh" else " "
            return f"{vocabulary.name(lifecycle.CLOCK_NAMES, first, language)}{colon}{due}"
        case "evaluated" | "look_back":
            solved = vocabulary.say(names.SOLVED[rest], language) if rest else ""
            return f"{vocabulary.name(vocabulary.GRADES, first, language)}{'，' if language == 'zh' else ', '}{solved}"
        case "told":
            channel = vocabulary.name(vocabulary.CHANNELS, rest.partition("|")[0], language)
            what = vocabulary.name(sentences.TOLD, first, language)
            return f"{what}（{channel}）" if language == "zh" else f"{what} ({channel})"
        case "rework":
            why = vocabulary.name(vocabulary.REWORK, rest, language)
            return f"{why}，第{first}次重办" if language == "zh" else f"{why}: done again, time {first}"
        case "screened_out" | "accepted":
            return first if language == "zh" else rest or first
        case _:
            return vocabulary.name(_NAMES[step.kind], first, language) if step.kind in _NAMES else step.note


_NAMES = {
    "registered": vocabulary.CHANNELS,
    "queued": vocabulary.QUEUED,
    "returned": vocabulary.GROUNDS,
    "disputed": vocabulary.GROUNDS,
    "light": vocabulary.LIGHTS,
    "light_withdrawn": vocabulary.LIGHTS,
    "planned": vocabulary.MODES,
}
