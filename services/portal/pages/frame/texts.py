"""What stands around every page, and words that several pages share."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

TEXTS: Mapping[str, Pair] = {
    "name": ("督办", "Duban"),
    "tagline": ("群众反映事项 挂号 · 督办 · 销号", "Matters registered, supervised, struck off"),
    "live": ("实时看板", "Live board"),
    "list": ("事项清单", "All matters"),
    "say": ("我要反映", "Register a matter"),
    "mine": ("查询我的事项", "Follow my matter"),
    "skip": ("跳到主要内容", "Skip to the main content"),
    "other_language": ("English", "中文"),
    "size": ("字号", "Text size"),
    "size_normal": ("标准", "Normal"),
    "size_large": ("大", "Large"),
    "size_xlarge": ("特大", "Largest"),
    "urgent": ("紧急", "Urgent"),
    "collective": ("联名", "Joint"),
    "ordered": ("督办件", "Under order"),
    "reworked": ("重办", "Done again"),
    "stamp": ("销号", "Struck off"),
    "untitled": ("待分类事项", "Matter not classified yet"),
    "lanes": ("办理流程", "How a matter moves"),
    "end": ("结束查询", "End this look"),
    "open_here": ("您正在查看登记号", "You are looking at number"),
    "end_hint": (
        "用完请点“结束查询”，别人就看不到了。10 分钟不操作也会自动结束。",
        "When you have finished, end this look: nobody else can see it then. Unused for 10 minutes it ends by itself.",
    ),
    "number": ("登记号", "Number"),
    "footer": (
        "以群众满意为唯一销号标准。公开页面只显示类别和属地，不显示反映人和反映内容。",
        "Only the people's satisfaction strikes a matter off. Category and place are public; reporters and their words "
        "are not.",
    ),
}
