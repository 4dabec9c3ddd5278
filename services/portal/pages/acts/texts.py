"""What the forms of a reporter say."""

from collections.abc import Mapping

from contracts.vocabulary import Pair
from services.portal.pages.mine import texts

TEXTS: Mapping[str, Pair] = {
    **{key: texts.TEXTS[key] for key in texts.OF_BOTH},
    "back": ("返回我的事项", "Back to my matter"),
    "again": (
        "查询已超时。您写的内容还在：请再输入登记号和查询码，然后发送。",
        "Your look has timed out. What you wrote is still here: enter number and code once more, then send.",
    ),
    "wrong_here": ("请看下面标出的地方。", "Please look at what is marked below."),
    "title_supplement": ("补充情况", "Add something"),
    "title_evaluation": ("评价办理结果", "Is it solved?"),
    "title_withdrawal": ("撤回此事", "Withdraw the matter"),
    "title_erasure": ("销毁我的身份信息", "Destroy my identity"),
    "says_supplement": (
        "有新情况，或者原来没写清楚的，写在这里。承办单位会看到。",
        "Is there more, or was something unclear? Write it here; the unit reads it.",
    ),
    "says_evaluation": (
        "请照实评价。您不满意的，单位要按规定重新办理；照实评价不会影响您。",
        "Say what is true. If you are not satisfied, the rules have it done again; nothing happens to you.",
    ),
    "says_withdrawal": (
        "撤回后，这件事就不再办理，也不能恢复。以后要再反映，需要重新登记。如果只是想补充情况，请不要撤回。",
        "Once withdrawn, nobody deals with the matter any more, and it cannot be brought back; you would have to "
        "register it anew. If you only want to add something, do not withdraw it.",
    ),
    "says_erasure": (
        "销毁后，您的姓名、电话、证件号和您写的全部内容都会永久删除，任何人、包括我们都无法恢复。"
        "这件事还会继续办理，但单位无法再联系您，您也收不到通知，不能再补充。",
        "Your name, phone, ID number and all that you wrote are deleted for ever: nobody, not even we, can bring them "
        "back. The matter goes on, but the unit cannot reach you, you get no messages, and you can add nothing.",
    ),
    "text": ("补充的内容", "What you want to add"),
    "grade": ("您满意吗？", "How satisfied are you?"),
    "solved": ("问题解决了吗？", "Is the problem solved?"),
    "solved_yes": ("解决了", "Yes, solved"),
    "solved_no": ("没有解决", "No, not solved"),
    "words": ("还想说什么（可不填）", "Anything else (may stay empty)"),
    "understood_withdrawal": ("我明白：撤回后不能恢复。", "I understand: it cannot be brought back."),
    "understood_erasure": (
        "我明白：身份信息和我写的内容将永久销毁，不能恢复。",
        "I understand: my identity and my words are destroyed for ever.",
    ),
    "not_understood": ("请先在方框里打勾。", "Tick the box first."),
    "send_supplement": ("发送补充", "Send it"),
    "send_evaluation": ("提交评价", "Send the evaluation"),
    "send_withdrawal": ("确定撤回", "Withdraw it"),
    "send_erasure": ("确定销毁", "Destroy it"),
    "keep_it": ("不了，返回", "No, go back"),
}
