"""What the page asks the APIs, all at once, each as whoever looks: what one of them refuses is no part of the page."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.vocabulary import Pair
from services.portal.pages.services import Asked, ServiceRefused
from services.portal.pages.sign_in.acting import ActingStaff

AT_MOST = 200  # rows of the agenda, of look-backs and of messages
NOT_THEIRS = 403
TOLD = (422, 503)
"""Refused with words that stand in place of the part: too much for one answer, or nobody answers."""


@dataclass(frozen=True, slots=True)
class SeenPart:
    """What an API answered; or ``why`` it did not, in its words."""

    found: Any = None
    why: Pair = ("", "")


@dataclass(frozen=True, slots=True)
class AskedPart:
    """Where the answer of a part stands."""

    service: str
    path: str
    asked: Asked = ()


def parts(by: str, division: str) -> Mapping[str, AskedPart]:
    """Name → part. Whom to call and what did not arrive is asked of all that is in reach, and of no place in it."""
    within = [("division", division)] if division else []
    found = {
        "counties": AskedPart("sla", "/v1/lights", [("by", "county"), *within]),
        "units": AskedPart("sla", "/v1/lights", [("by", "unit"), *within]),
        "overdue": AskedPart("sla", "/v1/overdue", [("by", by), *within]),
        "agenda": AskedPart("sla", "/v1/conference-agenda", [("limit", str(AT_MOST)), *within]),
    }
    if division:
        return found
    return found | {
        "calls": AskedPart("feedback", "/v1/look-backs", [("limit", str(AT_MOST))]),
        "unknown": AskedPart("notify", "/v1/deliveries/unknown", [("at_most", str(AT_MOST))]),
    }


async def seen(who: ActingStaff, by: str, division: str) -> dict[str, SeenPart]:
    """Each part that is theirs. Raises ServiceRefused."""
    asked = parts(by, division)
    answers = await asyncio.gather(*(_one(who, each) for each in asked.values()))
    return {name: each for name, each in zip(asked, answers, strict=True) if each is not None}


async def _one(who: ActingStaff, part: AskedPart) -> SeenPart | None:
    try:
        return SeenPart((await who.ask(part.service, part.path, part.asked)).json)
    except ServiceRefused as refused:
        if refused.status in TOLD:
            return SeenPart(why=(refused.zh, refused.en))
        if refused.status != NOT_THEIRS:
            raise
        return None
