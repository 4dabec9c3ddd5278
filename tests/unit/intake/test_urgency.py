"""特急: what happens now is urgent, however it is said; what was, might be or is only talked about is not."""

import pytest

from runtime.reading_form import fold
from services.intake.domain.screening import screen, signals_of, signals_of_addition
from services.intake.domain.urgency.judgement import LONG, UNLISTED, judge
from services.intake.domain.urgency.sign import Level
from services.intake.domain.urgency.signs import SIGNS

DANGERS = {
    "fire": (
        "我家着火了，快来人",
        "失火",
        "5号楼302起火了",
        "12栋501起火",
        "曾家村仓库起火了",
        "我们楼下的仓库现在起火了！",
        "发生一起火灾",
        "5号楼302起火灾了",
        "山上着了大火",
        "楼道冒浓烟",
        "培训学校起火了",
        "保险公司楼下着火了",
        "有隐患的电线起火了快来",
        "电动车自燃",
    ),
    "gas": (
        "天然气泄漏",
        "天然气泄露",
        "液化气泄漏",
        "煤气泄露了",
        "煤气泄漏没有人管",
        "施工挖断管道导致燃气泄漏，闻到很浓的气味",
        "小区燃气泄漏问题一直没人来",
        "可能煤气泄漏了",
        "闻到很重的煤气味",
        "煤气罐漏气了",
    ),
    "explosion": ("隔壁厂里爆炸了", "变压器炸了", "煤气罐爆炸伤了人"),
    "chemical": ("化工厂氨气泄漏", "油罐车侧翻在国道上", "有人往井里投毒"),
    "collapse": ("房子塌了压到人", "工地脚手架垮了", "桥塌了", "刚刚倒塌，有人被埋"),
    "landslide": ("连日大雨，屋后山体滑坡，路断了", "泥石流冲下来了"),
    "flood": ("山洪来了", "洪水进村了", "大堤决堤"),
    "drowning": ("有人落水了", "三个孩子掉进水库", "有人跳河", "小孩掉进化粪池"),
    "electricity": ("高压线掉下来了", "电线断了掉在地上", "路灯漏电，狗被电死", "电线杆倒了"),
    "trapped": ("老人被困电梯", "电梯突然困人", "两个人困在山里"),
    "violence": (
        "有人砍人",
        "曾某持刀在校门口砍人",
        "保险公司门口有人持刀",
        "有人持刀追我我很害怕快来",
        "隔壁有人持刀威胁，多次打电话无人来",
        "扬言要杀我全家",
        "门口打群架",
        "有人拿着菜刀",
    ),
    "self_harm": ("有人喝农药了", "有人要轻生站在楼顶", "有人站在桥边要跳", "我妈说不想活了"),
    "missing": ("老人被拐走了", "孩子走失两个小时", "奶奶从早上就不见了"),
    "poisoning": ("食堂吃了饭，多名学生呕吐", "疑似食物中毒", "一家三口一氧化碳中毒", "突发疫情"),
    "mine": ("矿井透水", "矿难"),
    "traffic": ("校车翻了", "大巴掉进沟里", "刚刚发生车祸"),
    "water_cut": ("断水五天", "断水已经3天了", "断水三天"),
    "unrest": ("村口聚众堵路", "一群人围堵派出所", "发生群体性事件"),
    "security": ("有人放了炸弹", "墙上贴了反动标语"),
    "life": ("老人昏迷不醒", "救命啊", "工地上出了人命", "现场有伤亡", "人快不行了"),
}
HARMLESS = (
    "消防通道被占，一旦起火后果不堪设想",
    "电动车在楼道充电，存在火灾隐患",
    "坡顶松动，容易引发滑坡",
    "去年发生过火灾，至今没有整改",
    "所幸没有造成人员伤亡",
    "没有人员伤亡",
    "疫情期间的补贴一直没有发",
    "路太窄，上下班天天堵路",
    "和一起火锅店的噪音有关",
    "包工头玩失踪，工资没有着落",
    "开发商失踪了，房子没人管",
    "一年发生三次火灾的小区",
    "一个月5起火灾",
    "电脑中毒了",
    "滑坡路段路灯不亮",
    "2019年火灾补偿款未到",
    "火灾事故责任认定不服",
    "危房随时可能倒塌",
    "墙塌了半年没人修",
    "八组灌溉渠道垮塌",
    "热水器打不着火",
    "家里失火后盼望临时救助",
    "危房临街，掉瓦砸到过人",
    "厂里天天冒黑烟",
    "多年被困扰",
    "雨棚落水管坏了",
    "家里的狗走失了",
    "商场跳楼价促销是假的",
    "救命钱被扣",
    "防溺水宣传牌倒了",
    "有人乱砍树木",
    "邻居砍我家的竹林",
    "消防演练影响休息",
    "漏电保护器没装",
    "怕有人触电",
    "大风吹断树枝，早晚会出人命",
    "学生证丢了补办难",
    "燃气压力太大",
    "消防知识讲座什么时候办火灾专场",
    "只许州官放火",
)
CASES_SILENT = (
    "幸无生命危险",
    "笑死人了",
    "工厂效益滑坡",
    "昨天夜里起火已经扑灭",
    "不可抗力包括战争、骚乱",
    "没有倒塌的那几户",
)
CASES_ALARM = (
    "路面突然塌陷一个大坑，车掉进去了",
    "井盖没了，刚才有个孩子掉进去",
    "有人晕倒了",
    "有人在桥上要跳",
    "停水五天了",
)


