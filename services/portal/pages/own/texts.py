"""What the page of one's own matter says beyond the public one."""

from collections.abc import Mapping

from contracts.vocabulary import Pair
from services.portal.pages.ticket import texts

TEXTS: Mapping[str, Pair] = {
    **texts.TEXTS,
    "now_title": ("现在到哪一步", "Where it stands"),
    "now_invalid": (
        "未予受理，原因见下面“办理经过”。补充情况后会重新审核。",
        "It was not taken; the story below says why. Add what is missing, and it is looked at again.",
    ),
    "now_registered": ("已登记，正在确定由哪个单位办理。", "Registered: it is being decided which unit deals with it."),
    "now_queued": ("正在确定由哪个单位办理。", "It is being decided which unit deals with it."),
    "now_disputed": ("正在裁定由哪个单位办理。", "It is being ruled which unit deals with it."),
    "now_assigned": ("已交给 {unit}，等待该单位受理。", "Handed to {unit}, which has to accept it."),
    "now_in_hand": ("{unit} 正在办理。", "{unit} is dealing with it."),
    "now_under_review": (
        "{unit} 报告已经办完，正在逐级验收，通过后请您评价。",
        "{unit} says that it is done; others look at the work now, and then you are asked.",
    ),
    "now_awaiting_evaluation": (
        "{unit} 报告已经办结，等待反映人评价。",
        "{unit} says that it is done; the people who reported it are asked.",
    ),
    "now_rework": ("{unit} 正在重新办理。", "{unit} is doing it again."),
    "now_struck_off": ("已销号，办理结束。", "Struck off: it is over."),
    "now_withdrawn": ("已按您的要求撤回。", "Withdrawn at your wish."),
    "a_unit": ("责任单位", "the responsible unit"),
    "acts_title": ("您可以", "You can"),
    "go_supplement": ("补充情况", "Add something"),
    "go_evaluation": ("评价办理结果", "Say whether it is solved"),
    "go_withdrawal": ("撤回此事", "Withdraw the matter"),
    "go_erasure": ("销毁我的身份信息", "Destroy my identity"),
    "evaluate_now": (
        "单位说办好了。是否真的办好，由您说了算。",
        "The unit says that it is done. Whether it is, you decide.",
    ),
    "pending": (
        "已收到，正在处理，一般只要几秒钟。",
        "Received; it is being decided. This takes a few seconds as a rule.",
    ),
    "waiting": ("已经登记", "It is registered"),
    "waiting_hint": (
        "一般几秒钟后就能在这里看到。登记号和查询码请保管好。",
        "In a few seconds it is shown here, as a rule. Keep number and code safe.",
    ),
    "look_again": ("看看结果", "See what became of it"),
    "accepted_supplement": ("您的补充已收到，承办单位会看到。", "What you added has been taken; the unit reads it."),
    "accepted_evaluation": ("您的评价已记录，谢谢。", "Your evaluation has been recorded. Thank you."),
    "accepted_withdrawal": ("此事已撤回。", "The matter has been withdrawn."),
    "accepted_erasure": (
        "您的身份信息已销毁，无法恢复。",
        "Your identity has been destroyed and cannot be brought back.",
    ),
    "refused": ("没有办成：", "It was not done:"),
}
