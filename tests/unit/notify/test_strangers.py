"""Strangers who were named at the public door: asked once, a few at a time; all else they hear once they confirm."""

from datetime import timedelta

import pytest

from services.notify.domain.deliveries import NAMED_AT_ONCE, SEAT_NAMED
from services.notify.ports import NAMED_AN_HOUR
from tests.facts.intake import withdrawn
from tests.harness import fact
from tests.unit.notify.matters import Desktop, assigned, completed, crowd
from tests.unit.notify.said import after, seat_confirmed, struck_off, with_strangers

NETWORK = {"named_from": "a network"}
HOUR = timedelta(hours=1)


@pytest.fixture
def desk() -> Desktop:
    return Desktop()


def strangers(count: int) -> tuple[dict[str, str], ...]:
    """A filer, and so many whom the filer named."""
    filer, *named = crowd(1 + count)
    return (filer, *(each | NETWORK for each in named))


def asked(desk: Desktop) -> set[str]:
    """Addresses of those who were asked to confirm."""
    return {each.address for each in desk.sms.sent.values() if "共同反映人" in each.text}


def test_fifty_who_were_named_are_not_fifty_who_are_written_to() -> None:
    post = after(with_strangers(50))
    assert [(each.person, each.kind) for each in post.items] == [
        (0, "registered"),
        *((nth, SEAT_NAMED) for nth in range(1, 1 + NAMED_AT_ONCE)),
    ]


def test_who_has_not_confirmed_hears_of_nothing_else() -> None:
    post = after(with_strangers(50), assigned(), completed(), struck_off(), fact(withdrawn(), producer="feedback"))
    assert {each.kind for each in post.items if each.person > 0} == {SEAT_NAMED}
    assert {each.kind for each in post.items if each.person == 0} > {"registered", "assigned", "evaluate"}


def test_each_who_confirms_is_told_like_the_filer_and_lets_one_more_in() -> None:
    post = after(with_strangers(50), seat_confirmed(2), seat_confirmed(2), assigned())
    assert sorted(each.person for each in post.items if each.kind == SEAT_NAMED) == [1, 2, 3, 4]
    assert sorted(each.person for each in post.items if each.kind == "assigned" and each.audience == "reporter") == [
        0,
        2,
    ]


def test_what_was_not_asked_yet_is_dropped_when_the_matter_is_withdrawn() -> None:
    post = after(with_strangers(2), fact(withdrawn(), producer="feedback"))
    assert {each.state for each in post.items if each.kind == SEAT_NAMED} == {"dropped"}


async def test_a_stranger_reads_who_asks_what_and_the_own_code(desk: Desktop) -> None:
    await desk.told(with_strangers(1), people=strangers(1))
    await desk.deliver()
    (text,) = [each.text for each in desk.sms.sent.values() if each.address in asked(desk)]
    assert "QUERYCODE1" in text
    assert "不确认，不计入，也不再通知您" in text


async def test_a_network_names_three_an_hour_whatever_it_files_and_whoever_sends(desk: Desktop) -> None:
    await desk.told(with_strangers(2), people=strangers(2))
    await desk.deliver()
    for nth in range(4):
        await desk.restarted().sweep()
        await told_of_another(desk, f"{nth:026d}")
        await desk.deliver()
    assert len(asked(desk)) == NAMED_AN_HOUR
    desk.stage.pass_time(HOUR)
    await desk.restarted().sweep()
    assert len(asked(desk)) == 2 * NAMED_AN_HOUR


async def test_who_waits_for_the_next_hour_goes_by_itself(desk: Desktop) -> None:
    for nth in range(NAMED_AN_HOUR + 1):
        await told_of_another(desk, f"{nth:026d}")
    await desk.deliver()
    before = len(asked(desk))
    desk.stage.pass_time(HOUR)
    await desk.deliver()
    assert (before, len(asked(desk))) == (NAMED_AN_HOUR, NAMED_AN_HOUR + 1)


async def test_a_place_of_the_hour_is_kept_for_what_a_dead_process_had_begun(desk: Desktop) -> None:
    wall = desk.stage.clock.wall()
    assert [await desk.outbox.may_name("n", ref, wall) for ref in ("a", "b", "c", "d", "a")] == [True] * 3 + [
        False,
        True,
    ]


async def told_of_another(desk: Desktop, ticket: str) -> None:
    """One more matter of the same network, with one stranger of its own."""
    phone = {"phone": f"137{ticket[-8:]}"}
    filer, named = strangers(1)
    await desk.told_as(with_strangers(1), ticket, (filer, named | phone))
