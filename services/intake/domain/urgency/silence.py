"""What takes the danger out of words: it was not, is over, might be, is only named, or is a way of speaking."""

import re

from services.intake.domain.urgency.clauses import Place

NOT = re.compile(
    r"(?:没有|没|未曾|未|无|不是|不会|不存在|不构成|并非|并无|从未|从来没|暂无|绝无|非|不属于|否认|排除|[打点]不)"
    r"(?:再|发现|发生|出现|造成|看到|听说|听到|任何|人员|有人|人|过|是|被|有|什么|真的|明显|大的|"
    r"一个){0,3}$|[防反抗禁]$|(?<![社开协机])会.{0,4}$"
)
"""Directly before the word: it was not, or it is only kept off or expected."""

NOT_SO = re.compile(
    r"(?:没有?|未|无|不是|不会|不存在|不构成)(?:再|发现|发生|出现|任何|人员)?(?:泄|漏|起火|着火|倒塌|"
    r"塌|爆炸|伤亡|受伤|中毒|困人|打人|咬人|疫情|危险|风险|生命)"
)
"""In the clause."""
ELSE = re.compile(r"虚惊一场|误报|谣言|造谣|辟谣|核实并无|幸无|原来是|其实是")
"""In the sentence: it turned out to be nothing."""

LONG_AGO = re.compile(
    r"去年|前年|大前年|往年|当年|那年|早年|年前|个月前|月前|周前|前几[年个]|前两年|前不久|上个?[月周]|"
    r"上学期|上半年|以前|之前|此前"
    r"|曾(?:经|有|发生|出现|多次|在|被|困|是|因|与|向|遭|几)|小时候|[那]次|上次|(?:19|"
    r"20)\d\d ?年(?![建修买盖入竣])|(?<!\d)\d{1,2}年\d|抗战|地震那|历史|那天|当天|当时|事发|事后"
)
"""In the sentence before the word: it is over, whatever goes on today."""

HABIT = re.compile(
    r"后来|[多几两三四五]次|时有|屡次|隔三差五|经常|常常|时常|总是|每[天年次到晚逢个周月]|天天|夜夜|"
    r"长期|常年|一直以来|前天|大前天|天以?前"
    r"|月\d{1,2}[日号]|月[一二三四五六七八九十]+[日号]|过一[次回]|一到|年久|频繁|故障频"
)
"""In the sentence before the word: that is how things are, or it was some days ago."""

LASTS = re.compile(
    r"(?:已经?|快|将近|近|长达|有)?(?:[一二三四五六七八九十两几数]+|半|\d+)个?多?(?:年|个月|月)[多了没无至未]"
)
"""In the sentence: it has been so for months."""

YESTERDAY = re.compile(r"昨[天晚夜日]")
GOES_ON = re.compile(
    r"现在|正在|正往|正[沿朝向冒]|刚才|刚刚|刚(?=[^性好])|突然|忽然|马上|快来|快派|快救|赶紧来|救命|"
    r"今[天早晚夜日]|目前(?!为止)|眼下|此刻|还在|还没|仍[在未然]|至今|到现在"
    r"|一转眼|越来越|直到现在|已经?.{0,6}天了|好几天了|of now|right now|just now"
)
"""It is going on."""

OVER = re.compile(
    r"[到伤死倒着中]过(?:人|了|一|车)|扑灭|已经?(?:熄?灭|修好|找到|找回|抓|解决|处理|调解|出院|安葬|"
    r"结束|控制|退|通|恢复|来水|来电|锯|清|拖走|救|获救|脱险|康复|重砌|拆)"
    r"|早就(?:灭|好|修|拆)|修好了|修好以?后|退了|抓到了|找回来|都出院|过后|之后|以后|后来|判了|立案|"
    r"身亡|去世|过世|遇难|救出|获救|脱险|被拘|判决"
    r"|(?<!没)死了(?:人|一)|没有说法|善后"
)
"""In the sentence: it has ended."""

