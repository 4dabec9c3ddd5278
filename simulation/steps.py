"""``--steps``: a history is told while it happens, with what goes wrong in it, and looked at after each step."""

import re
from collections.abc import Callable
from datetime import datetime

from runtime.delivery.records import Incoming, Outgoing
from runtime.memory.log import InMemoryLog
from simulation.checks import AT_EVERY_MOMENT
from simulation.history import History
from simulation.village import Village, read

CIPHERTEXT = re.compile(r"[A-Za-z0-9+/=]{40,}")


class ToldLog(InMemoryLog):
    """A log that says what is written to it."""

    def __init__(self, say: Callable[[Incoming], None]) -> None:
        super().__init__()
        self._say = say

    def append(self, outgoing: Outgoing) -> Incoming:
        """Write one record, and say so."""
        record = super().append(outgoing)
        self._say(record)
        return record


class ToldVillage(Village):
    """``tell`` gets a line for each message and each fault, as they happen."""

    def __init__(self, seed: int, tell: Callable[[str], None], *, faulty: bool, begin: datetime) -> None:
        self._tell, self._written = tell, 0
        super().__init__(seed, faulty=faulty, begin=begin, log=ToldLog(self._say))
        self.faults.struck = lambda fault: tell(f"{self.now:%m-%d %H:%M} !! {fault}")

    def _say(self, record: Incoming) -> None:
        self._written += 1
        if record.log.startswith("tickets/"):
            message = read(record)
            where = f"{record.partition:02d}/{record.offset:04d}"
            said = f"{message.key[:6]} {message.producer:<8} {message.type}"
            self._tell(f"{self.now:%m-%d %H:%M} {where} {said} {CIPHERTEXT.sub('…', str(message.body))}")

    def _step(self, name: str) -> int:
        before = self._written
        read = super()._step(name)
        if self._written != before:
            self.look()
        return read

    def look(self) -> None:
        """Raises Violated as soon as the log says what it may never say, so the last line told is the culprit."""
        history = History(self.log.of_topic("tickets"))
        for holds in AT_EVERY_MOMENT:
            holds(history)
