"""What the page of the morning brief says."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

TEXTS: Mapping[str, Pair] = {
    "heading": ("督办晨报", "Morning brief"),
    "earlier": ("前一日", "The day before"),
    "later": ("后一日", "The day after"),
    "days": ("其他日期", "Other days"),
    "as_text": ("纯文本", "As plain text"),
    "counters": ("六项公示", "The six official counters"),
    "counter": ("项目", "Counter"),
    "at_midnight": ("当日24时", "At midnight"),
    "change": ("比前一日", "Change in the day"),
    "sum": ("六项合计", "Sum of the six"),
    "unknown": (
        "此后变动的事项太多，当日数字已无法算出。",
        "Too many matters have moved since: the figures of that day can no longer be told.",
    ),
    "untold": ("另有 {n} 件当日状态无法查明，未计入。", "Not counted: {n} whose state of that day is not known."),
    "came": ("当日登记与销号", "What came and went in the day"),
    "registered": ("新登记", "Registered"),
    "struck_off": ("销号", "Struck off"),
    "in_the_day": ("当日", "In the day"),
    "late": ("逾期事项（按单位）", "Overdue, by unit"),
    "unit": ("单位", "Unit"),
    "tickets": ("件数", "Matters"),
    "none_late": ("没有逾期事项。", "Nothing was overdue."),
    "more_units": ("另有 {n} 个单位。", "{n} more units."),
    "no_unit": ("尚未交办", "Not handed out yet"),
    "kinds": ("新增最多的类别", "Most new matters, by kind"),
    "kind": ("类别", "Kind"),
    "no_kind": ("待分类", "Not classified yet"),
    "places": ("新增最多的地方", "Most new matters, by place"),
    "place": ("地方", "Place"),
    "none_new": ("当日没有新登记的事项。", "Nothing was registered in the day."),
}
