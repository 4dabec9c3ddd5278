"""What the pages say, Chinese first, English second. The sentences of the story are in sentences.py."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Pair = tuple[str, str]

COUNTERS: Mapping[str, Pair] = {
    "struck_off": ("已销号", "Struck off"),
    "awaiting_review": ("待评价", "Awaiting review"),
    "in_hand": ("办理中", "In hand"),
    "overdue_unfinished": ("逾期未办结", "Overdue, unfinished"),
    "accepting": ("待受理", "Awaiting acceptance"),
    "overdue_unaccepted": ("逾期未受理", "Overdue, unaccepted"),
}

LANES: Mapping[str, Pair] = {
    "registered": ("登记", "Registered"),
    "assigning": ("交办", "Assignment"),
    "accepting": ("受理", "Acceptance"),
    "handling": ("办理", "Handling"),
    "evaluating": ("评价", "Evaluation"),
    "struck_off": ("销号", "Struck off"),
}

STATES: Mapping[str, Pair] = {
    "invalid": ("不予受理", "Not valid"),
    "registered": ("已登记", "Registered"),
    "queued": ("待交办", "Waiting for a unit"),
    "assigned": ("待受理", "Waiting to be accepted"),
    "disputed": ("待裁定", "Disputed, to be decided"),
    "in_hand": ("办理中", "In hand"),
    "awaiting_evaluation": ("待评价", "Waiting for evaluation"),
    "rework": ("重办中", "Being done again"),
    "struck_off": ("已销号", "Struck off"),
    "withdrawn": ("已撤回", "Withdrawn"),
}

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
    "returned": ("被退回", "it was returned"),
}

CLOCKS: Mapping[str, Pair] = {
    "assign_by": ("交办时限", "To be handed out by"),
    "accept_by": ("受理时限", "To be accepted by"),
    "complete_by": ("办结时限", "To be completed by"),
    "rework_by": ("重办时限", "To be done again by"),
}

GRADES: Mapping[str, Pair] = {
    "1": ("很不满意", "very dissatisfied"),
    "2": ("不满意", "dissatisfied"),
    "3": ("基本满意", "fairly satisfied"),
    "4": ("满意", "satisfied"),
    "5": ("很满意", "very satisfied"),
}

MODES: Mapping[str, Pair] = {
    "at_once": ("立即办理", "at once"),
    "within_limit": ("限期办理", "within a limit"),
    "in_phases": ("分期办理", "in phases"),
    "held_by_policy": ("受政策限制", "held back by policy"),
}

LIMIT_UNITS: Mapping[str, Pair] = {
    "minutes": ("分钟", "minutes"),
    "office_hours": ("个工作小时", "office hours"),
    "working_days": ("个工作日", "working days"),
    "calendar_days": ("天", "calendar days"),
}

PAGE: Mapping[str, Pair] = {
    "name": ("督办", "Duban"),
    "tagline": ("群众反映事项 挂号 · 督办 · 销号", "Matters registered, supervised, struck off"),
    "live": ("实时看板", "Live board"),
    "list": ("事项清单", "All matters"),
    "mine": ("查询我的事项", "Follow my matter"),
    "skip": ("跳到主要内容", "Skip to the main content"),
    "other_language": ("English", "中文"),
    "size": ("字号", "Text size"),
    "size_normal": ("标准", "Normal"),
    "size_large": ("大", "Large"),
    "size_xlarge": ("特大", "Largest"),
    "pause": ("暂停更新", "Pause updates"),
    "resume": ("继续更新", "Resume updates"),
    "connected": ("实时更新中", "Live"),
    "connecting": ("正在连接", "Connecting"),
    "paused": ("已暂停", "Paused"),
    "lost": ("连接中断，正在重连", "Connection lost, trying again"),
    "stale": ("数据停在 {t}", "Figures stand at {t}"),
    "behind": ("数据滞后约 {t}", "Figures are {t} behind"),
    "counters": ("六项公示", "The six official counters"),
    "sum": ("六项合计 = 全部有效事项", "The six sum to all valid matters"),
    "lanes": ("办理流程", "How a matter moves"),
    "lane_empty": ("暂无事项", "No matter here"),
    "lane_more": ("另有 {n} 件", "{n} more"),
    "attention": ("需要关注", "Needs attention"),
    "attention_all": ("全部逾期事项", "All overdue matters"),
    "attention_empty": ("目前没有逾期、督办或紧急事项。", "Nothing is overdue, under order or urgent now."),
    "overdue": ("逾期", "Overdue"),
    "news": ("最新动态", "What has just happened"),
    "news_empty": ("等待新的动态", "Waiting for news"),
    "rates": ("各县近一分钟", "Counties, last minute"),
    "rates_empty": ("暂无数据", "No figures yet"),
    "rate_registered": ("登记", "registered"),
    "rate_moved": ("流转", "moved"),
    "rate_struck_off": ("销号", "struck off"),
    "legend": ("灯号说明", "What the lights mean"),
    "domain_time": ("看板时间", "Board time"),
    "urgent": ("紧急", "Urgent"),
    "collective": ("联名", "Joint"),
    "ordered": ("督办件", "Under order"),
    "returned": ("退回", "Returned"),
    "reworked": ("重办", "Done again"),
    "stamp": ("销号", "Struck off"),
    "due_in": ("还剩 {t}", "{t} left"),
    "overdue_by": ("已超 {t}", "{t} over"),
    "days": ("{n}天", "{n} d"),
    "hours": ("{n}小时", "{n} h"),
    "minutes": ("{n}分钟", "{n} min"),
    "erased_title": ("（内容已按反映人要求销毁）", "(destroyed at the reporter's wish)"),
    "untitled": ("待分类事项", "Matter not classified yet"),
    "number": ("登记号", "Number"),
    "code": ("查询码", "Query code"),
    "title": ("事项", "Matter"),
    "state": ("状态", "State"),
    "light": ("灯号", "Light"),
    "unit": ("责任单位", "Responsible unit"),
    "category": ("类别", "Category"),
    "place": ("属地", "Place"),
    "channel": ("来源", "Received by"),
    "registered_at": ("登记时间", "Registered"),
    "changed_at": ("最近变化", "Last change"),
    "due": ("时限", "Due"),
    "promise": ("办理承诺", "Promise"),
    "hops": ("交办次数", "Assignments"),
    "returns": ("退回次数", "Returns"),
    "reworks": ("重办次数", "Times done again"),
    "votes": ("评价", "Votes"),
    "story": ("办理经过", "The story"),
    "orders": ("督办件", "Supervision orders"),
    "answer_by": ("答复期限", "Answer by"),
    "order_void": ("已撤销", "withdrawn"),
    "your_words": ("您反映的内容", "What you wrote"),
    "reporter_view": ("此页只有您凭查询码能看到。", "Only you can see this page, with your query code."),
    "plan": ("办理方案", "The plan"),
    "plan_version": ("第 {n} 稿", "version {n}"),
    "person": ("责任人 {who}", "responsible: {who}"),
    "until": ("{when} 前", "by {when}"),
    "rule_quoted": ("政策依据", "The policy"),
    "review_on": ("复查日期", "Looked at again on"),
    "said_place": ("地点", "Place as given"),
    "evidence": ("佐证材料", "Evidence"),
    "open_link": ("打开链接", "open the link"),
    "digest": ("文件摘要 {digest}", "document digest {digest}"),
    "shows": ("{when} 形成", "of {when}"),
    "mine_intro": (
        "输入登记号和查询码，查看办理全过程和答复。",
        "Enter number and query code to see the whole story and the replies.",
    ),
    "mine_button": ("查询", "Look up"),
    "mine_refused": (
        "登记号或查询码不正确。请核对后再试。",
        "Number or query code is wrong. Please check and try again.",
    ),
    "mine_unknown": (
        "没有查到这个登记号，请核对；刚登记的请几分钟后再查。",
        "No such number here. Please check it; if it was registered just now, try again in a few minutes.",
    ),
    "mine_slow": ("尝试次数过多，请稍后再试。", "Too many attempts. Please try again later."),
    "number_hint": ("可带空格或短横线", "Spaces and dashes may stay"),
    "code_hint": ("10 位字母数字", "10 letters and digits"),
    "is_reporter": ("我是反映人", "I reported this"),
    "filter": ("筛选", "Filter"),
    "all": ("全部", "All"),
    "yes": ("是", "Yes"),
    "found": ("共 {n} 件", "{n} matters"),
    "found_one": ("共 {n} 件", "{n} matter"),
    "found_at_least": ("至少 {n} 件", "At least {n} matters"),
    "none_found": ("没有符合条件的事项。", "No matter fits."),
    "newer": ("上一页", "Newer"),
    "older": ("下一页", "Older"),
    "solved": ("已解决", "solved"),
    "unsolved": ("未解决", "not solved"),
    "not_found": ("没有这个登记号。", "There is no such number."),
    "whole": ("查看{place}全部", "See all of {place}"),
    "noscript": (
        "实时看板需要脚本；没有脚本时请看事项清单。",
        "The live board needs scripts; the list of matters does not.",
    ),
    "footer": (
        "以群众满意为唯一销号标准。公开页面只显示类别和属地，不显示反映人和反映内容。",
        "Only the people's satisfaction strikes a matter off. Category and place are public; reporters and their words "
        "are not.",
    ),
}


def say(pair: Pair, language: Language) -> str:
    """The text in the reader's language."""
    return pair[0] if language == "zh" else pair[1]


def name(names: Mapping[str, Pair], code: str, language: Language) -> str:
    """The name of a code; an unknown code is shown as it is."""
    return say(names[code], language) if code in names else code
