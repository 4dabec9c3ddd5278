"""What the form for many matters says, and what came of each."""

from collections.abc import Mapping

from contracts.vocabulary import Pair
from services.portal.pages.desk_acts import texts
from services.portal.pages.inbox.texts import OF_THE_DESK

OF_FORMS = (
    *("wrong_here", "may_be_empty", "choose", "choose_first", "stale", "call_title", "call_hint", "call_refresh"),
    *("ended", "ended_hint", "sign_in_again", "go_on", "you_wrote", "yes", "no"),
    *("label_standard", "label_unit", "label_category", "label_reason", "label_ground", "label_explanation"),
    *("label_passed", "label_grounds"),
)
TEXTS: Mapping[str, Pair] = {
    **OF_THE_DESK,
    **{name: texts.TEXTS[name] for name in OF_FORMS},
    "heading": ("{act}：{count} 件", "{act}: {count} matters"),
    "for_all": (
        "对下列每一件都这样办，逐件告诉您结果。",
        "This is done to each of these, and you are told of each what came of it.",
    ),
    "nothing_in_common": (
        "这几件没有共同可选的内容：请返回待办少选几件，或逐件办理。",
        "There is nothing that may be chosen for all of these: go back and tick fewer, or do them one by one.",
    ),
    "one_of_them": (
        "下面是第一件的调用；其余各件，换登记号和 Idempotency-Key。",
        "This is the call for the first one; the others differ in the number and the Idempotency-Key.",
    ),
    "one_call": (
        "一次调用，全部登记号都在里面；回答里有每一件到哪里查结果。",
        "One call for all of them; its answer says of each where its outcome can be asked for.",
    ),
    "fill_in": ("请填写。", "Fill this in."),
    "to_inbox": ("返回待办", "Back to the inbox"),
    "outcome_done": ("办成", "Done"),
    "outcome_waits": ("还没有结果", "No outcome yet"),
    "outcome_refused": ("没有办成", "Not done"),
    "why_unsaid": ("服务没有说明原因。", "The service gave no reason."),
    "do_alone": ("打开这一件，看现在能办什么", "Open it and see what may be done now"),
    "came_of_it": (
        "办成 {done} 件，没有办成 {refused} 件，还没有结果 {waits} 件。",
        "Done: {done}. Not done: {refused}. No outcome yet: {waits}.",
    ),
    "busy": ("正在办理：{sent} / {all}", "Being done: {sent} of {all}"),
    "stop": ("停下", "Stop"),
    "stopped": (
        "已停下。还有 {left} 件没有发送，可以接着办，也可以离开。",
        "Stopped. Not sent yet: {left}. You may go on, or leave.",
    ),
    "broken": (
        "没有连上。还有 {left} 件没有结果，可以接着办：每一件只办一次。",
        "The line broke. Without an outcome: {left}. You may go on: each matter is done once.",
    ),
    "unfinished": (
        "上次没有办完。接着办，已经办过的不会再办一次。",
        "This was not finished. Go on: what was done is not done again.",
    ),
    "goes_on": ("接着办", "Go on"),
    "try_again": ("再问一次还没有结果的", "Ask again about those without an outcome"),
    "safe": (
        "可以放心再点，刷新本页也可以：每一件只办一次。",
        "It is safe to press it again, or to reload this page: each matter is done once.",
    ),
}
