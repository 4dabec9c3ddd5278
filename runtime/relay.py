"""A relay: fetch → a pure function of each record → publish → commit. Nothing is stored, so a copy has the same id.

It is how one document's word reaches another one's log: no handler changes two documents.
"""

import asyncio
from collections.abc import Callable, Sequence

from runtime.delivery.ports import Reader, Writer
from runtime.delivery.records import Incoming, Outgoing
from runtime.workers import repeated, unbeaten

BATCH = 2000  # records
Relayed = Callable[[Incoming], Sequence[Outgoing]]
"""What is put elsewhere because of a record. Ids and times come from the record: repeated, it says the same."""


class Relay:
    """Relays what a group reads. The order of a key is kept."""

    def __init__(
        self, name: str, reader: Reader, writer: Writer, relayed: Relayed, beat: Callable[[], None] = unbeaten
    ) -> None:
        self._name, self._reader, self._writer, self._relayed, self._beat = name, reader, writer, relayed, beat

    async def step(self) -> int:
        """Relay one batch; how many records it had. Raises Unavailable."""
        records = await self._reader.fetch(BATCH)
        await self._writer.publish([each for record in records for each in self._relayed(record)])
        if records:
            await self._reader.commit({(each.log, each.partition): each.offset + 1 for each in records})
        return len(records)

    async def run(self, stop: asyncio.Event) -> None:
        await repeated(self._name, self.step, every=0, beat=self._beat)(stop)
