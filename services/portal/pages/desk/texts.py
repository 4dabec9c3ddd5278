"""What the page of a matter says to its office."""

from collections.abc import Mapping

from contracts.vocabulary import Pair
from services.portal.pages.inbox.texts import NOTHING_TO_CHOOSE, OF_THE_DESK
from services.portal.pages.ticket import texts

TEXTS: Mapping[str, Pair] = {
    **texts.TEXTS,
    **OF_THE_DESK,
    "back_to_inbox": ("返回待办", "Back to the inbox"),
    "words": ("反映的内容", "What was reported"),
    "no_words": ("内容已按反映人要求销毁。", "The words were destroyed at the reporter's wish."),
    "said_place": ("反映的地点", "Place as given"),
    "masked": (
        "人名、电话等已按规定隐去。您打开此页已留痕。",
        "Names, phones and the like are hidden by rule. That you opened this page has been written down.",
    ),
    "who_waits": ("等待答复的人", "People who wait"),
    "supplements": ("补充次数", "Supplements"),
    "do_now": ("现在可以办", "What you may do now"),
    "nothing_now": ("这件事现在没有要您办的。", "Nothing is to be done by you now."),
    "not_now": ("现在不能办的，以及为什么", "What is not possible now, and why"),
    "nothing_to_choose": NOTHING_TO_CHOOSE,
    "clocks": ("时限", "Clocks"),
    "no_clocks": ("没有时限。", "No clock."),
    "clocks_silent": (
        "时限暂时读不到，请稍后刷新。",
        "The clocks cannot be read just now: try again in a moment.",
    ),
    "due_at": ("期限 {when}", "due {when}"),
    "stopped_at": ("已于 {when} 停止", "stopped {when}"),
    "accepted": ("办成：{act}。", "Done: {act}."),
    "refused": ("没有办成：{act}。", "Not done: {act}."),
    "deciding": ("已发送，正在处理：{act}。", "Sent, and being decided: {act}."),
    "deciding_title": ("正在处理", "Being decided"),
    "deciding_hint": (
        "一般只要几秒钟，本页会自动更新，不必重发。",
        "This takes a few seconds as a rule. The page renews itself: do not send it again.",
    ),
    "look_again": ("看看结果", "See what became of it"),
}
