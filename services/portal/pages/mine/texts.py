"""What the form for number and query code says."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

TEXTS: Mapping[str, Pair] = {
    "code": ("查询码", "Query code"),
    "ended": (
        "本次查询已结束，屏幕上不再显示您的事项。再看请重新输入。",
        "This look has ended, and your matter is no longer on the screen. To see it again, enter both once more.",
    ),
    "no_cookie": (
        "如果刚刚输入过又回到这里：请允许本站使用 Cookie，并用 https 开头的网址打开。",
        "Have you just entered them and are back here? Allow cookies for this site and open it by its https address.",
    ),
    "mine_intro": (
        "输入登记号和查询码，查看办理全过程和答复。",
        "Enter number and query code to see the whole story and the replies.",
    ),
    "mine_button": ("查询", "Look up"),
    "mine_refused": (
        "登记号或查询码不正确。请核对后再试。",
        "Number or query code is wrong. Please check and try again.",
    ),
    "mine_unknown": (
        "没有查到这个登记号，请核对；刚登记的请几分钟后再查。",
        "No such number here. Please check it; if it was registered just now, try again in a few minutes.",
    ),
    "mine_slow": ("尝试次数过多，请稍后再试。", "Too many attempts. Please try again later."),
    "number_hint": ("可带空格或短横线", "Spaces and dashes may stay"),
    "code_hint": ("10 位字母数字", "10 letters and digits"),
}

OF_BOTH = ("code", "code_hint", "number_hint", "mine_refused", "mine_unknown", "mine_slow")
"""Said wherever number and code are asked for."""
