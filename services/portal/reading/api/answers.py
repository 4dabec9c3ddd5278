"""A ticket as JSON, as its reader may read it (ticket/visibility.py): whole with its story, or briefly in a list.

Never a digest of a code.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson
from fastapi import Response

from contracts import lifecycle, vocabulary
from contracts.lifecycle import TicketState
from services.portal.reading.board import board, counters
from services.portal.reading.board.board import Board
from services.portal.reading.live import stream_of_board
from services.portal.reading.ports import Found
from services.portal.reading.search import cursors
from services.portal.reading.search.filters import Filter, Filters
from services.portal.reading.ticket import lights, story
from services.portal.reading.ticket.document import LINE_END, SaidWords, Ticket
from services.portal.site import Site

Answer = dict[str, Any]


def json(answer: Answer) -> Response:
    """An answer as it is sent; dataclasses and instants are written as they are."""
    return Response(orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS), media_type="application/json")


def whole(seen: Board, site: Site) -> Answer:
    """A board with its cards, as the live page lays it out."""
    return {"site": site, "cards": seen.cards} | stream_of_board.figures(seen)


def cards(found: Found, home: str, now: datetime) -> Answer:
    """The public cards of a list on the board of ``home``."""
    shown = (board.card(ticket, now, home) for ticket in found.tickets)
    return {"tickets": [card for card in shown if card]}


def form(rows: Iterable[Filter], asked: Filters) -> list[Answer]:
    """The filters as a form shows them: chosen from their options, ticked, or typed (``control``)."""
    return [
        {
            "name": row.name,
            "control": "choice" if row.kind.options else "tick" if row.kind.value is bool else "text",
            "zh": row.label[0],
            "en": row.label[1],
            "options": [{"code": code, "zh": zh, "en": en} for code, (zh, en) in row.kind.options.items()],
            "chosen": _chosen(asked.asked.get(row.name, ())),
        }
        for row in rows
    ]


def _chosen(wanted: Any) -> list[str]:
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]


def for_public(ticket: Ticket, now: datetime) -> Answer:
    """The way of a matter, called by its kind and place."""
    title_zh, title_en = board.public_title(ticket)
    called = {"title_zh": title_zh, "title_en": title_en, "erased": ticket.erased}
    return _figures(ticket, now) | called | {"story": _story(ticket)}


def for_reporter(ticket: Ticket, voter: int, now: datetime) -> Answer:
    """All that the holder of a code may read; ``may_evaluate``: whether this voter's vote is awaited."""
    voted = {vote.voter for vote in ticket.votes if vote.round == ticket.round}
    awaited = ticket.state is TicketState.AWAITING_EVALUATION and voter not in voted
    return _figures(ticket, now) | _words(ticket, now) | {"now": now, "voter": voter, "may_evaluate": awaited}


def a_list(found: Found, now: datetime, skip: int) -> Answer:
    """One answer of a list for staff. ``next``: what ``after`` is to be for those behind it, None at the end."""
    tickets = [listed(ticket, now) for ticket in found.tickets]
    follows = str(cursors.at(found.tickets[-1])) if found.more and found.tickets else None
    return {"now": now, "total": found.total, "skip": skip, "tickets": tickets, "next": follows}


def inbox(found: Found, field: str, now: datetime) -> list[Answer]:
    """The lines of an inbox: what is to be done of which matter, and by when."""
    return [listed(ticket, now) | {"work": getattr(ticket, field)} for ticket in found.tickets]


def listed(ticket: Ticket, now: datetime) -> Answer:
    """One line of a list for staff: the beginning of the words, masked."""
    title, _, content = ticket.masked.partition(LINE_END)
    words = {"title": title, "content": content, "erased": ticket.erased}
    return _figures(ticket, now) | words | _of_the_office(ticket, now)


def for_staff(ticket: Ticket, now: datetime) -> Answer:
    """All that this member of staff may read of one ticket."""
    return _figures(ticket, now) | _words(ticket, now) | _of_the_office(ticket, now)


def _of_the_office(ticket: Ticket, now: datetime) -> Answer:
    counter = counters.counter_of(ticket, now)
    return {
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


def _words(ticket: Ticket, now: datetime) -> Answer:
    """What was written, by whomever: the submission, the plan, the story line by line."""
    return {
        "title": ticket.title,
        "content": ticket.content,
        "place": ticket.place,
        "latitude": ticket.latitude,
        "longitude": ticket.longitude,
        "category_said": ticket.category_said,
        "erased": ticket.erased,
        "plan": _plan(ticket, now),
        "story": _story(ticket),
    }


def _plan(ticket: Ticket, now: datetime) -> Answer | None:
    """The plan with the light of each measure as it is now."""
    if ticket.plan is None:
        return None
    measures, shown = ticket.plan.measures, lights.measure_lights(ticket, now)
    lit = [asdict(each) | {"light": light.value} for each, light in zip(measures, shown, strict=True)]
    return asdict(ticket.plan) | {"measures": lit}


def _figures(ticket: Ticket, now: datetime) -> Answer:
    clock, lane = board.pressing(ticket), board.LANES.get(ticket.state)
    return {
        "number": ticket.number,
        "state": ticket.state.value,
        "state_zh": lifecycle.STATE_NAMES[ticket.state.value][0],
        "lane": lane.value if lane else None,
        "light": lights.light(ticket, now).value,
        "division": ticket.division,
        "division_zh": ticket.division_zh,
        "unit": ticket.unit,
        "unit_zh": ticket.unit_zh,
        "unit_en": ticket.unit_en,
        "category": ticket.category,
        "category_zh": ticket.category_zh,
        "category_en": ticket.category_en,
        "channel": ticket.channel,
        "urgent": ticket.urgent,
        "urgency_level": ticket.urgency_level,
        "collective": ticket.collective,
        "round": ticket.round,
        "hops": ticket.hops,
        "returns": ticket.returns,
        "reworks": ticket.reworks,
        "ordered": ticket.ordered,
        "promise": ticket.promise,
        "due": clock.due if clock else None,
        "clock": clock.kind if clock else None,
        "registered_at": ticket.registered_at,
        "changed_at": ticket.changed_at,
        "votes": [{"round": each.round, "grade": each.grade, "solved": each.solved} for each in ticket.votes],
        "orders": ticket.orders,
    }


def _story(ticket: Ticket) -> list[Answer]:
    chinese, english = (story.lines(ticket, language) for language in vocabulary.LANGUAGES)
    return [
        {"at": zh.at, "kind": zh.kind, "colour": zh.colour, "zh": zh.sentence, "en": en.sentence} | _said(zh.said)
        for zh, en in zip(chinese, english, strict=True)
    ]


def _said(said: SaidWords | None) -> Answer:
    return {"words": said.words, "evidence": said.evidence} if said else {"words": "", "evidence": ()}
