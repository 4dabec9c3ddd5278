"""The story of a ticket line by line, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from services.portal.domain.masking import mask
from services.portal.domain.ticket import Promise, Step, Ticket
from services.portal.pages import texts
from services.portal.pages.texts import Language

CHINA = timezone(timedelta(hours=8))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the story: when, what, and (for the reporter only) the words said."""

    at: datetime
    kind: str
    colour: str
    sentence: str
    words: str


def clock_time(instant: datetime, language: Language) -> str:
    """China wall-clock time as people write it."""
    local = instant.astimezone(CHINA)
    if language == "zh":
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def promise(chosen: Promise, language: Language) -> str:
    """The promise in words: what, and within which limit."""
    limit = f"{chosen.limit} {texts.name(texts.LIMIT_UNITS, chosen.limit_unit, language)}"
    return f"{chosen.name_zh}，{limit.replace(' ', '')}" if language == "zh" else f"{chosen.name_en}, {limit}"


def lines(ticket: Ticket, language: Language, *, reporter: bool) -> tuple[Line, ...]:
    """The story; ``reporter``: with the words that only the reporter may read."""
    return tuple(_line(step, language, reporter) for step in ticket.history)


def _line(step: Step, language: Language, reporter: bool) -> Line:
    unit = texts.say((step.unit_zh, step.unit_en), language)
    sentence = texts.name(texts.STEPS, step.kind, language).format(unit=unit, note=_note(step, language))
    colour = step.note if step.kind in ("light", "light_withdrawn") else ""
    return Line(
        at=step.at, kind=step.kind, colour=colour, sentence=sentence, words=mask(step.words) if reporter else ""
    )


def _note(step: Step, language: Language) -> str:
    """Codes become names; "kind|value" notes become a name and a value."""
    first, _, rest = step.note.partition("|")
    match step.kind:
        case "deadline":
            due = clock_time(datetime.fromisoformat(rest), language)
            colon = "：" if language == "zh" else " "
            return f"{texts.name(texts.CLOCKS, first, language)}{colon}{due}"
        case "evaluated" | "look_back":
            solved = texts.say(texts.PAGE[rest], language) if rest else ""
            return f"{texts.name(texts.GRADES, first, language)}{'，' if language == 'zh' else ', '}{solved}"
        case "told":
            channel = texts.name(texts.CHANNELS, rest, language)
            what = texts.name(texts.TOLD, first, language)
            return f"{what}（{channel}）" if language == "zh" else f"{what} ({channel})"
        case "screened_out" | "accepted":
            return first if language == "zh" else rest or first
        case _:
            return texts.name(_NAMES[step.kind], first, language) if step.kind in _NAMES else step.note


_NAMES = {
    "registered": texts.CHANNELS,
    "queued": texts.QUEUED,
    "returned": texts.GROUNDS,
    "disputed": texts.GROUNDS,
    "light": texts.LIGHTS,
    "light_withdrawn": texts.LIGHTS,
    "planned": texts.MODES,
}
