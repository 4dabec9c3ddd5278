"""The erasure list as a file outside the backups: a restored vault, or a lost log, does not bring anybody back."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from itertools import islice
from pathlib import Path

import structlog

from runtime.delivery.ports import Unavailable
from runtime.identity.vault import VaultStore
from services.intake.ports import ERASURES_AT_ONCE, Erasures

log = structlog.get_logger()


class FileErasures:
    """One ticket id a line, appended and flushed to the disk; several loops may share the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def add(self, tickets: Sequence[str]) -> None:
        """Keep them for ever. Raises Unavailable when the file cannot be written: then nothing is erased yet."""
        try:
            await asyncio.to_thread(self._append, "".join(f"{ticket}\n" for ticket in tickets).encode())
        except OSError as why:
            raise Unavailable(f"the erasure list {self._path.name} cannot be written: {why.strerror}") from None

    async def pages(self) -> AsyncIterator[Sequence[str]]:
        """All that were ever added, a page at a time."""
        if not self._path.exists():
            return
        with self._path.open(encoding="ascii") as lines:
            while page := await asyncio.to_thread(lambda: list(islice(lines, ERASURES_AT_ONCE))):
                yield [line.strip() for line in page]

    def _append(self, lines: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, lines)
            os.fsync(file)
        finally:
            os.close(file)


async def erase_again(erasures: Erasures, vault: VaultStore) -> int:
    """Make every tombstone of the list that is missing in the vault; how many were. Raises Unavailable."""
    made = 0
    async for page in erasures.pages():
        there = await vault.read(page)
        missing = [ticket for ticket in page if ticket not in there or not there[ticket].erased]
        for ticket in missing:
            await vault.erase(ticket)
        made += len(missing)
    if made:
        log.warning("erased_again", tickets=made, why="the vault is older than the erasure list")
    return made
