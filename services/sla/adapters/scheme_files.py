"""Schemes of colours that somebody wrote down to be published: each by itself, and what does not go together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, StrictFloat, StrictInt

from contracts.divisions import WrittenDivision
from contracts.messages.schemes import SchemePoint, SchemePublished
from runtime.process import edition_files
from runtime.process.edition_files import EditionFile, FileFault, WrittenEdition, WrittenPart
from services.sla.adapters.published_schemes import name_of, scheme_of
from services.sla.domain import schemes

Code = Annotated[str, Field(min_length=1, max_length=40)]


class WrittenPoint(WrittenPart):
    """Where a colour begins: a share of the time, or so many days before its end."""

    share: StrictFloat | StrictInt | None = None
    days_left: StrictInt | None = None

    def point(self) -> SchemePoint:
        return SchemePoint(share=None if self.share is None else float(self.share), days_left=self.days_left)


class WrittenScheme(WrittenEdition):
    """灯色方案 of a division, for its clocks or for the measures of its plans; null: there is no such point.

    It begins in "" where it takes back the one before.
    """

    division: WrittenDivision
    applies_to: Code = Field(alias="for")
    yellow: WrittenPoint | None
    orange: WrittenPoint | None
    begins: Annotated[str, Field(max_length=40)]

    @property
    def key(self) -> str:
        return name_of(self.applies_to, self.division, self.version)

    def published(self, valid_from: datetime) -> SchemePublished:
        return SchemePublished(
            division=self.division,
            version=self.version,
            valid_from=valid_from,
            applies_to=self.applies_to,
            yellow=self.yellow.point() if self.yellow else None,
            orange=self.orange.point() if self.orange else None,
            begins=self.begins,
        )


def read(raw: bytes) -> EditionFile[WrittenScheme]:
    """The file, each scheme by itself, so that one fault hides no other."""
    return edition_files.read(raw, WrittenScheme, _contradictions)


def _contradictions(written: Mapping[int, WrittenScheme]) -> list[FileFault]:
    return [
        FileFault(f"/{nth}{PLACES[code]}", *FAULTS[code])
        for nth, each in written.items()
        for code in schemes.faults(scheme_of(each.published(_ANY_TIME)))
    ]


_ANY_TIME = datetime.fromisoformat("2000-01-01T00:00:00+00:00")

PLACES: Mapping[str, str] = {
    "subject_unknown": "/for",
    "begins_unknown": "/begins",
    "yellow_missing": "/yellow",
    "yellow_begins_already": "/yellow",
    "nothing_warns": "/orange",
    "point_unclear": "",
    "share_out_of_range": "",
    "days_left_out_of_range": "",
    "thresholds_out_of_order": "/orange",
}
"""By the code of the rule: where in a scheme it is broken; "" where it may be either point."""

FAULTS: Mapping[str, tuple[str, str]] = {
    "subject_unknown": (
        "for 须为 clock（时限）或 measure（整改措施）。",
        "A scheme is for clocks or for measures: use clock or measure in for.",
    ),
    "begins_unknown": (
        "begins 须为 green 或 yellow。",
        "No light begins in this colour: use green or yellow in begins.",
    ),
    "yellow_missing": (
        "起始为绿灯的，须写明黄灯何时亮。",
        "It begins green, and yellow never comes: name a share or days_left in yellow.",
    ),
    "yellow_begins_already": (
        "起始即为黄灯的，yellow 须为 null。",
        "It is yellow from the start: yellow names no point, set it to null.",
    ),
    "nothing_warns": (
        "起始为黄灯又无橙灯的，到期前没有预警，请写明 orange。",
        "Yellow from the start and no orange: nothing warns before it is overdue, name a point in orange.",
    ),
    "point_unclear": (
        "每种颜色须在 share 与 days_left 中写明一项，且只写一项。",
        "A colour begins at a share or at days_left: name one of the two.",
    ),
    "share_out_of_range": (
        "share 须大于 0 且不超过 1。",
        "A share of the time lies above 0 and is 1 at most: correct share.",
    ),
    "days_left_out_of_range": (
        f"days_left 须为 1 至 {schemes.MOST_DAYS}。",
        f"Days before the end: use 1 to {schemes.MOST_DAYS} in days_left.",
    ),
    "thresholds_out_of_order": (
        "橙灯不得早于黄灯，请调整 yellow 或 orange。",
        "Orange would begin before yellow: exchange or correct the two points.",
    ),
}
"""By the code of the rule: what to do about it."""
