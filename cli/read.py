"""``duban read``: how a text is read, and why: place, kind, unit, screening, urgency, masking."""

import json as written
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from contracts.trial import TrialText
from runtime.clock import Clock
from services.intake.api import readings as intake
from services.portal.reading.api import readings as portal
from services.routing import wiring
from services.routing.adapters import packaged
from services.routing.adapters.published import NoStandards
from services.routing.api.look_ups import LookUps

Read = Mapping[str, Any]
SERVED = ("43",)


def read_text(asked: TrialText, served: tuple[str, ...] = SERVED) -> dict[str, Any]:
    """All readings of a text, as the three services answer them."""
    taken = intake.read(asked)
    looked_up = packaged.directory(), packaged.places(), packaged.kinds(), NoStandards()
    shelf = LookUps(*looked_up, Clock().now, is_informed=lambda: True)
    reader = wiring.reader_of(shelf, served)
    placed = reader.read(asked, is_urgent=taken["urgency"]["level"] != "no")
    return {**placed, **taken, **portal.read(asked)}


def read(
    text: Annotated[str, typer.Argument(help="What somebody wrote.")],
    title: Annotated[str, typer.Option(help="The title.")] = "",
    place: Annotated[str, typer.Option(help="What was filled in as the place.")] = "",
    category: Annotated[str, typer.Option(help="What was filled in as the category.")] = "",
    division: Annotated[str, typer.Option(help="A division code that was filled in.")] = "",
    door: Annotated[str, typer.Option(help="County of the door, six digits.")] = "",
    given: Annotated[
        list[str] | None, typer.Option(help="Name, telephone … that the reporter gave; repeat it.")
    ] = None,
    contact: Annotated[bool, typer.Option(help="Whether the reporter left a contact.")] = True,
    served: Annotated[str, typer.Option(help="Division prefix that the platform serves.")] = SERVED[0],
    json: Annotated[bool, typer.Option("--json", help="Everything, for programs.")] = False,
) -> None:
    """Show how a text is read: place, kind, unit, screening, urgency, masking, each with its evidence."""
    fields = {"title": title, "place": place, "category": category, "division": division, "door": door}
    found = read_text(_asked({"content": text, "contact": contact, "given": tuple(given or ()), **fields}), (served,))
    typer.echo(written.dumps(found, ensure_ascii=False, indent=2) if json else "\n".join(lines(found)))


def _asked(fields: dict[str, Any]) -> TrialText:
    try:
        return TrialText.model_validate(fields)
    except ValidationError as wrong:
        told = "; ".join(f"{error['loc'][0]}: {error['msg']}" for error in wrong.errors())
        raise typer.BadParameter(told) from None


def lines(found: Read) -> Iterator[str]:
    """What was read, a line each, with its evidence below it."""
    yield from _place(found["place"])
    yield from _kind(found["kind"])
    yield _route(found["route"])
    yield from _screening(found["screening"])
    urgency = found["urgency"]
    yield f"urgency    {urgency['level']}{f' ({named})' if (named := urgency['kind']) else ''}"
    yield from map(_quote, urgency["evidence"])
    yield f"masking    {found['masking']['unit']['content']}"
    yield from map(_quote, found["masking"]["evidence"])


def _place(place: Read) -> Iterator[str]:
    names = place["names"]
    yield f"place      {_named(place['code'], names) or 'unknown'}, {place['confidence']:.2f}, by {place['why']}"
    if place["candidates"]:
        yield f"           one of {'; '.join(_named(code, names) for code in place['candidates'])}"
    for each in place["evidence"]:
        meant = "; ".join(_named(code, names) for code in each["places"]) or "part of another word"
        yield f"{_quote(each)} {'+' if each['agrees'] else '-'} {each['strength'] or 'none'}: {meant}"


def _named(code: str, names: Mapping[str, str]) -> str:
    return f"{code} {names.get(code, '')}".strip()


def _kind(kind: Read) -> Iterator[str]:
    clear = "clear" if kind["clear"] else "not clear"
    yield f"kind       {kind['code'] or 'unknown'} {kind['zh']}, {clear}, {kind['confidence']:.2f}"
    if kind["runners_up"]:
        yield f"           then {', '.join(kind['runners_up'])}"
    yield from map(_quote, kind["evidence"])


def _route(route: Read) -> str:
    if "queued" in route:
        who = ", ".join(route.get("candidates", ()))
        return f"route      waits for a person: {route['queued']}{f' ({who})' if who else ''}"
    return f"route      {route['unit']} {route['unit_zh']}: {', '.join(route['reasons'])}"


def _screening(screening: Read) -> Iterator[str]:
    yield f"screening  {'valid' if screening['is_valid'] else screening['rule'] + ': ' + screening['reason_en']}"
    for what, found in screening["evidence"].items():
        yield from (f"{_quote(each)} {what}" for each in found)


def _quote(each: Read) -> str:
    return f"           {each['field']}[{each['start']}:{each['end']}] {each['words']}"
