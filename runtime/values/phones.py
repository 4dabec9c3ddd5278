"""Telephone numbers. Chinese ones by rules of our own, those of other countries by ``phonenumbers``.

Its metadata takes subscribers that begin with 1, which no exchange gives out, and lacks some mobile prefixes. Sources:
MIIT, 电信网编号计划 (2017): 11 digits 1[3-9]… for mobiles; 0 + area code + 7 or 8 digits; 400 and 800 + 7 digits.
"""

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from runtime.values.typed import ValueRefused, plain

Kind = Literal["mobile", "fixed", "service"]
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣", "-"))
SAID = r"(?:转|轉|分机|分機|ext\.?|x|#)[ :]?"
SHAPE = re.compile(rf"(?P<main>\+?[0-9 ().\-/]{{3,40}}?)(?:[ ,;-]*{SAID}(?P<extension>[0-9]{{1,6}}))?", re.I)
TAILED = re.compile(r"(0[0-9]{2,3}-[0-9]{7,8})-([0-9]{1,6})")
COUNTRY = re.compile(r"^(?:(?:\+|00)86(?=[0-9])|86(?=1[3-9][0-9]{9}$))")
BARE = re.compile(r"1[3-9][0-9]{9}")
MOBILE = re.compile(r"0?(1[3-9][0-9]{9})")
FIXED = re.compile(r"(0(?:10|2[0-9]))([2-9][0-9]{7})|(0[3-9][0-9]{2})([2-9][0-9]{6,7})")
SERVICE = re.compile(r"[48]00[0-9]{7}")
ABROAD = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
FORMS_ZH, FORMS_EN = "如 13912345678、0745-5822345、0745-5822345转803", "as 13912345678, 0745-5822345 or +85291234567"


@dataclass(frozen=True, slots=True)
class Phone:
    """One number. ``number``: as it is dialled within China, or in E.164 with + where it is another country's."""

    number: str
    kind: Kind
    extension: str = ""

    @property
    def takes_sms(self) -> bool:
        """Whether a text message arrives there."""
        return self.kind == "mobile"

    @property
    def is_a_subscribers(self) -> bool:
        """Whether it is somebody's own within China: no service number, and none of another country."""
        return self.kind != "service" and not self.number.startswith("+")

    def __str__(self) -> str:
        return f"{self.number}转{self.extension}" if self.extension else self.number


def read(typed: str) -> Phone:
    """The number in a field. Raises ValueRefused."""
    if BARE.fullmatch(typed):  # nearly all: the rest costs ten times as much
        return Phone(typed, "mobile")
    dashed = plain(typed).translate(DASHES)
    shaped = SHAPE.fullmatch(TAILED.sub(r"\1#\2", dashed))
    if shaped is None:
        raise _refused("phone_form", "电话须是一个号码", "Give one telephone number")
    digits = re.sub(r"[^0-9+]", "", shaped["main"])
    if digits.startswith(("+", "00")) and not COUNTRY.match(digits):
        return _abroad(digits)
    return _chinese(COUNTRY.sub("", digits, count=1), shaped["extension"] or "", given=digits)


def sms_number(typed: str) -> str:
    """The number that an SMS gateway gets for what was stored, "" where none arrives; unreadable is left as it is."""
    try:
        phone = read(typed)
    except ValueRefused:
        return typed
    return phone.number if phone.takes_sms else ""


def _chinese(digits: str, extension: str, *, given: str) -> Phone:
    if (mobile := MOBILE.fullmatch(digits)) and not extension:
        return Phone(mobile[1], "mobile")
    with_area = digits if digits == given or digits.startswith("0") else f"0{digits}"
    if fixed := FIXED.fullmatch(with_area):
        return Phone("-".join(filter(None, fixed.groups())), "fixed", extension)
    if SERVICE.fullmatch(digits):
        return Phone(digits, "service", extension)
    raise _why(digits)


def _why(digits: str) -> ValueRefused:
    """What is wrong with digits that are no number of a person."""
    if MOBILE.fullmatch(digits):
        return _refused("phone_form", "手机号没有分机", "A mobile number has no extension")
    if digits.startswith("1") and len(digits) >= 9:
        return _refused("phone_length", f"手机号应为11位，此处有{len(digits)}位", "A mobile number has 11 digits")
    if 7 <= len(digits) <= 8 and digits[0] in "23456789":
        return _refused("phone_area_code", "固定电话请加区号", "Give a fixed line with its area code")
    if 3 <= len(digits) <= 6 and digits[0] != "0":
        return _refused("phone_short", "短号和服务号码不能联系到您本人", "A short or service number does not reach you")
    return _refused("phone_form", "这不是可以拨打的号码", "This is no number that can be dialled")


def _abroad(digits: str) -> Phone:
    try:
        number = phonenumbers.parse("+" + digits.removeprefix("+").removeprefix("00"))
    except NumberParseException:
        raise _why("") from None
    if not phonenumbers.is_valid_number(number):
        raise _refused("phone_abroad", "这不是该国家或地区的有效号码", "This is no valid number of that country")
    kind: Kind = "mobile" if phonenumbers.number_type(number) in ABROAD else "fixed"
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), kind)


def _refused(code: str, zh: str, en: str) -> ValueRefused:
    return ValueRefused(code, f"{zh}，{FORMS_ZH}。", f"{en}, {FORMS_EN}.")
