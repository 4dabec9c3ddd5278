"""Half a character in JSON: what is left of an emoji that a program cut in two."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.http.bodies import without_halves

HALVES = ["\ud83d", "\udc4d", "\ud800", "\udfff"]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (rb'"\ud83d"', "\ufffd"),
        (rb'"\uD83D\uDC4D"', "👍"),
        (rb'"\udc4d\ud83d"', "\ufffd\ufffd"),
        (rb'"\ud83d\ud83d\udc4d"', "\ufffd👍"),
        (rb'"\\ud83d"', "\\ud83d"),
        (rb'"\\\ud83d"', "\\\ufffd"),
        (rb'"\n\ud83d\"\u4e00"', '\n\ufffd"一'),
    ],
)
def test_a_half_is_replaced_and_nothing_else(sent: bytes, read: str) -> None:
    assert orjson.loads(without_halves(sent)) == read


@given(
    st.lists(st.sampled_from([*HALVES, "👍", "\\", "\\u", "d83d", '"', "字", "\n"]) | st.text(max_size=3)).map("".join)
)
def test_any_text_is_read_with_its_halves_replaced(text: str) -> None:
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    read = "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in whole)
    assert orjson.loads(without_halves(json.dumps(text).encode())) == read


@given(st.binary(max_size=40))
def test_what_is_no_json_is_left_to_the_parser(anything: bytes) -> None:
    assert without_halves(anything) == anything or rb"\u" in anything
