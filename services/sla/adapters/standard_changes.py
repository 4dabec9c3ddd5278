"""What a table of standards would change: versions of new codes, and of known ones field by field."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from contracts.messages.standards import StandardPublished
from services.sla.adapters import standard_rows

OF_THE_VERSION = ("code", "version")  # what makes it another one, and is no difference between two


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A column whose cell is another than in the version before."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A version that would be published. ``before``: the newest one below it, 0 where its code is new."""

    code: str
    version: int
    name_zh: str
    before: int
    fields: tuple[FieldChange, ...]


def changes(
    to_publish: Mapping[str, StandardPublished], published: Mapping[str, StandardPublished]
) -> tuple[VersionChange, ...]:
    """By code and version; a version beside the one below it, be that published or of the same table."""
    every = [*published.values(), *to_publish.values()]
    ordered = sorted(to_publish.values(), key=_place)
    return tuple(_change(each, _below(each, every)) for each in ordered)


def _place(published: StandardPublished) -> tuple[str, int]:
    return published.standard.code, published.standard.version


def _below(published: StandardPublished, every: Iterable[StandardPublished]) -> StandardPublished | None:
    code, version = _place(published)
    lower = (each for each in every if each.standard.code == code and each.standard.version < version)
    return max(lower, key=_place, default=None)


def _change(published: StandardPublished, before: StandardPublished | None) -> VersionChange:
    (code, version), name = _place(published), published.standard.name_zh
    if before is None:
        return VersionChange(code, version, name, 0, ())
    return VersionChange(code, version, name, before.standard.version, tuple(_fields(before, published)))


def _fields(before: StandardPublished, after: StandardPublished) -> Iterator[FieldChange]:
    was, now = standard_rows.line(before), standard_rows.line(after)
    for name in now:
        if was[name] != now[name] and name not in OF_THE_VERSION:
            yield FieldChange(name, was[name], now[name])
