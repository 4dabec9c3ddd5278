"""Classification by the lexicon (B1): clear only when it leads, explained by the words that matched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing import packaged
from services.routing.domain.categories import Classification, Lexicon, classify
from services.routing.ports import Text

KINDS = packaged.kinds()
LEXICON = Lexicon({"water": (("W", 1.0),), "road": (("R", 1.0),), "please": (("P", 0.4),)})


def spoken(title: str = "", content: str = "", hint: str = "") -> Classification:
    return classify(title, content, hint, LEXICON, lambda text: [w for w in text.split() if w in LEXICON.weights])


def test_the_taxonomy_is_broad_and_has_two_levels() -> None:
    minors = [each for each in KINDS.all() if "." in each.code]
    majors = {each.code for each in KINDS.all() if "." not in each.code}
    assert len(minors) >= 40
    assert {each.code.split(".")[0] for each in minors} == majors
    assert len(KINDS.words()) >= 300
    assert all(each.zh and each.en for each in KINDS.all())


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("自来水停水三天", "WTR.01"),
        ("路燈不亮", "URB.06"),
        ("工地拖欠农民工工资", "LAB.01"),
        ("楼上广场舞噪音扰民", "ENV.01"),
        ("低保申请没有答复", "CIV.01"),
    ],
)
def test_a_plain_title_is_classed(title: str, code: str) -> None:
    found = KINDS.classify(Text(title=title))
    assert (found.code, found.clear) == (code, True)
    assert found.words


def test_the_reporters_hint_counts_by_code_and_by_name() -> None:
    for hint in ("WTR.01", "供水"):
        assert KINDS.classify(Text(title="三天了没人管", hint=hint)).code == "WTR.01"


def test_a_word_in_the_title_outweighs_one_in_the_text() -> None:
    found = spoken("water", "road")
    assert (found.code, found.clear, found.words, found.runners_up) == ("W", True, ("water",), ("R",))


def test_equal_words_are_not_clear_and_name_the_runner_up() -> None:
    found = spoken("water road")
    assert (found.clear, {found.code, *found.runners_up}) == (False, {"W", "R"})
    assert 0.5 <= found.confidence < 0.6


def test_a_passing_mention_is_not_clear() -> None:
    assert not spoken("", "please").clear
    assert spoken() == Classification()


def test_repeating_oneself_counts_at_most_three_times() -> None:
    assert spoken("", "water " * 3).confidence == spoken("", "water " * 50).confidence
    assert spoken("", "water " * 50 + "road " * 3).confidence == spoken("", "water road " * 3).confidence


@given(st.lists(st.sampled_from(["water", "road", "please", "other"]), max_size=12).map(" ".join))
def test_what_is_clear_leads_and_is_explained(text: str) -> None:
    found = spoken("", text)
    assert not found.clear or found.confidence > 0.5
    assert bool(found.code) == bool(found.words)
    assert found.code not in found.runners_up
