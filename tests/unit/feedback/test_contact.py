"""Contact with the reporters before the end: said, and one open question at a time."""

from datetime import datetime, timedelta

import pytest

from contracts.lifecycle import TicketState
from contracts.messages import feedback
from contracts.vocabulary import METHODS
from services.feedback.domain import contact
from services.feedback.domain.case import NOT_WORKING, CaseRefused
from services.feedback.wiring import build
from tests.facts.feedback import ask_reporter, record_contact
from tests.facts.intake import supplemented
from tests.facts.routing import accepted
from tests.facts.values import DAY
from tests.harness import MONDAY, Stage, fact, request
from tests.unit.feedback.cases import OTHERS, STAFF, a_case

NOW = MONDAY + DAY
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("method", METHODS)
def test_a_contact_changes_nothing_of_the_case(method: str) -> None:
    case = a_case()
    assert contact.decide_contact(case, method) is case


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (NOW - SECOND, "until_in_the_past"),
        (NOW, "until_in_the_past"),
        (NOW + SECOND, ""),
        (NOW + contact.ANSWER_WITHIN, ""),
        (NOW + contact.ANSWER_WITHIN + SECOND, "until_too_far"),
    ],
)
def test_the_time_to_answer_is_ahead_and_bounded(until: datetime, code: str) -> None:
    found = contact.decide_question(a_case(), until, NOW)
    assert (found.code if isinstance(found, CaseRefused) else "") == code


@pytest.mark.parametrize(("asked_at", "code"), [(NOW - SECOND, "asked_already"), (NOW, "")])
def test_one_question_is_open_at_a_time(asked_at: datetime, code: str) -> None:
    found = contact.decide_question(a_case(asked_until=NOW), asked_at + 2 * DAY, asked_at)
    assert (found.code if isinstance(found, CaseRefused) else "") == code


@pytest.mark.parametrize("state", [state for state in TicketState if state not in (TicketState.IN_HAND, "rework")])
def test_nobody_is_asked_while_the_unit_is_not_at_work(state: TicketState) -> None:
    case = a_case(state=state)
    assert contact.decide_contact(case, "phone") == NOT_WORKING
    assert contact.decide_question(case, NOW + DAY, NOW) == NOT_WORKING


async def test_contact_and_question_are_said_and_an_answer_lets_the_unit_ask_again() -> None:
    stage = Stage(build())
    stage.say(fact(accepted()))
    stage.say(request(record_contact(method="on_site", reached=False), at=NOW, actor=STAFF))
    stage.say(request(ask_reporter(until=NOW + 3 * DAY), at=NOW, actor=STAFF))
    stage.say(fact(supplemented(), producer="intake", seq=9))
    stage.say(request(ask_reporter(until=NOW + 4 * DAY), at=NOW + DAY, actor=STAFF))
    await stage.run()
    said = [each.body for each in stage.facts([feedback.ReporterContacted, feedback.ReporterAsked])]
    assert said == [
        feedback.ReporterContacted(method="on_site", reached=False),
        feedback.ReporterAsked(until=NOW + 3 * DAY, words="sealed"),
        feedback.ReporterAsked(until=NOW + 4 * DAY, words="sealed"),
    ]


async def test_without_an_answer_a_second_question_and_one_of_another_unit_are_refused() -> None:
    stage = Stage(build())
    stage.say(fact(accepted()))
    asked = [request(ask_reporter(until=NOW + n * DAY), at=NOW, actor=who) for n, who in ((3, STAFF), (4, STAFF))]
    stage.say(*asked, request(record_contact(), at=NOW, actor=OTHERS))
    await stage.run()
    assert len(stage.facts([feedback.ReporterAsked])) == 1
    assert stage.facts([feedback.ReporterContacted]) == []
