"""Ticket ids, registration numbers, query codes."""

import contextlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from contracts.identifiers import (
    ALIKE,
    CROCKFORD,
    ID_IN_NUMBER,
    READ_AS_A_FLOAT,
    NumberMalformed,
    clear_ticket_id,
    code_digest,
    code_matches,
    crockford,
    keyed,
    number_of,
    parse_code,
    parse_number,
    prefix_of,
    query_code,
    spoken,
    ticket_id,
)
from tests.variants import variants

SECRET = b"s" * 32
TICKET = ticket_id(SECRET, "web", "", "7f9c2ba4-e88f-4d3e-a1b0-000000000001")
NUMBER = number_of(TICKET, "431226")
tickets = st.text(alphabet=CROCKFORD, min_size=26, max_size=26)
divisions = st.text(alphabet=string.digits, min_size=6, max_size=6)
LOOK_ALIKE = ({"0", "O"}, {"1", "I", "L"})


def _alike(one: str, other: str) -> bool:
    return one == other or any({one, other} <= each for each in LOOK_ALIKE)


def test_an_id_is_26_characters_and_the_same_for_ever() -> None:
    assert TICKET == "B6EZDCQCCKS21YAEVH1H8KR33Z"
    assert NUMBER == "431226B6EZDCQCCKS2S"


@pytest.mark.parametrize("key", ["192539", "396098", "1352333"])  # the first of 1.4 million whose draw is such
def test_no_spreadsheet_takes_a_registration_number_for_a_float(key: str) -> None:
    assert set(crockford(keyed(SECRET, "web", "", key), ID_IN_NUMBER)) <= set(READ_AS_A_FLOAT)
    drawn = ticket_id(SECRET, "web", "", key)
    assert not set(drawn[:ID_IN_NUMBER]) <= set(READ_AS_A_FLOAT)
    assert drawn == ticket_id(SECRET, "web", "", key)
    with pytest.raises(ValueError, match="could not convert"):
        float(number_of(drawn, "431226"))


@given(st.text(), st.text(), st.text(), st.integers(0, 5), st.integers(0, 5))
def test_ids_of_other_parts_differ_even_when_the_parts_join_alike(a: str, b: str, c: str, i: int, j: int) -> None:
    joined = a + b + c
    one, other = (joined[:i], joined[i:], ""), (joined[:j], joined[j:], "")
    assert (ticket_id(SECRET, *one) == ticket_id(SECRET, *other)) == (one == other)


def test_parts_are_separated_by_their_lengths() -> None:
    assert keyed(SECRET, "ab", "c") != keyed(SECRET, "a", "bc")
    assert keyed(SECRET, "ab", "c") == keyed(SECRET, b"ab", b"c")


@given(tickets, divisions)
def test_a_number_is_valid_by_the_standard_and_comes_back_however_it_is_read_out(ticket: str, division: str) -> None:
    number = number_of(ticket, division)
    assert mod_37_36.is_valid(number)
    assert parse_number(number) == number
    assert parse_number(spoken(number).lower()) == number
    assert parse_number(number.replace("0", "o").replace("1", "l")) == number
    assert parse_number("".join(chr(ord(character) + 0xFEE0) for character in number)) == number
    assert ticket.startswith(prefix_of(number))


@given(st.uuids().map(str), divisions, st.integers(0, 18), st.sampled_from(CROCKFORD))
def test_one_wrong_character_is_found_in_every_number_that_is_given_out(
    key: str, division: str, at: int, wrong: str
) -> None:
    number = number_of(clear_ticket_id(SECRET, "web", "", key, division), division)
    typed = number[:at] + wrong + number[at + 1 :]
    assert number[-1] not in ALIKE
    if typed != number:
        with pytest.raises(NumberMalformed):
            parse_number(typed)


@given(st.uuids().map(str), divisions)
def test_a_key_keeps_its_id_unless_its_number_would_end_in_what_looks_like_another(key: str, division: str) -> None:
    first, clear = ticket_id(SECRET, "web", "", key), clear_ticket_id(SECRET, "web", "", key, division)
    assert (first == clear) == (number_of(first, division)[-1] not in ALIKE)
    assert clear == clear_ticket_id(SECRET, "web", "", key, division)


@given(tickets, divisions, st.integers(0, 17), st.sampled_from(CROCKFORD))
def test_one_wrong_character_is_found_in_nearly_all_that_were_given_out_before(
    ticket: str, division: str, at: int, wrong: str
) -> None:
    number = number_of(ticket, division)
    typed = number[:at] + wrong + number[at + 1 :]
    if typed == number or (at < 6 and not wrong.isdigit()):
        return
    expected = str(mod_37_36.calc_check_digit(typed[:-1]))
    if _alike(expected, number[-1]):
        return  # O and 0, I and 1 sound and look alike: they are taken for one another, in 6 of 1000 numbers
    with pytest.raises(NumberMalformed):
        parse_number(typed)


@given(tickets, divisions)
def test_a_number_and_a_code_are_read_alike_in_every_variant(ticket: str, division: str) -> None:
    number, code = number_of(ticket, division), query_code(SECRET, ticket, "body")
    assert {how: parse_number(text) for how, text in variants(spoken(number)) if parse_number(text) != number} == {}
    assert {how: text for how, text in variants(f"{code[:5]}–{code[5:]}") if parse_code(text) != parse_code(code)} == {}


@pytest.mark.parametrize(
    "text", ["", "431226", NUMBER[:-1], NUMBER + "0", "X" + NUMBER[1:], "٤" + NUMBER[1:], "*" * 19]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NumberMalformed):
        parse_number(text)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with contextlib.suppress(NumberMalformed):
        assert mod_37_36.is_valid(parse_number(text))


def test_a_code_depends_on_the_body_and_the_voter() -> None:
    codes = {query_code(SECRET, TICKET, body, voter) for body in ("a", "b") for voter in range(51)}
    assert len(codes) == 102
    assert {len(code) for code in codes} == {10}


def test_a_code_matches_its_digest_however_it_is_typed() -> None:
    code = query_code(SECRET, TICKET, "body")
    digest = code_digest(SECRET, TICKET, code)
    assert code not in digest
    assert code_matches(SECRET, TICKET, f" {code[:5].lower()}-{code[5:]} ", digest)
    assert not code_matches(SECRET, TICKET, code[:-1], digest)
    assert not code_matches(SECRET, "another", code, digest)
    assert not code_matches(b"t" * 32, TICKET, code, digest)


@given(st.text())
def test_any_text_may_be_typed_as_a_code(text: str) -> None:
    assert not code_matches(SECRET, TICKET, text, code_digest(SECRET, TICKET, "NOT-SO"))
    assert not parse_code(text).count(" ")
