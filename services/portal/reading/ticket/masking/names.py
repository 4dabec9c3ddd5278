"""Names of private persons in read text: after a word that announces one, before a form of address or a telephone.

An official who is named by the office (王局长, 县长张建国) stays readable.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.portal.reading.ticket.masking import lexicon, running
from services.portal.reading.ticket.masking.lexicon import CALLED, NOW_AND_THEN, ROLES, TITLES
from services.portal.reading.ticket.masking.likely import likelihood
from services.portal.reading.ticket.masking.spans import Span

HAN = "[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af〇]"
AFTER_LONG = "先生|女士|性别|电话|手机|[在的是被和与说因于从到把去]|家[里的停有没]"
DOTS = "·•・‧∙⋅●."
SINGLE = lexicon.SURNAME
LONG = rf"(?P<name>{SINGLE} ?{HAN}(?: ?{HAN})?)"
DOTTED = (
    rf"(?P<name>{HAN}{{1,8}}(?:[{DOTS}]{HAN}{{1,10}}){{0,2}}[{DOTS}](?:{HAN}{{1,10}}?(?={AFTER_LONG})|{HAN}{{1,10}}))"
)
DOT_WITHIN = re.compile(rf"[{DOTS}](?={HAN})")
ANY = rf"(?P<name>{HAN}{{2,4}})"
CAPITAL = r"[A-Z]'?[A-Za-z]+"
LATIN_NAME = rf"(?P<name>{CAPITAL}(?:[ \-]{CAPITAL}){{1,3}})"
LATIN = rf"(?P<name>{CAPITAL}(?:[ \-]{CAPITAL}){{0,3}}|[A-Z][a-z]*(?:[ \-][A-Za-z]+){{1,3}})"
FILL = r"[\s:：.是为叫“\"（(\-—]{0,3}"
STOP = r"[\s,，。.;；、:：)）(（!！?？*“”\"'’/|—\-0-9A-Za-z]|$"
ANNOUNCED = rf"(?:{ROLES}|{CALLED}){FILL}"
AFTER = (
    "电话|手机|联系|微信|先生|女士|同志|小姐|反映|身份证|住|家|男|女|系|年龄|现年|今年|是|的|在|因|于|向|来自|和|与|及|申请|要求|"
    "请求|投诉|举报|表示|称|说|也|都|还|已|不|没|[一二三四五六七八九]?十"
)
AFTER_WEAK = (
    "住|兄弟|姐妹|夫妇|夫妻|一家|电话|手机|微信|反映|身份证|家|的|在|是|因|被|说|称|和|与|于|向|患|骑|也|都|还|已|不|没"
)
CALL_NEXT = (
    r"(?=[\s:：，,（(]{0,2}(?:(?:的)?(?:联系)?(?:电话|手机|微信)(?:号码?)?(?:是|为)?[\s:：]{0,2})?"
    r"(?:\+?86 ?)?1[3-9*][0-9*\s\-]{8,12})"
)
END = r"[\s,，。.;；、)）(（!！?？0-9]|$|电话|手机"
WORK = "教师|老师|职工|员工|工人|店主|司机|学生|家长|商户|农民|村民|居民|业主|住户|户主|经营者|个体户|退休|退伍军人"
PEOPLES = lexicon.PEOPLES
SIGNED = "(?:敬上|敬启|谨上|谨启|拜上|叩上|上$)"
DATED = r"(?=\s*(?:敬上|敬启|谨上|拜上|于)?\s*20[0-9]{2}[年.\-/])"
OFFICE, PUBLIC_OFFICE = re.compile(lexicon.OFFICES), re.compile(lexicon.PUBLIC_OFFICES)
SHOWS_NOTHING = "某某某"
SURELY_A_NAME = 3  # characters: of two, what stands elsewhere may be part of other words


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a name may stand.

    ``is_sure``: nothing but a name stands there; ``is_rare``: names stand there now and then; ``is_free``: no surname
    is asked for.
    """

    pattern: re.Pattern[str]
    is_sure: bool = False
    is_rare: bool = False
    is_free: bool = False

    def found_in(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text)


