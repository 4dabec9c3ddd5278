"""What a unit says of its work, and when it rings the reporters, drawn from a chance that is handed in."""

import random

LATE, NEVER = 0.15, 0.05  # of matters in hand: their reporters are rung late, or not at all


def progress(chance: random.Random) -> str:
    return chance.choice(
        ("已到现场查看，正在安排人员和材料。", "已联系反映人核实情况，方案已定。", "施工队已进场，预计按期完成。")
    )


def done(*, again: bool) -> str:
    if again:
        return "按要求重新办理完毕，补充了现场照片，请再次评价。"
    return "已办结，现场照片附后，请评价。"


def contact_after(chance: random.Random) -> float | None:
    """After how many days; None: never."""
    share = chance.random()
    if share < NEVER:
        return None
    return chance.uniform(1, 2) if share < NEVER + LATE else chance.uniform(0.01, 0.08)
