"""The ticket log, a partition at a time: the history of each matter of which something happened in a period."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence

from contracts.envelope import Body, addressed_to, stamp, type_of, understood
from contracts.messages.sla import DeadlineSet
from runtime.delivery.ports import LogSpan, Tail
from runtime.delivery.records import Incoming
from services.sla.domain.what_if import WhatIfPeriod
from services.sla.handlers.playing import MatterHistory
from services.sla.ports import TooManyRecords

BATCH = 2000  # records a read
RECORDS_AT_MOST = 200_000  # of one partition, held at once: some 400 MB
Held = dict[str, list[Incoming]]


class TicketHistories:
    """``models``: what sla reacts to."""

    def __init__(self, tail: Tail, models: Collection[type[Body]]) -> None:
        self._tail = tail
        read: list[type[Body]] = [*models, DeadlineSet]
        self._models: Mapping[str, type[Body]] = {each.__name__: each for each in read}

    async def span(self) -> LogSpan:
        """What the log holds now. Raises Unavailable."""
        return await self._tail.span()

    async def of(self, partition: int, span: LogSpan, period: WhatIfPeriod, division: str) -> list[list[Incoming]]:
        """The records that concern sla, by matter. Raises TooManyRecords, Unavailable.

        Read once where all of it can be held, else once for the matters of the period and once for their records.
        """
        held = await self._held(partition, span, None)
        if held is None:
            held = await self._held(partition, span, await self._touched(partition, span, period))
        if held is None:
            raise TooManyRecords
        return [each for each in held.values() if _is_touched(each, period) and _may_be_of(each, division)]

    async def _held(self, partition: int, span: LogSpan, keys: Collection[str] | None) -> Held | None:
        """The records of these matters, of all without any; None where they are too many to be held."""
        held, count = defaultdict[str, list[Incoming]](list), 0
        async for record in self._concerning(partition, span):
            if keys is None or record.key in keys:
                held[record.key].append(record)
                count += 1
                if count > RECORDS_AT_MOST:
                    return None
        return held

    async def _touched(self, partition: int, span: LogSpan, period: WhatIfPeriod) -> set[str]:
        """The matters of which something happened in the period."""
        return {each.key async for each in self._concerning(partition, span) if _is_touched([each], period)}

    async def _concerning(self, partition: int, span: LogSpan) -> AsyncIterator[Incoming]:
        async for record in self._records(partition, span):
            if type_of(record.headers) in self._models and addressed_to(record.headers, "sla"):
                yield record

    async def _records(self, partition: int, span: LogSpan) -> AsyncIterator[Incoming]:
        """All of a partition, as far as it went when it was asked for."""
        at, end = span.firsts[partition], span.ends[partition]
        while at < end:
            starts = [*span.ends]
            starts[partition] = at
            read = [each for each in await self._tail.read(starts, BATCH) if each.partition == partition]
            if not read:
                return
            for record in read:
                if record.offset < end:
                    yield record
            at = read[-1].offset + 1

    def history(self, records: Sequence[Incoming]) -> MatterHistory | None:
        """What the records of one matter say; None where one of them is no message."""
        read = [understood(each.key, each.value, each.headers, self._models) for each in records]
        messages = [each for each in read if each is not None]
        if len(messages) < len(records):
            return None
        set_ = [each.body for each in messages if isinstance(each.body, DeadlineSet)]
        return MatterHistory(
            key=records[0].key,
            messages=tuple(each for each in messages if not isinstance(each.body, DeadlineSet)),
            clocks={body.clock: (body.kind, body.start) for body in set_},
        )


def _is_touched(records: Sequence[Incoming], period: WhatIfPeriod) -> bool:
    """By the headers alone: an instant is stamped in one form, so it sorts as its text does."""
    since, to = stamp(period.since).encode(), stamp(period.to).encode()
    return any(since <= _header(each, "ce_at") < to for each in records)


def _may_be_of(records: Sequence[Incoming], division: str) -> bool:
    """By the labels: one of them lies below the division, or there is none."""
    labels = {_header(each, "ce_division") for each in records} - {b""}
    return not labels or any(each.startswith(division.encode()) for each in labels)


def _header(record: Incoming, name: str) -> bytes:
    return next((value for known, value in record.headers if known == name), b"")