@dataclass(frozen=True, slots=True)
class DottedRule(Rule):
    """One whose names have a dot: dear to look for, and looked for only where a dot stands before a character."""

    def found_in(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text) if DOT_WITHIN.search(text) else iter(())


def _dotted(pattern: str) -> Rule:
    return DottedRule(re.compile(pattern), is_free=True)


def _rule(pattern: str, *, is_sure: bool = False, is_rare: bool = False, is_free: bool = False) -> Rule:
    return Rule(re.compile(pattern), is_sure, is_rare, is_free)


ENGLISH_SIGNED = r"(?i:\bthis is|\bsigned|\bsincerely|\bfaithfully|\bregards)[,:]?\s{1,3}"
ENGLISH_TITLES = r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? "
ENGLISH = r"(?i:my name is|name|contact(?: person)?|reporter|complainant)[: ]{1,3}"


RULES = (
    _dotted(rf"(?:{ROLES}|{CALLED}|{NOW_AND_THEN}){FILL}{DOTTED}"),
    _dotted(rf"{DOTTED}(?={TITLES})"),
    _rule(rf"(?P<name>(?=[{lexicon.TIBETAN_FIRST}])(?:{lexicon.TIBETAN}){{2,3}})", is_free=True),
    _rule(
        rf"(?P<name>(?=[{lexicon.UYGHUR_FIRST}])(?:(?:{lexicon.UYGHUR})(?:江|汗)?|(?:{lexicon.UYGHUR_BEGUN})(?:江|汗|古丽|木)))",
        is_free=True,
    ),
    _rule(rf"{ANNOUNCED}{LATIN}", is_free=True),
    _rule(rf"{ENGLISH}{LATIN}", is_free=True),
    _rule(r"(?i:\bI am|\bI'm) (?P<name>[A-Z][a-z]+(?: [A-Z]'?[A-Za-z]+){1,3})\b", is_free=True),
    _rule(rf"(?:{ENGLISH_SIGNED}){LATIN_NAME}(?=\s*(?:$|\n|[.,;]))", is_free=True),
    _rule(rf"{ENGLISH_TITLES}{LATIN_NAME}", is_free=True),
    _rule(
        rf"(?:我是|我叫|本人|名叫|{ROLES}){FILL}(?P<name>{HAN}{{2,5}})(?=[,，(（]{{1,2}}(?:{PEOPLES})族)", is_free=True
    ),
    _rule(rf"{ANNOUNCED}{LONG}(?={STOP}|{AFTER})", is_sure=True),
    _rule(rf"(?:人|者|代表|姓名|户名|本人|家长|家属|代理)(?:姓名)?[:：]\s*{LONG}(?={STOP}|{AFTER})", is_sure=True),
    _rule(rf"(?:我叫|人叫|名叫|姓名是|姓名为)\s?{ANY}(?={END})", is_free=True),
    _rule(rf"(?:{ROLES})[:：]\s?{ANY}(?={END})", is_free=True),
    _rule(rf"(?:^|[\n,，;；、。 ])名[:：]\s?{LONG}(?={END})", is_sure=True),
    _rule(rf"姓{SINGLE}[，, ]{{0,2}}名(?:叫|为)?(?P<name>{HAN}{{1,2}})(?={END})", is_free=True),
    _rule(rf"姓{SINGLE}[，, ]{{0,2}}叫{LONG}(?={STOP}|{AFTER})", is_sure=True),
    _rule(rf"(?:我|本人)是{HAN}{{1,16}}?(?:{WORK}|的){LONG}(?={STOP})", is_rare=True),
    _rule(rf"(?:{NOW_AND_THEN})[\s:：是叫]{{0,2}}{LONG}(?={STOP}|{AFTER_WEAK})", is_rare=True),
    _rule(rf"(?:(?<!{HAN})|(?<=[找系给打])){LONG}{CALL_NEXT}"),
    _rule(rf"(?<!{HAN}){LONG}[，,、 （(]{{1,2}}(?:男|女|现年|今年|[0-9]{{1,2}}岁)", is_rare=True),
    _rule(rf"(?<!{HAN}){ANY}(?=[，,、](?:男|女)[，,、])", is_free=True),
    _rule(rf"[与和跟找]{LONG}(?=联系|本人|核实|了解|商量)", is_rare=True),
    _rule(rf"{LONG}(?=(?:{TITLES})(?!们))", is_rare=True),
    _rule(rf"(?:\n|此致|敬礼[!！。]?|——)\s*{LONG}[ \t]*(?:$|(?=\n)|{SIGNED}|{DATED})"),
    _rule(rf"(?:[。！!])\s*{LONG}{DATED}"),
)
NEXT = _rule(rf"(?:、|和|与|及|,|，| ){LONG}(?={STOP}|{AFTER_WEAK})", is_rare=True)
"""张三、李四和王五: the other names of a row."""


