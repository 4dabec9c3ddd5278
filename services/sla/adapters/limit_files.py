"""Limits of a division that somebody wrote down to be published: each step by itself, and what may not be set."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, StrictInt

from contracts.divisions import WrittenDivision
from contracts.messages.limits import LimitsPublished
from contracts.values import StepLimit
from contracts.vocabulary import LIMIT_UNITS
from runtime.process import edition_files
from runtime.process.edition_files import EditionFile, FileFault, WrittenEdition, WrittenPart
from runtime.process.editions import key_of
from services.sla.domain import step_limits

STEPS_AT_MOST = 50
Code = Annotated[str, Field(min_length=1, max_length=40)]
LimitUnitCode = Annotated[str, Field(max_length=40)]


class WrittenStepLimit(WrittenPart):
    """How long one step may take; without ``limit_unit`` in the unit that it usually has."""

    step: Code
    amount: StrictInt
    limit_unit: LimitUnitCode = ""


class WrittenLimits(WrittenEdition):
    """平台时限 of a division: no limits, and those of the installation hold again."""

    division: WrittenDivision
    limits: Annotated[tuple[WrittenStepLimit, ...], Field(max_length=STEPS_AT_MOST)]

    @property
    def key(self) -> str:
        return key_of("limits", self.division, self.version)

    @property
    def steps(self) -> tuple[StepLimit, ...]:
        """As they would be published."""
        return tuple(StepLimit(**dict(each)) for each in self.limits)

    def published(self, valid_from: datetime) -> LimitsPublished:
        return LimitsPublished(division=self.division, version=self.version, valid_from=valid_from, limits=self.steps)


def read(raw: bytes) -> EditionFile[WrittenLimits]:
    """The file, each edition by itself, so that one fault hides no other."""
    return edition_files.read(raw, WrittenLimits, _wrong)


def _wrong(editions: Mapping[int, WrittenLimits]) -> list[FileFault]:
    return [
        FileFault(f"/{nth}/limits", *FAULTS[code])
        for nth, each in editions.items()
        for code in step_limits.faults(each.steps)
    ]


_STEPS, _UNITS = ", ".join(step_limits.FIELDS), ", ".join(LIMIT_UNITS)
FAULTS: Mapping[str, tuple[str, str]] = {
    "step_unknown": (f"没有这个环节，可设：{_STEPS}。", f"No such step: use {_STEPS}."),
    "step_twice": ("同一环节写了两次，请只留一个。", "One step is set twice: leave one of them."),
    "unit_unknown": (f"时限单位须为：{_UNITS}。", f"No such unit: use {_UNITS}, or leave limit_unit out."),
    "minutes_misplaced": (
        "特急环节（-urgent）须以分钟计，其他环节不得以分钟计。",
        "Steps of urgent matters (-urgent) are in minutes, and no other step is: change limit_unit, or leave it out.",
    ),
    "amount_out_of_range": (
        "时限数额须不小于 1，且不超过约十年（分钟为一年）。",
        "An amount is 1 at least and about ten years at most (a year in minutes): change amount.",
    ),
}
"""By the code of the rule: what to do about it."""
