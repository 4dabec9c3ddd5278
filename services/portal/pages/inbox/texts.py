"""What the inbox says, and what stands around every page of the desk."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

OF_THE_DESK: Mapping[str, Pair] = {
    "inbox": ("待办", "Inbox"),
    "supervision": ("督查", "Supervision"),
    "acting": ("身份与登录", "Who I act as"),
    "you_act_as": ("您现在的身份", "You act as"),
    "of_unit": ("单位", "unit"),
    "of_division": ("区划", "division"),
}
NOTHING_TO_CHOOSE: Pair = (
    "现在没有可以办理的内容，或者现在不轮到您办理。",
    "There is nothing to be done here now, or it is not your turn.",
)
TEXTS: Mapping[str, Pair] = {
    **OF_THE_DESK,
    "heading": ("待办事项", "What is to be done"),
    "intro": (
        "最急的排在最前：特急未处置的，督办件，再按期限先后。点标题打开办理。",
        "The most pressing first: urgent and untouched, then orders to answer, then by the due time. Open one by its "
        "title.",
    ),
    "kept_fresh": ("本页每分钟自动更新。", "This page renews itself every minute."),
    "renewed": ("待办已更新。", "The inbox has been renewed."),
    "rests": (
        "20 分钟没有操作，已停止自动更新。动一下鼠标或按任意键继续。",
        "Nobody has touched this page for 20 minutes: it is not renewed. Move the mouse or press a key to go on.",
    ),
    "keys": ("快捷键 J、K", "Keys J and K"),
    "keys_hint": (
        "J 下一件，K 上一件，回车打开，X 勾选。点按钮可以关闭。",
        "J: next, K: previous, Enter opens, X ticks. The button switches them off.",
    ),
    "empty": ("现在没有待办。", "Nothing is to be done now."),
    "empty_hint": ("有新的事项，会自动出现在这里。", "What comes next appears here by itself."),
    "no_inbox": (
        "这个身份没有待办。请在“身份与登录”里换一个身份。",
        "This role has no inbox. Choose another one under “Who I act as”.",
    ),
    "reviews": ("等您审核、验收", "Waiting for your review"),
    "reviews_silent": (
        "等您审核、验收的事项暂时读不到，请稍后刷新。",
        "What waits for your review cannot be read just now: try again in a moment.",
    ),
    "review_plan": ("审核办理方案", "Review a plan"),
    "review_finding": ("核实责任单位的认定", "Verify what the unit found of its own matter"),
    "review_completion": (
        "验收办理结果（第 {level} 级，共 {levels} 级）",
        "Review the work (level {level} of {levels})",
    ),
    "waits_since": ("{when} 起等待", "waiting since {when}"),
    "due_at": ("期限 {when}", "due {when}"),
    "who_waits": ("{people} 人在等", "people waiting: {people}"),
    "who_waits_since": ("{when} 登记", "registered {when}"),
    "work_accept": ("请受理或退回", "Accept or return it"),
    "work_handle": ("正在办理", "Deal with it"),
    "work_redo": ("重新办理", "Do it again"),
    "work_contact": ("联系反映人", "Contact the reporters"),
    "work_plan": ("制定办理方案", "Make a plan"),
    "work_review_plan": ("审核办理方案", "Review the plan"),
    "work_answer_order": ("答复督办件", "Answer an order"),
    "work_assign": ("请交办", "Hand it out"),
    "work_rule": ("请裁定", "Decide who does it"),
    "work_review": ("请验收", "Review the work"),
    "work_look_back": ("请回访", "Ask the reporter"),
    "work_delivery": ("通知是否送达，请核实", "Find out whether a message arrived"),
    "work_other": ("待办", "To be done"),
    "first_of_all": ("特急，尚未处置", "Urgent, nobody has acted"),
    "gone": (
        "已提交。这件事现在已不在您这里。",
        "It was sent. The matter is not with you any more.",
    ),
    "to_all_ticked": ("{act}：勾选的全部", "{act}: all that is ticked"),
    "ticked_none": (
        "没有勾选任何一件：请先勾选登记号，再点下面的按钮。",
        "Nothing was ticked: tick the numbers first, then press the button below.",
    ),
    "ticked_too_many": (
        "一次最多 {at_most} 件：请少勾选几件，分几次办。",
        "At most {at_most} at once: tick fewer, and do it in several goes.",
    ),
    "earlier": ("上一页", "Previous"),
    "later": ("下一页", "Next"),
}
