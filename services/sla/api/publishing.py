"""The catalogue by HTTP: what a table would change, and its publication by two accounts (four eyes, C1)."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request

from runtime.clock import Clock
from runtime.http.bodies import limited
from runtime.http.problems import Refusal
from runtime.identity.tokens import Principal, Staff, configured_scope_of, require
from runtime.tables.faults import RowFault
from services.sla.adapters import standard_changes, standard_tables
from services.sla.adapters.catalogue_book import CatalogueBook
from services.sla.adapters.standard_tables import ImportPlan, StandardsTable
from services.sla.api.tickets import ClockLookUps
from services.sla.domain import proposals
from services.sla.domain.proposals import ProposalRefused, StandardsProposal

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {CSV: {"schema": {"type": "string"}}, XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}
FAULTS_SHOWN = 200
PROPOSED, PUBLISHED, STANDING, PREVIEW = "proposed", "published", "standing", "preview"
IsPreview = Annotated[bool, Query(description="Say what would change, and publish nothing")]


@dataclass(frozen=True, slots=True)
class PublishingOffice:
    """What the route shares: who chooses which standards, what is published and proposed, and two kinds of time."""

    look_ups: ClockLookUps
    book: CatalogueBook
    clock: Clock


def add_publishing(app: FastAPI, office: PublishingOffice) -> None:
    """The route by which the catalogue changes."""

    @app.post("/v1/standards", openapi_extra=TABLE, dependencies=[Depends(office.look_ups.informed)])
    async def publish_standards(request: Request, staff: Staff, preview: IsPreview = False) -> dict[str, Any]:
        """发布办理标准: a table as CSV or XLSX; one account proposes it, another that sends the same publishes it.

        ``state``: preview, proposed, published, or standing where all of it is published already.
        """
        require(staff, "configurer")
        table = await asyncio.to_thread(standard_tables.read, await limited(request, CSV, XLSX))
        plan = _planned(office, table, staff)
        told = _told(office, table, plan)
        if preview or not plan.to_publish:
            standing = office.book.proposals().get(table.digest)
            waits = standing if standing and standing.waits(office.clock.wall()) else None
            return {"state": PREVIEW if preview else STANDING} | told | {"proposal": _proposal(waits)}
        proposal = await _sent(office, table, plan, staff)
        state = PUBLISHED if proposal.confirmer else PROPOSED
        return {"state": state} | told | {"proposal": _proposal(proposal)}


def _planned(office: PublishingOffice, table: StandardsTable, staff: Principal) -> ImportPlan:
    """What would be published. Raises a 422 with every fault, by row and column."""
    plan = standard_tables.beside(table, office.book.published(), office.clock.now())
    faults = table.faults or [*plan.faults, *_outside(table, plan, _chosen_elsewhere(office, staff))]
    if faults:
        raise _refused(faults)
    return plan


def _chosen_elsewhere(office: PublishingOffice, staff: Principal) -> Collection[str]:
    """The codes that a unit outside the account's division may choose: a change would be theirs, too."""
    within, now = configured_scope_of(staff).division, office.clock.now()
    others = (unit for unit in office.look_ups.catalogue.units() if not unit.division.startswith(within))
    return {code for unit in others if unit.valid_to is None or now < unit.valid_to for code in unit.standards}


def _outside(table: StandardsTable, plan: ImportPlan, elsewhere: Collection[str]) -> Iterable[RowFault]:
    zh = "其他区划的单位也选用此标准，须由共同上级区划的配置员发布。"
    en = "Units of other divisions choose it, too: a configurer of a division around all of them publishes it."
    for line, row in table.rows.items():
        if row.key in plan.to_publish and row.code in elsewhere:
            yield RowFault(line, "code", zh, en)


def _refused(faults: list[RowFault]) -> Refusal:
    errors = [
        {"pointer": f"/{each.line}/{each.column}".rstrip("/"), "code": "standard_refused", "row": each.line}
        | {"column": each.column, "zh": each.zh, "en": each.en}
        for each in faults[:FAULTS_SHOWN]
    ]
    zh = f"文件有 {len(faults)} 处错误，未作任何更改；请按所列行、列修改后重新提交。"
    en = f"The table has {len(faults)} faults and nothing was changed: mend the rows and columns named below."
    return Refusal(422, "standards_refused", zh, en, errors=errors, faults=len(faults))


async def _sent(
    office: PublishingOffice, table: StandardsTable, plan: ImportPlan, staff: Principal
) -> StandardsProposal:
    """The proposal as it stands now. Raises a 409."""
    known, wall = office.book.proposals(), office.clock.wall()
    decided = proposals.decide_proposal(known, table.digest, len(plan.to_publish), staff.sub, wall)
    if isinstance(decided, ProposalRefused):
        raise Refusal(409, decided.code, decided.zh, decided.en)
    if decided.confirmer:
        await office.book.publish(decided, plan.to_publish)
    else:
        await office.book.propose(decided, proposals.ran_out(known.values(), wall))
    return decided


def _told(office: PublishingOffice, table: StandardsTable, plan: ImportPlan) -> dict[str, Any]:
    found = standard_changes.changes(plan.to_publish, office.book.published())
    added = [{"code": each.code, "version": each.version, "name_zh": each.name_zh} for each in found if not each.before]
    return {
        "digest": table.digest,
        "rows": len(table.rows),
        "added": added,
        "changed": [asdict(each) for each in found if each.before],
        "unchanged": len(table.rows) - len(plan.to_publish),
    }


def _proposal(standing: StandardsProposal | None) -> dict[str, str | datetime] | None:
    """Who waits, until when, and who came."""
    if standing is None:
        return None
    told: dict[str, str | datetime] = {"proposer": standing.proposer, "at": standing.at, "until": standing.until}
    return told | ({"confirmer": standing.confirmer} if standing.confirmer else {})
