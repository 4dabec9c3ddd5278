"""A ticket as JSON: for its reporter with the story in both languages, for staff with masked words. Never a digest."""

from datetime import datetime
from typing import Any

import orjson
from fastapi import Response

from services.portal.domain import board, counters, lights
from services.portal.domain.masking import mask
from services.portal.domain.ticket import State, Ticket
from services.portal.pages import story, texts

Answer = dict[str, Any]


def json(answer: Answer) -> Response:
    """An answer as it is sent; dataclasses and instants are written as they are."""
    return Response(orjson.dumps(answer), media_type="application/json")


def for_reporter(ticket: Ticket, voter: int, now: datetime) -> Answer:
    """All that the holder of a code may see; ``may_evaluate``: whether this voter's vote is awaited."""
    voted = {vote.voter for vote in ticket.votes if vote.round == ticket.round}
    awaited = ticket.state is State.AWAITING_EVALUATION and voter not in voted
    words = {"title": ticket.title, "content": ticket.summary, "erased": ticket.erased}
    return _figures(ticket, now) | words | {"voter": voter, "may_evaluate": awaited, "story": _story(ticket)}


def for_staff(ticket: Ticket, now: datetime) -> Answer:
    """What a unit sees: words masked by pattern, no reporter."""
    counter = counters.counter_of(ticket, now)
    words = {"title": mask(ticket.title), "content": mask(ticket.summary), "erased": ticket.erased}
    more = {
        "counter": counter.value if counter else None,
        "lead_unit": ticket.lead_unit,
        "level": ticket.level,
        "door": ticket.door,
        "voters": len(ticket.voters),
        "traceable": ticket.traceable,
        "on_behalf": ticket.on_behalf,
        "supplements": ticket.supplements,
        "conflicts": ticket.conflicts,
    }
    return _figures(ticket, now) | words | more


def whole_for_staff(ticket: Ticket, now: datetime) -> Answer:
    """The same with the story line by line."""
    return for_staff(ticket, now) | {"story": _story(ticket)}


def _figures(ticket: Ticket, now: datetime) -> Answer:
    clock = board.pressing(ticket)
    return {
        "number": ticket.number,
        "state": ticket.state.value,
        "state_zh": texts.STATES[ticket.state.value][0],
        "light": lights.light(ticket, now).value,
        "division": ticket.division,
        "division_zh": ticket.division_zh,
        "unit": ticket.unit,
        "unit_zh": ticket.unit_zh,
        "unit_en": ticket.unit_en,
        "category": ticket.category,
        "category_zh": ticket.category_zh,
        "channel": ticket.channel,
        "urgent": ticket.urgent,
        "collective": ticket.collective,
        "round": ticket.round,
        "hops": ticket.hops,
        "returns": ticket.returns,
        "reworks": ticket.reworks,
        "ordered": ticket.ordered,
        "promise": ticket.promise,
        "due": clock.due if clock else None,
        "registered_at": ticket.registered_at,
        "changed_at": ticket.changed_at,
        "votes": [{"round": each.round, "grade": each.grade, "solved": each.solved} for each in ticket.votes],
        "orders": ticket.orders,
    }


def _story(ticket: Ticket) -> list[Answer]:
    chinese, english = (story.lines(ticket, language, reporter=True) for language in texts.LANGUAGES)
    return [
        {"at": zh.at, "kind": zh.kind, "zh": zh.sentence, "en": en.sentence, "words": zh.words}
        for zh, en in zip(chinese, english, strict=True)
    ]
