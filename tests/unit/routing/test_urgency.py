"""特急认定: staff raise and lower with a reason; what is perhaps urgent counts as urgent when nobody says a word."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.envelope import Body
from contracts.messages import routing
from runtime.change import Change, Ignore, Reject
from services.routing.domain.assignment.assignment import Assignment, AssignmentState
from services.routing.domain.assignment.urgency import JUDGE_WITHIN, level_of, wake_at
from tests.facts.envelope import wake_up
from tests.facts.intake import danger_added, registered
from tests.facts.routing import judge_urgency
from tests.harness import MONDAY, Stage, fact, request
from tests.unit.routing.matters import DRY, LEADER, SUPERVISION, WATERWORKS, an_assignment, routing_service

REACTS = routing_service().reacts
RAISE, LOWER = judge_urgency(), judge_urgency(urgent=False)
DOUBTFUL = registered(urgent=True, urgency="gas", urgency_level="perhaps", urgency_words=("煤气",))


def ended(document: Assignment | None, message: Any) -> Any:
    return REACTS[type(message.body)](document, message, message.at)


def judged(document: Assignment | None, message: Any) -> tuple[Assignment, routing.UrgencyJudged]:
    result = ended(document, message)
    assert isinstance(result, Change), result
    said = result.facts[0]
    assert isinstance(said, routing.UrgencyJudged)
    return result.document, said


def waiting() -> Assignment:
    result = ended(None, fact(DOUBTFUL, given=DRY))
    assert isinstance(result, Change)
    document: Assignment = result.document
    return document


def test_what_is_perhaps_urgent_has_its_clocks_and_waits_for_a_persons_word() -> None:
    document = waiting()
    assert (document.urgent, level_of(document)) == (True, "perhaps")
    assert wake_at(document) == document.registered_at + JUDGE_WITHIN
    assert (document.urgency_class, document.urgency_words) == ("gas", ("煤气",))


def test_a_matter_that_is_urgent_for_sure_waits_for_nobody() -> None:
    result = ended(None, fact(registered(urgent=True, urgency="gas", urgency_level="now"), given=DRY))
    assert wake_at(result.document) is None


def test_what_was_registered_before_there_were_levels_is_urgent_now() -> None:
    result = ended(None, fact(registered(urgent=True), given=DRY))
    assert (level_of(result.document), wake_at(result.document)) == ("now", None)


async def test_after_fifteen_minutes_without_a_word_it_counts_as_now() -> None:
    stage = Stage(routing_service())
    stage.say(fact(DOUBTFUL, seq=1))
    await stage.run()
    stage.pass_time(JUDGE_WITHIN - timedelta(seconds=1))
    await stage.run()
    assert stage.facts([routing.UrgencyJudged]) == []
    stage.pass_time(timedelta(seconds=1))
    await stage.run()
    [said] = stage.facts([routing.UrgencyJudged])
    assert (said.body.level, said.body.why, said.body.urgent) == ("now", "silence", True)
    assert wake_at(stage.document()) is None


def test_a_knock_that_comes_early_or_twice_changes_nothing() -> None:
    knocked = fact(wake_up(service="routing"), at=MONDAY)
    assert ended(waiting(), knocked) == Ignore("not_due")
    assert ended(an_assignment(), knocked) == Ignore("not_due")


@pytest.mark.parametrize(("wanted", "level"), [(RAISE, "now"), (LOWER, "no")])
def test_a_persons_word_ends_the_waiting(wanted: Body, level: str) -> None:
    document, said = judged(waiting(), request(wanted, actor=SUPERVISION))
    assert (said.level, said.urgent, said.why, said.reason) == (level, level == "now", "person", "sealed")
    assert (document.urgent, document.judge_by) == (level == "now", None)


def test_every_lowered_urgency_has_a_request_with_a_reason() -> None:
    bare = LOWER.model_copy(update={"reason": "", "gives_reason": False})
    assert ended(waiting(), request(bare, actor=SUPERVISION)).code == "reason_needed"


@pytest.mark.parametrize("state", [AssignmentState.QUEUED, AssignmentState.HANDED_OVER])
def test_urgency_is_judged_before_and_after_acceptance(state: AssignmentState) -> None:
    document, said = judged(an_assignment(state=state), request(RAISE, actor=LEADER))
    assert (document.state, said.urgent) == (state, True)


def test_a_unit_may_raise_but_not_lower() -> None:
    raised = judged(an_assignment(), request(RAISE, actor=WATERWORKS))[0]
    assert raised.urgent
    refused = ended(raised, request(LOWER, actor=WATERWORKS))
    assert isinstance(refused, Reject)
    assert refused.code == "may_not_lower"


def test_the_same_word_twice_is_refused() -> None:
    assert ended(an_assignment(urgent=True), request(RAISE, actor=SUPERVISION)).code == "judged_already"
    assert ended(an_assignment(), request(LOWER, actor=SUPERVISION)).code == "judged_already"


def test_a_matter_that_ended_is_not_judged() -> None:
    gone = an_assignment(state=AssignmentState.WITHDRAWN)
    assert ended(gone, request(RAISE, actor=SUPERVISION)).code == "ended"


@pytest.mark.parametrize(
    ("before", "added", "after"),
    [("no", "perhaps", "perhaps"), ("no", "now", "now"), ("perhaps", "now", "now"), ("no", "somehow", "perhaps")],
)
def test_what_is_added_raises_urgency(before: str, added: str, after: str) -> None:
    document = an_assignment(urgent=before != "no", urgency_level=before)
    changed, said = judged(document, fact(danger_added(urgency_level=added)))
    assert (said.level, said.why, level_of(changed)) == (after, "added", after)
    assert said.urgency == "fire"


@pytest.mark.parametrize(("before", "added"), [("now", "now"), ("now", "perhaps"), ("perhaps", "perhaps")])
def test_what_is_added_lowers_nothing(before: str, added: str) -> None:
    document = an_assignment(urgent=True, urgency_level=before)
    assert ended(document, fact(danger_added(urgency_level=added))) == Ignore("no_more_urgent")


def test_a_danger_that_is_added_after_a_person_lowered_it_raises_it_again() -> None:
    lowered = judged(waiting(), request(LOWER, actor=SUPERVISION))[0]
    later = fact(danger_added(), at=MONDAY + timedelta(hours=1))
    assert judged(lowered, later)[1].urgent
