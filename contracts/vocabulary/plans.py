"""Plans: how a unit means to deal with a matter, what holds it back, why a plan is drafted anew."""

from collections.abc import Mapping

MODES: Mapping[str, tuple[str, str]] = {
    "at_once": ("立即办理", "at once"),
    "within_limit": ("限期办理", "within a limit"),
    "in_phases": ("分期办理", "in phases"),
    "held_by_policy": ("受政策限制", "held back by policy"),
}

HELD_BY_POLICY, HELD_BY_CONFERENCE = "held_by_policy", "held_by_conference"
HELD = (HELD_BY_POLICY, HELD_BY_CONFERENCE)
"""Modes that hold a matter back until a date, on which it is taken up again."""

MODES_IN_FORCE: Mapping[str, tuple[str, str]] = {
    **MODES,
    HELD_BY_CONFERENCE: ("联席会议决定暂缓办理", "held back by a joint conference"),
}
"""MODES, and that which a joint conference alone decides."""

PLAN_GROUNDS: Mapping[str, tuple[str, str]] = {
    "measures_vague": ("措施不具体", "the measures are vague"),
    "nobody_answers": ("责任人不明确", "nobody answers for a measure"),
    "too_late": ("时限过长", "the dates are too late"),
    "unfounded": ("政策依据不足", "the policy does not hold it back"),
    "beside_the_matter": ("与诉求不符", "it does not meet what was reported"),
}
"""Why a plan is to be drafted anew (措施不实)."""
