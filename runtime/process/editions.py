"""Editions: what people configure for a place is published whole, version by version, with the instant it holds from.

A place is a code, and inside every place whose code begins its own; the narrowest that has an edition decides.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol, TypeVar


class Edition(Protocol):
    """One version, published under ``kind/place@version`` and never changed."""

    @property
    def version(self) -> int: ...

    @property
    def valid_from(self) -> datetime: ...


EditionT = TypeVar("EditionT", bound=Edition)


def key_of(kind: str, place: str, version: int) -> str:
    """The key of an edition in the configuration."""
    return f"{kind}/{place}@{version}"


def in_force(
    editions: Iterable[EditionT], place_of: Callable[[EditionT], str], place: str, at: datetime
) -> EditionT | None:
    """The edition that holds for a place at an instant: of the narrowest place around it, the newest that has begun."""
    standing = [each for each in editions if place.startswith(place_of(each)) and each.valid_from <= at]
    return max(standing, key=lambda each: (len(place_of(each)), each.valid_from, each.version), default=None)
