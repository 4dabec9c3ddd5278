"""What sla says of joint conferences, and what is asked of it."""

from contracts.messages import conferences
from tests.facts.values import DAY, LEAD, UNIT, made
from tests.harness import MONDAY


def matter_referred(**changed: object) -> conferences.MatterReferred:
    return made(conferences.MatterReferred, changed, unit=UNIT, ground="hard_case", by="lead", words="sealed")


def conference_decided(**changed: object) -> conferences.ConferenceDecided:
    given = {"conference": "2026-3", "held_on": MONDAY.date(), "roster": (LEAD, UNIT), "unit": UNIT}
    moved = {"decision": "deadline", "clock": "c2", "amount": 5, "due": MONDAY + 10 * DAY}
    return made(conferences.ConferenceDecided, changed, **given, **moved, minutes="sealed")


def refer_matter(**changed: object) -> conferences.ReferMatter:
    return made(conferences.ReferMatter, changed, ground="hard_case", words="sealed")


def record_conference(**changed: object) -> conferences.RecordConference:
    given = {"conference": "2026-3", "held_on": MONDAY.date(), "roster": (LEAD, UNIT)}
    return made(conferences.RecordConference, changed, **given, decision="deadline", amount=5, minutes="sealed")
