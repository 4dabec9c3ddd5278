"""A clock that is wrong is seen: timers rest and the API refuses until it is right again."""

from datetime import datetime, timedelta

import httpx2
import pytest
from prometheus_client import REGISTRY

from runtime.delivery.ports import ClockWrong, Unavailable
from runtime.http.app import create_app
from runtime.process.skew import Skew, skew_of
from tests.harness import MONDAY

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


class TwoClocks:
    """The own clock, which reads as the test says, and the database's, which is always right and may be silent."""

    def __init__(self, *ahead: timedelta) -> None:
        self.ahead, self.silent = list(ahead), False

    def wall(self) -> datetime:
        return MONDAY + self.ahead[0]

    async def database(self) -> datetime:
        if self.silent:
            raise Unavailable("mongodb: silent")
        return MONDAY


@pytest.mark.parametrize(
    ("ahead", "wrong"),
    [(MINUTE, False), (MINUTE + SECOND, True), (-MINUTE, False), (-MINUTE - SECOND, True), (timedelta(days=30), True)],
)
async def test_more_than_a_minute_either_way_is_wrong(ahead: timedelta, wrong: bool) -> None:
    two = TwoClocks(ahead)
    skew = Skew(two.wall, two.database)
    await skew.look()
    assert skew.is_wrong is wrong
    assert REGISTRY.get_sample_value("duban_clock_skew_seconds") == ahead.total_seconds()


@pytest.mark.parametrize(
    ("asked", "answered", "seen"),
    [(-9, 0, 0), (0, 9, 0), (-90, 90, 0), (5, 9, 5), (-9, -5, -5), (90, -90, 0)],
)
def test_the_way_there_and_back_counts_for_nothing(asked: int, answered: int, seen: int) -> None:
    assert skew_of(MONDAY + asked * SECOND, MONDAY, MONDAY + answered * SECOND) == seen * SECOND


async def test_what_is_not_known_refuses_nobody_and_what_was_seen_last_holds() -> None:
    two = TwoClocks(timedelta(hours=1))
    skew = Skew(two.wall, two.database)
    skew.refuse_wrong()
    await skew.look()
    two.silent = True
    with pytest.raises(Unavailable):
        await skew.look()
    with pytest.raises(ClockWrong):
        skew.refuse_wrong()


async def test_an_api_whose_clock_is_wrong_says_so_and_answers_again_by_itself() -> None:
    two = TwoClocks(timedelta(hours=-2))
    skew = Skew(two.wall, two.database)
    app = create_app("clocks", _ready)
    app.state.refuse = skew.refuse_wrong
    app.get("/v1/now")(_ready)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://api") as client:
        before = await client.get("/v1/now")
        await skew.look()
        refused, live = await client.get("/v1/now"), await client.get("/live")
        two.ahead = [SECOND]
        await skew.look()
        after = await client.get("/v1/now")
    assert [each.status_code for each in (before, refused, live, after)] == [200, 503, 200, 200]
    assert (refused.json()["type"], refused.headers["Retry-After"]) == ("clock_wrong", "60")


async def _ready() -> bool:
    return True
