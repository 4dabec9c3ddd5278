"""Codes and their names, Chinese first, English second: one table each, for everybody who reads or shows them."""

from collections.abc import Mapping
from typing import Literal

from contracts.vocabulary.findings import ACCOUNTABILITY as ACCOUNTABILITY
from contracts.vocabulary.findings import FINDINGS as FINDINGS
from contracts.vocabulary.findings import FOUND_LACKING as FOUND_LACKING
from contracts.vocabulary.findings import RULE_SCOPES as RULE_SCOPES
from contracts.vocabulary.ladders import LADDER_DEEDS as LADDER_DEEDS
from contracts.vocabulary.ladders import MOMENTS as MOMENTS
from contracts.vocabulary.ladders import step_name as step_name
from contracts.vocabulary.offices import CHINA as CHINA
from contracts.vocabulary.offices import COUNTY_DIGITS as COUNTY_DIGITS
from contracts.vocabulary.offices import STATUTORY_DAYS as STATUTORY_DAYS
from contracts.vocabulary.offices import SUPERVISION as SUPERVISION
from contracts.vocabulary.offices import MonthDay as MonthDay
from contracts.vocabulary.offices import SeasonHours as SeasonHours
from contracts.vocabulary.offices import Session as Session
from contracts.vocabulary.offices import StatutoryDay as StatutoryDay
from contracts.vocabulary.offices import county_of as county_of
from contracts.vocabulary.offices import is_supervision as is_supervision
from contracts.vocabulary.offices import leader_of as leader_of
from contracts.vocabulary.offices import sessions_on as sessions_on
from contracts.vocabulary.offices import supervision_of as supervision_of
from contracts.vocabulary.plans import HELD as HELD
from contracts.vocabulary.plans import HELD_BY_CONFERENCE as HELD_BY_CONFERENCE
from contracts.vocabulary.plans import HELD_BY_POLICY as HELD_BY_POLICY
from contracts.vocabulary.plans import MODES as MODES
from contracts.vocabulary.plans import MODES_IN_FORCE as MODES_IN_FORCE
from contracts.vocabulary.plans import PLAN_GROUNDS as PLAN_GROUNDS

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Pair = tuple[str, str]

LIGHTS: Mapping[str, Pair] = {
    "none": ("未计时", "No clock"),
    "green": ("绿灯 正常", "Green, on time"),
    "yellow": ("黄灯 提醒", "Yellow, reminder"),
    "orange": ("橙灯 预警", "Orange, warning"),
    "red": ("红灯 逾期", "Red, overdue"),
}

CHANNELS: Mapping[str, Pair] = {
    "web": ("网页", "the web page"),
    "telephone": ("电话", "telephone"),
    "phone": ("电话", "telephone"),
    "operator": ("话务员代录", "an operator"),
    "walk_in": ("窗口", "the walk-in desk"),
    "partner": ("兄弟平台", "a partner system"),
    "county": ("县级平台", "a county platform"),
    "wechat": ("微信", "WeChat"),
    "sms": ("短信", "SMS"),
    "email": ("电子邮件", "e-mail"),
    "staff": ("工作人员代登记", "staff on behalf"),
    "grid": ("网格员", "a grid worker"),
    "grassroots": ("基层单位", "a grassroots unit"),
    "leader": ("领导批示", "a leader's instruction"),
    "page": ("本网页", "this page"),
    "person": ("人工联系", "a person"),
}

GROUNDS: Mapping[str, Pair] = {
    "not_our_duty": ("不属于本单位职责", "not this unit's duty"),
    "wrong_division": ("不属于本辖区", "not in this division"),
    "other_unit_leads": ("应由其他单位牵头", "another unit should lead"),
    "already_handled": ("已由其他单位办理", "another unit handles it already"),
    "several_matters": ("一件多事，须拆分", "several matters in one, to be split"),
    "facts_unclear": ("事实不清，无法办理", "the facts are unclear"),
    "beyond_powers": ("超出本级权限", "beyond the powers of this level"),
}

QUEUED: Mapping[str, Pair] = {
    "division_unknown": ("属地不明", "the place is unknown"),
    "outside_the_platform": ("不在本平台受理地区", "the place is outside the area this platform serves"),
    "category_unknown": ("类别不明", "the kind of matter is unknown"),
    "category_ambiguous": ("类别不唯一", "more than one kind fits"),
    "no_unit": ("没有对应职责的单位", "no unit has this duty"),
    "several_units": ("责任单位不唯一", "more than one unit has this duty"),
    "unit_unattended": ("责任单位无人值守", "nobody is on duty in the responsible unit"),
    "unit_not_live": ("责任单位尚缺办理标准", "the responsible unit still lacks handling standards"),
    "returned": ("被退回", "it was returned"),
}

