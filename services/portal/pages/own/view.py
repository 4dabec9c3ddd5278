"""The reporter's matter as the API answers with it, shown: who has it now, what may be done, what was just sent."""

from dataclasses import dataclass
from datetime import datetime

from contracts.actions import REPORTER, allows
from contracts.lifecycle import TicketState
from contracts.vocabulary import Language
from services.portal import times
from services.portal.pages.acts.acts import ACTS
from services.portal.pages.frame.opened import OpenedMatter
from services.portal.pages.frame.render import Page
from services.portal.pages.services import Json
from services.portal.pages.ticket import view


@dataclass(frozen=True, slots=True)
class ActStanding:
    """How the last request of the reporter stands: pending, accepted or refused, then with the words that say why."""

    act: str
    how: str
    zh: str = ""
    en: str = ""


def html(
    page: Page, language: Language, ticket: Json, opened: OpenedMatter, standing: ActStanding | None = None
) -> str:
    """One's own matter with its story."""
    done = standing.act if standing and standing.how != "refused" else ""
    acts = [act for act in offered(ticket) if act != done or act == "supplement"]
    own = {"opened": opened, "standing": standing, "acts": acts, "left": _left(ticket, language)}
    return view.html(page, language, ticket, reporter=True, **own)


def offered(ticket: Json) -> list[str]:
    """What this reporter may ask for now, the most awaited first. The service decides; here nothing vain is offered."""
    is_filer, is_known = ticket["voter"] == 0, not ticket["erased"]
    may = {
        "evaluation": ticket["may_evaluate"],
        "supplement": is_known,
        "withdrawal": is_filer and not ticket["collective"],
        "erasure": is_filer and is_known,
    }
    state = TicketState(ticket["state"])
    return [act for act, is_open in may.items() if is_open and allows(ACTS[act].row, REPORTER, state)]


def _left(ticket: Json, language: Language) -> str:
    """How long there is until what is promised."""
    if not ticket["due"]:
        return ""
    return times.left(datetime.fromisoformat(ticket["due"]) - datetime.fromisoformat(ticket["now"]), language)
