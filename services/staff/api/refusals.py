"""What somebody who signs in is refused with, in both languages."""

from datetime import timedelta

from runtime.http.problems import Refusal
from services.staff.domain.account import Account
from services.staff.domain.appointing import AccountRefused

BUSY_FOR = "5"  # seconds


def sign_in_refused() -> Refusal:
    """Account, password and code do not go together, or the account is locked: nobody is told which."""
    zh = "账号或密码不正确，或动态口令不正确、已用过，或账号已停用。忘记密码请联系本单位配置员。"
    en = "Account or password is wrong, or the code is wrong or used, or the account is locked. Ask a configurer."
    return Refusal(401, "sign_in_refused", zh, en)


def wait_first(wait: timedelta) -> Refusal:
    """Too many wrong passwords came from this address."""
    seconds = max(1, int(wait.total_seconds()) + 1)
    zh, en = f"密码错误次数过多，请{seconds}秒后再试。", f"Too many wrong passwords: try again in {seconds} seconds."
    return Refusal(429, "wait_first", zh, en, headers={"Retry-After": str(seconds)})


def busy() -> Refusal:
    """So many sign in at once that one more would wait too long."""
    zh, en = "登录人数过多，请稍后再试。", "Too many people sign in at once: try again in a few seconds."
    return Refusal(503, "sign_in_busy", zh, en, headers={"Retry-After": BUSY_FOR})


def session_ended() -> Refusal:
    zh, en = "登录已失效，请重新登录。", "The session has ended: sign in again."
    return Refusal(401, "session_ended", zh, en)


def link_refused() -> Refusal:
    """It was used, has run out, was replaced by another, or never was."""
    zh = "链接无效、已使用或已过期，请向配置员索取新链接。"
    return Refusal(410, "link_refused", zh, "The link is wrong, used or out of date: ask a configurer for a new one.")


def no_appointment() -> Refusal:
    """None is chosen, or the chosen one does not hold."""
    zh, en = "请先选择一项有效的任命。", "Choose an appointment that holds first."
    return Refusal(409, "no_appointment", zh, en)


def no_such_session() -> Refusal:
    return Refusal(404, "session_unknown", "没有这个登录会话。", "No such session of yours.")


def no_key() -> Refusal:
    """No key signs tokens today: staff's loop makes them."""
    zh, en = "系统暂不能签发登录凭证，请稍后再试。", "No token can be signed now: try again in a few minutes."
    return Refusal(503, "no_token_key", zh, en, headers={"Retry-After": BUSY_FOR})


def password_refused(why: AccountRefused) -> Refusal:
    named = {"pointer": "/password", "code": why.code, "zh": why.zh, "en": why.en}
    return Refusal(422, why.code, why.zh, why.en, errors=[named])


def decided(why: AccountRefused) -> Refusal:
    """A rule of accounts says no."""
    return Refusal(403, why.code, why.zh, why.en)


def second_account_first() -> Refusal:
    """The account has a password, and nobody gives it another one alone."""
    zh = "该账号已有密码：请先提议更换，由另一名配置员确认，再由提议人或确认人生成链接。"
    en = (
        "It has a password: propose a replacement, let a second configurer confirm it; then either of you makes a link."
    )
    return Refusal(409, "second_account", zh, en)


def credential_replaced(account: Account) -> Refusal:
    """Its sessions ended with that; whoever still holds one is told on whose word."""
    by = next((each.by for each in reversed(account.replacements) if each.is_confirmed), ())
    zh = f"登录已失效：{'、'.join(by)}已为此账号更换登录凭据。如非您本人要求，请立即联系其他配置员锁定账号。"
    en = f"Signed out: {' and '.join(by)} had a credential replaced. Not asked for? Have the account locked."
    return Refusal(401, "credential_replaced", zh, en)


def second_factor_first() -> Refusal:
    """The role is one of accounts.ASKED_FOR_A_CODE, and the session was opened by a password alone."""
    zh = "该角色须使用动态口令：请先启用动态口令；已启用的请用动态口令重新登录。"
    en = "This role needs a one-time code: set up an authenticator, or sign in again with its code."
    return Refusal(403, "second_factor_first", zh, en)


def second_factor_there() -> Refusal:
    zh = "该账号已启用动态口令。更换手机请向配置员申请更换动态口令。"
    en = "The account has one-time codes already. For another telephone ask two configurers to have them replaced."
    return Refusal(409, "second_factor_there", zh, en)


def no_second_factor() -> Refusal:
    """Nothing waits for a code in this session: it was not begun here, or was begun anew elsewhere."""
    zh, en = "请重新启用动态口令。", "Begin to set up the one-time codes again."
    return Refusal(409, "second_factor_missing", zh, en)


def assertion_refused() -> Refusal:
    """Whatever is wrong with it: the log and the audit say what (``error`` as in RFC 6749)."""
    zh = "系统登录凭证无效。请核对账号、公钥、受众、有效期，每次使用新的 jti；详情请询问审计员。"
    en = "The assertion is refused: check account, key, audience, times, and a new jti each time. An auditor sees why."
    return Refusal(400, "assertion_refused", zh, en, error="invalid_grant")


def grant_unsupported(grant: str) -> Refusal:
    zh, en = f"请以表单提交 grant_type={grant} 和 assertion。", f"Send a form with grant_type={grant} and assertion."
    return Refusal(400, "grant_unsupported", zh, en, error="unsupported_grant_type")


def too_many_assertions() -> Refusal:
    zh, en = "申请过于频繁：每个凭证可用五分钟，请重复使用。", "Too many: a token holds for five minutes, use it again."
    return Refusal(429, "too_many_assertions", zh, en, headers={"Retry-After": "60"})


def no_appointment_named() -> Refusal:
    """Several hold and none is named, or none holds, or the named one does not."""
    zh = "没有可用的任命：有多项时，请在声明 appointment 中写明序号。"
    en = "No appointment holds; where several do, name the index of one in the claim appointment."
    return Refusal(409, "no_appointment", zh, en)


def not_by_a_key() -> Refusal:
    """The role is one of accounts.ASKED_FOR_A_CODE: a person acts in it."""
    zh, en = (
        "该角色须由本人使用动态口令行使，不能由系统行使。",
        "A person acts in this role, with a one-time code: no system.",
    )
    return Refusal(403, "not_by_a_key", zh, en)


def code_refused() -> Refusal:
    zh, en = "动态口令不正确，请输入应用当前显示的六位数字。", "Not the code: type the six digits that it shows now."
    named = {"pointer": "/code", "code": "code_refused", "zh": zh, "en": en}
    return Refusal(422, "code_refused", zh, en, errors=[named])
