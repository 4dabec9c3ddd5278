"""Numbers and addresses that reach or name a person, found in read text; amounts, dates and documents are none."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from stdnum.iso7064 import mod_11_2

from services.portal.reading.ticket.masking.spans import STAR, Span, starred

DIGIT = "0-9一二三四五六七八九零〇○幺壹贰叁肆伍陆柒捌玖"
D = f"[{DIGIT}]"
GAP = r"[ .。·•_\-—–~]{0,3}"
NOT_INSIDE = rf"(?<!{D})(?<![0-9][.\-])"
NOT_BEFORE = rf"(?!{GAP}{D})"
MONEY = "元|块|万|亿|吨|公斤|千克|斤|平方|平米|立方|亩|度|千瓦|公里|美元|日元|港币|%"
COUNTED = "人|户(?!名|主|口)|辆|次|页|字|件|名|株|只|头|年"
AMOUNT = rf"(?! ?(?:{MONEY})|(?:{COUNTED}))"
PAPERS = re.compile(
    r"(?:编号|文号|读数|单号|案号|批号|条码|发票号?码?|合同号?|信用代码|许可证号?|证书号|宗地|登记号|工单|订单号?|流水号?|立案|备案号?|"
    r"项目|代码|国标|标准|字第|表号|户号|机身|型号|学号|编码|(?<!手机)(?<!电话)(?<![账帐卡信码])(?<!身份证)(?<!QQ)号)"
    r"[号码为是:： ()A-Za-z第]{0,6}$"
)
SAID_EMAIL = r"[A-Za-z0-9._%+\-]{1,64}"
MESSENGERS = (
    r"(?=[微威薇VvWw抖快小支钉Qq扣企Tt加])(?:微信|威信|薇信|V信|[Vv][Xx]|[Ww]e[Cc]hat|抖音|快手|小红书|支付宝|钉钉|[Qq]{2}|扣扣|企鹅|[Ww]hats[Aa]pp|"
    r"[Tt]elegram|加我?[Vv]|(?<![A-Za-z])[Vv](?=[^\w\s:：]{0,2}[:：]))"
)
DOMAIN = r"(?P<domain>[A-Za-z0-9\-]{1,63}(?:(?:\.| \. ?| ?(?:点|\(dot\)) ?)[A-Za-z0-9\-]{2,63}){1,4})"
OF_A_PERSON = re.compile(r"身份|证件")
PERMITS = "(?i:passport)|社保卡|医保卡|残疾证|护照|通行证|居留证|军官证|回乡证|台胞证|居住证|证件|香港身份证|澳门身份证"
PERMIT = r"[A-Za-z]{1,2}[0-9]{6,10}(?:\([0-9A-Za-z]\))?|[0-9]{7,10}"
Shown = Callable[[str, re.Match[str]], Span | None]


def _whole(front: int, back: int) -> Shown:
    return lambda text, found: starred(text, found.start(), found.end(), front, back)


def _email(text: str, found: re.Match[str]) -> Span | None:
    return None if found["domain"].lower().endswith(".gov.cn") else Span(*found.span("id"), "***@***")


def _resident(text: str, found: re.Match[str]) -> Span | None:
    """By its form alone; after the name of a document only what also has the check digit and a date."""
    before, digits = text[max(0, found.start() - 16) : found.start()], re.sub(r"[^0-9Xx]", "", found[0]).upper()
    is_own = OF_A_PERSON.search(before) or not PAPERS.search(before)
    if not is_own and not (mod_11_2.is_valid(digits) and _is_date(digits[6:14])):
        return None
    return starred(text, *found.span(), 3)


def _id(text: str, found: re.Match[str]) -> Span | None:
    start, end = found.span("id")
    return starred(text, start, end, 2)


def _begun(text: str, found: re.Match[str]) -> Span:
    """A resident's number that its writer starred in part: what shows of it is as much as of a whole one."""
    return starred(text, *found.span("id"), 3)


def _number(text: str, found: re.Match[str]) -> Span | None:
    """Digits that nothing says to be an amount, a date or a document: whose they are is not known."""
    digits, before = found[0], text[max(0, found.start() - 16) : found.start()]
    if PAPERS.search(before) or _is_date(digits) or digits.startswith(("400", "800")):
        return None
    return starred(text, *found.span(), 2)


def _card(text: str, found: re.Match[str]) -> Span | None:
    before = text[max(0, found.start() - 16) : found.start()]
    if PAPERS.search(before) or _is_date(re.sub("[^0-9]", "", found[0])[:8]):
        return None
    return starred(text, *found.span(), 2)


