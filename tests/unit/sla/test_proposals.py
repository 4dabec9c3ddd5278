"""A table of standards is published by a second account that has the same one in hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.sla.domain import proposals
from services.sla.domain.proposals import HOLDS, STANDING_AT_MOST, StandardsProposal, decide_proposal, ran_out
from tests.facts.values import HOUR
from tests.harness import MONDAY

SECOND = timedelta(seconds=1)
WAITS = StandardsProposal("d1", "ann", MONDAY, MONDAY + HOLDS, 2)
CONFIRMED = replace(WAITS, confirmer="bob")


@pytest.mark.parametrize(
    ("standing", "digest", "by", "after", "proposer", "confirmer"),
    [
        (None, "d1", "ann", HOUR, "ann", ""),
        (WAITS, "d1", "bob", HOUR, "ann", "bob"),
        (WAITS, "d1", "bob", HOLDS - SECOND, "ann", "bob"),
        (WAITS, "d1", "bob", HOLDS, "bob", ""),
        (WAITS, "d1", "ann", HOLDS, "ann", ""),
        (WAITS, "d2", "bob", HOUR, "bob", ""),
        (CONFIRMED, "d1", "ann", HOUR, "ann", ""),
    ],
    ids=["first", "second", "in the last second", "too late", "anew", "another table", "was published before"],
)
def test_who_proposed_and_who_confirmed(
    standing: StandardsProposal | None, digest: str, by: str, after: timedelta, proposer: str, confirmer: str
) -> None:
    known = {standing.digest: standing} if standing else {}
    decided = decide_proposal(known, digest, 2, by, MONDAY + after)
    assert isinstance(decided, StandardsProposal)
    assert (decided.digest, decided.proposer, decided.confirmer) == (digest, proposer, confirmer)
    is_begun = not confirmer
    assert decided.until == (MONDAY + after + HOLDS if is_begun else WAITS.until)


@pytest.mark.parametrize("after", [timedelta(0), HOLDS - SECOND])
def test_nobody_confirms_what_they_proposed(after: timedelta) -> None:
    assert decide_proposal({"d1": WAITS}, "d1", 2, "ann", MONDAY + after) == proposals.FOUR_EYES


def test_so_many_wait_at_a_time_and_each_may_still_be_confirmed() -> None:
    known = {f"d{nth}": replace(WAITS, digest=f"d{nth}") for nth in range(STANDING_AT_MOST)}
    assert decide_proposal(known, "other", 1, "bob", MONDAY) == proposals.TOO_MANY
    confirmed = decide_proposal(known, "d7", 1, "bob", MONDAY)
    assert isinstance(confirmed, StandardsProposal)
    begun = decide_proposal(known | {"d7": confirmed}, "other", 1, "bob", MONDAY)
    assert isinstance(begun, StandardsProposal)


def test_what_ran_out_is_told_apart_from_what_was_confirmed() -> None:
    later = replace(WAITS, digest="d3", at=MONDAY + HOLDS, until=MONDAY + 2 * HOLDS)
    assert ran_out([WAITS, CONFIRMED, later], MONDAY + HOLDS) == (WAITS,)
