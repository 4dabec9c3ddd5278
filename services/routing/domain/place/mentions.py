"""How a name stands in its sentence: as the place that is meant, or said in passing (广东老板, 北京时间, 沙县小吃).

Texts are in reading form. Names that follow one another without a gap are looked at together: 湖南省怀化市的老板.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

BEFORE_AT_MOST = 12  # characters before a name that tell how it stands
MENTIONS_AT_MOST = 256  # of one text: half from its beginning, half from its end, where addresses stand
GAPS = frozenset(",、的之·-/|>\n")  # what may stand between a place and one inside it


CLASS_WORD = re.compile("[省市县区盟旗州镇乡]$|街道$")
"""What a name in full ends with."""

SHORT_NAME = 2  # characters: 沙县, 郫县
WIDE, COUNTIES = ("省", "市", "盟", "州"), ("县", "区", "旗")


class Stance(IntEnum):
    """How a name is said. PASSING settles nothing by itself; ASIDE gives way to what is said plainly."""

    PASSING = 1
    ASIDE = 2
    PLAIN = 3
    POINTED = 4


class Mention(NamedTuple):
    """A known name in a text, where it is, the two characters that follow it, and how it stands.

    ``is_behind_short``: a name without a class word ends where it starts.
    """

    name: str
    start: int
    end: int
    follows: str = ""
    stance: Stance = Stance.PLAIN
    is_behind_short: bool = False


Found = tuple[str, int, int]  # a name, where it starts and ends
Holds = Callable[[str, str], bool]
"""Whether a place of the second name lies in one of the first."""

Scan = Callable[[str], Sequence[Mention]]
"""Finds the known names in a text in reading form, in order, without overlaps."""

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻柏章云苏潘葛范彭郎鲁韦马苗方俞任袁柳鲍史唐费廉岑薛雷贺倪汤"
    "滕殷罗毕郝邬常于傅齐康伍余元卜顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒屈项祝董梁杜阮蓝季贾江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万支"
    "柯管卢莫丁邓洪石崔龚程邢陆翁龙叶黎白赖乔谭冉向易廖曾关覃肖欧聂粟补刘"
)
_FROM = (
    "老板|老乡|籍|户口|户籍|牌照|车牌|客商|商人|商贩|游客|旅客|民工|农民工|包工头|工头|施工队|建筑队|工程队|务工人员|女子|男子|小伙|姑娘"
    "|媳妇|女婿|大妈|大爷|大叔|大姐|大哥|妹子|汉子|仔(?!细)|佬|妞|亲戚|朋友|同学|司机|师傅|专家|学者|骗子|房东|租客"
    "|来的|过来|来人|来此|搬来|调来|运来|嫁来|嫁到|发来|寄来|打来|回来|开来|飞来|进的货"
)
_GOODS = (
    "小吃|料理|风味|特产|口味|菜(?![市场园地农价摊棚单])|面馆|粉馆|米粉|米线|小面|热干面|刀削面|拉面|烩面|凉皮|凉粉|螺[蛳丝]粉|肠粉"
    "|烤鸭|板鸭|盐水鸭|扒鸡|烧鸡|火腿|榨菜|豆瓣|豆腐|臭豆腐|陈醋|辣酱|肉夹馍|羊肉|烧烤|火锅|煎饼|早茶|凉茶|黑茶|毛尖|龙井|大米"
    "|苹果|大枣|红枣|脐橙|蜜柚|荔枝|月饼|粽子|啤酒|茅台|白药|酒(?![店楼吧驾])|烟(?![花草囱])|货(?![运车场物])|产的|生产的|制造|牌子?(?![坊楼匾照])"
)
_TOLD = (
    "身份证|驾照|驾驶证|手机号|号码|电话卡|现代|大众|航空|卫视|电视台|日报|晚报|时间|口音|腔调|方言|普通话|土话"
    "|话(?![费题务亭机筒])|舰|证券|奥运|冬奥|股市"
)
_HUMAN = "人(?![民行社才大力口工均防武保寿家员事际造流群数次文财体物格情气影缘品质])"
_BEHIND_A_FULL_NAME = "人(?=[,。;!?:、的在来是到被叫和与给也都说\n]|$)|场(?=[价上里中,。])"
FROM_THERE = re.compile(rf"的?(?:那边|那里|本地|当地)?的?(?:煤|大|小|女|男|老|年轻)?(?:{_FROM})")
KNOWN_FOR = re.compile(rf"的?(?:{_GOODS}|{_TOLD})")
PEOPLE, PEOPLE_OF_A_FULL_NAME = re.compile(_HUMAN), re.compile(_BEHIND_A_FULL_NAME)
"""Directly behind a name: where somebody comes from; a product, a paper, a time that is called so."""

IN_PASSING_BEFORE = re.compile(
    r"(?:来自|祖籍|籍贯[是为在:]?|原籍[是为在:]?|出生[于在地]:?|毕业于|娘家在?|婆家在?"
    r"|(?:老板|包工头|施工队|承包商|骗子|对方|司机|租客|房东|老公|老婆|丈夫|妻子)[都也]?(?:是|系|来自|为))$"
)
_ELSEWHERE = "打工|务工|做工|上班|工作|就业|上学|读书|念书|求学|当兵|服役|经商|做生意|出差|看病|住院|就医|上访|定居"
ASIDE_AFTER = re.compile(
    rf"(?:那边|那里)?(?:{_ELSEWHERE})"
    r"|[^,。;!?:、\n在水电气交业运投]{0,12}(?:有限公司|有限责任公司|股份公司|集团|总公司|总部|大学|学院)"
    r"|(?:的?一家|某)[^,。;!?:、\n在]{0,8}(?:公司|企业|厂)|的?(?:居民|村民|业主|住户|群众|老?百姓|市民|网友|学生|家长)"
    r"|(?<=市)民(?=[,。;!?、的们在是到反来\n]|$)"
)
ASIDE_BEFORE = re.compile(
    r"(?:去|前往|赴|开往|发往|寄往|寄到|飞往|飞|户口[还都]?[在是]|户籍[还都]?[在是]|老家[在是]|向|曾经?在|以前在|原来在|之前在)$"
)
"""It is named plainly, but more likely as where somebody works, studies or travels than as where the matter lies."""

POINTED_BEFORE = re.compile(
    r"(?:地址|地点|位置|住址|住所|事发地|发生地|所在地|所在位置|项目地|门牌)(?:[是为在:]|位于){0,2}$"
    r"|(?:位于|坐落[于在]|家住|现住|住在|发生在)$"
)
PERSON_BEFORE = re.compile(
    r"(?:我叫|名叫|叫做?|我是|姓名[是为:]?|户主[是为:]?|村民|老板|经理|书记|主任"
    rf"|(?:联系|负责|反映|举报|投诉|申请|当事|经办)人[是为叫:]?)[{_SURNAMES}]$"
)
SURNAME_BEFORE = re.compile(rf"[{_SURNAMES}]$")
TITLE_AFTER = re.compile(
    "先生|女士|同志|师傅|老师|医生|大夫|书记|主任|队长|经理|总经理|老总|局长|所长|院长|校长|站长|法官|律师|警官"
)
"""A short form behind a surname, and announced or followed by a title, is somebody's name: 王东阳书记."""


