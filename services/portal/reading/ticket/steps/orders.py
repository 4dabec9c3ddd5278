"""Orders are answered, lifted or sent back (C7)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAnsweredStep:
    """``index``: of the item that was answered."""

    kind: ClassVar = "order_answered"
    order: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLiftedStep:
    """The supervision office took the answers."""

    kind: ClassVar = "order_lifted"
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSentBackStep:
    """It has to be answered anew, ``until`` then."""

    kind: ClassVar = "order_sent_back"
    order: str
    until: datetime
