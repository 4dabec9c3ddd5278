"""Ladders that somebody wrote down to be published: each step by itself, and what does not go together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from contracts.divisions import WrittenDivision
from contracts.messages.ladders import LadderPublished
from contracts.values import LadderStep
from contracts.vocabulary import COLOURS, TOLD
from runtime.process import edition_files
from runtime.process.edition_files import EditionFile, FileFault, WrittenEdition, WrittenPart
from runtime.process.editions import key_of
from services.sla.domain import rungs
from services.sla.domain.rungs import Rung

STEPS_AT_MOST = 50
Code = Annotated[str, Field(min_length=1, max_length=40)]
Codes = Annotated[tuple[Code, ...], Field(max_length=20)]


class WrittenStep(WrittenPart):
    """One step: at a colour those of ``tell`` hear; ``do`` and ``level``: what follows."""

    when: Code
    tell: Codes
    kinds: Codes = ()
    urgent: StrictBool | None = None
    do: Literal["", "none", "order", "refer"] = ""
    level: Annotated[StrictInt, Field(ge=0, le=9)] = 0


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
        f"颜色须为 {'、'.join(COLOURS[1:])}。",
        f"A step begins at a colour: use {', '.join(COLOURS[1:])}.",
    ),
    "kind_unknown": ("没有这种时限，请核对 kinds。", "No such kind of clock: check kinds."),
    "nobody_told": ("每一级须写明告知谁。", "A step says who hears: name them in tell."),
    "audience_unknown": (
        f"告知对象须为 {'、'.join(TOLD)}。",
        f"Nobody is told under this name: use {', '.join(TOLD)}.",
    ),
    "steps_contradict": (
        "同一时限在同一颜色有两级，请合并或写明 kinds、urgent。",
        "Two steps are for one clock at one colour: join them, or tell them apart by kinds or urgent.",
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
}
"""By the code of the rule: what to do about it."""
