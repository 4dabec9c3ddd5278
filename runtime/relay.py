"""A relay: fetch → a pure function of each record → publish → commit. Nothing is stored, so a copy has the same id.

It is how one document's word reaches another one's log: no handler changes two documents.
"""

import asyncio
from collections.abc import Callable, Sequence

from runtime.delivery.ports import Reader, Writer
from runtime.delivery.records import Incoming, Outgoing, next_offsets
from runtime.workers import repeated, unbeaten

BATCH = 2000  # records
Relayed = Callable[[Incoming], Sequence[Outgoing]]
Told = Callable[[Sequence[Outgoing]], None]
"""What is put elsewhere because of a record. Ids and times come from the record: repeated, it says the same."""


def uncounted(_published: Sequence[Outgoing]) -> None:
    """Nobody counts what was put elsewhere."""


class Relay:
    """Relays what a group reads. The order of a key is kept. ``told`` hears of what was published."""

    def __init__(
        self,
        name: str,
        reader: Reader,
        writer: Writer,
        relayed: Relayed,
        beat: Callable[[], None] = unbeaten,
        told: Told = uncounted,
    ) -> None:
        self._name, self._reader, self._writer, self._relayed = name, reader, writer, relayed
        self._beat, self._told = beat, told

    async def step(self) -> int:
        """Relay one batch; how many records it had. Raises Unavailable."""
        records = await self._reader.fetch(BATCH)
        published = [each for record in records for each in self._relayed(record)]
        await self._writer.publish(published)
        self._told(published)
        if records:
            await self._reader.commit(next_offsets(records))
        return len(records)

    async def run(self, stop: asyncio.Event) -> None:
        await repeated(self._name, self.step, every=0, beat=self._beat)(stop)
