"""The duty book: how each unit's duty account is reached, from a file."""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from contracts.sealed import REACHED_BY
from runtime.process.settings import SettingsRefused
from services.notify.domain.channels import Recipient

WAYS = tuple(REACHED_BY.values())
MONITORED = "monitored"


class DutyBook:
    """A table for each unit, ``[431226-JT]``, with ``phone``, ``email`` or both: the telephone is tried first.
    ``monitored = true`` makes its account a monitoring point of burden (减负监测点).

    Raises SettingsRefused when it cannot be read. A unit that is not in it cannot be written to.
    """

    def __init__(self, path: str) -> None:
        try:
            units = tomllib.loads(Path(path).read_text("utf-8"))
            self._people = {code: _person(ways) for code, ways in units.items()}
            self.monitored: Collection[str] = {code for code, ways in units.items() if _is_monitored(ways)}
        except (OSError, ValueError, TypeError, AttributeError) as wrong:
            raise SettingsRefused(f"DUBAN_DUTY_BOOK: {path} is no duty book: {wrong}") from None

    def of(self, unit: str) -> Recipient:
        return self._people.get(unit, Recipient())


def _person(unit: dict[str, Any]) -> Recipient:
    if unknown := unit.keys() - {*WAYS, MONITORED}:
        raise ValueError(f"{', '.join(sorted(unknown))} instead of {', '.join((*WAYS, MONITORED))}")
    return Recipient(addresses={way: str(unit[way]) for way in unit if way != MONITORED})


def _is_monitored(unit: dict[str, Any]) -> bool:
    found = unit.get(MONITORED, False)
    if not isinstance(found, bool):
        raise ValueError(f"{MONITORED} is {found!r} instead of true or false")
    return found
