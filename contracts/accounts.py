"""What services and pages know of the accounts of staff beside their roles (``vocabulary.ROLES``)."""

from collections.abc import Mapping

from contracts.vocabulary import Pair

SEES_NO_MATTER = frozenset({"configurer"})
"""Roles of staff that read no matter: whoever says who may act, and by what rules, has no part in what is done."""

ASKED_FOR_A_CODE = frozenset({"supervisor", "leader", "auditor", "configurer"})
"""Roles that nobody acts in by a password alone: they see a whole division, or say who may."""

CREDENTIALS: Mapping[str, Pair] = {
    "password": ("密码", "the password"),
    "second_factor": ("动态口令", "the one-time codes"),
    "key": ("系统密钥", "the key by which a unit's own system signs in"),
}
"""What somebody proves with that an account is theirs, and two configurers may have replaced."""

CREDENTIAL_CHANGES: Mapping[str, Pair] = {
    "link_laid": ("生成设置密码的链接", "a link by which a password is set"),
    "password_set": ("设置密码", "a password set by such a link"),
    "codes_set_up": ("启用动态口令", "one-time codes set up"),
}
"""What is done to a credential by whoever may: that it is to be replaced, two configurers ask for by requests."""
