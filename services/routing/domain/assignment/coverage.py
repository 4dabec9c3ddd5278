"""A matter that waits for a unit which cannot promise anything yet goes on by itself once the unit can (C1)."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.routing.domain.assignment import urgency
from services.routing.domain.assignment.assignment import Assignment, AssignmentState
from services.routing.domain.assignment.routes import Queue, Reason

NOT_LIVE: Reason = "unit_not_live"
LOOK_AGAIN = timedelta(minutes=30)
"""*Ours*: as long a matter waits at most after the standards of its unit became whole."""


def queued(document: Assignment, queue: Queue, now: datetime) -> Assignment:
    """The matter on the work list, with its reason; one that waits for standards is looked at again."""
    lead = queue.candidates[0].unit.lead_unit if queue.candidates else ""
    candidates = tuple(each.unit.code for each in queue.candidates)
    on_the_list = replace(document, reason=queue.reason, candidates=candidates, lead_unit=lead)
    return looked(on_the_list, now) if queue.reason == NOT_LIVE else on_the_list


def looked(document: Assignment, now: datetime) -> Assignment:
    """Not yet: it is looked again after a while."""
    return replace(document, look_at=now + LOOK_AGAIN)


def is_due(document: Assignment, now: datetime) -> bool:
    """Whether it is time to look again."""
    again = _again(document)
    return again is not None and again <= now


def wake_at(document: Assignment) -> datetime | None:
    """When a knock is due: a person's word is waited for no longer, or it is looked again."""
    instants = (each for each in (urgency.wake_at(document), _again(document)) if each is not None)
    return min(instants, default=None)


def _again(document: Assignment) -> datetime | None:
    waits = document.state is AssignmentState.QUEUED and document.reason == NOT_LIVE
    return document.look_at if waits else None
