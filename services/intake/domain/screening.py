"""甄别: written rules decide validity. The reporter is told the rule and its reason, and can add to what was said.

1. Whatever is urgent is registered: a call for help is short.
2. ``unclear_statement``: nothing is said but courtesies. Asking costs the reporter a day; being told at once, a minute.
3. ``unclear_reference``: no place or unit, and nobody who could be asked: no reporter, and no staff who filed it.
4. ``out_of_scope``: somebody else decides such matters.
"""

import re
from dataclasses import dataclass, replace

from runtime import reading_form
from services.intake.domain.scope import OUTSIDE, lifts, outside_of
from services.intake.domain.urgency import urgency_of

SAYS_SOMETHING = 2  # different telling characters: 停水 says what it is about
BEGINNING = 200  # characters of title and of content that are looked at: whoever writes says early what it is about
COURTESIES = re.compile(
    r"尊敬的?|各位|领导|[你您]们?|好|请问|请求?|求助|麻烦|谢谢|感谢|辛苦了?|希望|盼望?|恳求|恳请|望|帮忙?|帮助|我们?|他们?"
    r"|尽快|尽早|赶[快紧]|抓紧|马上|立即|快点?|处理|解决|反映|反应|投诉|举报|咨询|建议|意见|诉求|关注|重视|回复|答复|看看?|管管?"
    r"|[有这那一]?件?事情?|问题|情况|还是|就是|一下|一直|[有这那的了吗呢啊吧呀哦和与、]|很?急|着急"
)
"""What a letter may be full of without saying anything."""
REFERENCE = re.compile(
    r"省(?!钱|事|略|得|心|力)|市(?!民|场价|价|值|面)|县|区(?!别|分|区|间)|乡(?!亲|愁|音)|镇(?!定|静)|村(?!民|干部)|街(?!坊)"
    r"|(?<![跑走思出套活门退网])路(?!过|费|上|途|由|人)|巷|组(?!织|成|合|建|长|装|团)|社区|小区|学校|医院"
    r"|(?<![格结布大僵饭骗残])局(?!面|势|部|限|促)|(?<![厕])所(?!以|有|谓|说|需|见|述|在|得|属|想|为|能|致|作)"
    r"|(?<!网)站(?!在|起|着|出|立|到|岗|队)|店|厂|桥|河|水库|工地|号楼|\d{3,}(?![\d.]*(?:元|块|万|多|余|人|天|年|平|斤|亩|分|次|米|个|户))"
)
"""How people name a place or a unit; not the everyday words that hold the same character."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What the rules look at; no words are kept.

    ``statement``: how many different telling characters. ``can_be_asked``: by the reporter's own contact.
    ``out_of_scope``: the rule of SCOPE. ``urgency``: the class of HAZARDS. ``lifts``: it says why it belongs here.
    """

    statement: int = 0
    has_reference: bool = False
    can_be_asked: bool = False
    out_of_scope: str = ""
    urgency: str = ""
    filed_by_staff: bool = False
    lifts: bool = False

    def and_also(self, later: "Signals") -> "Signals":
        """What is known once the reporter has added something. Only what says so brings it back into scope."""
        return Signals(
            max(self.statement, later.statement),
            self.has_reference or later.has_reference,
            self.can_be_asked or later.can_be_asked,
            later.out_of_scope or ("" if later.lifts else self.out_of_scope),
            self.urgency or later.urgency,
            self.filed_by_staff or later.filed_by_staff,
        )


@dataclass(frozen=True, slots=True)
class Screening:
    """The decision. ``rule`` "" means valid. ``traceable``: the reporter can be asked back (可追溯)."""

    rule: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    redirected_to: str = ""
    urgency: str = ""
    traceable: bool = True

    @property
    def is_valid(self) -> bool:
        """Whether a ticket is registered."""
        return not self.rule


def signals_of(title: str, content: str, place: str, *, can_be_asked: bool, filed_by_staff: bool = False) -> Signals:
    """What the rules look at in a submission."""
    title, content = reading_form.fold(title), reading_form.fold(content)
    text, beginnings = f"{title}\n{content}", f"{title[:BEGINNING]}\n{content[:BEGINNING]}"
    return Signals(
        statement=len({character for character in COURTESIES.sub("", beginnings) if character.isalnum()}),
        has_reference=bool(reading_form.fold(place)) or bool(REFERENCE.search(text)),
        can_be_asked=can_be_asked,
        out_of_scope=outside_of(text),
        urgency=urgency_of(text),
        filed_by_staff=filed_by_staff,
    )


def signals_of_addition(text: str) -> Signals:
    """What the rules look at in what a reporter adds."""
    return replace(signals_of("", text, "", can_be_asked=False), lifts=lifts(reading_form.fold(text)))


def screen(signals: Signals) -> Screening:
    """The first rule that bites, or valid. An urgent matter is never screened out: a person looks."""
    valid = Screening(urgency=signals.urgency, traceable=signals.can_be_asked)
    if signals.urgency:
        return valid
    if signals.statement < SAYS_SOMETHING:
        zh = "诉求不清楚，请补充发生了什么、希望怎样解决。"
        en = "The statement is unclear: add what happened and what you want."
        return replace(valid, rule="unclear_statement", reason_zh=zh, reason_en=en)
    if not (signals.has_reference or signals.can_be_asked or signals.filed_by_staff):
        zh = "没有写明地点或单位，也没有留下联系方式，无法核实。请补充。"
        en = "No place or unit, and nobody to ask: add one of them."
        return replace(valid, rule="unclear_reference", reason_zh=zh, reason_en=en)
    if outside := OUTSIDE.get(signals.out_of_scope):
        zh = f"此事不在受理范围，请向{outside.to_zh}提出。如未走或已撤回该程序，或是请求督促对方履行，请补充说明。"
        en = (
            f"Out of scope: please turn to {outside.to_en}. If it is not there, was withdrawn, or was decided and is "
            "not obeyed, add that."
        )
        return replace(valid, rule="out_of_scope", reason_zh=zh, reason_en=en, redirected_to=outside.to_zh)
    return valid
