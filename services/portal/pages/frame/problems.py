"""What a page says instead of what was asked for, by HTTP status."""

from collections.abc import Mapping

from contracts import vocabulary
from contracts.vocabulary import Language, Pair

PROBLEMS: Mapping[str, Pair] = {
    "403": (
        "此页已过期，请重新打开后再试。您的事项没有任何变化。",
        "This page has expired: open it again and try once more. Nothing about your matter has changed.",
    ),
    "404": ("没有这个页面。", "There is no such page."),
    "422": ("筛选条件有误，请重新选择。", "These filters are not right: please choose again."),
    "503": (
        "暂时读不到数据，请稍后刷新。已登记的事项都在。",
        "No figures just now: try again in a moment. Nothing is lost.",
    ),
    "500": ("系统出错，已记录，请稍后再试。", "An error of ours, recorded. Please try again later."),
    "other": ("请求未被接受。", "The request was not accepted."),
}


def says(status: int, language: Language) -> str:
    """The sentence for a status."""
    return vocabulary.say(PROBLEMS.get(str(status), PROBLEMS["other"]), language)
