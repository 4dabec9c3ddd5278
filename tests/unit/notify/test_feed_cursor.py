"""Cursors of the feed: whole or refused, short, and nothing that somebody could make up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.feed_cursor import FURTHEST, LONGEST, FeedCursor, FeedCursorMalformed, parse_cursor

PARTITIONS = 64
LOWEST = st.integers(0, 2**40)
VECTORS = st.tuples(LOWEST, st.lists(st.integers(0, 2**FURTHEST - 1), min_size=PARTITIONS, max_size=PARTITIONS)).map(
    lambda drawn: tuple(drawn[0] + each for each in drawn[1])
)
CURSOR = FeedCursor(3, tuple(range(100, 100 + PARTITIONS)))


@given(offsets=VECTORS, epoch=st.integers(1, 2**32 - 1))
def test_a_cursor_is_read_as_it_was_written_and_is_short(offsets: tuple[int, ...], epoch: int) -> None:
    text = FeedCursor(epoch, offsets).text()
    assert len(text) <= LONGEST
    assert parse_cursor(text, PARTITIONS) == FeedCursor(epoch, offsets)


@given(text=st.text(max_size=320))
def test_no_text_is_read_as_a_cursor_by_chance(text: str) -> None:
    with pytest.raises(FeedCursorMalformed):
        parse_cursor(text, PARTITIONS)


@pytest.mark.parametrize("cut", range(1, len(CURSOR.text()), 7))
def test_a_cut_cursor_is_refused(cut: int) -> None:
    with pytest.raises(FeedCursorMalformed):
        parse_cursor(CURSOR.text()[:cut], PARTITIONS)


@given(at=st.integers(0, len(CURSOR.text()) - 2), letter=st.sampled_from("AZaz09-_"))
def test_a_changed_cursor_is_refused(at: int, letter: str) -> None:
    """Of the last letter not all bits are used, so another one may stand for the same."""
    text = CURSOR.text()
    changed = text[:at] + letter + text[at + 1 :]
    if changed != text:
        with pytest.raises(FeedCursorMalformed):
            parse_cursor(changed, PARTITIONS)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no base64url"),
        ("A" * (LONGEST + 1), "too long"),
        (CURSOR.text() + "\n", "no base64url"),
        (FeedCursor(1, tuple(range(40))).text(), "another form"),
        (FeedCursor(1, (2**64 - 1,) * PARTITIONS).text(), "negative or impossible"),
    ],
    ids=["empty", "long", "newline", "of other partitions", "negative"],
)
def test_what_is_wrong_is_said(text: str, why: str) -> None:
    with pytest.raises(FeedCursorMalformed, match=why):
        parse_cursor(text, PARTITIONS)


def test_partitions_too_far_apart_are_not_written_wrongly() -> None:
    with pytest.raises(OverflowError):
        FeedCursor(1, (0,) * 63 + (2**FURTHEST,)).text()