def _is_date(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2100 and len(digits) <= 8
    except ValueError:
        return False


_ID = rf"[0-9]{{6}}{GAP}(?:19|20)[0-9]{{2}}{GAP}[0-9]{{4}}{GAP}[0-9]{{3}}[0-9Xx]"
_MOBILE = rf"(?:\(?\+?86\)?{GAP})?[1一幺壹]{GAP}[3-9三四五六七八九叁肆伍陆柒捌玖](?:{GAP}{D}){{9}}"
_AREA = "0(?:10|2[0-9]|[3-9][0-9]{2})"
_EXTENSION = r"[ ,]?(?:转|分机|-|—|ext\.?)[:： ]?[0-9]{1,6}"
_FIXED = rf"\(?{_AREA}\)?[ \-—–./]{{0,3}}[2-9][0-9]{{2,3}}[ \-]?[0-9]{{4}}(?:{_EXTENSION})?"
_SAID_DIGIT = "[一二三四五六七八九零〇○]"
_TAIWANESE = r"09[0-9]{2}[ \-]?[0-9]{3}[ \-]?[0-9]{3}"
RULES: tuple[tuple[re.Pattern[str], Shown], ...] = (
    (re.compile(rf"(?:[Ee]-?[Mm]ail[:：]? ?)?(?P<id>{SAID_EMAIL} ?(?:@|\(at\)|\[at\]|#) ?{DOMAIN})"), _email),
    (re.compile(rf"(?<![0-9]){_ID}(?![0-9])"), _resident),
    (re.compile(r"(?<=身份证)(?P<between>(?:号码?)?[:：是为 ]{0,3})(?P<id>[0-9]{15})(?![0-9])"), _id),
    (re.compile(r"(?<=身份证)(?P<between>(?:号码?)?[:：是为 ]{0,3})(?P<id>[0-9]{3,14}\*{2,}[0-9Xx]{0,4})"), _begun),
    (
        re.compile(rf"(?:{PERMITS})(?:号码?| number| no\.?)?(?: is)?[:：是为 ]{{0,3}}(?P<id>{PERMIT})(?![0-9A-Za-z])"),
        _id,
    ),
    (re.compile(rf"{NOT_INSIDE}{_MOBILE}{NOT_BEFORE}"), _whole(3, 2)),
    (re.compile(r"(?<![0-9])1[3-9][0-9][,，、/][0-9]{4}[,，、/][0-9]{4}(?![0-9])"), _whole(3, 2)),
    (
        re.compile(rf"(?<!{D})[零〇○]{_SAID_DIGIT}{{2,3}}[，, \-—]{{1,2}}(?![零〇○一九]){_SAID_DIGIT}{{7,8}}(?!{D})"),
        _whole(4, 0),
    ),
    (re.compile(rf"(?<!{D})[零〇○][一二三四五六七八九零〇○]{{9,11}}(?!{D})"), _whole(4, 0)),
    (re.compile(rf"(?<![0-9\-]){_FIXED}(?![0-9])"), _whole(4, 0)),
    (re.compile(rf"(?<![0-9\-]){_TAIWANESE}(?![0-9])"), _whole(3, 0)),
    (re.compile(r"分机号?[:：是为 ]{0,2}(?P<id>[0-9]{2,6})(?![0-9])"), _id),
    (
        re.compile(
            rf"{MESSENGERS}(?:账号|帐号|号码|号|[Ii][Dd])?[^\w\s:：]{{0,2}}"
            r"(?:[ :：是为叫，,]{0,3}|[\u4e00-\u9fff]{1,4}[:：] ?)"
            r"(?P<id>[A-Za-z][A-Za-z0-9_\-]{4,19}|[0-9]{5,12})(?![A-Za-z0-9_])"
        ),
        _id,
    ),
    (re.compile(r"(?<![0-9¥￥.\-])[0-9]{4}(?:[ \-][0-9]{4}){2,4}(?:[ \-][0-9]{1,3})?(?![0-9])"), _card),
    (re.compile(rf"(?<![0-9¥￥A-Za-z.])[0-9]{{12,20}}(?![0-9]){AMOUNT}"), _number),
    (re.compile(rf"(?<![0-9.¥￥A-Za-z\-])[0-9]{{7,11}}(?![0-9.]){AMOUNT}"), _number),
)
OF_A_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATES = (
    re.compile(rf"[{OF_A_PROVINCE}][A-Z][ ·.•\-]?(?P<id>[A-HJ-NP-Z0-9]{{4,6}}[挂学警港澳]?)(?![A-Za-z0-9])"),
    re.compile(r"车牌号?码?[:：是为 ]{0,3}[\u4e00-\u9fff]{0,3}(?P<id>[0-9]{5,6})(?![0-9])"),
)
HOUSES = (
    re.compile(r"(?<=[路街巷村组栋幢座区])[0-9]{1,5}(?=号|室|户|单元)"),
    re.compile(r"(?<=单元)[0-9]{1,5}"),
)


def spans(text: str) -> Iterator[Span]:
    """What reaches or names a person."""
    for pattern, shown in RULES:
        for found in pattern.finditer(text):
            if span := shown(text, found):
                yield span


def houses(text: str) -> Iterator[Span]:
    """Numbers of houses, flats and stairways."""
    for pattern in HOUSES:
        for found in pattern.finditer(text):
            yield Span(*found.span(), STAR * len(found[0]))


def plates(text: str) -> Iterator[Span]:
    """Of a car's number what comes after the letter of its city."""
    for pattern in PLATES:
        for found in pattern.finditer(text):
            yield Span(*found.span("id"), STAR * len(found["id"]))