def level_of(text: str) -> Level:
    return judge(fold(text)).level


@pytest.mark.parametrize("said", [said for each in DANGERS.values() for said in each])
def test_what_happens_now_is_urgent_and_never_screened_out(said: str) -> None:
    screening = screen(signals_of("", said, "", can_be_asked=False))
    assert screening.urgency_level in ("now", "perhaps")
    assert screening.is_valid, "a call for help is short, and nobody may be there to ask"


def test_most_plain_dangers_need_no_second_look() -> None:
    """What waits for a person's word is the smaller part, or the middle value would be the only one."""
    levels = [level_of(said) for each in DANGERS.values() for said in each]
    assert levels.count(Level.NOW) >= 0.8 * len(levels)


@pytest.mark.parametrize("said", HARMLESS)
def test_what_was_or_might_be_is_not_urgent_now(said: str) -> None:
    assert level_of(said) is Level.NO


@pytest.mark.parametrize("said", CASES_SILENT)
def test_words_of_danger_without_danger_are_silent(said: str) -> None:
    assert level_of(said) is Level.NO


@pytest.mark.parametrize("said", CASES_ALARM)
def test_plain_dangers_raise_an_alarm_at_once(said: str) -> None:
    assert level_of(said) is Level.NOW


@pytest.mark.parametrize(
    ("said", "rumoured"),
    [
        ("仓库起火了", "听说仓库起火了"),
        ("有人持刀进了校门", "好像有人持刀进了校门"),
        ("有人掉河里了", "不知道是不是有人掉河里了"),
    ],
)
def test_a_rumour_waits_for_a_persons_word(said: str, rumoured: str) -> None:
    assert (level_of(said), level_of(rumoured)) == (Level.NOW, Level.PERHAPS)


@pytest.mark.parametrize("said", ["起火了", "消防通道被占，起火了", "如果没人管，现在起火了"])
def test_a_condition_in_another_clause_silences_nothing(said: str) -> None:
    assert judge(fold(said)).kind == "fire"


@pytest.mark.parametrize("said", ["有人掉河里了，正往下游冲", "井盖没了，刚才有个孩子掉进去", "煤气泄漏了，快来人"])
def test_width_of_punctuation_changes_nothing(said: str) -> None:
    narrow = said.replace("，", ",")
    assert judge(fold(narrow)) == judge(fold(said))


@pytest.mark.parametrize("said", ["我家着 火 了，快来人", "我家着\u200b火了，快来人", "我家着⽕了，快来人"])
def test_a_call_is_read_however_it_is_typed(said: str) -> None:
    assert signals_of("", said, "", can_be_asked=True).urgency == "fire"


def test_traditional_characters_are_read_alike() -> None:
    assert level_of("有人掉進河裡了，正往下游衝") is level_of("有人掉进河里了，正往下游冲") is Level.NOW


LETTER = "我们小区的事情已经反映过很多次，大家都盼望有个结果，希望领导能够在百忙之中过问一下我们普通居民的生活。" * 3


def test_a_story_in_a_letter_needs_a_persons_word_even_if_it_goes_on() -> None:
    assert len(LETTER) > LONG
    assert level_of(f"关于物业的几个问题\n{LETTER}现在楼道里还在冒浓烟。") is Level.PERHAPS


def test_what_a_letter_tells_of_other_times_is_silent() -> None:
    assert level_of(f"关于物业的几个问题\n{LETTER}楼道里发生火灾以后没有人检修过线路。") is Level.NO


def test_a_danger_in_the_title_of_a_letter_counts_as_in_a_call() -> None:
    assert level_of(f"三号楼着火了，快来人\n{LETTER}") is Level.NOW


def test_what_it_rests_on_is_told_in_words_of_the_tables() -> None:
    """They travel in clear: never a word that is only the reporter's."""
    known = {word for row in SIGNS for word in row.words}
    assert set(judge(fold("三号楼张三家着火了")).words) <= known
    unlisted = judge(fold("他潜下去就没浮起来"))
    assert unlisted.kind == UNLISTED
    assert all(len(word) == 2 for word in unlisted.words)


def test_a_class_tells_no_word_of_the_reporter() -> None:
    assert all(row.kind.isascii() for row in SIGNS)


def test_what_is_added_later_counts_if_it_is_worse() -> None:
    first = signals_of("", "听说仓库起火了", "", can_be_asked=True)
    assert first.and_also(signals_of_addition("仓库起火了，有人在里面")).urgency_level == "now"
    assert first.and_also(signals_of_addition("路灯也不亮")).urgency_level == "perhaps"


def test_what_was_judged_before_there_were_two_levels_is_not_lowered() -> None:
    before = signals_of("", "路灯不亮", "", can_be_asked=True)
    old = type(before)(urgency="fire")
    assert old.and_also(signals_of_addition("听说还在冒烟")).urgency_level == ""
