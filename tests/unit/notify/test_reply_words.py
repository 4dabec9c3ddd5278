"""What a reply by SMS is read as: by a closed list, so that no denial is ever taken for a yes (D1, E5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.replies import READ_AT_MOST, ReplyRead, read_reply

YES, NO = True, False

LISTED = (
    (5, YES, "5|５|⑤| 5 |5。|5!|5分|五|五星|5\n|【5】|评价：5|满意度5分"),
    (4, YES, "4|满意|滿意|满 意|满意！|我满意|比较满意|satisfied|4 satisfied|4非常满意"),
    (3, YES, "3|基本满意|基本滿意|fairly satisfied"),
    (5, YES, "很满意|非常满意|非常滿意，謝謝！|十分满意|Very satisfied.|您好，非常满意"),
    (2, NO, "2|不满意|不滿意|不 满 意|不太满意|不是很满意|对结果不满意|not satisfied"),
    (1, NO, "1|１|很不满意|非常不满意|非常不滿意|极不满意|very dissatisfied"),
    (3, YES, "已解决|已解決|已经解决了|解决了|问题已解决|都解决了|solved|得到解决了"),
    (2, NO, "未解决|未解決|没有解决|沒有解決|没解决|还没解决|还没有得到解决|not solved"),
    (2, NO, "问题没有解决|没有完全解决|未彻底解决|尚未解决|并没有解决|unsolved"),
    (5, YES, "5 已解决|5，已解決|已解决 5|5已解决|5分；已解决，谢谢|5 满意|非常满意5"),
    (1, NO, "1未解决|1，未解決。|未解决1分|1 不满意|很不满意，没有解决"),
    (5, NO, "5 未解决|非常满意。未解决"),
    (2, YES, "不满意，已解决"),
)
READ = {text: ReplyRead(grade, solved) for grade, solved, texts in LISTED for text in texts.split("|")}
NOT_READ = (
    *(
        "",
        " ",
        "。",
        "谢谢",
        "您好",
        "好",
        "收到",
        "退订",
        "TD",
        "T",
        "0",
        "6",
        "10",
        "15",
        "55",
        "5.5",
        "100分",
        "-",
        "1-5",
    ),
    *("1 2", "满意 不满意", "5 不满意", "1 满意", "已解决，未解决", "4 或 2", "满意1", "五1"),
    *("满意？", "满意吗", "解决了吗？", "5?", "何时解决", "解决", "请解决", "快点解决", "要求解决"),
    *(
        "没有不满意",
        "不是不满意",
        "并非满意",
        "谈不上满意",
        "不能说满意",
        "毫不满意",
        "满意不了",
        "满意才怪",
        "满意个屁",
    ),
    *("不5", "非5", "不，满意", "不。5", "没有，解决", "未-解决", "不\n满意", "满意（不）", "不好", "不很好"),
    *("解决不了", "没法解决", "不解决", "不可能解决", "没问题", "解决了一半", "部分解决", "基本解决", "等解决了再说"),
    *("解决了就满意", "解决了才满意", "如果解决了，满意", "假如满意", "谁满意", "领导满意", "满意的是路，不满意的是灯"),
    *(
        "not, solved",
        "un-solved",
        "dis-satisfied",
        "not dissatisfied",
        "isn't solved",
        "never solved",
        "hardly satisfied",
    ),
    *("½", "Ⅴ", "٥", "5👎", "👍", "五十", "第5", "5@", "5.0", "4~5", "5，5", "5" * (READ_AT_MOST + 1), "满意" * 2500),
)
FOREIGN = "否没无莫勿别非未休甭岂何哪吗呢么只才仅若如果假要等半部再又但却可"


@pytest.mark.parametrize(("text", "read"), list(READ.items()))
def test_what_is_on_the_list_is_read(text: str, read: ReplyRead) -> None:
    assert read_reply(text) == read


@pytest.mark.parametrize("text", NOT_READ)
def test_what_is_not_on_it_is_not_guessed(text: str) -> None:
    assert read_reply(text) is None


@given(st.sampled_from(sorted(READ)), st.sampled_from(FOREIGN), st.booleans())
def test_one_word_more_is_never_overheard(text: str, word: str, before: bool) -> None:
    """A word before or behind that turns the sense leaves no yes."""
    read = read_reply(word + text if before else text + word)
    assert read is None or not read.solved or read == ReplyRead(2, YES)


@given(st.sampled_from(("不满意", "没有解决", "未解决", "很不满意")), st.text(max_size=5), st.text(max_size=5))
def test_a_denial_is_no_yes_whatever_stands_around_it(denial: str, before: str, behind: str) -> None:
    read = read_reply(before + denial + behind)
    assert read is None or not read.solved or read.grade < 3


@given(st.text(max_size=300))
def test_whatever_is_written_is_read_or_not(text: str) -> None:
    read = read_reply(text)
    assert read is None or 1 <= read.grade <= 5


@given(st.sampled_from(sorted(READ)), st.sampled_from((" ", "　", "\t", "。", "！")))
def test_blanks_and_stops_around_it_change_nothing(text: str, mark: str) -> None:
    assert read_reply(f"{mark}{text}{mark}") == READ[text]
