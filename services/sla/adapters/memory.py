from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime

from runtime.delivery.ports import Due
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from services.sla.domain.applied import AppliedVersion, set_anew
from services.sla.domain.overdue import LateClock, late_of
from services.sla.domain.sheet import ClockSheet
from services.sla.domain.shown_lights import LightCount, count_lights
from services.sla.ports import AgendaItem, InForce, SheetScope


class InMemorySheets:
    """The sheets of an in-memory store. ``now``: domain time."""

    def __init__(self, store: InMemoryStore[ClockSheet], now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def late(self, scope: SheetScope, since: datetime, as_of: datetime, at_most: int) -> tuple[LateClock, ...]:
        """Looks at every clock of every sheet below the division."""
        found = [
            each
            for sheet in self._below(scope.division)
            for each in late_of(sheet, since, as_of)
            if scope.allows(sheet.division, each.unit)
        ]
        return tuple(sorted(found, key=lambda each: (each.due, each.number, each.clock))[:at_most])

    async def lights(self, scope: SheetScope, by: str, now: datetime, at_most: int) -> tuple[LightCount, ...]:
        """Counts, sheet by sheet, what runs now."""
        return count_lights(self._below(scope.division), by, now, scope.unit)[:at_most]

    async def agenda(self, division: str, at_most: int, skip: int = 0) -> tuple[AgendaItem, ...]:
        """Looks at every sheet below the division."""
        found = [AgendaItem.of(sheet, sheet.referred) for sheet in self._below(division) if sheet.referred]
        return tuple(sorted(found, key=lambda each: (each.referral.since, each.number))[skip : skip + at_most])

    async def on_old_calendar(self, in_force: InForce, partitions: Collection[int], at_most: int) -> Sequence[Due]:
        """Goes through all that is stored, whatever the division."""
        now, found = self._now(), self._on_old_calendar(in_force, partitions)
        return [Due(each.key, each.partition, now, now) for each in found if not each.parked][:at_most]

    async def count_on_old_calendar(self, in_force: InForce, partitions: Collection[int]) -> int:
        return sum(1 for _ in self._on_old_calendar(in_force, partitions))

    def _on_old_calendar(self, in_force: InForce, partitions: Collection[int]) -> Iterator[Record[ClockSheet]]:
        for record in self._store.records.values():
            sheet = record.document
            if sheet and record.partition in partitions and sheet.rests_on - {in_force(sheet.division)}:
                yield record

    async def under_older_version(
        self, orders: Sequence[AppliedVersion], partitions: Collection[int], at_most: int
    ) -> Sequence[Due]:
        """Goes through all that is stored."""
        now, found = self._now(), self._under_older_version(orders, partitions)
        return [Due(each.key, each.partition, now, now) for each in found if not each.parked][:at_most]

    async def count_under_older_version(self, orders: Sequence[AppliedVersion], partitions: Collection[int]) -> int:
        return sum(1 for _ in self._under_older_version(orders, partitions))

    def _under_older_version(
        self, orders: Sequence[AppliedVersion], partitions: Collection[int]
    ) -> Iterator[Record[ClockSheet]]:
        for record in self._store.records.values():
            sheet = record.document
            if sheet and record.partition in partitions and any(set_anew(sheet, each) for each in orders):
                yield record

    async def that_move(self, order: AppliedVersion, after: str, at_most: int) -> Sequence[tuple[str, ClockSheet]]:
        """Looks at every sheet, in the order of their keys."""
        sheets = ((key, record.document) for key, record in sorted(self._store.records.items()) if key > after)
        found = [(key, sheet) for key, sheet in sheets if sheet is not None and set_anew(sheet, order)]
        return found[:at_most]

    def _below(self, division: str) -> Iterator[ClockSheet]:
        sheets = (record.document for record in self._store.records.values())
        return (sheet for sheet in sheets if sheet is not None and sheet.division.startswith(division))
