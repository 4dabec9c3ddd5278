"""What is searched for is found, however it is typed and wherever it stands; what is hidden is not."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runtime.reading_form import fold
from services.portal.reading.search import wording
from services.portal.reading.ticket.document import WORDS_LISTED, scrubbed
from services.portal.reading.ticket.masking import mask
from services.portal.reading.ticket.searchable import SEARCHED_AT_MOST, searchable
from tests.unit.portal.tickets import a_ticket

LONG = "水" * WORDS_LISTED
MATTER = {
    "title": "10路公交 不报站，WiFi 也断了",
    "content": f"⻓江路的路灯不亮\n请尽快维修。{LONG}末尾提到红绿灯，扣了1,200元，联系人张小明 13912345678",
    "place": "麻阳县高村镇锦江路12号",
    "category_said": "公共设施",
}


@pytest.mark.parametrize(
    "typed",
    [
        "路灯 维修",
        "维修 路灯",
        "维修　路灯",
        "维修\u00a0路灯",
        "维修，路灯",
        "维修、路灯；公交",
        "路灯不亮 ",
        " 路灯",
        "１０路公交",
        "10 路",
        "wifi",
        "ＷＩＦＩ",
        "路燈",
        "紅綠燈",
        "长江路",
        "⻓江路",
        "路\u200b灯",
        "不亮 请尽快",
        "亮请",
        "红绿灯",
        "1,200元",
        "高村镇",
        "高村鎮 红绿灯 wifi",
        "公共设施",
        "139******78",
        "张某某",
        "\u200b",
        "",
    ],
)
def test_words_are_found_in_any_order_script_width_and_case_all_over_the_matter(typed: str) -> None:
    assert wording.fits(a_ticket(**MATTER), typed)


@pytest.mark.parametrize(
    "typed",
    ["路灯 停水", "停水", "张小明", "13912345678", "１３９１２３", "联系人张小", "锦江路12", "10路公交\u0000x", ".*"],
)
def test_what_is_not_there_or_is_hidden_is_not_found(typed: str) -> None:
    assert not wording.fits(a_ticket(**MATTER), typed)


@pytest.mark.parametrize(("typed", "is_found"), [("路灯 不亮", True), ("WiFi", True), ("红绿灯", False)])
def test_a_document_of_an_earlier_build_is_found_by_what_lists_show(typed: str, is_found: bool) -> None:
    old = replace(a_ticket(**MATTER), searched="")
    assert wording.fits(old, typed) is is_found


def test_nothing_is_found_in_what_was_erased() -> None:
    erased = scrubbed(a_ticket(**MATTER))
    assert (erased.searched, wording.fits(erased, "路灯"), wording.fits(erased, "高村镇")) == ("", False, False)


def test_the_longest_matter_is_searched_to_its_end_and_a_longer_one_is_bounded() -> None:
    longest = a_ticket(title="题" * 200, content="水" * 20_000, place="村" * 199 + "尾", category_said="类" * 200)
    assert wording.fits(longest, "村尾 类类")
    assert len(searchable("水" * 100_000)) == SEARCHED_AT_MOST


PIECES = st.lists(st.sampled_from((*"路灯不亮三天WiFi０１５车輛紅⻓，。", " ", "\n", "\u3000", "\u200b")), max_size=40)


@given(PIECES.map("".join), st.randoms(use_true_random=False), st.sampled_from((str, str.upper, str.lower, fold)))
def test_every_word_that_was_written_is_found_again(text: str, random: Random, variant: Callable[[str], str]) -> None:

    assume(mask(text) == text)
    words = text.split()
    random.shuffle(words)
    assert wording.fits(a_ticket(content=text), " ".join(map(variant, words)))


def test_a_word_that_is_typed_twice_is_asked_for_once() -> None:
    assert len(wording.words_of("路灯 路燈 路灯 维修")) == 2
