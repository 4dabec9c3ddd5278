"""Numbers of papers that name one person, and dates of birth, told by what stands beside them."""

import re
from collections.abc import Iterator

from services.portal.reading.ticket.masking.spans import STAR, Span, starred

PAPERS = (
    "学籍|学号|社保|医保|公积金|低保|老年|残疾|优待|军人|退役|退休|离休|驾驶|驾照|行驶|通行|回乡|签注|护照|居住|居留|暂住|健康|就诊|住院|病历|"
    "病案|教师资格|工作证|会员|户口|结婚|离婚|出生医学证明"
)
NUMBERED = "(?:个人)?(?:证|卡|本|簿|证书)?(?:件)?(?:号码?|编号|账号|账户|帐号)?"
SAID = r"[:：是为 ]{0,3}"
NUMBER = r"(?P<id>[A-Za-z]{0,2}[0-9]{7,20}[Xx]?)(?![0-9A-Za-z])"
NUMBERS = (
    re.compile(rf"(?:{PAPERS}){NUMBERED}{SAID}{NUMBER}"),
    re.compile(r"短号[:：是为 ]{0,3}(?P<id>[0-9]{3,6})(?![0-9])"),
)
YEAR = "(?:19|20)[0-9]{2}"
DAY = rf"(?:{YEAR}(?:年[0-9]{{1,2}}月[0-9]{{1,2}}[日号]|[\-./][0-9]{{1,2}}[\-./][0-9]{{1,2}}))"
BIRTHS = (
    re.compile(rf"(?P<id>{DAY})(?=出?生(?![产活效态意病成]))"),
    re.compile(rf"(?:出生(?:日期|年月日?|时间)?|生日|生于)[:：是为于 ]{{0,3}}(?P<id>{DAY})"),
)


def spans(text: str) -> Iterator[Span]:
    """What names one person as an ID number does."""
    for pattern in NUMBERS:
        for found in pattern.finditer(text):
            yield starred(text, *found.span("id"), 2)
    for pattern in BIRTHS:
        for found in pattern.finditer(text):
            yield Span(*found.span("id"), STAR * len(found["id"]))
