"""Four eyes: one account proposes, another says the very same; the same account twice publishes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.four_eyes import HELD_FOR, Proposal, Verdict, decided, digest_of

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
WAITING = Proposal("d1", "zhang", AT)


@pytest.mark.parametrize(
    ("proposal", "digest", "account", "now", "verdict"),
    [
        (None, "d1", "zhang", AT, "begin"),
        (WAITING, "d1", "zhang", AT, "refuse"),
        (WAITING, "d1", "zhang", AT + HELD_FOR - MOMENT, "refuse"),
        (WAITING, "d1", "li", AT, "publish"),
        (WAITING, "d1", "li", AT + HELD_FOR - MOMENT, "publish"),
        (WAITING, "d1", "li", AT + HELD_FOR, "begin"),
        (WAITING, "d1", "li", AT - MOMENT, "begin"),
        (WAITING, "d2", "li", AT, "begin"),
        (WAITING, "d2", "zhang", AT, "begin"),
        (Proposal("", "", AT), "", "li", AT, "begin"),
    ],
)
def test_what_comes_of_a_saying(
    proposal: Proposal | None, digest: str, account: str, now: datetime, verdict: Verdict
) -> None:
    assert decided(proposal, digest, account, now) == verdict


def test_a_span_of_its_own_bounds_the_wait() -> None:
    hour = timedelta(hours=1)
    assert decided(WAITING, "d1", "li", AT + hour - MOMENT, hour) == "publish"
    assert decided(WAITING, "d1", "li", AT + hour, hour) == "begin"


@given(st.lists(st.tuples(st.sampled_from(["d1", "d2"]), st.integers(0, 100)), max_size=12))
def test_one_account_alone_never_publishes(said: list[tuple[str, int]]) -> None:
    proposal, now = None, AT
    for digest, hours in said:
        now += timedelta(hours=hours)
        verdict = decided(proposal, digest, "zhang", now)
        assert verdict != "publish"
        proposal = Proposal(digest, "zhang", now) if verdict == "begin" else proposal


def test_a_digest_tells_contents_apart() -> None:
    assert digest_of(b"one") == digest_of(b"one") != digest_of(b"two")
