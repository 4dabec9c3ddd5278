"""Clocks, lights and orders, as the story tells them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStartedStep:
    """``clock``: a kind of lifecycle.CLOCKS."""

    kind: ClassVar = "deadline"
    clock: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LightTurnedStep:
    """``colour``: the one that shows from now on."""

    kind: ClassVar = "light"
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LightWithdrawnStep:
    """``colour``: the one that shows again."""

    kind: ClassVar = "light_withdrawn"
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderReachedStep:
    """A step of the ladder that begins with no colour, and its name."""

    kind: ClassVar = "ladder_reached"
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedStep:
    """``order``: the number of the supervision order."""

    kind: ClassVar = "ordered"
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWithdrawnStep:
    kind: ClassVar = "order_withdrawn"
    order: str
