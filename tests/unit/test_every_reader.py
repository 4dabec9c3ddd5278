"""Every reader gives one answer for a text and its variants (C): radicals, blanks, Traditional, full width, case."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.screening import signals_of, signals_of_addition
from services.intake.domain.urgency import urgency_of
from services.routing.adapters import packaged
from services.routing.ports import Text
from tests.variants import variants

PLACES, KINDS = packaged.places(), packaged.kinds()
READERS: dict[str, Callable[[str], object]] = {
    "place": lambda text: PLACES.resolve("", (text,), text),
    "kind": lambda text: KINDS.classify(Text(title=text, content=text)),
    "kind that was chosen": lambda text: KINDS.classify(Text(title="三天了", hint=text)),
    "urgency": urgency_of,
    "screening": lambda text: signals_of(text, text, "", can_be_asked=True),
    "screening of what was added": signals_of_addition,
    "screening of a place": lambda text: signals_of("停水", "停水了", text, can_be_asked=False),
}
SENTENCES = (
    "麻阳县高村镇停水", "停水了", "我家着火了", "10路公交车改线了", "校园WiFi坏了", "路灯不亮", "自来水停水",
    "施工噪音扰民", "长沙市雨花区路灯不亮", "陕西省咸阳市乾县停水", "吉林省松原市乾安县的路坏了",
    "东莞市东城街道的路灯", "我在麻阳县高村镇工地干活，广东老板拖欠工资三个月。",
    "麻阳县高村镇KTV北京时间凌晨三点还在唱歌。", "沈阳市和平区停气，北京来的施工队说不归他们管。",
    "我是河南人，在溆浦县卢峰镇被打", "地址：湖南省怀化市沅陵县官庄镇", "幸无生命危险", "笑死人了", "工厂效益滑坡",
    "昨天夜里起火已经扑灭", "不可抗力包括战争、骚乱", "没有倒塌的那几户", "路面突然塌陷一个大坑，车掉进去了",
    "井盖没了，刚才有个孩子掉进去", "有人晕倒了", "有人在桥上要跳", "停水五天了", "路灯坏了，维修没有人来！",
    "没有噪音，就是灰大", "我与某公司的合同纠纷，一审判决不公，请改判。", "重新仲裁",
    "尊敬的领导，您好！请尽快处理，谢谢！", "反映", "厂里的劳动仲裁正在进行，请你们重新仲裁。",
    "法院判决不服，我家旁边仓库起火了！", "煤气泄漏，闻到很浓的味道", "有人持刀砍人", "小孩落水了快来人",
    "电梯里困了三个人", "山体滑坡压到房子", "拖欠农民工工资", "楼上广场舞噪音扰民", "低保申请没有答复", "WTR.01",
    "供水", "下水道堵了，污水横流", "垃圾没有人清运", "后面的里弄只有一台电话", "麵館著火了，瞭解一下，回覆",
    "幺塘乡", "我被困在楼道里出不来了", "变压器冒烟，电线掉下来",
)  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_answers_alike_for_every_variant_of_a_sentence(reader: str, sentence: str) -> None:
    read = READERS[reader]
    plain = read(sentence)
    assert {how: read(text) for how, text in variants(sentence) if read(text) != plain} == {}


PIECES = st.sampled_from([piece for sentence in SENTENCES for piece in sentence.replace("。", "，").split("，")])


@given(st.lists(PIECES, min_size=1, max_size=4).map("，".join), st.integers(min_value=0))
def test_a_text_made_of_them_is_read_alike_too(text: str, nth: int) -> None:
    made = list(variants(text))
    how, variant = made[nth % len(made)]
    assert {name: (how, read(variant)) for name, read in READERS.items() if read(variant) != read(text)} == {}