GRADES: Mapping[str, Pair] = {
    "1": ("很不满意", "very dissatisfied"),
    "2": ("不满意", "dissatisfied"),
    "3": ("基本满意", "fairly satisfied"),
    "4": ("满意", "satisfied"),
    "5": ("很满意", "very satisfied"),
}

REVIEWERS: Mapping[str, Pair] = {
    "unit_head": ("责任单位主要负责人", "the head of the unit"),
    "lead": ("牵头单位", "the lead unit"),
    "leader": ("分管领导", "the leader in charge"),
    "supervision": ("督查室", "the supervision office"),
}
"""Who may be a level of a review."""

REVIEW_GROUNDS: Mapping[str, Pair] = {
    "evidence_lacking": ("佐证不足", "the evidence does not show it"),
    "measures_not_done": ("措施未落实", "measures were not done"),
    "answer_unclear": ("答复不清", "the answer is unclear"),
    "untrue": ("与事实不符", "it does not agree with the facts"),
}
"""Why a level sends the work back."""

METHODS: Mapping[str, Pair] = {
    "phone": ("电话", "by telephone"),
    "on_site": ("上门", "on the spot"),
    "video": ("视频", "by video"),
    "online": ("网上", "online"),
}
"""How staff speak to a reporter."""

LIMIT_UNITS: Mapping[str, Pair] = {
    "minutes": ("分钟", "minutes"),
    "office_hours": ("个工作小时", "office hours"),
    "working_days": ("个工作日", "working days"),
    "calendar_days": ("个自然日", "calendar days"),
}


def say(pair: Pair, language: Language) -> str:
    """The text in the reader's language."""
    return pair[0] if language == "zh" else pair[1]


def name(names: Mapping[str, Pair], code: str, language: Language) -> str:
    """The name of a code; an unknown code is shown as it is."""
    return say(names[code], language) if code in names else code


REWORK: Mapping[str, Pair] = {
    "": ("未达满意", "Not satisfied"),
    "not_satisfied": ("反映人不满意", "The reporter is not satisfied"),
    "third_rule": ("不满意的超过三分之一", "More than a third are not satisfied"),
    "vote_changed": ("反映人修改评价", "The reporter changed the vote"),
    "spot_check_failed": ("抽查不合格", "A spot check failed"),
    "untrue_rectification": ("经查整改不实", "A check found the work untrue"),
    "poor_feedback": ("经查反馈不到位", "A check found the answer poor"),
    "low_satisfaction": ("经查满意度不高", "A check found little satisfaction"),
}

CHECKS: Mapping[str, Pair] = {
    "responsibility": ("查责任落实：谁负责、谁经办", "Check who is responsible, and who handles it"),
    "progress": ("查办理进度：做到哪一步", "Check how far the work is"),
    "cause": ("查滞后原因：为何未办结", "Check why it is not done"),
    "measures": ("查整改措施：怎么办、何时办结", "Check what will be done, and by when"),
    "effect": ("查办理实效：群众是否满意", "Check what has changed, and whether people are satisfied"),
}
"""五查: what an order by hand may demand. The five are ours."""

MORE_TIME: Mapping[str, Pair] = {
    "pause": ("中止计时", "a pause of the clock"),
    "extension": ("延长时限", "an extension"),
}
"""How a clock may be given more time."""

MORE_TIME_GROUNDS: Mapping[str, Pair] = {
    "force_majeure": ("不可抗力（《民法典》第一百八十条）", "force majeure (Civil Code, article 180)"),
    "statutory_procedure": (
        "法定程序：检验、检测、鉴定、听证、公示（《行政许可法》第四十五条）",
        "a procedure by law: inspection, testing, appraisal, hearing, public notice (Administrative Licensing Law, 45)",
    ),
    "complex": ("情况复杂（办理标准规定的延长上限内）", "a complicated matter (within the standard's own cap)"),
    "waiting_for_reporter": ("等待反映人补充情况", "waiting for what the reporter was asked"),
    "under_review": ("审核、验收期间", "while somebody else reviews"),
    "held_back": ("暂缓办理期间", "while it was held back"),
    "conference": ("联席会议决定", "decided by a joint conference"),
}
"""Why a clock may be given more time, each with its basis. The last four are not asked for: they follow from a
fact, or from what a conference decided.
"""

GROUNDS_ASKED = ("force_majeure", "statutory_procedure", "complex")
"""Those of MORE_TIME_GROUNDS on which somebody may ask."""

REFERRED: Mapping[str, Pair] = {
    "hard_case": ("难点问题", "a hard case"),
    "special_case": ("特殊情况", "a special case"),
    "order_unanswered": ("督办逾期未答复", "an order that nobody answered"),
    "by_ladder": ("按督办阶梯提交", "as the ladder of the division says"),
}
"""Why a matter is put to a joint conference (联席会议)."""

