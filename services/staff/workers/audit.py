"""Lists what the log of the audit says, record by record: what was listed already is passed over."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import structlog

from contracts.envelope import Body, MalformedMessage, Message, decode, type_of
from contracts.messages.audit import CredentialChanged, Looked, SignedIn, SignInRefused
from runtime.delivery.ports import Reader
from runtime.delivery.records import Incoming, next_offsets
from runtime.workers import repeated
from services.staff.domain.audit import AuditEntry
from services.staff.ports import AuditEntries

log = structlog.get_logger()
GROUP = "staff.audit"
BATCH = 500  # records
KNOWN = (SignedIn, SignInRefused, CredentialChanged, Looked)
MODELS: Mapping[str, type[Body]] = {model.__name__: model for model in KNOWN}


class AuditLoop:
    """A copy of the log that can be asked; the log is what counts."""

    def __init__(self, reader: Reader, entries: AuditEntries) -> None:
        self._reader, self._entries = reader, entries

    async def step(self) -> int:
        """List one batch. Raises Unavailable."""
        records = await self._reader.fetch(BATCH)
        if records:
            await self._entries.add([entry for record in records if (entry := _entry(record))])
            await self._reader.commit(next_offsets(records))
        return len(records)

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("audit", self.step, every=0)(stop)


def _entry(record: Incoming) -> AuditEntry | None:
    """What a record says; None where it says nothing that this build knows."""
    model = MODELS.get(type_of(record.headers))
    if model is None:
        return None
    try:
        message = decode(record.key, record.value, record.headers, model)
    except MalformedMessage as wrong:
        log.error("audit_record_refused", partition=record.partition, offset=record.offset, reason=wrong.code)
        return None
    return _of(f"{record.log}/{record.partition:03d}/{record.offset:019d}", message)


def _of(place: str, message: Message[Body]) -> AuditEntry:
    entry = AuditEntry(place=place, kind=message.type, account=message.key, time=message.time)
    match message.body:
        case Looked() as body:
            looked = replace(entry, role=body.role, unit=body.unit, what=body.what, number=body.number)
            return replace(looked, reason=body.reason, shown=body.shown, divisions=(body.division,))
        case CredentialChanged() as body:
            changed = replace(entry, what=body.change, by=body.by, divisions=body.divisions)
            return replace(changed, reason=f"replacement={body.replacement}" if body.replacement else "")
        case SignInRefused() as body:
            return replace(entry, divisions=body.divisions, reason=body.why)
        case SignedIn() as body:
            return replace(entry, divisions=body.divisions)
    raise AssertionError("every model has its entry")
