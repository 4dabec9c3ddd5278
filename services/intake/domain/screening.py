"""甄别: written rules decide validity and urgency. A rule is a row here; the reporter is told its id and its reason."""

import re
from dataclasses import dataclass, replace

SCOPE_VERSION = "2026-1"  # 受理范围: version of OUT_OF_SCOPE
STATEMENT_AT_LEAST = 8  # characters that are letters or digits: shorter says nothing that anybody could act on

URGENT = (
    "爆炸", "燃气泄漏", "煤气泄漏", "起火", "火灾", "坍塌", "塌方", "滑坡", "泥石流", "决堤", "溃坝", "中毒", "触电",
    "电线掉", "溺水", "失踪", "生命危险", "伤亡", "被困", "跳楼", "自杀", "持刀", "斗殴", "危化品", "投毒", "疫情",
    "食物中毒", "断水三天", "堵路", "群体性",
)  # fmt: skip
OUT_OF_SCOPE = {
    "已进入诉讼": "人民法院",
    "法院判决": "人民法院",
    "一审": "人民法院",
    "二审": "人民法院",
    "劳动仲裁": "劳动人事争议仲裁委员会",
    "行政复议": "行政复议机关",
    "信访复核": "信访复查复核机关",
    "军队": "军队有关部门",
}
REFERENCE = re.compile(
    r"(省|市|县|区|乡|镇|村|街|路|巷|组|社区|小区|学校|医院|单位|公司|局|所|站|店|厂|桥|河|水库|工地|号楼|\d{3,})"
)


@dataclass(frozen=True, slots=True)
class Signals:
    """What the rules look at; no words are kept."""

    statement: int = 0
    has_reference: bool = False
    can_be_asked: bool = False
    out_of_scope: str = ""
    urgency: str = ""

    def and_also(self, later: "Signals") -> "Signals":
        """What is known once the reporter has added something."""
        return Signals(
            max(self.statement, later.statement),
            self.has_reference or later.has_reference,
            self.can_be_asked or later.can_be_asked,
            self.out_of_scope if not later.statement else later.out_of_scope,
            self.urgency or later.urgency,
        )


@dataclass(frozen=True, slots=True)
class Screening:
    """The decision. ``rule`` "" means valid. ``traceable``: a reporter can be asked back (可追溯)."""

    rule: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    redirected_to: str = ""
    urgency: str = ""
    traceable: bool = True

    @property
    def is_valid(self) -> bool:
        """Whether a ticket is registered."""
        return not self.rule


def signals_of(title: str, content: str, place: str, *, can_be_asked: bool) -> Signals:
    """What the rules look at in a submission."""
    text = f"{title}\n{content}"
    return Signals(
        statement=sum(character.isalnum() for character in content),
        has_reference=bool(place.strip()) or bool(REFERENCE.search(text)),
        can_be_asked=can_be_asked,
        out_of_scope=next((words for words in OUT_OF_SCOPE if words in text), ""),
        urgency=next((words for words in URGENT if words in text), ""),
    )


def screen(signals: Signals) -> Screening:
    """The first rule that bites, or valid. An urgent matter is never screened out: a person looks."""
    valid = Screening(urgency=signals.urgency, traceable=signals.can_be_asked)
    if signals.urgency:
        return valid
    if signals.statement < STATEMENT_AT_LEAST:
        zh = "诉求不清楚，请补充发生了什么、希望怎样解决。"
        en = "The statement is unclear: add what happened and what you want."
        return replace(valid, rule="unclear_statement", reason_zh=zh, reason_en=en)
    if not signals.has_reference and not signals.can_be_asked:
        zh = "没有写明地点或单位，也没有留下联系方式，无法核实。请补充。"
        en = "No place or unit, and nobody to ask: add one of them."
        return replace(valid, rule="unclear_reference", reason_zh=zh, reason_en=en)
    if signals.out_of_scope:
        to = OUT_OF_SCOPE[signals.out_of_scope]
        zh, en = f"此事不在受理范围，请向{to}提出。", f"Out of scope: please turn to {to}."
        return replace(valid, rule="out_of_scope", reason_zh=zh, reason_en=en, redirected_to=to)
    return valid