IF = re.compile(
    r"一旦|如果|假如|假若|万一|若是|倘若|要是|如遇|若遇|^若|(?<=，)若|难道|非要|非得|等到|[防阻]止|"
    r"为防|预防|防范|谨防|严防|避免|以免|以防|免得|杜绝"
    r"|随时(?:都|就)?(?:可能|会|有)|担心|害怕(?!快)|生怕|就怕|(?<![可不害])怕|恐怕|容易|极易|易(?:引|"
    r"发|造|导)|势必|就会|将会|必将|日后|会不会|会[^所议员]{0,4}的|迟早|早晚|哪天|哪一天"
    r"|可能(?:会|造成|导致|引发|发生|压|倒|掉)|才(?:会)?(?:有人管|重视|管)|宁可|哪怕|即使|假设|遇到|"
    r"碰到|如遇|是否|能否|有没有|要不要|请?提醒|希望加强|存在"
)
"""Before the word, or in a clause right before its: it is not said to happen."""

ASKS = re.compile(
    r"怎么[办样]|咋办|谁(?:来)?(?:负责|承担|赔|管)|如何(?:处理|转移|是好)|隐患|风险|后果|可能性|"
    r"危险性|就(?:完|晚|是大)|才(?:有人)?管|隐忧|就容易|极易|不堪设想"
)
"""Behind the word in its sentence: a fear, not a report."""

NAMED = re.compile(
    r"后(?:的|又|至今|来|我们?[^家]|仍|还是|搬|希望|盼|申)|(?:事故|灾害|事件|原因|安全|自动|现场|应急|"
    r"等|的)*(?:时(?!间|不时)|险(?!情)|期间|补偿|赔|理赔|补助|救助|定损|损失|责任|认定|鉴定|频发|多发|"
    r"易发|防治|防控|治理|整治"
    r"|监测|检测|报警器|警报器|报警系统|保护器|探测|保险|险种|罪|案|宣传|培训|知识|手册|讲座|演练|"
    r"演习|自救|预案|条例|规定|办法|标准|法(?!院门|子)|证|补贴|费|工程|路段|地段|点|区(?!的人|里)|扑救"
    r"|扑火|热线|志愿|招聘|公告|公示|名单|许可|经营|调查|报告|勘查|干预|教育|课|书|冠军|英雄|纪念|"
    r"专项|演|瓶(?:价|押)|气体?价|员|队|车辆?(?:乱|停|超)|价|型|式(?!.{0,2}[烧炸])|性|学|级|类|率|系|"
    r"产业|行业|小区|嫌疑)"
)
"""Directly behind the word: it only names what the matter is about."""

LISTED = re.compile(
    r"包括|包含|涵盖|范围|责任[：:]|条款|内容[：:]|科目|不可抗力|免责|险种|意外身故|合同|[《〈]|规定|"
    r"条例|法律|刑法|消防法|公告|告示|(?<!反动)标语|牌子|课本|通知(?:说|上)|文件|预案|标准|要求企业|"
    r"写着|宣传|讲座|演练|演习|演唱会门票|应当|必须|严禁|禁止"
    r"|policy covers|clause|drill|course|insurance"
)
"""In the sentence: a rule, a list, a course."""

OFFICE = re.compile(
    r"赔|补偿|理赔|药费|医疗?费|误工|工伤|认定|判决|法院|起诉|律师|仲裁|立案|申请|申报|咨询|请问|报销|"
    r"补贴|补助|收费|退费|退款|抚恤|鉴定|招聘|公示|处理结果|调查报告|公开|责任书|档案|政策|证明|许可"
    r"|怎么(?:申请|处理|领|报|办理|认定|算|查|买)|多少钱|哪里(?:领|查|看|买|报|采)|什么时候(?:发|办|"
    r"修|通|开|恢复|还|来)|复产|安置房|危改|救助款|安葬|家属要|道歉|说法|费用|合法吗|执行|整改|验收|"
    r"监管|投诉|举报|维权|业主委|开发商|物业费|环评"
)
"""In the sentence: it is taken to an office, not to the emergency desk."""

