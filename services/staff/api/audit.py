"""Who signed in, changed a credential or looked at what, for a division's auditor, whose own looks are in it."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import FastAPI, Query

from contracts.accounts import CREDENTIAL_CHANGES
from contracts.envelope import stamp
from contracts.identifiers import parse_number
from contracts.messages.audit import Looked
from contracts.vocabulary import LOOKS
from runtime.http.app import parsed
from runtime.http.audit import AuditTrail
from runtime.identity.tokens import Principal, Staff, require, scope_of
from runtime.values.fields import Instant
from services.staff.domain.audit import AuditEntry, AuditQuestion
from services.staff.ports import AuditEntries

AT_MOST = 500
WHAT = f"^({'|'.join((*LOOKS, *CREDENTIAL_CHANGES))})?$"


@dataclass(frozen=True, slots=True)
class AuditDesk:
    """The list, and the log into which each look at it is said first."""

    entries: AuditEntries
    trail: AuditTrail

    async def look(self, staff: Principal, asked: AuditQuestion, limit: int) -> list[dict[str, Any]]:
        """What is asked for, the newest first; said before it is shown. Raises Unavailable."""
        found = await self.entries.find(asked, limit)
        reason = f"account={asked.account} number={asked.number} what={asked.what}"
        looked = Looked(
            account=staff.sub, role=staff.role, division=staff.division, what="audit", reason=reason, shown=len(found)
        )
        await self.trail.say(staff.sub, looked)
        return [_shown(entry) for entry in found]


def add_audit(app: FastAPI, desk: AuditDesk) -> None:
    @app.get("/v1/audit")
    async def audit(
        staff: Staff,
        who: Annotated[str, Query(max_length=40)] = "",
        number: Annotated[str, Query(max_length=40)] = "",
        what: Annotated[str, Query(pattern=WHAT)] = "",
        since: Annotated[Instant | None, Query(alias="from")] = None,
        until: Annotated[Instant | None, Query(alias="to")] = None,
        limit: Annotated[int, Query(ge=1, le=AT_MOST)] = 100,
    ) -> dict[str, list[dict[str, Any]]]:
        """审计: who signed in or was refused, who changed whose credential, who looked at what, why; newest first."""
        require(staff, "auditor")
        known = parsed(parse_number, number, "query", "number") if number else ""
        asked = AuditQuestion(
            division=scope_of(staff).division, account=who, number=known, what=what, since=since, until=until
        )
        return {"entries": await desk.look(staff, asked, limit)}


def _shown(entry: AuditEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "account": entry.account,
        "by": entry.by,
        "time": stamp(entry.time),
        "role": entry.role,
        "unit": entry.unit,
        "divisions": list(entry.divisions),
        "what": entry.what,
        "number": entry.number,
        "reason": entry.reason,
        "shown": entry.shown,
    }
