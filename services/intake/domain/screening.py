"""甄别: written rules decide validity and urgency. A rule is a row here; the reporter is told its id and its reason."""

import re
from dataclasses import dataclass, replace

SCOPE_VERSION = "2026-2"  # 受理范围: the version of SCOPE
STATEMENT_AT_LEAST = 7  # different letters or digits: fewer say nothing that anybody could act on

URGENT = (
    "爆炸", "燃气泄漏", "煤气泄漏", "起火", "火灾", "坍塌", "塌方", "滑坡", "泥石流", "决堤", "溃坝", "中毒", "触电",
    "电线掉", "溺水", "失踪", "生命危险", "伤亡", "被困", "跳楼", "自杀", "持刀", "斗殴", "危化品", "投毒", "疫情爆发",
    "突发疫情", "断水三天", "聚众堵路", "群体性事件",
)  # fmt: skip
CLAUSE = re.compile(r"[^，。！？；：、,.!?;:\s]+")
NOT_NOW = re.compile(
    r"一旦|如果|假如|万一|若是|倘若|要是|难道|非要|等到|防止|预防|防范|避免|以免|杜绝|免得|担心|害怕|生怕"
    r"|容易|极易|势必|就会|将会|必将|日后|会不会|可能(会|造成|导致|引发|发生)|都有可能|隐患|风险|后果(不堪|难以)"
    r"|没有(造成|发生|出现|人员)|无人员|所幸|幸亏|万幸|曾|以前|去年|前年|当年|[0-9一二两三几多]+[次起]"
    r"|经常|常常|时常|频发|案例|教训|保险|演练|知识|宣传|大爆炸|爆炸场|玩失踪|一起火|刑事责任|见义勇为"
)
"""How people say that something has happened before, might happen, or did not: no alarm for it."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A kind of matter that somebody else decides. ``said``: how people say that it has gone there."""

    rule: str
    said: re.Pattern[str]
    to_zh: str
    to_en: str


SCOPE = (
    Outside(
        "court",
        re.compile(r"进入诉讼|申请再审|(判决|裁定|一审|二审|终审).{0,6}(不服|不公|改判)|(不服|改判).{0,12}(判决|裁定)"),
        "人民法院",
        "the people's court",
    ),
    Outside(
        "arbitration",
        re.compile(r"仲裁.{0,8}(不公|不服|裁决)|(不服|撤销|重新).{0,8}仲裁|正在.{0,4}仲裁"),
        "劳动人事争议仲裁委员会",
        "the labour arbitration commission",
    ),
    Outside(
        "reconsideration",
        re.compile(r"(正在|已经?)(申请|提起|进行)?行政复议|复议期间"),
        "行政复议机关",
        "the administrative reconsideration body",
    ),
    Outside(
        "petition_review",
        re.compile(r"信访(复查|复核)意见"),
        "信访复查复核机关",
        "the body that reviews petitions",
    ),
    Outside("forces", re.compile(r"(部队|军队)(内部|管辖|现役)"), "军队有关部门", "the armed forces' own office"),
)
OUTSIDE = {outside.rule: outside for outside in SCOPE}
REFERENCE = re.compile(
    r"省(?!钱|事|略|得|心|力)|市(?!场价|价)|县|区(?!别|分|区|间)|乡(?!亲|愁|音)|镇(?!定|静)|村(?!民自治)|街|路(?!过|费|上|途|由)"
    r"|巷|组(?!织|成|合|建|长|装|团)|社区|小区|学校|医院|局(?!面|势|部|限|促)|所(?!以|有|谓|说|需|见|述|在|得|属|想|为|能|致|作)"
    r"|站(?!在|起|着|出|立|到|岗|队)|店|厂|桥|河|水库|工地|号楼|\d{3,}"
)


@dataclass(frozen=True, slots=True)
class Signals:
    """What the rules look at; no words are kept. ``out_of_scope``: the rule of SCOPE; ``urgency``: the word."""

    statement: int = 0
    has_reference: bool = False
    can_be_asked: bool = False
    out_of_scope: str = ""
    urgency: str = ""

    def and_also(self, later: "Signals") -> "Signals":
        """What is known once the reporter has added something; a clear addition says anew what it is about."""
        return Signals(
            max(self.statement, later.statement),
            self.has_reference or later.has_reference,
            self.can_be_asked or later.can_be_asked,
            later.out_of_scope if later.statement >= STATEMENT_AT_LEAST else self.out_of_scope,
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
        statement=len({character for character in text if character.isalnum()}),
        has_reference=bool(place.strip()) or bool(REFERENCE.search(text)),
        can_be_asked=can_be_asked,
        out_of_scope=next((outside.rule for outside in SCOPE if outside.said.search(text)), ""),
        urgency=_urgency(text),
    )


def _urgency(text: str) -> str:
    """The first word of URGENT in a clause that speaks of now; "" without one."""
    said = (clause for clause in CLAUSE.findall(text) if not NOT_NOW.search(clause))
    return next((word for clause in said for word in URGENT if word in clause), "")


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
    if outside := OUTSIDE.get(signals.out_of_scope):
        zh = f"此事不在受理范围，请向{outside.to_zh}提出。"
        en = f"Out of scope: please turn to {outside.to_en}."
        return replace(valid, rule="out_of_scope", reason_zh=zh, reason_en=en, redirected_to=outside.to_zh)
    return valid
