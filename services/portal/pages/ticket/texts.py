"""What the page of a matter says."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

TEXTS: Mapping[str, Pair] = {
    "erased_title": ("（内容已按反映人要求销毁）", "(destroyed at the reporter's wish)"),
    "title": ("事项", "Matter"),
    "unit": ("责任单位", "Responsible unit"),
    "category": ("类别", "Category"),
    "place": ("属地", "Place"),
    "channel": ("来源", "Received by"),
    "registered_at": ("登记时间", "Registered"),
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
    "where_next": (
        "此事已结束，不能再补充。问题没有解决，或有新的情况，请重新登记并注明此登记号，也可以拨打12345。",
        "The matter has ended and takes no more. Is it not solved, or is there more? Register it anew and name this "
        "number, or call 12345.",
    ),
    "reporter_view": ("此页只有您凭查询码能看到。", "Only you can see this page, with your query code."),
    "plan": ("办理方案", "The plan"),
    "plan_version": ("第 {n} 稿", "version {n}"),
    "of_class": ("沿用类方案 {name}", "as the class plan {name} has it"),
    "person": ("责任人 {who}", "responsible: {who}"),
    "until": ("{when} 前", "by {when}"),
    "rule_quoted": ("政策依据", "The policy"),
    "review_on": ("复查日期", "Looked at again on"),
    "said_place": ("地点", "Place as given"),
    "evidence": ("佐证材料", "Evidence"),
    "open_link": ("打开链接", "open the link"),
    "digest": ("文件摘要 {digest}", "document digest {digest}"),
    "shows": ("{when} 形成", "of {when}"),
    "is_reporter": ("我是反映人", "I reported this"),
    "not_found": ("没有这个登记号。", "There is no such number."),
}
