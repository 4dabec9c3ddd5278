"""As many are let in as can be answered in time, however fast that is just now; a quota wears off."""

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.http import quotas
from runtime.http.admission import BUSY, FIRST_PACE, LEAST, MOST, USED, WINDOW, Admission, Entrance
from runtime.http.quotas import KeptQuota, Quota

SECOND = timedelta(seconds=1)
WITHIN = 7.0  # seconds


class ServedQueue:
    """A queue that is served at some pace, while as many come as are let in."""

    def __init__(self) -> None:
        self.ran = timedelta(days=3)
        self.admission = Admission(WITHIN, lambda: self.ran)
        self.inside = [self._enter() for _ in range(self.admission.may_wait)]

    def _enter(self) -> tuple[AbstractContextManager[Entrance], Entrance]:
        one = self.admission.one()
        return one, one.__enter__()

    def serve(self, pace: float, seconds: float) -> None:
        """Answer at a pace for a while; whoever is let in comes after them."""
        for _ in range(int(pace * seconds)):
            self.ran += SECOND / pace
            one, entrance = self.inside.pop(0)
            entrance.is_answered = True
            one.__exit__(None, None, None)
            while not self.admission.is_full():
                self.inside.append(self._enter())

    def hang(self, seconds: float) -> None:
        """All that are inside give up in the end; whoever is let in comes after them."""
        for _ in range(len(self.inside)):
            self.ran += SECOND * seconds / len(self.inside)
            one, _ = self.inside.pop(0)
            one.__exit__(None, None, None)
            while not self.admission.is_full():
                self.inside.append(self._enter())


@pytest.mark.parametrize("pace", [20.0, 100.0, 400.0, 900.0])
def test_whoever_is_let_in_is_answered_in_time_at_any_pace(pace: float) -> None:
    counter = ServedQueue()
    counter.serve(pace, 30)
    waits = len(counter.inside) / pace
    assert counter.admission.pace == pytest.approx(pace, rel=0.1)
    assert waits <= max(WITHIN * USED * 1.1, (LEAST + 1) / pace)
    assert len(counter.inside) <= MOST


def test_when_nothing_is_answered_hardly_anybody_is_let_in_and_it_comes_back() -> None:
    counter = ServedQueue()
    counter.serve(400, 10)
    for _ in range(20):
        counter.hang(WITHIN)
    assert len(counter.inside) == LEAST
    counter.serve(400, 10)
    assert len(counter.inside) == pytest.approx(400 * WITHIN * USED, rel=0.1)


def test_what_idles_says_nothing_about_the_pace() -> None:
    ran = [timedelta()]
    admission = Admission(WITHIN, lambda: ran[0])
    for _ in range(1_000):
        with admission.one() as entrance:
            ran[0] += WINDOW / 10
            entrance.is_answered = True
    assert (admission.pace, admission.under_way) == (FIRST_PACE, 0)
    assert BUSY > 1


def test_what_waits_for_its_turn_counts_though_none_of_it_has_begun() -> None:
    ran, waiting = [timedelta()], list(range(10_000))
    admission = Admission(WITHIN, lambda: ran[0])
    assert (admission.is_full(), admission.is_full(waiting)) == (False, True)
    for _ in range(1_000):  # one after the other, each at once to its end
        with admission.one(waiting) as entrance:
            ran[0] += SECOND / 50
            entrance.is_answered = True
    assert admission.pace == pytest.approx(50, rel=0.1)
    del waiting[admission.may_wait :]
    assert not admission.is_full(waiting)


@given(st.lists(st.integers(min_value=0, max_value=5_000), max_size=200))
def test_a_quota_lets_in_no_more_than_twice_its_amount_within_its_span(pauses: list[int]) -> None:
    ran, let_in = timedelta(), []
    kept = KeptQuota(Quota("network", 10, 10 * SECOND), lambda: ran)
    for pause in pauses:
        ran += timedelta(milliseconds=pause)
        wait = kept.wait("a")
        if wait is None:
            let_in.append(ran)
        else:
            assert timedelta() < wait <= SECOND
    for since in let_in:
        assert sum(since <= at < since + 10 * SECOND for at in let_in) <= 20


def test_who_waits_as_long_as_is_said_is_let_in_and_a_refusal_costs_nothing() -> None:
    ran = timedelta()
    kept = KeptQuota(Quota("network", 3, 60 * SECOND), lambda: ran)
    assert [kept.wait("a") for _ in range(3)] == [None] * 3
    waits = [kept.wait("a") for _ in range(5)]
    assert waits == [20 * SECOND] * 5
    assert kept.wait("b") is None
    ran += 20 * SECOND
    assert [kept.wait("a"), kept.wait("a")] == [None, 20 * SECOND]
    assert kept.fields(20 * SECOND) == {
        "Retry-After": "20",
        "RateLimit-Policy": '"network";q=3;w=60',
        "RateLimit": '"network";r=0;t=20',
    }


def test_no_amount_is_no_limit_and_keys_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "KEPT", 3)
    free, kept = (KeptQuota(Quota("network", amount, SECOND), lambda: SECOND) for amount in (0, 1))
    assert {free.wait("a") for _ in range(100)} == {None}
    for nth in range(5):
        kept.wait(f"host {nth}")
    assert len(kept._worn_off) == 3