FIGURE = re.compile(
    r"[笑气急累热吓烦吵臭冷饿渴坑害忙晒贵丑挤闷愁困咸辣甜酸慢]死(?:个?人|我|了)(?!.{0,4}(?:快|救))|"
    r"效益|质量|成绩|业绩|教学|股|房价|油价|楼盘|资金链|信息|电话|热线|短信|广告|朋友圈|作业|政策|"
    r"平台|网站|系统|软件|电脑|手机|客服|舌|辣|味道|好吃|火锅|价格|水费|车位|价(?:格|钱)?|游戏|会议|"
    r"明星|演唱会门|合同绑|道德绑|绑架(?:消费|业主|学生的自由)"
    r"|像|似的|一样|简直|等于|这不是要|恨不得|的心都有|[死爆翻吐炸]了天|要命(?!.{0,4}救)"
)
"""In the clause: the words are used of something else."""

DOUBT = re.compile(
    r"好像|似乎|听说|据说|不知道|不确定|不清楚|说不准|怀疑|疑似|感觉|隐约|大概|也许|可能|不知是|"
    r"又不[像是]|maybe|i think|not sure"
)
"""In the clause: one step less."""

HELP = re.compile(r"快来|快派|快救|救命|求救|赶紧来|赶快来|求你们快|马上派|速来|快叫|help|hurry|send (?:an|the|some)")
"""A call."""

STILL = re.compile(
    r"现在|正在|目前(?!为止)|此刻|眼下|快来|救命|仍然?|还在|还没|至今|到现在|今[天早晚](?!年)|刚刚|刚才|依旧|依然"
)
"""In a letter: it goes on as it is written."""

QUESTION = re.compile(
    r"(?:吗|呢|么|多少[钱个天]?|哪里[领查看买办报]?|哪儿|什么时候.{0,10}|怎么(?!办|了|还不).{0,8}|"
    r"谁[赔付负出].{0,3}|几点.{0,4}|合法|可以.{0,4}吗)[？?。！!]*$|什么时候|请问|咨询|如何(?!是好)"
)
"""It is asked, not told."""

WISH = re.compile(
    r"希望|建议|要求|盼望|恳请|请(?!赶|马|快|立即|速|你们快|救|派)|能不能|应该|应当|想(?:申请|请|让|"
    r"要回|换|装|问|知道|了解|开|买|退|采|立|查)|督促|落实|整治|增加|公布|安装|更换|维修"
)
"""It is wished for."""

QUOTED = re.compile(r"[“”「」『』《》〈〉\"]")
"""Somebody else's words, or a title."""


def is_silent(text: str, place: Place, *, lasts: bool) -> bool:
    """Whether the sentence takes the danger out of the word. ``lasts``: its length in days is what matters."""
    if _is_denied(text, place) or _is_over(text, place):
        return True
    sentence = place.sentence(text)
    if lasts:
        return False
    if LASTS.search(sentence):
        return True
    return not GOES_ON.search(sentence) and _is_no_report(text, place)


def is_told_elsewhere(sentence: str) -> bool:
    """In a letter: it is not said to go on, or is taken to an office, or is how things are."""
    return bool(not STILL.search(sentence) or OFFICE.search(sentence) or HABIT.search(sentence))


def _is_denied(text: str, place: Place) -> bool:
    before, clause, sentence = text[place.first : place.start], place.clause(text), place.sentence(text)
    if NOT.search(before) or NOT_SO.search(clause) or ELSE.search(sentence) or FIGURE.search(clause):
        return True
    if NAMED.match(text, place.end) or LISTED.search(sentence):
        return True
    return bool(IF.search(before) or ASKS.search(text, place.end, place.last))


def _is_over(text: str, place: Place) -> bool:
    return bool(OVER.search(text, place.opens, place.closes) or LONG_AGO.search(text, place.opens, place.start))


def _is_no_report(text: str, place: Place) -> bool:
    """How things are, what was yesterday, what is asked of an office, or feared in the clause before or behind."""
    before = text[place.opens : place.start]
    if HABIT.search(before) or YESTERDAY.search(before) or OFFICE.search(text, place.opens, place.closes):
        return True
    return bool(IF.search(text, place.opens, place.first) or ASKS.search(text, place.end, place.closes))
