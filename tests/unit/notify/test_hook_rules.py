"""The rules of webhooks: when again, when no more, and where never."""

from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.hook_addresses import AddressRefused, chosen, parsed_url, refuse_by_name
from services.notify.domain.hooks import (
    ACTIVE,
    DISABLED,
    FAILURES,
    GIVEN_UP_AFTER,
    GONE,
    RESTING,
    RETRIES,
    SPREAD,
    UNCONFIRMED,
    HookAnswer,
    ReceiverState,
    wait_after,
)
from tests.harness import MONDAY

GOOD, BAD = HookAnswer(204), HookAnswer(500)
NAMED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def after(state: ReceiverState, *answers: HookAnswer, every: timedelta = timedelta(seconds=1)) -> ReceiverState:
    for nth, answer in enumerate(answers):
        state = state.after(answer, MONDAY + nth * every)
    return state


@given(tries=st.integers(1, 200), chance=st.floats(0, 1))
def test_a_wait_is_that_of_the_table_give_or_take_a_fifth(tries: int, chance: float) -> None:
    usual = RETRIES[min(tries, len(RETRIES)) - 1]
    assert usual * (1 - SPREAD) <= wait_after(tries, chance) <= usual * (1 + SPREAD)


def test_five_failures_in_a_row_let_it_rest_and_one_success_wakes_it() -> None:
    active = after(ReceiverState(), GOOD)
    assert active.state == ACTIVE
    assert after(active, *[BAD] * (FAILURES - 1)).state == ACTIVE
    assert after(active, *[BAD] * (FAILURES - 1), GOOD, *[BAD] * (FAILURES - 1)).state == ACTIVE
    resting = after(active, *[BAD] * FAILURES)
    assert (resting.state, resting.since, resting.why) == (RESTING, MONDAY, "500")
    assert after(resting, GOOD).state == ACTIVE


def test_after_three_days_without_success_it_is_given_up() -> None:
    active = after(ReceiverState(), GOOD)
    assert after(active, *[BAD] * FAILURES, BAD, every=GIVEN_UP_AFTER / 6).state == RESTING
    assert after(active, *[BAD] * (FAILURES + 2), every=GIVEN_UP_AFTER / 6).state == DISABLED


def test_gone_is_gone_until_a_ping_is_answered() -> None:
    gone = after(ReceiverState(), GOOD, HookAnswer(410))
    assert (gone.state, gone.takes) == (GONE, False)
    assert after(gone, BAD, BAD).state == GONE
    assert after(gone, GOOD).state == ACTIVE


def test_nothing_is_queued_before_something_was_answered() -> None:
    assert not ReceiverState().takes
    assert after(ReceiverState(), *[BAD] * 50).state == UNCONFIRMED


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1",
     "2001:0:a00:1::"],
)  # fmt: skip
def test_nothing_is_sent_into_the_inside(address: str) -> None:
    with pytest.raises(AddressRefused, match="address_refused"):
        chosen([ip_address(address)], (), is_plain=False)
    with pytest.raises(AddressRefused, match="address_refused"):
        chosen([ip_address("8.8.8.8"), ip_address(address)], (), is_plain=False)


def test_a_public_address_is_taken_and_a_private_one_that_an_operator_named() -> None:
    assert str(chosen([ip_address("8.8.8.8")], (), is_plain=False)) == "8.8.8.8"
    assert str(chosen([ip_address("10.1.2.3"), ip_address("8.8.8.8")], NAMED, is_plain=False)) == "10.1.2.3"
    assert str(chosen([ip_address("::ffff:10.0.0.1")], NAMED, is_plain=True)) == "10.0.0.1"


@pytest.mark.parametrize("addresses", [["8.8.8.8"], ["10.1.2.3", "8.8.8.8"]])
def test_without_tls_only_into_what_an_operator_named(addresses: list[str]) -> None:
    with pytest.raises(AddressRefused, match="https_needed"):
        chosen([ip_address(each) for each in addresses], NAMED, is_plain=True)


def test_a_name_that_nobody_knows_is_said_to_be_one() -> None:
    with pytest.raises(AddressRefused, match="name_unknown"):
        chosen([], NAMED, is_plain=False)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "url_malformed"),
        ("example.org", "url_malformed"),
        ("https://", "url_malformed"),
        ("https://user:secret@example.org/", "url_malformed"),
        ("https://example.org/#part", "url_malformed"),
        ("https://exa mple.org/", "url_malformed"),
        ("https://example.org:99999/", "url_malformed"),
        ("https://example.org/" + "a" * 500, "url_malformed"),
        ("ftp://example.org/", "https_needed"),
        ("http://example.org/", "https_needed"),
        ("https://127.0.0.1/", "address_refused"),
        ("https://[::1]/", "address_refused"),
        ("https://10.0.0.1/", "address_refused"),
    ],
)
def test_a_url_that_no_webhook_may_have(url: str, code: str) -> None:
    with pytest.raises(AddressRefused, match=code):
        refuse_by_name(parsed_url(url), ())


@given(text=st.text(max_size=60))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    with suppress(AddressRefused):
        assert parsed_url(text).hostname
