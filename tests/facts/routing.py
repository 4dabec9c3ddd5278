"""What routing says and what is asked of it."""

from contracts.messages import routing
from tests.facts.values import (
    CATEGORY,
    CATEGORY_EN,
    CATEGORY_ZH,
    COUNTY,
    DIVISION,
    DIVISION_ZH,
    LEAD,
    NUMBER,
    STANDARD,
    UNIT,
    UNIT_EN,
    UNIT_ZH,
    made,
    voters,
)
from tests.harness import MONDAY

OF_THE_UNIT = {"number": NUMBER, "unit": UNIT, "unit_zh": UNIT_ZH, "unit_en": UNIT_EN, "lead_unit": LEAD}


def queued(**changed: object) -> routing.AssignmentQueued:
    given = {"reason": "several_units", "division": DIVISION, "lead_unit": LEAD, "number": NUMBER}
    return made(routing.AssignmentQueued, changed, **given)


def assigned(**changed: object) -> routing.TicketAssigned:
    return made(
        routing.TicketAssigned,
        changed,
        **OF_THE_UNIT,
        level="county",
        division=DIVISION,
        division_zh=DIVISION_ZH,
        category=CATEGORY,
        category_zh=CATEGORY_ZH,
        category_en=CATEGORY_EN,
        taxonomy_version="1",
        reasons=("keyword",),
        hop=1,
    )


def returned(**changed: object) -> routing.TicketReturned:
    given = {"unit": UNIT, "ground": "not_our_duty", "explanation": "sealed", "count": 1, "disputed": False}
    return made(routing.TicketReturned, changed, **given)


def accepted(**changed: object) -> routing.TicketAccepted:
    matter = {"division": DIVISION, "category": CATEGORY, "registered_at": MONDAY}
    return made(routing.TicketAccepted, changed, **OF_THE_UNIT, **matter, standard=STANDARD, voters=voters())


def urgency_judged(**changed: object) -> routing.UrgencyJudged:
    return made(routing.UrgencyJudged, changed, number=NUMBER, urgent=True, level="now", why="person")


def unit_published(**changed: object) -> routing.UnitPublished:
    return made(
        routing.UnitPublished,
        changed,
        code=UNIT,
        version=1,
        name_zh=UNIT_ZH,
        name_en=UNIT_EN,
        level="county",
        division=COUNTY,
        lead_unit=LEAD,
        duties=(CATEGORY,),
        standards=(STANDARD.code,),
        valid_from=MONDAY,
    )


def assign_ticket(**changed: object) -> routing.AssignTicket:
    return made(routing.AssignTicket, changed, unit=UNIT)


def judge_urgency(**changed: object) -> routing.JudgeUrgency:
    return made(routing.JudgeUrgency, changed, urgent=True, reason="sealed", gives_reason=True)


def accept_ticket(**changed: object) -> routing.AcceptTicket:
    return made(routing.AcceptTicket, changed, standard=STANDARD.code)


def return_ticket(**changed: object) -> routing.ReturnTicket:
    return made(routing.ReturnTicket, changed, ground="not_our_duty", explanation="sealed")
