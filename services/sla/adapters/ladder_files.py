"""Ladders that somebody wrote down to be published: each step by itself, and what does not go together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from contracts.divisions import WrittenDivision
from contracts.messages.ladders import LadderPublished
from contracts.values import LadderStep
from contracts.vocabulary import COLOURS, MOMENTS, TOLD
from runtime.process import edition_files
from runtime.process.edition_files import EditionFile, FileFault, WrittenEdition, WrittenPart
from runtime.process.editions import key_of
from services.sla.domain import rungs
from services.sla.domain.rungs import DAYS_AT_MOST, MINUTES_AT_MOST, REWORKS_AT_MOST, Rung

STEPS_AT_MOST = 50
Code = Annotated[str, Field(min_length=1, max_length=40)]
Codes = Annotated[tuple[Code, ...], Field(max_length=20)]


class WrittenStep(WrittenPart):
    """One step: at a colour, or a moment, those of ``tell`` hear; ``do`` and ``level``: what follows."""

    when: Code
    tell: Codes
    kinds: Codes = ()
    urgent: StrictBool | None = None
    do: Literal["", "none", "order", "refer"] = ""
    level: Annotated[StrictInt, Field(ge=0, le=9)] = 0
    days: Annotated[StrictInt, Field(ge=0, le=DAYS_AT_MOST)] = 0
    minutes: Annotated[StrictInt, Field(ge=0, le=MINUTES_AT_MOST)] = 0
    reworks: Annotated[StrictInt, Field(ge=0, le=REWORKS_AT_MOST)] = 0
    category: Annotated[str, Field(max_length=40)] = ""
    collective: StrictBool | None = None


class WrittenLadder(WrittenEdition):
    """督办阶梯 of a division: no steps, and the platform's own holds again."""

    division: WrittenDivision
    steps: Annotated[tuple[WrittenStep, ...], Field(max_length=STEPS_AT_MOST)]

    @property
    def key(self) -> str:
        return key_of("ladder", self.division, self.version)

    def published(self, valid_from: datetime) -> LadderPublished:
        steps = tuple(LadderStep(**dict(each)) for each in self.steps)
        return LadderPublished(division=self.division, version=self.version, valid_from=valid_from, steps=steps)


def read(raw: bytes) -> EditionFile[WrittenLadder]:
    """The file, each ladder by itself, so that one fault hides no other."""
    return edition_files.read(raw, WrittenLadder, _contradictions)


def _contradictions(ladders: Mapping[int, WrittenLadder]) -> list[FileFault]:
    return [
        FileFault(f"/{nth}/steps", *FAULTS[code])
        for nth, each in ladders.items()
        for code in rungs.faults([Rung(**dict(step)) for step in each.steps])
    ]


FAULTS: Mapping[str, tuple[str, str]] = {
    "colour_unknown": (
        f"when 须为 {'、'.join((*COLOURS[1:], *MOMENTS))}。",
        f"A step begins at a colour or a moment: use {', '.join((*COLOURS[1:], *MOMENTS))}.",
    ),
    "kind_unknown": ("没有这种时限，请核对 kinds。", "No such kind of clock: check kinds."),
    "nobody_told": ("每一级须写明告知谁。", "A step says who hears: name them in tell."),
    "audience_unknown": (
        f"告知对象须为 {'、'.join(TOLD)}。",
        f"Nobody is told under this name: use {', '.join(TOLD)}.",
    ),
    "steps_contradict": (
        "同一时限在同一颜色或同一时点有两级，请合并或写明 kinds、urgent、category、collective。",
        "Two steps are for one clock at one colour or moment: join them, or tell them apart by kinds, urgent, category "
        "or collective.",
    ),
    "deed_unknown": ("do 取值不对。", "No such deed: use none, order or refer, or leave it out."),
    "level_out_of_range": (
        "督办须写级别：1 责任单位，2 上一级；其他不写级别。",
        "An order has a level, 1 to the unit or 2 one up; nothing else has one.",
    ),
    "ordered_twice": (
        "同一时限不能在两种颜色以同一级别督办。",
        "One clock is ordered twice at one level: raise the level, or order once.",
    ),
    "deed_of_an_answer": (
        "督办逾期未答复的后果是固定的，不能另定。",
        "What follows an order that nobody answers is fixed: leave do out for answer_by.",
    ),
    "span_missing": (
        "before_due、after_due 须写明 days（工作日）或 minutes（分钟）之一。",
        "A step before or after the deadline says by how much: give days (working days) or minutes, one of them.",
    ),
    "span_of_nothing": (
        "颜色、stuck、rework 没有 days 或 minutes，请去掉。",
        "A colour, stuck and rework have no days or minutes: leave them out.",
    ),
    "days_of_minutes": (
        "特急事项按分钟计时，没有工作日，请用 minutes。",
        "What is urgent is timed in minutes and has no working days: use minutes.",
    ),
    "number_out_of_range": (
        f"days 最多 {DAYS_AT_MOST}，minutes 最多 {MINUTES_AT_MOST}；"
        f"rework 须写 reworks（1 至 {REWORKS_AT_MOST}），其他不写。",
        f"Up to {DAYS_AT_MOST} days or {MINUTES_AT_MOST} minutes; rework has reworks, 1 to {REWORKS_AT_MOST}; nothing "
        "else has.",
    ),
    "kinds_of_a_matter": (
        "stuck、rework 针对事项而不是某一时限，不写 kinds。",
        "stuck and rework are about the matter and no clock of it: leave kinds out.",
    ),
}
"""By the code of the rule: what to do about it."""
