"""Resident identity numbers (GB 11643-1999): judged by date and check digit, never by a table of places.

Places end and are renamed while their people keep the number, and every table lacks some.
"""

from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2

from runtime.values.typed import ValueRefused, plain

LENGTH = 18
FIRST_BIRTH = 1880  # nobody alive was born before
REMEDY_ZH = "应为18位，末位可为X；其他证件请填 permit 栏。"
REMEDY_EN = "Give its 18 digits, the last may be X; other documents belong in the field permit."


def read(typed: str) -> str:
    """The number in a field, its last character in upper case. Raises ValueRefused."""
    number = plain(typed).upper().replace(" ", "").replace("-", "")
    if len(number) != LENGTH or not (number[:-1].isascii() and number[:-1].isdigit()):
        raise ValueRefused("id_form", f"这不是居民身份证号。{REMEDY_ZH}", f"No resident identity number. {REMEDY_EN}")
    if _born(number) is None:
        raise ValueRefused("id_date", f"身份证号中的出生日期不存在。{REMEDY_ZH}", f"No such date of birth. {REMEDY_EN}")
    try:
        mod_11_2.validate(number)
    except ValidationError:
        zh, en = f"身份证号校验位不符，请核对。{REMEDY_ZH}", f"The check digit does not fit: look again. {REMEDY_EN}"
        raise ValueRefused("id_check_digit", zh, en) from None
    return number


def born(number: str) -> date:
    """The date of birth in a number that was read."""
    found = _born(number)
    assert found is not None
    return found


def _born(number: str) -> date | None:
    try:
        at = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return at if at.year >= FIRST_BIRTH else None
