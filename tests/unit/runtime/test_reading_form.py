"""The reading form (C): one fold for names and texts, and the way back to what was written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from runtime.reading_form import fold, traced
from tests.variants import TRADITIONAL, variants

ANYTHING = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=st.characters(max_codepoint=0x3400), max_size=12),
    st.text(alphabet="水 \n\u200b\u0301aAé①１⻓\u3000\u00a0İΣςß\u0345ｶﾞ각ᄀ가\u1161", max_size=10),
)
GB_2312 = "".join(
    bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("⿇阳县⾼村镇停⽔", "麻阳县高村镇停水"),
        ("⻓沙市⾬花区", "长沙市雨花区"),
        ("施⼯噪⾳扰⺠", "施工噪音扰民"),
        ("停\u200b水了", "停水了"),
        ("\ufeff停\u00ad水\ufe0f", "停水"),
        ("我家着 火 了", "我家着火了"),
        ("１０路公交", "10路公交"),
        ("10 路 WiFi 坏了", "10路wifi坏了"),
        ("路灯不亮\u3000", "路灯不亮"),
        ("東莞市東城街道", "东莞市东城街道"),
        ("睡著了，瞭解一下，回覆", "睡着了,了解一下,回复"),
        ("乾县", "干县"),
        ("停水 ， 三天 。 谢谢", "停水,三天。谢谢"),
        ("a\u00a0\u2009 b", "a b"),
        ("第一行 \r\n\r\n 第二行\u2028", "第一行\n第二行"),
        ("1️⃣3️⃣𝟗①⑨", "13919"),
        ("ＫＴＶ ßΣς", "ktv ssσσ"),
        ("", ""),
    ],
)
def test_what_looks_or_means_the_same_is_read_alike(written: str, read: str) -> None:
    assert fold(written) == read


def test_every_radical_with_an_ideograph_is_read_as_it() -> None:
    kept = [chr(code) for code in (*range(0x2E81, 0x2EF4), *range(0x2F00, 0x2FD6)) if fold(chr(code)) == chr(code)]
    assert kept == ["\u2e9a"]  # not assigned


@pytest.mark.parametrize("variant", TRADITIONAL)
def test_what_opencc_writes_in_traditional_is_read_as_it_was(variant: str) -> None:
    write = OpenCC(variant).convert
    assert len(GB_2312) == 6763
    assert [char for char in GB_2312 if fold(write(char)) != fold(char)] == []


def test_what_opencc_reads_as_simplified_is_read_so_here() -> None:
    simplify = OpenCC("t2s").convert
    usual = [(char, simplify(char)) for char in map(chr, range(0x4E00, 0xA000)) if simplify(char) < "\U00010000"]
    assert [char for char, simple in usual if fold(simple) != fold(char)] == []


@given(ANYTHING)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANYTHING, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_no_form_of_unicode_nor_case_makes_a_difference(text: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, text)) == fold(text)  # type: ignore[arg-type]
    assert fold(text.lower()) == fold(text)


@given(st.text(alphabet="我家停水着火了麻阳县长沙东门后面里干10路KTV，：（）！a", max_size=30))
def test_variants_of_a_text_are_one_text(text: str) -> None:
    assert {how: fold(each) for how, each in variants(text)} == dict.fromkeys(dict(variants(text)), fold(text))


@given(ANYTHING)
def test_each_character_read_stands_in_the_original_and_in_order(text: str) -> None:
    form = traced(text)
    spans = [form.original_span(at, at + 1) for at in range(len(form.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    ("written", "found", "shown"),
    [
        ("我家着 \u200b火 了", "着火", "着 \u200b火"),
        ("在⻓ 沙市。", "长沙市", "⻓ 沙市"),
        ("㎡停水", "停水", "停水"),
        ("50㎡停水", "m2", "㎡"),
        ("a é！水", "é!", "é！"),
        ("停水\r\n\r\n麻阳", "麻阳", "麻阳"),
    ],
)
def test_what_was_found_is_shown_as_it_was_written(written: str, found: str, shown: str) -> None:
    form = traced(written)
    start = form.text.index(found)
    assert form.shown(start, start + len(found)) == shown


@given(ANYTHING)
def test_an_empty_span_is_empty_in_the_original(text: str) -> None:
    form = traced(text)
    assert {form.shown(at, at) for at in range(len(form.text) + 1)} == {""}
