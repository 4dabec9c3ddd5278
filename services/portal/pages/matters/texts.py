"""What the list of matters says."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

TEXTS: Mapping[str, Pair] = {
    "filter": ("筛选", "Filter"),
    "all": ("全部", "All"),
    "found": ("共 {n} 件", "{n} matters"),
    "found_one": ("共 {n} 件", "{n} matter"),
    "found_at_least": ("至少 {n} 件", "At least {n} matters"),
    "none_found": ("没有符合条件的事项。", "No matter fits."),
    "newer": ("上一页", "Newer"),
    "older": ("下一页", "Older"),
    "changed_at": ("最近变化", "Last change"),
}
