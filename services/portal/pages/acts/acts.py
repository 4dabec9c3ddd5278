"""Each act of a reporter: whose API takes it, and the body that its form makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from services.portal.pages.frame.forms import Typed
from services.portal.pages.services import Json

UNDERSTOOD = "understood"


@dataclass(frozen=True, slots=True)
class ReporterAct:
    """``path``: behind the number; ``fields``: JSON pointer → field of the form. ``final``: it cannot be undone, and
    the form asks whether that was understood.
    """

    service: str
    path: str
    body: Callable[[Typed], Json | None]
    fields: Mapping[str, str] = field(default_factory=dict)
    final: bool = False


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
        "feedback", "evaluation", _evaluated, {"/grade": "grade", "/solved": "solved", "/words": "words"}
    ),
    "supplement": ReporterAct("intake", "supplements", _added, {"/text": "text"}),
    "withdrawal": ReporterAct("intake", "withdrawal", _nothing, final=True),
    "erasure": ReporterAct("intake", "erasure", _nothing, final=True),
}
