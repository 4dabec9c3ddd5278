"""Fields of a form: what each is called in the body that it makes, and how what was typed becomes JSON.

The name of an input is the place in the body, with ``-`` for ``/``: an API's complaint at ``/evidence/0/uri`` is shown
at ``evidence-0-uri``. What was left empty is not sent: the API says what is missing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from contracts.vocabulary import CHINA, Pair
from services.portal.pages.frame.forms import Typed

FieldKind = Literal[
    "words", "names", "choice", "count", "yes_no", "many", "instant", "evidence", "measures", "said", "item", "amount"
]
"""``said``: what the page knows and nobody types; ``count``: a choice of a number; ``item``: one of an order's;
``names``: of persons, in a row."""
PIECES = 3  # pieces of evidence, or measures, that a form has room for
PARTS: Mapping[str, tuple[str, ...]] = {"evidence": ("uri", "kind", "dated"), "measures": ("text", "person", "due")}
"""The inputs of one piece; it is sent once its first one is filled in."""
TYPED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?")
BETWEEN_NAMES = re.compile(r"[、，,;；\n]+")
DIGEST = re.compile(r"[0-9a-fA-F]{64}")
YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """``options``: what may be chosen, of a fixed table; ``source``: of an API (choices.py). ``first``: what stands in
    it at first. ``optional``: may stay empty. ``in_path``: goes into the address, not into the body.
    """

    name: str
    kind: FieldKind
    options: Mapping[str, Pair] = field(default_factory=dict)
    source: str = ""
    first: str = ""
    optional: bool = False
    in_path: bool = False


def value(of: FormField, sent: Typed) -> Any:
    """What the field says in JSON; None: nothing."""
    return READ[of.kind](of, sent)


def pointers(of: FormField, sent: Typed) -> Iterator[tuple[str, str]]:
    """Each place in the body that the field fills, with the input at which a complaint about it is shown."""
    yield f"/{of.name}" if of.kind != "item" else "/index", of.name
    if of.kind == "names":
        yield from ((f"/{of.name}/{place}", of.name) for place in range(len(_names(of, sent) or ())))
    for place, row in enumerate(_rows(of, sent)):
        yield from ((f"/{of.name}/{place}/{part}", f"{of.name}-{row}-{part}") for part in PARTS[of.kind])


def typed_at_first(of: FormField, now: datetime) -> dict[str, str]:
    """What stands in the field when nobody has typed anything: ``now`` is the time that counts for the matter."""
    if of.kind == "evidence":
        rows = range(PIECES)
        dated = {f"{of.name}-{row}-dated": local(now) for row in rows}
        return dated | {f"{of.name}-{row}-kind": "photos" for row in rows}
    return {of.name: of.first} if of.first else {}


def local(instant: datetime) -> str:
    """An instant as an input of date and time has it, by the time of the office."""
    return instant.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M:%S")


def _text(of: FormField, sent: Typed) -> str | None:
    return sent.get(of.name) or None


def _names(of: FormField, sent: Typed) -> list[str] | None:
    return [each for name in BETWEEN_NAMES.split(sent.get(of.name, "")) if (each := name.strip())] or None


def _number(of: FormField, sent: Typed) -> int | str | None:
    typed = sent.get(of.name, "").strip()
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else typed or None


def _yes_no(of: FormField, sent: Typed) -> bool | None:
    return YES_NO.get(sent.get(of.name, ""))


def _many(of: FormField, sent: Typed) -> list[str] | None:
    return [code for code in of.options if sent.get(f"{of.name}-{code}")] or None


def _item(of: FormField, sent: Typed) -> int | str | None:
    """The number of the item behind that of the order (choices.py)."""
    place = sent.get(of.name, "").rpartition(".")[2]
    return int(place) if place.isascii() and place.isdecimal() else place or None


def _instant(typed: str) -> str | None:
    """By the time of the office; what is no instant goes as it was typed, and the API says what is wrong."""
    if not TYPED.fullmatch(typed):
        return typed or None
    return f"{typed if typed.count(':') == 2 else typed + ':00'}+08:00"


def _evidence(of: FormField, sent: Typed) -> list[dict[str, str]] | None:
    return [_piece(sent, f"{of.name}-{row}") for row in _rows(of, sent)] or None


def _piece(sent: Typed, row: str) -> dict[str, str]:
    source = sent.get(f"{row}-uri", "").strip()
    where = {"digest": source} if DIGEST.fullmatch(source) else {"uri": source}
    dated = _instant(sent.get(f"{row}-dated", ""))
    return {"kind": sent.get(f"{row}-kind", ""), **where} | ({"dated": dated} if dated else {})


def _measures(of: FormField, sent: Typed) -> list[dict[str, str]] | None:
    return [_measure(sent, f"{of.name}-{row}") for row in _rows(of, sent)] or None


def _measure(sent: Typed, row: str) -> dict[str, str]:
    due = _instant(sent.get(f"{row}-due", ""))
    found = {"text": sent.get(f"{row}-text", ""), "person": sent.get(f"{row}-person", "")}
    return found | ({"due": due} if due else {})


def _rows(of: FormField, sent: Typed) -> list[int]:
    """The pieces that are filled in."""
    if of.kind not in PARTS:
        return []
    return [row for row in range(PIECES) if sent.get(f"{of.name}-{row}-{PARTS[of.kind][0]}", "").strip()]


READ: Mapping[FieldKind, Callable[[FormField, Typed], Any]] = {
    "words": _text,
    "names": _names,
    "choice": _text,
    "count": _number,
    "amount": _number,
    "said": _number,
    "yes_no": _yes_no,
    "many": _many,
    "item": _item,
    "instant": lambda of, sent: _instant(sent.get(of.name, "")),
    "evidence": _evidence,
    "measures": _measures,
}
