"""An entry of the audit as it is listed: who, when, what, about which matter or account, why."""

from dataclasses import dataclass
from datetime import datetime

KEPT_DAYS = 1096  # as long as its log


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """``place``: where it stands in the log, which sorts. ``time``: wall time. ``divisions``: whose auditors see it.

    ``by``: who did it to ``account``, where that is somebody else.
    """

    place: str
    kind: str
    account: str
    time: datetime
    divisions: tuple[str, ...] = ()
    role: str = ""
    unit: str = ""
    what: str = ""
    number: str = ""
    reason: str = ""
    shown: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestion:
    """Which entries somebody asks for; what is empty asks for all. ``since`` and ``until``: from, until before.

    ``account``: whom an entry is about, or who did it.
    """

    division: str
    account: str = ""
    number: str = ""
    what: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def covers(self, entry: AuditEntry) -> bool:
        """Whether it asks for this entry."""
        return (
            any(each.startswith(self.division) for each in entry.divisions)
            and self.account in ("", entry.account, entry.by)
            and self.number in ("", entry.number)
            and self.what in ("", entry.what)
            and (self.since is None or self.since <= entry.time)
            and (self.until is None or entry.time < self.until)
        )
