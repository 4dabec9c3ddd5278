"""Completion reports: evidence or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.lifecycle import TicketState
from contracts.vocabulary import EVIDENCE
from services.feedback.domain.case import NOT_WORKING, Case, CaseRefused
from services.feedback.domain.completion import completion
from services.feedback.domain.completion.completion import Exhibit
from services.feedback.domain.policy import EvaluationPolicy
from tests.facts.values import DAY
from tests.harness import MONDAY
from tests.unit.feedback.cases import a_case, awaiting

NOW = MONDAY + 2 * DAY
POLICY = EvaluationPolicy()


def decided(case: Case, evidence: Sequence[Exhibit]) -> Case | CaseRefused:
    """The case waiting for votes, or why it cannot be completed."""
    refused = completion.refused_completion(case, evidence, NOW, POLICY)
    return refused or completion.completed(case, evidence, NOW, POLICY)


def exhibit(**changed: Any) -> Exhibit:
    given: dict[str, Any] = {"kind": "photos", "digest": "b" * 64, "dated": MONDAY + DAY}
    return Exhibit(**(given | changed))


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        ([], "no_evidence"),
        ([exhibit()] * 51, "too_much_evidence"),
        ([exhibit(kind="promise")], "unknown_evidence_kind"),
        ([exhibit(digest="")], "evidence_without_source"),
        ([exhibit(digest="b" * 63)], "evidence_without_source"),
        ([exhibit(digest="", uri="no uri")], "evidence_without_source"),
        ([exhibit(uri="no uri")], "evidence_without_source"),
        ([exhibit(uri="javascript:alert(1)")], "evidence_without_source"),
        ([exhibit(uri="data:text/html,hello")], "evidence_without_source"),
        ([exhibit(digest="", uri="file:///etc/passwd")], "evidence_without_source"),
        ([exhibit(dated=MONDAY - timedelta(seconds=1))], "evidence_too_old"),
        ([exhibit(dated=NOW + timedelta(seconds=1))], "evidence_from_the_future"),
        ([exhibit(), exhibit(dated=MONDAY - DAY)], "evidence_too_old"),
    ],
)
def test_without_evidence_of_the_right_kind_and_time_nothing_is_completed(evidence: list[Exhibit], code: str) -> None:
    refused = decided(a_case(), evidence)
    assert isinstance(refused, CaseRefused)
    assert refused.code == code


def test_there_are_eight_kinds_of_evidence_and_each_is_taken() -> None:
    assert len(EVIDENCE) == 8
    for kind in EVIDENCE:
        assert isinstance(decided(a_case(), [exhibit(kind=kind)]), Case)


@pytest.mark.parametrize("uri", ["https://example.org/1.jpg", "gridfs:abc/1", "http://10.0.0.1/2"])
def test_a_uri_is_as_good_as_a_digest(uri: str) -> None:
    assert completion.has_source(exhibit(digest="", uri=uri))


@given(st.integers(0, 172800))
def test_evidence_counts_from_the_instant_of_registration_up_to_now(seconds: int) -> None:
    shown = [exhibit(dated=MONDAY + timedelta(seconds=seconds))]
    assert isinstance(decided(a_case(), shown), Case)


def test_a_completed_case_waits_for_votes_and_wants_a_knock() -> None:
    done = decided(a_case(state=TicketState.REWORK, round=2), [exhibit()])
    assert isinstance(done, Case)
    assert (done.state, done.round, done.votes, done.reminders) == (TicketState.AWAITING_EVALUATION, 2, (), 0)
    assert done.next_look == NOW + POLICY.remind_after


def test_what_is_held_by_policy_has_a_dated_plan_and_no_end() -> None:
    refused = decided(a_case(plan_mode="held_by_policy"), [exhibit()])
    assert refused == completion.HELD_BY_POLICY


AGAIN = a_case(state=TicketState.REWORK, round=2, reworks=1, reworked_at=MONDAY + DAY)
OLD = exhibit(dated=MONDAY)
"""Shown in the first round."""


def redone(*evidence: Exhibit) -> Case | CaseRefused:
    """The rework of a matter that was first completed with OLD."""
    done = decided(a_case(), [OLD])
    assert isinstance(done, Case)
    return decided(replace(AGAIN, shown=done.shown), evidence)


@pytest.mark.parametrize(
    "evidence",
    [
        [OLD],
        [exhibit()],
        [exhibit(digest="B" * 64, uri="https://example.org/new")],
        [exhibit(digest="c" * 64, dated=MONDAY + DAY - timedelta(seconds=1))],
        [OLD, exhibit()],
    ],
    ids=["the same", "the same under a new date", "the same at a new place", "new but older than the rework", "both"],
)
def test_what_was_shown_before_or_is_older_than_the_rework_does_not_complete_it(evidence: list[Exhibit]) -> None:
    assert redone(*evidence) == completion.NOTHING_NEW


def test_one_new_piece_is_enough_and_all_are_remembered() -> None:
    again = redone(OLD, exhibit(digest="c" * 64))
    assert isinstance(again, Case)
    assert len(again.shown) == 2
    third = replace(again, state=TicketState.REWORK, round=3, reworks=2, reworked_at=MONDAY + DAY)
    assert decided(third, [exhibit(digest="c" * 64)]) == completion.NOTHING_NEW


def test_nothing_is_completed_twice() -> None:
    assert decided(awaiting(), [exhibit()]) == NOT_WORKING
