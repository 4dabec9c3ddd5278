"""Room on the disks of the stores: while there is too little the door refuses, and loops work off what is there."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from runtime.delivery.ports import Disk, NoRoom
from runtime.telemetry import metrics
from runtime.workers import repeated

log = structlog.get_logger()
LOOK_EVERY = 5.0  # seconds


class Room:
    """Watches the disk of one store. What is not known refuses nobody."""

    def __init__(self, store: str, disk: Callable[[], Awaitable[Disk | None]], least: int) -> None:
        self._store, self._disk, self._least = store, disk, least
        self.is_short = False

    async def look(self) -> None:
        """Ask the store. Raises Unavailable."""
        disk = await self._disk()
        if disk is None:
            return
        metrics.DISK_FREE.labels(self._store).set(disk.free)
        metrics.DISK_SIZE.labels(self._store).set(disk.size)
        if self.is_short is not (disk.free < self._least):
            self.is_short = disk.free < self._least
            said = log.error if self.is_short else log.warning
            said("no_room" if self.is_short else "room_again", store=self._store, free=disk.free, runbook="disk-full")

    def refuse_short(self) -> None:
        if self.is_short:
            raise NoRoom(f"{self._store}: less than DUBAN_DISK_LEAST={self._least} bytes are free")

    async def run(self, stop: asyncio.Event) -> None:
        """Look every few seconds until stopped; what was seen last holds while the store is silent."""
        await repeated("room", self.look, LOOK_EVERY, LOOK_EVERY)(stop)
