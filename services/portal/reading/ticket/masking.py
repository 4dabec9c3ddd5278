"""Masking by pattern of free words before staff read them. It protects views; sealing protects data.

Patterns: mainland mobile and fixed telephones, resident ID numbers (GB 11643), e-mail, bank cards, house numbers,
names after a word that announces one. Short public numbers (12345, 110) and amounts (123456789元) stay readable.
"""

import re
from collections.abc import Callable

_DIGITS = str.maketrans("０１２３４５６７８９－＠．", "0123456789-@.")
_ANNOUNCED = r"(联系人|联络人|反映人|举报人|投诉人|当事人|申请人|负责人|经办人|户主|姓名|本人叫|我叫|我是)"
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤"
    "方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵汪毛禹狄米贝明臧"
    "成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓洪包"
    "左石崔龚程邢裴陆翁荀甄封芮储靳段侯武刘景詹龙叶黎白蒲赖乔闻党翟谭劳申冉桑桂牛边尚温庄晏柴瞿阎习向古易廖耿满匡"
    "文寇欧利师巩聂晁敖冷辛简饶曾关相查荆游权肖粟麻滕补"
)
_FILLER = r"[\s:：是为叫，,、（(]{0,3}"


def _name(found: re.Match[str]) -> str:
    return f"{found['announced']}{found['filler']}{found['surname']}{'某' * min(len(found['given']), 2)}"


def _tail(kept_front: int, kept_back: int) -> Callable[[re.Match[str]], str]:
    def star(found: re.Match[str]) -> str:
        text = found[0]
        hidden = len(text) - kept_front - kept_back
        return text[:kept_front] + "*" * hidden + (text[-kept_back:] if kept_back else "")

    return star


_AMOUNT = r"(?!\s?(?:元|块|万|亿|吨|公斤|千克|斤|平方|平米|立方|亩|度))"
_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
_PEOPLE: tuple[_Rule, ...] = (
    (re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"), lambda found: "***@***"),
    (re.compile(r"(?<!\d)\d{6}(?:[ -]?)(?:19|20)\d{2}(?:[ -]?)\d{4}(?:[ -]?)\d{3}[\dXx](?!\d)"), _tail(3, 0)),
    (re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}(?!\d)"), _tail(3, 2)),
    (re.compile(r"(?<!\d)(?:0\d{2,3}[ -]?)\d{7,8}(?!\d)"), _tail(4, 0)),
    (re.compile(rf"(?<![\d¥￥])\d(?:[ -]?\d){{11,19}}(?!\d){_AMOUNT}"), _tail(2, 0)),
    (re.compile(rf"(?<![\d.¥￥])\d{{7,11}}(?![\d.]){_AMOUNT}"), _tail(2, 0)),
    (
        re.compile(
            rf"(?P<announced>{_ANNOUNCED})(?P<filler>{_FILLER})(?P<surname>[{_SURNAMES}])"
            r"(?P<given>[\u4e00-\u9fff]{1,2})(?=[\s,，。;；、:：)）!！?？\d*]|$|电话|手机|先生|女士|同志|反映|身份证|住)"
        ),
        _name,
    ),
)
_HOUSES: tuple[_Rule, ...] = (
    (re.compile(r"(?<=[路街巷村组栋幢座区])\d{1,5}(?=号|室|户|单元)"), lambda found: "*" * len(found[0])),
    (re.compile(r"(?<=单元)\d{1,5}(?=号|室|户)?"), lambda found: "*" * len(found[0])),
)


def mask(words: str) -> str:
    """``words`` with what identifies a person hidden, the house too; masking what is masked changes nothing."""
    return _hidden(words, _PEOPLE + _HOUSES)


def mask_people(words: str) -> str:
    """The same, but houses stay: for the unit that has to find the place."""
    return _hidden(words, _PEOPLE)


def _hidden(words: str, rules: tuple[_Rule, ...]) -> str:
    masked = words.translate(_DIGITS)
    for pattern, hide in rules:
        masked = pattern.sub(hide, masked)
    return masked
