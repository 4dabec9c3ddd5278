"""How often a query code may be tried: counted for the number and for the address that tries."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

PER_NUMBER = 10  # wrong codes for one number within the span: a family that mistypes, not a machine
PER_ADDRESS = 60  # wrong codes from one address within the span: an office or a library behind one address
SPAN = timedelta(hours=1)
KEPT = 50_000  # keys remembered; the oldest are forgotten first


@dataclass(slots=True)
class Guesses:
    """Wrong codes of the last hour, in memory of one process. 10 characters of 32 are out of reach even so."""

    wrong: OrderedDict[str, list[datetime]] = field(default_factory=OrderedDict)

    def allowed(self, number: str, address: str, now: datetime) -> bool:
        """Whether another try is looked at."""
        return self._recent(f"n{number}", now) < PER_NUMBER and self._recent(f"a{address}", now) < PER_ADDRESS

    def note_wrong(self, number: str, address: str, now: datetime) -> None:
        """A code was wrong."""
        for key in (f"n{number}", f"a{address}"):
            self.wrong.setdefault(key, []).append(now)
            self.wrong.move_to_end(key)
        while len(self.wrong) > KEPT:
            self.wrong.popitem(last=False)

    def _recent(self, key: str, now: datetime) -> int:
        recent = [at for at in self.wrong.get(key, ()) if at > now - SPAN]
        if recent:
            self.wrong[key] = recent
        else:
            self.wrong.pop(key, None)
        return len(recent)
