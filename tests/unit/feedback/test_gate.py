"""The closing gate against brute force over every way in which the votes to come may fall."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.feedback.domain.case import Vote
from services.feedback.domain.evaluation import gate
from services.feedback.domain.evaluation.gate import Tally, Verdict

GRADES = frozenset({1, 2})


def rule(votes: int, dissatisfied: int, filer_heard: bool) -> bool:
    """The gate as the lifecycle page has it."""
    return votes >= 1 and filer_heard and not 3 * dissatisfied > votes


def endings(tally: Tally) -> Iterator[bool]:
    """Whether the gate is open after each way in which the outstanding voters may vote or stay silent."""
    outstanding = tally.voters - tally.votes
    for happy, angry in product(range(outstanding + 1), repeat=2):
        if happy + angry <= outstanding:
            yield rule(tally.votes + happy + angry, tally.dissatisfied + angry, tally.filer_heard)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    voters = draw(st.integers(1, 12))
    votes = draw(st.integers(0, voters))
    heard = draw(st.booleans()) if 0 < votes < voters else votes == voters
    return Tally(voters, votes, draw(st.integers(0, votes)), filer_heard=heard)


@given(tallies())
def test_an_early_verdict_is_the_one_that_every_ending_has(tally: Tally) -> None:
    verdict = gate.verdict(tally, time_is_over=False)
    if verdict is Verdict.OPEN:
        assert all(endings(tally))
    if verdict is Verdict.SHUT:
        assert not any(endings(tally))


@given(tallies())
def test_while_there_is_time_the_gate_waits_for_everybody_unless_it_can_only_stay_shut(tally: Tally) -> None:
    waits = tally.votes < tally.voters and 3 * tally.dissatisfied <= tally.voters
    assert (gate.verdict(tally, time_is_over=False) is Verdict.PENDING) == waits


@given(tallies())
def test_when_time_is_over_the_votes_cast_decide_and_silence_is_never_a_yes(tally: Tally) -> None:
    verdict = gate.verdict(tally, time_is_over=True)
    if verdict is Verdict.OPEN:
        assert rule(tally.votes, tally.dissatisfied, tally.filer_heard)
    if tally.filer_heard:
        assert (verdict is Verdict.OPEN) == gate.is_open(tally)
        assert gate.is_open(tally) == rule(tally.votes, tally.dissatisfied, filer_heard=True)
    else:
        assert verdict is not Verdict.OPEN


@pytest.mark.parametrize(
    ("grade", "solved", "satisfied"),
    [(5, True, True), (3, True, True), (2, True, False), (1, True, False), (5, False, False), (3, False, False)],
)
def test_satisfied_means_solved_and_a_satisfied_grade(grade: int, solved: bool, satisfied: bool) -> None:
    assert gate.is_satisfied(Vote(voter=0, grade=grade, solved=solved), GRADES) is satisfied


@pytest.mark.parametrize(
    ("voters", "votes", "dissatisfied", "verdict"),
    [
        (1, 1, 0, Verdict.OPEN),
        (1, 1, 1, Verdict.SHUT),
        (2, 2, 1, Verdict.SHUT),
        (3, 3, 1, Verdict.OPEN),  # exactly a third does not shut it
        (4, 4, 2, Verdict.SHUT),
        (50, 50, 16, Verdict.OPEN),
        (50, 50, 17, Verdict.SHUT),
        (3, 1, 0, Verdict.PENDING),
        (3, 2, 0, Verdict.PENDING),  # whatever the third says, but it may say it
        (3, 2, 2, Verdict.SHUT),
        (3, 0, 0, Verdict.PENDING),
    ],
)
def test_the_third_rule(voters: int, votes: int, dissatisfied: int, verdict: Verdict) -> None:
    tally = Tally(voters, votes, dissatisfied, filer_heard=votes > 0)
    assert gate.verdict(tally, time_is_over=False) is verdict


def test_grades_that_count_as_dissatisfied_are_configuration() -> None:
    votes = [Vote(voter=0, grade=3, solved=True)]
    assert gate.tally(votes, 1, GRADES).dissatisfied == 0
    assert gate.tally(votes, 1, frozenset({1, 2, 3})).dissatisfied == 1


TABLE = """
votes   at most so many of them dissatisfied, and the matter is struck off
  1     0
  2     0
  3     1
  4     1
  5     1
  6     2
  7     2
  8     2
  9     3
 10     3
 11     3
 12     4
"""
"""The rule as people read it; without a vote nothing is struck off."""


def test_the_table_that_people_read_is_the_rule() -> None:
    lines = [line.split() for line in TABLE.strip().splitlines()[1:]]
    rows = {int(votes): int(at_most) for votes, at_most in lines}
    assert list(rows) == list(range(1, 13))
    assert not gate.is_open(Tally(0, 0, 0, filer_heard=False))
    for votes, at_most in rows.items():
        opens = [gate.is_open(Tally(votes, votes, each, filer_heard=True)) for each in range(votes + 1)]
        assert opens == [each <= at_most for each in range(votes + 1)], votes
