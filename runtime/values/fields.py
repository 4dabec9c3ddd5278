"""Types of fields for every body that is sent in: each is read once, and is then what it is."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from runtime.values import emails, id_numbers, phones
from runtime.values.typed import ValueRefused, plain

NUL_ZH = "含有无法保存的字符（空字符），请删去。"
NUL_EN = "Holds a character that cannot be stored: remove it."
FIRST_YEAR, LAST_YEAR = 2000, 2200  # what lies outside is a slip, and the ends of the calendar have no UTC
INSTANT = r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
WRITTEN, WRITTEN_DAY = re.compile(INSTANT, re.ASCII), re.compile(DAY, re.ASCII)
LINES = str.maketrans({"\v": "\n", "\f": "\n"})  # what word processors mean by them
UNFIT = re.compile("[\x01-\x08\v\f\x0e-\x1f\ufffe\uffff]")  # no Char of XML 1.0, section 2.2
PHONE_LONGEST, EMAIL_LONGEST, ID_LONGEST = 60, 300, 40  # characters as they are typed


def writable(text: str) -> str:
    """Words as every store and every XML can hold them: what cannot stand there is replaced (U+FFFD).

    NUL is refused. Lone surrogates never get here: bodies are read without them, and pydantic refuses them.
    """
    if "\0" in text:
        raise PydanticCustomError("bad_character", NUL_EN, {"zh": NUL_ZH})
    return UNFIT.sub("\ufffd", text.translate(LINES)) if UNFIT.search(text) else text


def read_by(read: Callable[[str], Any]) -> AfterValidator:
    """A validator that makes of what was typed what ``read`` finds in it, and refuses what it refuses."""

    def value_of(typed: str) -> str:
        try:
            return str(read(writable(typed)))
        except ValueRefused as why:
            raise PydanticCustomError(why.code, why.en, {"zh": why.zh}) from None

    return AfterValidator(value_of)


def _written(sent: object) -> object:
    """Pydantic takes a number, and digits in a string, for seconds since 1970."""
    if isinstance(sent, datetime) or (isinstance(sent, str) and WRITTEN.fullmatch(sent)):
        return sent
    zh = "应为带时区的时间（RFC 3339），如 2027-03-01T09:00:00+08:00。"
    en = "Must be an RFC 3339 instant with its zone, as 2027-03-01T09:00:00+08:00."
    raise PydanticCustomError("datetime_type", en, {"zh": zh})


def _written_day(sent: object) -> object:
    """Pydantic takes a number here, too."""
    if isinstance(sent, date) or (isinstance(sent, str) and WRITTEN_DAY.fullmatch(sent)):
        return sent
    zh, en = "应为日期，如 2027-03-01。", "Must be a day, as 2027-03-01."
    raise PydanticCustomError("date_type", en, {"zh": zh})


DatedT = TypeVar("DatedT", bound=date)


def _of_our_time(instant: DatedT) -> DatedT:
    if not FIRST_YEAR <= instant.year < LAST_YEAR:
        zh, en = "年份须在 2000 至 2199 之间。", "The year must be between 2000 and 2199."
        raise PydanticCustomError("year", en, {"zh": zh})
    return instant


Writable = AfterValidator(writable)
Width = BeforeValidator(lambda sent: plain(sent) if isinstance(sent, str) else sent)
"""For codes and digits: full width is the same as half width, blanks at the ends mean nothing."""
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(_of_our_time),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": INSTANT}),
]
"""The one type of an instant in a body or a question: written out in RFC 3339 with its zone."""
Day = Annotated[
    date,
    BeforeValidator(_written_day),
    AfterValidator(_of_our_time),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY}),
]
"""The one type of a day in a body or a question."""
Phone = Annotated[str, Field(max_length=PHONE_LONGEST), read_by(phones.read)]
Email = Annotated[str, Field(max_length=EMAIL_LONGEST), read_by(emails.read)]
IdNumber = Annotated[str, Field(max_length=ID_LONGEST), read_by(id_numbers.read)]
