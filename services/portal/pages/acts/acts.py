"""Each act of a reporter: whose API takes it, and the body that its form makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from contracts.actions import ACTIONS, ActionRow
from services.portal.pages.frame.forms import Typed
from services.portal.pages.services import Json

UNDERSTOOD = "understood"


@dataclass(frozen=True, slots=True)
class ReporterAct:
    """``request``: what it is called in ``ACTIONS``, which says where it is sent. ``fields``: JSON pointer → field of
    the form. ``final``: it cannot be undone, and the form asks whether that was understood.
    """

    request: str
    body: Callable[[Typed], Json | None]
    fields: Mapping[str, str] = field(default_factory=dict)
    final: bool = False

    @property
    def row(self) -> ActionRow:
        """The action that the form is for."""
        return ACTIONS[self.request]


def _nothing(_sent: Typed) -> None:
    return None


def _added(sent: Typed) -> Json:
    return {"text": sent.get("text", "")}


def _evaluated(sent: Typed) -> Json:
    """What was not chosen is not sent: the API says what is missing."""
    grade, solved = sent.get("grade", ""), {"yes": True, "no": False}.get(sent.get("solved", ""))
    body: Json = {"words": sent.get("words", "")}
    body |= {"grade": int(grade)} if grade.isascii() and grade.isdecimal() else {}
    return body | ({} if solved is None else {"solved": solved})


ACTS: Mapping[str, ReporterAct] = {
    "evaluation": ReporterAct(
        "EvaluateTicket", _evaluated, {"/grade": "grade", "/solved": "solved", "/words": "words"}
    ),
    "supplement": ReporterAct("SupplementTicket", _added, {"/text": "text"}),
    "withdrawal": ReporterAct("WithdrawTicket", _nothing, final=True),
    "erasure": ReporterAct("EraseIdentity", _nothing, final=True),
}
