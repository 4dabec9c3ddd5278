"""Provinces, prefectures and counties are found under every name that converters between scripts give them."""

from collections.abc import Iterator

import pytest
from opencc import OpenCC

from contracts import divisions
from contracts.divisions import trim
from runtime.reading_form import fold
from services.routing.adapters import packaged

PLACES = packaged.places()
WAYS = (("s2t", "t2s"), ("s2tw", "tw2s"), ("s2hk", "hk2s"), ("s2twp", "tw2sp"))
COUNTY = 6  # digits of its code


def converted(there: str, back: str) -> Iterator[tuple[str, str]]:
    """Other words that a name becomes, there or there and back, and the code of whose name it is."""
    ways = OpenCC(there).convert, OpenCC(back).convert
    for code, name in divisions.rows():
        for seen in {ways[0](name), ways[1](ways[0](name))}:
            if len(trim(code)) <= COUNTY and fold(seen) != fold(name):
                yield seen, code


@pytest.mark.parametrize(("there", "back"), WAYS)
def test_a_converted_name_stands_for_the_place_it_was(there: str, back: str) -> None:
    """OpenCC takes parts of names for words: 布尔津, as Boolean is 布林; 蚌埠, a computer's port; 哈萨克, the state."""
    wrong = {seen: code for seen, code in converted(there, back) if PLACES.resolve("", (), seen).code != trim(code)}
    assert wrong == {}


def test_the_words_of_taiwan_change_names() -> None:
    """Else the test above looks at nothing."""
    assert {"布林津縣", "蚌端口市", "伊犁哈萨克斯坦自治州"} <= {seen for seen, _ in converted("s2twp", "tw2sp")}
