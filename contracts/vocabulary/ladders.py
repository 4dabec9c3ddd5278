"""What a step of a published ladder begins with, besides a colour; what such a step is called."""

import re
from collections.abc import Mapping

Pair = tuple[str, str]

BEFORE_DUE, AFTER_DUE, STUCK, REWORK = "before_due", "after_due", "stuck", "rework"
MOMENTS: Mapping[str, Pair] = {
    BEFORE_DUE: ("期限前", "before it is due"),
    AFTER_DUE: ("超期后", "after it was due"),
    STUCK: ("久无进展", "nothing has moved for long"),
    REWORK: ("多次重办", "done again so often"),
}
"""When a step of a ladder begins that begins with no colour."""

LADDER_DEEDS: Mapping[str, Pair] = {
    "none": ("不督办", "nothing follows"),
    "order": ("督办", "a supervision order"),
    "refer": ("提交联席会议", "it is put to a joint conference"),
}
"""What follows a colour by a published ladder; where a step names none, the platform's own ladder stands."""

SPAN_UNITS: Mapping[str, Pair] = {"d": ("个工作日", "working days"), "m": ("分钟", "minutes")}
CODE = re.compile(r"(?P<when>[a-z_]+)-(?P<amount>\d+)(?P<unit>[dm]?)")


def step_name(step: str) -> Pair:
    """What people call a step (before_due-2d, after_due-90m, stuck, rework-3); an unknown one as it is."""
    if step in MOMENTS:
        return MOMENTS[step]
    found = CODE.fullmatch(step)
    if found is None or found["when"] not in MOMENTS:
        return step, step
    return _named(found["when"], int(found["amount"]), found["unit"])


def _named(when: str, amount: int, unit: str) -> Pair:
    zh, en = MOMENTS[when]
    if unit not in SPAN_UNITS:
        return f"第{amount}次重办", f"rework number {amount}"
    unit_zh, unit_en = SPAN_UNITS[unit]
    return f"{zh}{amount}{unit_zh}", f"{amount} {unit_en.removesuffix('s') if amount == 1 else unit_en} {en}"
