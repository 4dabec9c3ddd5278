"""What the pages of staff who sign in say."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

TEXTS: Mapping[str, Pair] = {
    "sign_in": ("工作人员登录", "Staff sign in"),
    "intro": ("用本人账号登录。不要与他人共用账号。", "Sign in with your own account. Share it with nobody."),
    "account": ("账号", "Account"),
    "account_hint": ("小写字母、数字和 . _ -", "Small letters, digits and . _ -"),
    "password": ("密码", "Password"),
    "code": ("动态口令", "One-time code"),
    "code_hint": (
        "手机应用显示的六位数字；未启用动态口令的账号不填",
        "The six digits of your authenticator; leave it empty if you have none",
    ),
    "enter": ("登录", "Sign in"),
    "forgot": ("忘记密码请向本单位配置员索取一次性链接。", "Forgot it? Ask a configurer for a one-time link."),
    "password_set": ("密码已设置，请登录。", "The password is set: sign in."),
    "signed_out": ("已退出登录。", "You have signed out."),
    "signed_in_as": ("当前账号", "Signed in as"),
    "choose": ("以何种身份办理", "What you act as"),
    "none_holds": (
        "您目前没有有效任命，请联系配置员。",
        "No appointment of yours holds now: ask a configurer.",
    ),
    "act_so": ("以此身份办理", "Act as this"),
    "to_the_inbox": ("打开待办", "Open the inbox"),
    "chosen": ("当前身份", "You act as this now"),
    "division": ("区划", "Division"),
    "unit": ("单位", "Unit"),
    "second_factor": ("动态口令", "One-time codes"),
    "proved": ("已启用，每次登录都须填写。", "In use: every sign-in asks for one."),
    "not_proved": (
        "督查、分管领导、审计和配置岗位须启用后才能办理；其他岗位建议启用。",
        "Supervision, leaders, auditors and configurers act only with it; everybody else may have it, too.",
    ),
    "set_up": ("启用动态口令", "Set up one-time codes"),
    "code_first": ("须先启用动态口令", "Needs one-time codes first"),
    "scan": (
        "用手机上的验证器应用扫描，或手工输入密钥，再填写应用显示的六位数字。",
        "Scan it with an authenticator, or type the key into it; then type the six digits that it shows.",
    ),
    "qr_says": ("动态口令密钥的二维码", "QR code of the key"),
    "key": ("密钥", "Key"),
    "key_once": ("密钥只在此处显示，请勿截图外传。", "The key is shown here only: keep no picture of it."),
    "confirm_code": ("确认启用", "Confirm"),
    "back": ("返回", "Back"),
    "replacements": ("登录凭据更换", "Replaced credentials"),
    "proposed_by": ("提议人", "proposed by"),
    "confirmed_by": ("确认人", "confirmed by"),
    "awaits_second": ("等待另一名配置员确认", "waits for a second configurer"),
    "not_asked": (
        "如非您本人要求，请立即联系其他配置员锁定账号。",
        "If you did not ask for this, have another configurer lock the account at once.",
    ),
    "sessions": ("我的登录", "Your sessions"),
    "opened": ("登录时间", "Opened"),
    "seen": ("最近使用", "Used last"),
    "this_one": ("本次登录", "This one"),
    "end_it": ("结束此登录", "End this session"),
    "sign_out": ("退出登录", "Sign out"),
    "sign_out_all": ("退出全部登录", "End all sessions"),
    "idle": (
        "30 分钟不操作自动退出，最长 8 小时。离开时请退出。",
        "Unused for 30 minutes it ends by itself, after 8 hours at the latest. Sign out when you leave.",
    ),
    "set_password": ("设置密码", "Set your password"),
    "set_intro": ("此链接只能使用一次。", "This link can be used once."),
    "new_password": ("新密码", "New password"),
    "new_hint": ("至少 12 个字符，不含账号名，不要用常见密码", "At least 12 characters, without the account's name"),
    "set_it": ("设置", "Set it"),
}
