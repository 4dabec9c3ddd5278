"""Digests (汇总): what one account is told together at a slot, over all its tickets (D3)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.vocabulary import CHINA, Pair

DIGEST = "digest"  # the name of its text
NAMED_AT_MOST = 10  # numbers, whatever else is due
TOLD_AT_MOST = 10_000  # deliveries of one letter, as after an outage of a week: the others go in the next one
MARKS: Pair = ("；", "; ")  # between what is listed
TITLE: Pair = ("待办汇总", "digest")
SMS_ROOM = {"counts_zh": 70, "counts_en": 80, "matters_zh": 380, "matters_en": 340}
"""Characters that an SMS has for what is listed in it: as many of the lines as fit."""
LISTED = 700  # characters that an e-mail has for its numbers: all of them fit


@dataclass(frozen=True, slots=True)
class Task:
    """What a kind of notice is called when it is counted, and what is to be done about one matter."""

    name: Pair
    action: Pair


TASKS: Mapping[str, Task] = {
    "light_red": Task(("红灯", "red"), ("已超期", "overdue")),
    "light_orange": Task(("橙灯", "orange"), ("将超期", "nearly overdue")),
    "measure_red": Task(("措施红灯", "measures red"), ("措施已超期", "a measure is overdue")),
    "measure_orange": Task(("措施橙灯", "measures orange"), ("措施将超期", "a measure is nearly overdue")),
    "disputed": Task(("待裁定", "to decide"), ("裁定", "decide the unit")),
    "rework": Task(("重办", "to do again"), ("重办", "do again")),
    "assigned": Task(("待受理", "to accept"), ("受理", "accept or return")),
    "returned": Task(("被退回", "returned"), ("另交办", "hand out again")),
    "queued": Task(("待交办", "to hand out"), ("交办", "hand out")),
    "review_rejected": Task(("验收退回", "rejected"), ("续办", "go on with it")),
    "plan_lapsed": Task(("恢复办理", "taken up again"), ("续办", "go on with it")),
    "light_yellow": Task(("黄灯", "yellow"), ("抓紧办", "hurry")),
    "measure_yellow": Task(("措施黄灯", "measures yellow"), ("抓紧落实措施", "hurry with a measure")),
    "progress_asked": Task(("催办", "progress asked"), ("报进展", "report progress")),
    "review": Task(("待验收", "to review"), ("验收", "review")),
    "conference_plan": Task(("会议定重拟方案", "plans to draft anew by a conference"), ("重拟方案", "draft anew")),
    "plan_redraft": Task(("方案重拟", "plans to redraft"), ("重拟方案", "draft anew")),
    "plan_review": Task(("方案待审", "plans to review"), ("审方案", "review the plan")),
    "look_back": Task(("待回访", "to call"), ("回访", "call the reporter")),
    "stuck": Task(("久无进展", "not moving"), ("过问", "look into it")),
    "step": Task(("督办阶梯", "on the ladder"), ("过问", "look into it")),
    "conference_held": Task(("会议定暂缓", "held back by a conference"), ("暂缓办理", "leave until its date")),
    "deadline_moved": Task(("改期", "moved"), ("新时限", "new deadline")),
    "standard_applied": Task(("标准调整", "under another standard"), ("新时限", "new deadline")),
}
"""Every kind that staff are told of in digests, the most pressing first."""
RANKS = {kind: rank for rank, kind in enumerate(TASKS)}
OTHER = Task(("其他", "other"), ("查看", "see"))


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One thing that is due of a matter. ``since``: when it was to be told; ``until``: by when it is to be done."""

    number: str
    kind: str
    since: datetime
    until: datetime | None = None

    @property
    def urgency(self) -> tuple[int, bool, datetime, str]:
        """Where it stands among the others: by kind, then what has a time before what has none."""
        return RANKS.get(self.kind, len(RANKS)), self.until is None, self.until or self.since, self.number

    def said(self, language: int) -> str:
        """The number, what is to be done, until when."""
        text = f"{self.number} {TASKS.get(self.kind, OTHER).action[language]}"
        if self.until is None:
            return text
        until = f"{self.until.astimezone(CHINA):%m-%d %H:%M}"
        return f"{text} by {until}" if language else f"{text} {until}前"


def pressing(lines: Iterable[DigestLine]) -> list[DigestLine]:
    """Of each matter what is most pressing about it, the most pressing matter first."""
    first: dict[str, DigestLine] = {}
    for line in sorted(lines, key=lambda each: each.urgency):
        first.setdefault(line.number, line)
    return list(first.values())


def counted(lines: Iterable[DigestLine], language: int) -> list[str]:
    """How much of each kind there is, in the order of the kinds."""
    counts = Counter(line.kind for line in lines)
    kinds = sorted(counts, key=lambda kind: (RANKS.get(kind, len(RANKS)), kind))
    return [f"{TASKS.get(kind, OTHER).name[language]} {counts[kind]}" for kind in kinds]


def digest_values(lines: Sequence[DigestLine], channel: str) -> dict[str, str]:
    """What the text of a digest is filled with. ``more``: matters that it does not name, "" when it names all."""
    matters = pressing(lines)
    values: dict[str, str] = {}
    for nth, language in enumerate(("zh", "en")):
        room = SMS_ROOM[f"matters_{language}"] if channel == "sms" else LISTED
        told = _that_fit([each.said(nth) for each in matters[:NAMED_AT_MOST]], room, len(MARKS[nth]))
        more = len(matters) - len(told)
        counts = _that_fit(counted(lines, nth), SMS_ROOM[f"counts_{language}"], len(MARKS[nth]))
        values |= {f"counts_{language}": MARKS[nth].join(counts), f"more_{language}": str(more) if more else ""}
        values |= {f"matters_{language}": MARKS[nth].join(told), f"listed_{language}": "\n".join(told)}
    return values


def _that_fit(parts: Sequence[str], room: int, between: int) -> list[str]:
    """As many of the first as have room together."""
    fit: list[str] = []
    for part in parts:
        room -= len(part) + (between if fit else 0)
        if room < 0:
            break
        fit.append(part)
    return fit
