"""甄别: the written rules, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.scope import SCOPE, outside_of
from services.intake.domain.screening import REFERENCE, Signals, screen, signals_of, signals_of_addition

CLEAR = "进村的水泥路坏了一半，车过不去，请尽快修好。"
VAGUE = "一直都很不方便，希望改善一下，谢谢。"
CONTESTED = "我对一审判决不服，请你们改判。"


@pytest.mark.parametrize(
    ("title", "content", "place", "asked", "rule"),
    [
        ("道路损坏", CLEAR, "兰里镇", True, ""),
        ("道路损坏", CLEAR, "", False, ""),  # the text names a village road
        ("停电", "兰里停电了", "兰里镇", True, ""),
        ("停电", "兰里停电了", "兰里镇", False, ""),
        ("停水", "停水了", "", True, ""),  # whoever left a phone can be asked where
        ("停水", "停水了", "", False, "unclear_reference"),
        ("路灯坏了", "路灯坏了", "", True, ""),
        ("反映", "请处理。", "高村镇", True, "unclear_statement"),
        ("反映问题", "尊敬的领导，您好！请尽快处理，谢谢！", "高村镇", True, "unclear_statement"),
        ("有件事", "还是那件事。", "高村镇", False, "unclear_statement"),
        ("？？？", "。。。。。。。。。。。。。", "高村镇", True, "unclear_statement"),
        ("好", "好好好好好好好好好好好", "高村镇", True, "unclear_statement"),
        ("题" * 200, "高村镇路灯不亮。" + "字" * 20_000, "", False, ""),  # a long title hides nothing
        ("很不方便", VAGUE, "", False, "unclear_reference"),
        ("很不方便", "所以大家都觉得这种局面要组织起来改善，不省心。", "", False, "unclear_reference"),
        ("很不方便", VAGUE, "", True, ""),
        ("很不方便", VAGUE, "高村镇", False, ""),
        ("合同纠纷", "我与某公司的合同纠纷，一审判决不公，请改判。", "", True, "out_of_scope"),
        ("仲裁", "厂里的劳动仲裁正在进行，请你们重新仲裁。", "高村镇", True, "out_of_scope"),
        ("着火", "法院判决不服，我家旁边仓库起火了！", "", False, ""),  # urgent: a person looks
        ("", "救命", "", False, ""),
    ],
)
def test_a_rule_bites_or_does_not(title: str, content: str, place: str, asked: bool, rule: str) -> None:
    screening = screen(signals_of(title, content, place, can_be_asked=asked))
    assert screening.rule == rule
    assert screening.traceable == asked
    assert bool(screening.reason_zh) == bool(screening.reason_en) == bool(rule)


def test_staff_who_filed_it_can_be_asked_where_it_is_though_the_reporter_cannot() -> None:
    screening = screen(signals_of("很不方便", VAGUE, "", can_be_asked=False, filed_by_staff=True))
    assert screening.is_valid
    assert not screening.traceable, "the solved rate counts only reporters who can be asked"


@pytest.mark.parametrize(
    "named", ["高村镇", "市场街12号", "三里桥", "县医院", "县教育局", "车牌湘N12345", "302室", "村里"]
)
def test_a_place_or_unit_is_a_reference(named: str) -> None:
    assert REFERENCE.search(named)


@pytest.mark.parametrize(
    "ordinary",
    [
        "市民反映很不方便",
        "老板跑路了工资没有发",
        "欠我3000元",
        "2019年的事",
        "这个网站打不开",
        "布局不好",
        "村民都知道",
    ],
)
def test_an_everyday_word_is_none(ordinary: str) -> None:
    assert not REFERENCE.search(ordinary)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        (CONTESTED, "court"),
        ("法院判决我不服", "court"),
        ("合同纠纷已进入诉讼，请求改判", "court"),
        ("不服县法院的民事裁定", "court"),
        ("已向高院申请再审", "court"),
        ("劳动仲裁结果不公", "arbitration"),
        ("请撤销这个仲裁", "arbitration"),
        ("对一项处罚正在行政复议", "reconsideration"),
        ("行政复议期间请求停止执行", "reconsideration"),
        ("我对信访复核意见不服", "petition_review"),
        ("部队内部管理的事", "forces"),
        ("单位不服从仲裁裁决，拒不支付工资，请劳动局处理", ""),
        ("法院已判决公司付工资，公司不服也不付", ""),
        ("对方不服判决就不还钱，请督促执行", ""),
        ("法院判决书不公开", ""),
        ("业委会选举表决裁定不公", ""),
        ("低保评审一审没过，不公平", ""),
        ("正在进行行政复议培训", ""),
        ("部队内部施工噪音", ""),
        ("信访复查意见要求镇里修路，镇里没有修", ""),
        ("还没有进入诉讼，想先调解", ""),
        ("请统一审批流程，政务大厅二审窗口排队太久。", ""),
        ("工地拖欠工资，叫我去劳动仲裁，请先督促付钱。", ""),
    ],
)
def test_who_contests_a_decision_is_sent_on_and_who_won_it_is_not(said: str, rule: str) -> None:
    assert outside_of(said) == rule


def test_what_lies_outside_is_redirected_with_where_to() -> None:
    screening = screen(signals_of("", CONTESTED, "高村镇", can_be_asked=True))
    assert screening.redirected_to == "人民法院"
    assert "人民法院" in screening.reason_zh
    assert "court" in screening.reason_en
    assert screening.reason_en.isascii()


@pytest.mark.parametrize("outside", SCOPE, ids=lambda outside: outside.rule)
def test_every_row_of_the_scope_says_where_to_turn_in_both_languages(outside: object) -> None:
    signals = Signals(statement=50, has_reference=True, out_of_scope=getattr(outside, "rule", ""))
    screening = screen(signals)
    assert screening.rule == "out_of_scope"
    assert screening.redirected_to


def test_a_supplement_can_make_an_invalid_matter_valid() -> None:
    first = signals_of("反映", "请处理。", "", can_be_asked=False)
    assert screen(first).rule == "unclear_statement"
    assert screen(first.and_also(signals_of_addition(CLEAR))).is_valid


@pytest.mark.parametrize("added", ["请快点", "我很着急请尽快回复", CLEAR, CONTESTED])
def test_what_belongs_elsewhere_stays_so_whatever_else_is_added(added: str) -> None:
    outside = signals_of("", CONTESTED, "高村镇", can_be_asked=True)
    assert screen(outside.and_also(signals_of_addition(added))).rule == "out_of_scope"


@pytest.mark.parametrize(
    "added", ["我已经撤诉了", "没有打官司，只是想问一问", "我胜诉了，对方不执行", "请督促公司履行判决"]
)
def test_an_addition_that_says_why_it_belongs_here_brings_it_back(added: str) -> None:
    outside = signals_of("", CONTESTED, "高村镇", can_be_asked=True)
    assert screen(outside.and_also(signals_of_addition(added))).is_valid


@given(st.text(), st.text(), st.text(), st.booleans(), st.booleans())
def test_any_text_is_decided(title: str, content: str, place: str, asked: bool, by_staff: bool) -> None:
    signals = signals_of(title, content, place, can_be_asked=asked, filed_by_staff=by_staff)
    screening = screen(signals)
    assert screening.is_valid or screening.reason_zh
    assert not (screening.urgency and not screening.is_valid)
    assert not (screening.rule == "unclear_reference" and (asked or by_staff))
    assert screen(signals.and_also(Signals())) == screening
