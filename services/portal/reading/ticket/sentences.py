"""The sentences of the story, Chinese first, English second. They take {unit}, {note} and {people}."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

STEPS: Mapping[str, Pair] = {
    "registered": ("登记挂号，来自{note}。", "Registered, received by {note}."),
    "screened_out": ("甄别为不予受理：{note}", "Screened out: {note}"),
    "supplemented": ("反映人补充了情况。", "The reporter added facts."),
    "conflicted": (
        "同一提交码收到不同内容，已作为补充保存。",
        "The same key came with other words; kept as a supplement.",
    ),
    "queued": ("等待人工交办：{note}", "Waiting for a person to assign it: {note}"),
    "assigned": ("交办给{unit}（第{note}次交办）。", "Assigned to {unit} (assignment {note})."),
    "returned": ("{unit}退回：{note}。", "Returned by {unit}: {note}."),
    "disputed": (
        "{unit}再次退回，提请督查室裁定：{note}。",
        "Returned again by {unit}; the supervision office decides: {note}.",
    ),
    "accepted": ("{unit}受理，承诺：{note}。", "Accepted by {unit}, which promised: {note}."),
    "deadline": ("开始计时，{note}。", "The clock runs. {note}."),
    "light": ("亮灯：{note}。", "The light turned: {note}."),
    "light_withdrawn": ("撤销误亮的灯，恢复为{note}。", "A false light was withdrawn: {note} again."),
    "ordered": ("督查室发出督办件 {note}。", "The supervision office issued order {note}."),
    "order_withdrawn": ("督办件 {note} 撤销。", "Order {note} was withdrawn."),
    "planned": ("{unit}制定办理方案：{note}。", "{unit} made a plan: {note}."),
    "progress": ("{unit}报告进展。", "{unit} reported progress."),
    "completed": (
        "{unit}办结并附证明材料 {note} 份，请反映人评价。",
        "Completed by {unit}; pieces of evidence: {note}. The reporter is asked to evaluate.",
    ),
    "reminded": ("提醒反映人评价。", "The reporter was reminded to evaluate."),
    "look_back_due": ("反映人未回应，转人工回访。", "No answer: somebody will call back."),
    "evaluated": ("反映人评价：{note}。", "The reporter evaluated: {note}."),
    "look_back": ("回访记录：{note}。", "Look-back: {note}."),
    "rework": ("{note}。", "{note}."),
    "struck_off": ("群众满意，销号。", "The people are satisfied: struck off."),
    "withdrawn": ("反映人撤回。", "Withdrawn by the reporter."),
    "erased": ("应反映人要求，个人信息已销毁。", "Personal data destroyed at the reporter's wish."),
    "told": ("已通知反映人：{note}。", "The reporter was told: {note}."),
    "told_many": ("已通知 {people} 人：{note}。", "{people} people were told: {note}."),
}


TOLD: Mapping[str, Pair] = {
    "registered": ("登记号和查询码", "number and query code"),
    "screened_out": ("暂未受理及原因", "not registered yet, and why"),
    "conflicted": ("另一份内容已并入", "other words were kept with it"),
    "assigned": ("已交办", "assigned"),
    "accepted": ("已受理及承诺", "accepted, and the promise"),
    "deadline_moved": ("时限调整", "a new deadline"),
    "progress": ("办理进展", "progress"),
    "evaluate": ("请评价", "please evaluate"),
    "remind": ("提醒评价", "a reminder to evaluate"),
    "rework": ("重办", "it is done again"),
    "struck_off": ("已销号", "struck off"),
    "withdrawn": ("撤回回执", "receipt of the withdrawal"),
}
