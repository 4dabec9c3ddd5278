"""What may be a password, and how long whoever guesses has to wait."""

import itertools
from datetime import datetime, timedelta

from services.staff.domain.appointing import AccountRefused

SHORTEST, LONGEST = 12, 200  # characters
DIFFERENT = 5  # characters, at least
FREE = 4  # wrong passwords of an account from one address before anybody has to wait
FREE_ANYWHERE = 50  # wrong passwords of an account from all addresses: from then on each address waits from its first
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
LINK_LIVES = timedelta(hours=72)

COMMON = (
    *("123456789012", "1234567890123", "12345678901234", "123456789123", "1234567890ab", "112233445566"),
    *("qwertyuiop12", "qwertyuiop123", "qwertyuiopas", "1qaz2wsx3edc", "1q2w3e4r5t6y", "zaq12wsxcde3", "q1w2e3r4t5y6"),
    *("asdfghjkl123", "zxcvbnm12345", "abcdefghijkl", "abcd12345678", "a12345678901", "aa123456789.", "abc123456789"),
    *(
        "password1234",
        "password12345",
        "passw0rd1234",
        "p@ssw0rd1234",
        "administrator",
        "admin1234567",
        "admin123456789",
    ),
    *("letmein12345", "welcome12345", "changeme1234", "iloveyou1234", "woaini1314520", "woaini123456", "5201314woaini"),
    *("woaizhongguo", "zhongguo1234", "nihao1234567", "wangyi123456", "taobao123456", "huaihua12345", "mayang123456"),
    *("renmin123456", "zhengfu12345", "duban1234567", "dubandubandu", "gongzuo12345", "qwe123456789", "asd123456789"),
)
"""Long passwords that whoever guesses tries first, as they are typed here."""

TOO_SHORT = AccountRefused(
    "password_too_short", f"密码至少{SHORTEST}个字符，请加长。", f"At least {SHORTEST} characters: make it longer."
)
TOO_LONG = AccountRefused(
    "password_too_long", f"密码最多{LONGEST}个字符，请缩短。", f"At most {LONGEST} characters: make it shorter."
)
TOO_PLAIN = AccountRefused(
    "password_too_plain",
    "密码太容易猜到，请换一个，例如几个互不相关的词。",
    "Too easy to guess: use another, say four words that do not belong together.",
)


def wrong_with(password: str, account: str) -> AccountRefused | None:
    """Why it may be no password of the account; None when it may."""
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    typed = password.casefold()
    is_plain = typed in COMMON or account in typed or typed.isdigit() or len(set(typed)) < DIFFERENT
    return TOO_PLAIN if is_plain or _is_row(typed) else None


def _is_row(typed: str) -> bool:
    """Whether each character follows the one before, up or down."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(typed)}
    return steps in ({1}, {-1})


def may_try_at(wrong: int, anywhere: int, last: datetime) -> datetime:
    """When an address may try again that was wrong so often, last at ``last``. ``anywhere``: from all addresses.

    An address that was not wrong never waits: nobody locks somebody else out by guessing.
    """
    beyond = wrong - (FREE if anywhere < FREE_ANYWHERE else 0)
    if not wrong or beyond <= 0:
        return last
    doubled: int = 2 ** min(beyond - 1, 20)
    return last + min(FIRST_WAIT * doubled, LONGEST_WAIT)
