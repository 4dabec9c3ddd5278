"""What an order by hand may demand, written down to be published: each check by itself, and what is wrong."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from contracts.divisions import WrittenDivision
from contracts.messages.checks import ChecksPublished
from contracts.values import NamedCheck
from runtime.process import edition_files
from runtime.process.edition_files import EditionFile, FileFault, WrittenEdition, WrittenPart
from runtime.process.editions import key_of
from services.sla.domain import check_list
from services.sla.domain.check_list import CHECKS_AT_MOST, TEXT_AT_MOST

READ_AT_MOST = 100  # of a list: beyond it nobody is told one by one what is wrong
Written = Annotated[str, Field(max_length=1000)]


class WrittenCheck(WrittenPart):
    """One thing to check: its code, and the text, Chinese and English."""

    code: Annotated[str, Field(max_length=100)]
    zh: Written
    en: Written


class WrittenChecks(WrittenEdition):
    """督办检查清单 of a division: no checks, and the platform's own five hold again."""

    division: WrittenDivision
    checks: Annotated[tuple[WrittenCheck, ...], Field(max_length=READ_AT_MOST)]

    @property
    def key(self) -> str:
        return key_of("checks", self.division, self.version)

    @property
    def named(self) -> tuple[NamedCheck, ...]:
        """As they would be published."""
        return tuple(NamedCheck(**dict(each)) for each in self.checks)

    def published(self, valid_from: datetime) -> ChecksPublished:
        return ChecksPublished(division=self.division, version=self.version, valid_from=valid_from, checks=self.named)


def read(raw: bytes) -> EditionFile[WrittenChecks]:
    """The file, each edition by itself, so that one fault hides no other."""
    return edition_files.read(raw, WrittenChecks, _wrong)


def _wrong(editions: Mapping[int, WrittenChecks]) -> list[FileFault]:
    return [
        FileFault(f"/{nth}/checks", *FAULTS[code])
        for nth, each in editions.items()
        for code in check_list.faults(each.named)
    ]


FAULTS: Mapping[str, tuple[str, str]] = {
    "code_malformed": (
        "code 须以小写字母开头，只用小写字母、数字和下划线，最多 40 个字符。",
        "A code begins with a small letter and has small letters, digits and _ only, 40 at most: change code.",
    ),
    "check_twice": ("同一 code 写了两次，请只留一个。", "One code is there twice: leave one of them."),
    "text_out_of_range": (
        f"zh 和 en 都要写，各不超过 {TEXT_AT_MOST} 字。",
        f"A check has a text in both languages, {TEXT_AT_MOST} characters at most: change zh or en.",
    ),
    "too_many_checks": (
        f"清单最多 {CHECKS_AT_MOST} 项，请删减。",
        f"A list has {CHECKS_AT_MOST} checks at most: leave some out.",
    ),
}
"""By the code of the rule: what to do about it."""