def spans(text: str) -> Iterator[Span]:
    """Where names of private persons stand; one that is told once is known wherever it stands again."""
    found = list(_told(text))
    yield from found
    for name in {text[span.start : span.end] for span in found if span.end - span.start >= SURELY_A_NAME}:
        for again in re.finditer(re.escape(name), text):
            if not _is_office(text, *again.span()):
                yield Span(*again.span(), name_shown(name))


def _told(text: str) -> Iterator[Span]:
    for rule in RULES:
        for found in rule.found_in(text):
            if _is_name(rule, found, text):
                yield Span(*found.span("name"), name_shown(found["name"]))
                yield from _others(text, found.end("name"))
    for start, end in running.names(text):
        name = text[start:end]
        if not (_is_known_word(name) or _is_office(text, start, end)):
            yield Span(start, end, name_shown(name))
            yield from _others(text, end)


def _is_known_word(name: str) -> bool:
    is_address = len(name) == 2 and name[1] in lexicon.ADDRESSES
    return name in lexicon.PUBLIC or is_address or not lexicon.NO_PART.isdisjoint(name) or _is_word(name)


def _others(text: str, at: int) -> Iterator[Span]:
    while (found := NEXT.pattern.match(text, at)) and _is_name(NEXT, found, text):
        yield Span(*found.span("name"), name_shown(found["name"]))
        at = found.end("name")


def name_shown(name: str) -> str:
    """A name with the given name hidden: 张某某; of one without a known surname nothing shows."""
    bare = re.sub(r"\s", "", name)
    double = next((bare[:size] for size in (4, 2) if len(bare) > size and bare[:size] in lexicon.DOUBLE), "")
    surname = double or bare[:1]
    if not double and (surname not in lexicon.SURNAMES or len(bare) > 4 or any(each in bare for each in DOTS)):
        return SHOWS_NOTHING
    return surname + "某" * min(len(bare) - len(surname), 2)


def _is_name(rule: Rule, found: re.Match[str], text: str) -> bool:
    name = found["name"].replace(" ", "")
    if rule.is_free and any(dot in name for dot in DOTS):
        return lexicon.MASKED not in name and not _is_office(text, *found.span("name"))
    is_likely = rule.is_sure and len(name) > 2 and likelihood(name) >= running.LIKELY
    if (
        not lexicon.NO_PART.isdisjoint(name)
        or _is_word(name, begins=not is_likely)
        or _is_office(text, *found.span("name"))
    ):
        return False
    if rule.is_free or name[0] in lexicon.NO_FIRST:
        return name[0] not in lexicon.NO_FIRST and name[-1] not in lexicon.NO_NAME_END
    if rule.is_rare and (name[0] in lexicon.RARELY or name[-1] in lexicon.NO_WORD_END):
        return False
    return rule.is_sure or name[-1] not in lexicon.NO_NAME_END


def _is_word(name: str, *, begins: bool = True) -> bool:
    """Whether it is a word, or what follows the surname; ``begins``: or how it begins."""
    return not lexicon.NO_NAME.isdisjoint((name, name[1:], *([name[:2]] if begins else ())))


def _is_office(text: str, start: int, end: int) -> bool:
    """Whether an office follows the surname, or stands before the name."""
    around, before = text[start : end + 2], text[max(0, start - 3) : start]
    return any(OFFICE.match(around, at) for at in range(1, 4)) or bool(PUBLIC_OFFICE.search(before))
