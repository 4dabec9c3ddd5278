"""Who reads what of a matter: the one place in which words are shown, masked or held back.

The public reads no word. A reporter reads what was said to reporters, in full, and the own evaluation. The office (lead
units, supervision) reads everything masked; the unit that handles the matter also the place, which it must find.
"""

from collections.abc import Callable
from dataclasses import replace

from services.portal.reading.ticket.document import (
    SaidWords,
    Step,
    Ticket,
    VoterCode,
    scrubbed,
)
from services.portal.reading.ticket.masking import NOBODY, Own, mask, mask_beside_names, mask_people
from services.portal.reading.ticket.planned import ShownPlan

COARSE = 2  # decimals of a coordinate: a square of about a kilometre
Hide = Callable[[str], str]


def for_public(ticket: Ticket) -> Ticket:
    """The way of the matter without a word."""
    return scrubbed(ticket)


def for_voter(ticket: Ticket, voter: VoterCode) -> Ticket:
    """As the holder of a code reads it; a part's holder reads the way, and the own words only."""
    if voter.part:
        return replace(scrubbed(ticket), content=voter.words)
    return replace(ticket, history=tuple(_to_voter(step, voter.index) for step in ticket.history))


def original(ticket: Ticket, *, restricted: bool) -> Ticket:
    """As it was written, but for what only few may read."""
    return replace(ticket, history=tuple(_of_few(step, restricted) for step in ticket.history))


def _of_few(step: Step, restricted: bool) -> Step:
    held_back = step.said is not None and step.said.restricted and not restricted
    return replace(step, said=None) if held_back else step


def for_unit(ticket: Ticket, own: Own = NOBODY) -> Ticket:
    """As the unit that handles the matter reads it: people masked, the place in full. ``own``: of its reporters."""
    return _hidden(original(ticket, restricted=False), lambda words: mask_people(words, own), own)


def for_office(ticket: Ticket, own: Own = NOBODY, *, restricted: bool = False) -> Ticket:
    """As lead units and the supervision office read it: people and house numbers masked, the place coarse.

    ``restricted``: also what only few may read, who was held to account among it.
    """
    ticket = original(ticket, restricted=restricted)
    latitude, longitude = _coarse(ticket.latitude), _coarse(ticket.longitude)
    return replace(_hidden(ticket, lambda words: mask(words, own), own), latitude=latitude, longitude=longitude)


def _to_voter(step: Step, voter: int) -> Step:
    said = step.said
    if said is None or (not said.inward and said.by in (None, voter)):
        return step
    return replace(step, said=None)


def _hidden(ticket: Ticket, hide: Hide, own: Own) -> Ticket:
    return replace(
        ticket,
        title=hide(ticket.title),
        content=hide(ticket.content),
        masked=hide(ticket.masked),
        searched="",
        place=hide(ticket.place),
        category_said=hide(ticket.category_said),
        plan=_plan(ticket.plan, hide, own) if ticket.plan else None,
        history=tuple(replace(step, said=_said(step.said, hide)) if step.said else step for step in ticket.history),
        voters=tuple(replace(voter, words=hide(voter.words)) for voter in ticket.voters),
    )


def _plan(plan: ShownPlan, hide: Hide, own: Own) -> ShownPlan:
    """The plan with its words masked; who answers for a measure is named as such, and stays."""
    measures = tuple(
        replace(each, text=hide(each.text), person=mask_beside_names(each.person, own)) for each in plan.measures
    )
    return replace(plan, measures=measures, rule=hide(plan.rule))


def _said(said: SaidWords, hide: Hide) -> SaidWords:
    return said if said.restricted else replace(said, words=hide(said.words))


def _coarse(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, COARSE)
