"""What is sent to staff over HTTP."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, ValidationInfo
from pydantic_core import PydanticCustomError

from contracts.accounts import CREDENTIALS
from contracts.vocabulary import ROLES
from runtime.http.bodies import AS_READ
from runtime.values.fields import Instant, Writable
from services.staff.domain.passwords import LONGEST

NAME = r"^[a-z0-9][a-z0-9._-]{1,39}$"
NAME_OF_ACCOUNT = re.compile(NAME)
KEY = "key"
BASE64URL = r"^[A-Za-z0-9_-]*$"
PUBLIC_KEY = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
"""32 bytes in base64url: the last character carries two of its six bits as zeros."""


def _known_role(role: str) -> str:
    if role not in ROLES:
        zh = f"没有这个角色；可选：{'、'.join(f'{code}（{names[0]}）' for code, names in ROLES.items())}。"
        raise PydanticCustomError("role_unknown", f"No such role: use one of {', '.join(ROLES)}.", {"zh": zh})
    return role


def _known_credential(what: str) -> str:
    if what not in CREDENTIALS:
        zh = f"没有这种凭据；可选：{'、'.join(f'{code}（{names[0]}）' for code, names in CREDENTIALS.items())}。"
        en = f"No such credential: use one of {', '.join(CREDENTIALS)}."
        raise PydanticCustomError("credential_unknown", en, {"zh": zh})
    return what


def _fitting_key(public_key: str, told: ValidationInfo) -> str:
    """A key comes with its public half, and nothing else does."""
    what = (told.data or {}).get("what")
    is_right = PUBLIC_KEY.fullmatch(public_key) if what == KEY else not public_key
    if is_right or what is None:
        return public_key
    zh = "系统密钥须写明 Ed25519 公钥（JWK 的 x，43 个字符）；其他凭据不填。"
    en = "A key comes with its public half: x of an Ed25519 JWK, 43 characters; other credentials have none."
    raise PydanticCustomError("public_key_wrong", en, {"zh": zh})


class StaffBody(BaseModel):
    """The form of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SignIn(StaffBody):
    """登录. Of a person who has a password here."""

    account: Annotated[str, AS_READ, Field(pattern=NAME)]
    password: Annotated[str, Field(min_length=1, max_length=LONGEST), Writable]
    code: Annotated[str, AS_READ, Field(pattern=r"^([0-9]{6})?$")] = ""


class CodeSent(StaffBody):
    """A one-time code, as the authenticator shows it now."""

    code: Annotated[str, AS_READ, Field(pattern=r"^[0-9]{6}$")]


class ReplacementSent(StaffBody):
    """更换登录凭据: which one the account is to get another of. ``public_key``: of a key, its public half."""

    what: Annotated[str, Field(max_length=40), AfterValidator(_known_credential)]
    public_key: Annotated[
        str, Field(max_length=100, pattern=BASE64URL, validate_default=True), AfterValidator(_fitting_key)
    ] = ""


class PasswordSet(StaffBody):
    """设置密码, with a one-time link."""

    link: Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
    password: Annotated[str, Field(min_length=1, max_length=1000), Writable]


class AppointmentChosen(StaffBody):
    """The index of one of the own appointments."""

    appointment: Annotated[StrictInt, Field(ge=1, le=1000)]


class AppointmentSent(StaffBody):
    """任命. Without ``since`` it holds from its confirmation on, without ``until`` until somebody ends it."""

    role: Annotated[str, Field(max_length=40), AfterValidator(_known_role)]
    unit: Annotated[str, Field(max_length=40, pattern=r"^([0-9]{6}-[A-Z0-9]{1,20})?$")] = ""
    division: Annotated[str, AS_READ, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9})$")]
    since: Instant | None = None
    until: Instant | None = None
