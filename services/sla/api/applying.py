"""A version of a standard for the clocks that run: who would be due when, and the order (C1)."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query

from contracts.messages.standards import StandardApplied
from contracts.values import HandlingStandard
from runtime.http.problems import Refusal
from runtime.identity.tokens import Principal, Staff, require
from services.sla.adapters.catalogue_book import CatalogueBook
from services.sla.adapters.published_applied import applied_version
from services.sla.api.bodies import ApplicationSent
from services.sla.api.tickets import ClockLookUps
from services.sla.domain import applied
from services.sla.domain.applied import AppliedVersion
from services.sla.domain.sheet import ClockSheet, SheetClock
from services.sla.ports import StandardSheets

PREVIEW, APPLIED, STANDING = "preview", "applied", "standing"
Code = Annotated[str, Path(max_length=40)]
IsPreview = Annotated[bool, Query(description="List what would move, and order nothing")]
Shown = Annotated[int, Query(ge=1, le=200, description="So many matters of a preview at most")]
After = Annotated[str, Query(pattern=r"^[0-9A-Z]{0,26}$", description="``next`` of the page before")]


@dataclass(frozen=True, slots=True)
class ApplyingOffice:
    """What the route shares: what is published, the sheets that would move, and where the order is said."""

    look_ups: ClockLookUps
    sheets: StandardSheets
    book: CatalogueBook


def add_applying(app: FastAPI, office: ApplyingOffice) -> None:
    """The route by which a change of the catalogue comes to touch what runs."""

    @app.post("/v1/standards/{code}/apply", dependencies=[Depends(office.look_ups.informed)])
    async def apply_standard(
        code: Code,
        sent: ApplicationSent,
        staff: Staff,
        preview: IsPreview = False,
        after: After = "",
        limit: Shown = 50,
    ) -> dict[str, Any]:
        """适用于在办事项: the clocks that run in the division under an older version go by this one.

        ``state``: preview, with each matter and its old and new due; applied; or standing where it was ordered before.
        """
        require(staff, "supervisor")
        wanted = _wanted(office, code, sent, staff)
        standing = office.book.applied(wanted.division, code, sent.version)
        order = standing or wanted
        if preview:
            return _told(PREVIEW, order) | await _page(office, order, after, limit)
        if standing is None:
            await office.book.apply(order)
        return _told(STANDING if standing else APPLIED, order)


def _wanted(office: ApplyingOffice, code: str, sent: ApplicationSent, staff: Principal) -> StandardApplied:
    """The order as it would be given now. Raises a 403; a 409 for a version that is not in force."""
    division, now = office.look_ups.reach(staff, sent.division).division, office.look_ups.now()
    named = (each.standard for each in office.look_ups.catalogue.standards())
    found = next((each for each in named if (each.code, each.version) == (code, sent.version)), None)
    if found is None or found.valid_from > now:
        raise _not_in_force(found)
    return StandardApplied(division=division, standard=found, at=now, by=staff.sub)


def _not_in_force(found: HandlingStandard | None) -> Refusal:
    if found is None:
        zh, en = "没有此标准版本，请核对编码和版本。", "There is no such version: check code and version."
        return Refusal(409, "version_unknown", zh, en)
    zh, en = "此版本尚未生效，生效后方可适用。", "The version has not begun yet: apply it once it has."
    return Refusal(409, "version_not_in_force", zh, en)


async def _page(office: ApplyingOffice, said: StandardApplied, after: str, limit: int) -> dict[str, Any]:
    """``next``: "" on the last page."""
    order = applied_version(said, office.book.published().values())
    found = await office.sheets.that_move(order, after, limit + 1)
    shown = found[:limit]
    rows = [_matter(office, sheet, order) for _, sheet in shown]
    return {"matters": rows, "next": shown[-1][0] if len(found) > limit else ""}


def _matter(office: ApplyingOffice, sheet: ClockSheet, order: AppliedVersion) -> dict[str, Any]:
    clocks = [_clock(office, sheet, each, order) for each in applied.set_anew(sheet, order)]
    return {"number": sheet.number, "division": sheet.division, "clocks": clocks}


def _clock(office: ApplyingOffice, sheet: ClockSheet, clock: SheetClock, order: AppliedVersion) -> dict[str, Any]:
    reached = applied.under(clock, order.limit, office.look_ups.calendars.current(sheet.division))
    return {
        "clock": clock.id,
        "kind": clock.kind,
        "unit": clock.unit,
        "standard": clock.limit.standard,
        "due": clock.due,
        "due_then": reached.due,
        "provisional": reached.provisional,
        "overdue_then": reached.due < office.look_ups.now(),
    }


def _told(state: str, order: StandardApplied) -> dict[str, Any]:
    return {
        "state": state,
        "code": order.standard.code,
        "version": order.standard.version,
        "division": order.division,
        "at": order.at,
        "by": order.by,
    }