def mentions_of(found: Iterable[Found], text: str, holds: Holds) -> list[Mention]:
    """Mentions from names and their places in ``text``, each with how it stands."""
    mentions: list[Mention] = []
    ends = set[int]()
    for run in _runs(_bounded(list(found)), text, holds):
        stance = _stance(run, text)
        mentions += [Mention(name, start, end, text[end : end + 2], stance, start in ends) for name, start, end in run]
        ends = {end for name, _, end in run if not CLASS_WORD.search(name)}
    return mentions


def _bounded(found: list[Found]) -> list[Found]:
    half = MENTIONS_AT_MOST // 2
    return found if len(found) <= MENTIONS_AT_MOST else [*found[:half], *found[-half:]]


def follows_closely(before: int, start: int, text: str) -> bool:
    """Whether what starts there stands right behind what ended at ``before``, or one mark behind it."""
    return start == before or (start == before + 1 and text[before] in GAPS)


def _runs(found: Sequence[Found], text: str, holds: Holds) -> Iterator[list[Found]]:
    """Names that follow one another closely, each inside the one before it: 湖南省怀化市麻阳县."""
    run: list[Found] = []
    for each in found:
        if run and not (follows_closely(run[-1][2], each[1], text) and holds(run[-1][0], each[0])):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _stance(run: Sequence[Found], text: str) -> Stance:
    start, (last, _, end) = run[0][1], run[-1]
    before = text[max(0, start - BEFORE_AT_MOST) : start]
    if IN_PASSING_BEFORE.search(before) or _is_somebody(run, before, text):
        return Stance.PASSING
    stance = _stance_by_what_follows(last, text, end)
    if stance is Stance.PLAIN and (ASIDE_AFTER.match(text, end) or ASIDE_BEFORE.search(before)):
        return Stance.ASIDE
    is_pointed = stance is Stance.PLAIN and POINTED_BEFORE.search(before)
    return Stance.POINTED if is_pointed else stance


def _stance_by_what_follows(name: str, text: str, end: int) -> Stance:
    """广东老板 and 沙县小吃 say little of where they are; the people and shops of 高村镇 are there."""
    is_full = CLASS_WORD.search(name) is not None
    if (PEOPLE_OF_A_FULL_NAME if is_full else PEOPLE).match(text, end):
        return Stance.PASSING
    is_from = FROM_THERE.match(text, end) is not None
    if not is_from and not KNOWN_FOR.match(text, end):
        return Stance.PLAIN
    if not is_full or name.endswith(WIDE) or len(name) <= SHORT_NAME:
        return Stance.PASSING
    return Stance.ASIDE if is_from or name.endswith(COUNTIES) else Stance.PLAIN


def _is_somebody(run: Sequence[Found], before: str, text: str) -> bool:
    if len(run) > 1 or not SURNAME_BEFORE.search(before) or CLASS_WORD.search(run[0][0]):
        return False
    return bool(PERSON_BEFORE.search(before) or TITLE_AFTER.match(text, run[0][2]))
