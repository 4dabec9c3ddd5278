"""受理范围: what somebody else decides, by how people contest it there. Whoever won and is not obeyed belongs here."""

import re
from dataclasses import dataclass

SCOPE_VERSION = "2026-3"
SAME = r"[^，。！？；,.!?;\n]"  # within one clause
UNFAIR = r"(?:不服|不公(?![开布示告司安])|不认可|不同意|不满|有误|错误)"


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
        re.compile(
            rf"(?<![没未有])进入诉讼|申请再审|(?:(?<!谈)判决|(?<!评审)[一二终再]审|(?:法院|民事|行政|刑事){SAME}{{0,6}}裁定)"
            rf"{SAME}{{0,8}}(?:{UNFAIR}|改判)|(?:不服|改判){SAME}{{0,12}}(?:判决|[一二终再]审|法院{SAME}{{0,6}}裁定)"
        ),
        "人民法院",
        "the people's court",
    ),
    Outside(
        "arbitration",
        re.compile(
            rf"仲裁{SAME}{{0,8}}{UNFAIR}|(?:不服|撤销|推翻){SAME}{{0,8}}仲裁|重新{SAME}{{0,4}}(?:仲裁|裁决)"
            rf"|正在{SAME}{{0,4}}仲裁|仲裁[正还]在(?:进行|审理)"
        ),
        "劳动人事争议仲裁委员会",
        "the labour arbitration commission",
    ),
    Outside(
        "reconsideration",
        re.compile(
            rf"(?:正在|已经?|处于)(?:申请|提起|进行)?行政复议(?!{SAME}{{0,3}}(?:培训|宣传|工作|知识|讲座|机构|决定|撤销|后))"
            rf"|行政复议期间|不服{SAME}{{0,6}}复议"
        ),
        "行政复议机关",
        "the administrative reconsideration body",
    ),
    Outside(
        "petition_review",
        re.compile(
            rf"信访(?:复查|复核){SAME}{{0,8}}{UNFAIR}|(?:不服|不认可|不同意|不满意?){SAME}{{0,10}}信访(?:复查|复核)"
        ),
        "信访复查复核机关",
        "the body that reviews petitions",
    ),
    Outside(
        "forces",
        re.compile(
            rf"(?:部队|军队)(?:内部(?:管理|事务|人事|纪律|待遇)|管辖|现役)|现役军人{SAME}{{0,6}}(?:待遇|晋升|处分|调动)"
        ),
        "军队有关部门",
        "the armed forces' own office",
    ),
)
OUTSIDE = {outside.rule: outside for outside in SCOPE}

OTHERS = re.compile(
    rf"(?:公司|单位|工?厂|企业|老板|对方|被告|开发商|物业|包工头|村委会?|政府|局){SAME}{{0,4}}"
    rf"(?:不服从?|不认可?|拒不|不履行|不执行)"
)
"""Somebody else does not obey: the reporter asks for what was decided, and does not contest it."""

LIFTED = re.compile(
    rf"撤诉|撤回了?{SAME}{{0,4}}(?:起诉|上诉|仲裁|复议|申请)"
    rf"|(?:没有?|未|不是|不打算){SAME}{{0,4}}(?:起诉|上诉|诉讼|打官司|仲裁|行政复议)|不(?:是|再|要)?(?:要求|请求)?改判"
    rf"|胜诉|(?:拒不|不)(?:履行|执行|支付|付)|(?:督促|催促){SAME}{{0,8}}(?:履行|执行|支付|付)"
)
"""What an addition says that brings a matter back: it is not there, no longer there, or decided and not obeyed."""


def outside_of(text: str) -> str:
    """The rule of SCOPE under which the text belongs to somebody else; "" inside."""
    said = [outside for outside in SCOPE if outside.said.search(text)]
    own = OTHERS.sub("〇", text) if said else ""
    return next((outside.rule for outside in said if outside.said.search(own)), "")


def lifts(text: str) -> bool:
    """Whether an addition says why the matter belongs here after all."""
    return bool(LIFTED.search(text))
