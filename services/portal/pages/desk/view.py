"""A matter as the APIs answer with it, shown to its office: where it stands, and what may be done now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.vocabulary import LANGUAGES, Language
from services.portal import times
from services.portal.pages.desk_acts import choices
from services.portal.pages.desk_acts.acts import DESK_ACTS, DeskAct
from services.portal.pages.frame.render import Page
from services.portal.pages.services import Json
from services.portal.pages.sign_in.acting import ActingStaff
from services.portal.pages.ticket.view import promised

OF_PLAN = ("measures", "version")
OF_TICKET = ("items", "orders")
"""Sources of what is chosen that a matter tells itself; of the others, its clocks do (choices.py)."""


@dataclass(frozen=True, slots=True)
class RequestStanding:
    """How a request stands: pending, accepted, refused with the words that say why, or gone: out of reach."""

    of: str
    how: str
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class SeenMatter:
    """What the APIs answered. ``clocks`` None: nobody did; ``standing``: of a request that was sent before."""

    ticket: Json
    actions: Json
    clocks: Json | None
    standing: RequestStanding | None


def html(page: Page, language: Language, who: ActingStaff, seen: SeenMatter) -> str:
    """The page of the matter."""
    ticket, now = seen.ticket, datetime.fromisoformat(seen.actions["now"])
    open_ = _possible(seen.actions)
    void = [name for name in open_ if _has_nothing(DESK_ACTS[name], ticket)]
    closed = [each for each in seen.actions["actions"] if not each["now"]] + [_void(page, name) for name in void]
    open_ = [name for name in open_ if name not in void]
    shown: dict[str, Any] = {
        "who": who,
        "ticket": ticket,
        "standing": seen.standing,
        "clocks": _clocks(seen.clocks, now, language),
    }
    shown["promise"] = promised(ticket["promise"], language) if ticket["promise"] else ""
    shown |= {"acts": DESK_ACTS, "possible": [*open_, *_of_clocks(who.role, seen)], "closed": closed}
    return page.html(language, f"/desk/{ticket['number']}", **shown)


def waiting(
    page: Page, language: Language, who: ActingStaff, number: str, standing: RequestStanding, again: str
) -> str:
    """The page while nobody has decided."""
    shown: dict[str, Any] = {"who": who, "number": number, "act": DESK_ACTS[standing.of], "again": again}
    return page.html(language, f"/desk/{number}", template="asked.html", **shown)


def _possible(told: Json) -> list[str]:
    """The acts that may be done now, by the names of their forms, the most usual first."""
    now = {each["request"] for each in told["actions"] if each["now"]}
    return [name for name, act in DESK_ACTS.items() if act.request in now]


def _has_nothing(act: DeskAct, ticket: Json) -> bool:
    """Whether the matter has nothing that the act could be about: no measure, no plan to be reviewed."""
    return any(each.source in OF_PLAN and not choices.of_ticket(each.source, ticket) for each in act.fields)


def _void(page: Page, name: str) -> Json:
    """What is offered, and has nothing to be about, as the list of what is not possible shows it."""
    name_zh, name_en = DESK_ACTS[name].name
    zh, en = (page.texts(language)["nothing_to_choose"] for language in LANGUAGES)
    return {"name_zh": name_zh, "name_en": name_en, "zh": zh, "en": en}


def _of_clocks(role: str, seen: SeenMatter) -> Iterator[str]:
    """What sla takes of this role, where there is something to choose."""
    for name, act in DESK_ACTS.items():
        if act.service == "sla" and role in act.roles and _has_something(act, seen):
            yield name


def _has_something(act: DeskAct, seen: SeenMatter) -> bool:
    source = next(each.source for each in act.fields if each.source)
    if source in OF_TICKET:
        return bool(choices.of_ticket(source, seen.ticket))
    return seen.clocks is not None and bool(choices.of_clocks(source, seen.clocks))


def _clocks(found: Json | None, now: datetime, language: Language) -> list[Json] | None:
    """Running ones first, each with how long is left."""
    if found is None:
        return None
    shown = [each | {"left": _left(each, now, language)} for each in found["clocks"]]
    return sorted(shown, key=lambda each: (each["stopped"] is not None, each["due"]))


def _left(clock: Json, now: datetime, language: Language) -> str:
    return "" if clock["stopped"] else times.left(datetime.fromisoformat(clock["due"]) - now, language)
