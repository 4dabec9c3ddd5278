"""Dead letters: list, show, replay. A replay runs the handlers here, in the order of the log; the guard clears them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Generic, TypeVar

from contracts.envelope import Message
from runtime.delivery.fold import Fold
from runtime.delivery.ports import Store, Writer
from runtime.delivery.records import Parked, ParkedAt, Record
from runtime.delivery.service import Service
from runtime.delivery.turn import Read

DocumentT = TypeVar("DocumentT")


class ReplayLost(Exception):
    """The service's loop wrote the document meanwhile: nothing was changed; replay again."""


class DeadLetters(Generic[DocumentT]):
    """The parked messages of one service."""

    def __init__(
        self, service: Service[DocumentT], store: Store[DocumentT], writer: Writer, wall: Callable[[], datetime]
    ) -> None:
        self._service, self._store, self._writer = service, store, writer
        self._fold = Fold(service, wall)

    async def replay(self, key: str) -> int:
        """Handle the letters of a key again; how many are still parked. Twice changes nothing. Raises ReplayLost."""
        return await self._again(key, await self._store.parked(key))

    async def discard(self, letter: Parked) -> int:
        """Give up a letter for ever, and handle the others of its key; how many are still parked. Raises ReplayLost.

        It stays in the log and in the ledger; a request is answered ``given_up``. Twice changes nothing.
        """
        key = letter.message.key
        return await self._again(key, await self._store.parked(key), given_up=letter.place)

    async def _again(self, key: str, letters: list[Parked], given_up: ParkedAt | None = None) -> int:
        """The facts are stored first, marked as caused by no message, so that no loop drops them before they are said;
        then said; then the mark and the letters go."""
        record = (await self._store.load([key])).get(key)
        if record is None or not record.parked:
            await self._store.unpark([letter for letter in letters if _is_settled(record, letter)])
            return len(await self._store.parked(key))
        reads = [self._fold.read(letter.message) for letter in letters]
        given = await self._prepared([*reads, *self._fold.kept(record)])
        folded = self._fold.replay(record, zip(letters, reads, strict=True), given, given_up)
        record.parked = True
        await self._store.park(folded.parked)
        await self._save(record)
        await self._writer.publish(record.to_say(self._service.says))
        still = {letter.place for letter in folded.parked}
        return await self._finish(key, [letter for letter in letters if letter.place not in still])

    async def _finish(self, key: str, handled: list[Parked]) -> int:
        """Drop the mark and the handled letters; those that the loop parked meanwhile stay."""
        record = (await self._store.load([key]))[key]
        await self._store.unpark(handled)
        left = len(await self._store.parked(key))
        record.out = tuple(said for said in record.out if said.log)
        record.parked = left > 0
        await self._save(record)
        return left

    async def _prepared(self, reads: list[Read]) -> Mapping[str, object]:
        return await self._service.prepare([read.message for read in reads if isinstance(read.message, Message)])

    async def _save(self, record: Record[DocumentT]) -> None:
        if await self._store.save([record]):
            raise ReplayLost(record.key)


def _is_settled(record: Record[DocumentT] | None, letter: Parked) -> bool:
    """Whether the document took the message, and is not parked: a crash left the letter behind.

    One that the document has not come to yet is being parked by a loop just now, or will be handled when it comes.
    """
    message = letter.message
    return record is not None and message.offset <= record.position.get(message.log, -1)
