"""What the live page says, its script included."""

from collections.abc import Mapping

from contracts.vocabulary import Pair
from services.portal import times

TEXTS: Mapping[str, Pair] = {
    **times.SPANS,
    "pause": ("暂停更新", "Pause updates"),
    "resume": ("继续更新", "Resume updates"),
    "connected": ("实时更新中", "Live"),
    "connecting": ("正在连接", "Connecting"),
    "paused": ("已暂停", "Paused"),
    "lost": ("连接中断，正在重连", "Connection lost, trying again"),
    "stale": ("数据停在 {t}", "Figures stand at {t}"),
    "behind": ("数据滞后约 {t}", "Figures are {t} behind"),
    "brief": ("督办晨报：昨日数字", "Morning brief: the figures of yesterday"),
    "counters": ("六项公示", "The six official counters"),
    "sum": ("六项合计 = 全部有效事项", "The six sum to all valid matters"),
    "lane_empty": ("暂无事项", "No matter here"),
    "lane_more": ("另有 {n} 件", "{n} more"),
    "attention": ("需要关注", "Needs attention"),
    "attention_all": ("全部逾期事项", "All overdue matters"),
    "attention_empty": ("目前没有逾期、督办或紧急事项。", "Nothing is overdue, under order or urgent now."),
    "news": ("最新动态", "What has just happened"),
    "news_empty": ("等待新的动态", "Waiting for news"),
    "rates": ("各县近一分钟", "Counties, last minute"),
    "rates_empty": ("暂无数据", "No figures yet"),
    "rate_registered": ("登记", "registered"),
    "rate_moved": ("流转", "moved"),
    "rate_struck_off": ("销号", "struck off"),
    "legend": ("灯号说明", "What the lights mean"),
    "domain_time": ("看板时间", "Board time"),
    "returned": ("退回", "Returned"),
    "whole": ("查看{place}全部", "See all of {place}"),
    "noscript": (
        "实时看板需要脚本；没有脚本时请看事项清单。",
        "The live board needs scripts; the list of matters does not.",
    ),
}
