"""The duty book: how each unit's duty account is reached, from a file."""

import tomllib
from pathlib import Path

from contracts.sealed import REACHED_BY
from runtime.process.settings import SettingsRefused
from services.notify.domain.channels import Recipient

WAYS = tuple(REACHED_BY.values())


class DutyBook:
    """A table for each unit, ``[431226-JT]``, with ``phone``, ``email`` or both: the telephone is tried first.

    Raises SettingsRefused when it cannot be read. A unit that is not in it cannot be written to.
    """

    def __init__(self, path: str) -> None:
        try:
            units = tomllib.loads(Path(path).read_text("utf-8"))
            self._people = {code: _person(ways) for code, ways in units.items()}
        except (OSError, ValueError, TypeError, AttributeError) as wrong:
            raise SettingsRefused(f"DUBAN_DUTY_BOOK: {path} is no duty book: {wrong}") from None

    def of(self, unit: str) -> Recipient:
        return self._people.get(unit, Recipient())


def _person(ways: dict[str, str]) -> Recipient:
    if unknown := ways.keys() - set(WAYS):
        raise ValueError(f"{', '.join(sorted(unknown))} instead of {', '.join(WAYS)}")
    return Recipient(addresses={way: str(address) for way, address in ways.items()})