CONFERENCE_DECISIONS: Mapping[str, Pair] = {
    "deadline": ("延长办结时限", "more time to complete it"),
    "stands": ("维持原定时限", "the deadline stands"),
    "plan": ("重新制定办理方案", "the plan is drafted anew"),
    "hold": ("暂缓办理，到期复查", "the matter is held back, and looked at again on a date"),
}
"""What a joint conference may decide."""

EVIDENCE: Mapping[str, Pair] = {
    "funds": ("资金落实", "Funds"),
    "project": ("工程完成", "Works completed"),
    "rules": ("建章立制", "Rules made"),
    "documents": ("文件资料", "Documents"),
    "photos": ("现场照片", "Photos of the place"),
    "service": ("服务办结", "Service rendered"),
    "explanation": ("解释说明", "Explanation"),
    "accountability": ("追责问责", "People held to account"),
}

CHECK_METHODS: Mapping[str, Pair] = {
    "search": ("资料检索", "Search of records"),
    "online_interview": ("线上约谈", "Interview online"),
    "online_evidence": ("线上取证", "Evidence online"),
    "remote_files": ("远程调阅材料", "Files read from afar"),
    "video": ("视频连线", "Video"),
    "phone": ("电话核查", "Telephone"),
    "on_site": ("实地核查", "On the spot"),
    "unannounced": ("暗访", "Unannounced visit"),
}

CHECK_OUTCOMES: Mapping[str, Pair] = {"passed": ("合格", "passed"), "failed": ("不合格", "failed")}

URGENCY: Mapping[str, Pair] = {
    "now": ("认定为特急，立即办理", "Judged urgent: dealt with at once"),
    "perhaps": (
        "疑似特急，先按特急办理，等待人工认定",
        "Perhaps urgent: dealt with as such until a person has looked",
    ),
    "no": ("经核实不属特急，按普通事项办理", "Looked at and not urgent: dealt with in the ordinary time"),
}
"""How urgent a matter was judged to be (docs/urgency.md)."""

COLOURS = ("green", "yellow", "orange", "red")
"""The colours of a light, the mildest first."""

COLOURS_AT_FIRST = COLOURS[:2]
"""In which a scheme may begin."""

SCHEMED = ("clock", "measure")
"""What has the colours of a scheme."""

COUNTS_FROM: Mapping[str, Pair] = {
    "today": ("当日起算", "counts from the day itself"),
    "next_day": ("次日起算", "counts from the next day"),
}

AUDIENCES: Mapping[str, Pair] = {
    "reporter": ("反映人", "the reporter"),
    "unit": ("责任单位", "the responsible unit"),
    "lead": ("牵头单位", "the lead unit"),
    "supervision": ("督查室", "the supervision office"),
    "leader": ("分管领导", "the leader in charge"),
}

TOLD: Mapping[str, Pair] = {
    "unit": AUDIENCES["unit"],
    "head": ("责任单位主要负责人", "the head of the unit"),
    "lead": AUDIENCES["lead"],
    "supervision": AUDIENCES["supervision"],
    "leader": AUDIENCES["leader"],
}
"""Who may hear of a colour by a published ladder. A head hears at the account of the unit."""

OUTCOMES: Mapping[str, Pair] = {
    "sent": ("已发出", "sent"),
    "delivered": ("已送达", "delivered"),
    "failed": ("发送失败", "failed"),
    "undeliverable": ("没有可用的联系方式", "no address to send to"),
    "unknown": ("结果不明", "outcome unknown"),
    "resend": ("未被接收，再发", "not taken, goes again"),
}

ROLES: Mapping[str, Pair] = {
    "clerk": ("登记员", "clerk"),
    "unit": ("责任单位工作人员", "unit staff"),
    "head": ("责任单位主要负责人", "head of a unit"),
    "lead": ("牵头单位", "lead unit"),
    "leader": ("分管领导", "leader in charge"),
    "supervisor": ("督查室", "supervision office"),
    "auditor": ("审计员", "auditor"),
    "configurer": ("配置员", "configurer"),
    "partner": ("对接系统", "a partner system"),
}
"""What a token may say of the role of whoever holds it."""

SYSTEMS = frozenset({"partner"})
"""Roles of systems: they read what is public, and nothing that staff read."""

OF_A_UNIT = ("unit", "head")
"""Roles whose bearers see the matters of their own unit only."""

LOOKS: Mapping[str, Pair] = {
    "words": ("查看事项", "a matter, people masked"),
    "original": ("查看原文", "the words of a matter as they were written"),
    "audit": ("查看审计", "the audit itself"),
}
"""What somebody of staff looked at."""
