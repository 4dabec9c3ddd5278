"""The steps of the ladder that hang on a clock, as they are read: when, who hears, what follows, whether it came."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.vocabulary import COLOURS, LADDER_DEEDS, LIGHTS, TOLD, Pair, step_name
from services.sla.domain import deeds, rungs
from services.sla.domain.deeds import ONE_UP, ORDER, RED, ClockDeed
from services.sla.domain.due_steps import DueStep
from services.sla.domain.lines import ExplanationLine, local
from services.sla.domain.rungs import Rung, RungCase
from services.sla.domain.sheet import ANSWER_BY, ORANGE, SheetClock

RungsAt = Callable[[datetime], Sequence[Rung]]
"""The published ladder that is in force at an instant."""
UNANSWERED: Pair = ("未答复的，督办上一级或提交联席会议", "whoever leads the unit is ordered, or a conference is asked")


@dataclass(frozen=True, slots=True)
class ClockOnLadder:
    """A clock, what stands on the ladder with it, and the ladder. ``ordered``: whether anybody orders its unit."""

    clock: SheetClock
    case: RungCase
    ladder: RungsAt
    now: datetime
    ordered: bool = True


def of(asked: ClockOnLadder) -> tuple[ExplanationLine, ...]:
    """One line a step: the colours of which a published ladder says who hears, what follows, and the moments."""
    around = (_moment(asked, each) for each in asked.clock.steps)
    return (*_colours(asked), *_orders(asked.clock), *around)


def _colours(asked: ClockOnLadder) -> Iterator[ExplanationLine]:
    """Who hears of a colour is decided when it begins; of one ahead as the ladder is now."""
    clock = asked.clock
    for nth, at in enumerate(clock.announced, 1):
        is_said = nth > clock.at_first and (nth != ORANGE or clock.limit.has_orange)
        heard = rungs.told(asked.ladder(min(at, asked.now)), COLOURS[nth], asked.case) if is_said else ()
        if heard:
            yield _line(_colour(nth), at, (_hear(heard),), _reached(clock, at if clock.shown >= nth else None))


def _orders(clock: SheetClock) -> Iterator[ExplanationLine]:
    """What was fixed when the clock started; the platform's own orders where no ladder said any."""
    fixed = deeds.acting(clock.deeds)
    for nth, at in enumerate(clock.orders_at, 1):
        deed = fixed[nth - 1] if fixed else ClockDeed(RED, ORDER, nth, _seconds(at - clock.due))
        follows = UNANSWERED if clock.kind == ANSWER_BY else _does(deed.do, deed.level, one_up=deed.one_up)
        yield _line(_after(deed), at, (follows,), _reached(clock, at if clock.orders >= nth else None))


def _moment(asked: ClockOnLadder, step: DueStep) -> ExplanationLine:
    """A step around the deadline."""
    does = step.do if asked.ordered or step.do != ORDER else ""
    what = (_hear(step.tell), *([_does(does, step.level, one_up=step.level == ONE_UP)] if does else []))
    (zh, en), (held_zh, held_en) = step_name(step.name), _held(step.wait)
    if step.at is None:
        gone = "起算时已过，不适用", "it would lie before the clock began, and is not taken"
        return _line((zh, en), None, what, gone)
    return _line((f"{zh}{held_zh}", f"{en}{held_en}"), step.at, what, _reached(asked.clock, step.reached))


def _line(name: Pair, at: datetime | None, what: tuple[Pair, ...], came: Pair) -> ExplanationLine:
    when_zh, when_en = (f"，{local(at)}", f", {local(at)} (China time)") if at else ("", "")
    told_zh, told_en = "，".join(zh for zh, _ in what), "; ".join(en for _, en in what)
    return ExplanationLine(
        f"督办阶梯：{name[0]}{when_zh}：{told_zh}；{came[0]}", f"Ladder: {name[1]}{when_en}: {told_en}; {came[1]}"
    )


def _reached(clock: SheetClock, at: datetime | None) -> Pair:
    if at is not None:
        return f"已于 {local(at)} 到达", f"reached {local(at)}"
    return (
        ("尚未到达", "not reached yet") if clock.is_running else ("计时已停，未到达", "not reached: the clock stopped")
    )


def _hear(tell: tuple[str, ...]) -> Pair:
    found = [TOLD.get(each, (each, each)) for each in tell]
    return f"告知{'、'.join(zh for zh, _ in found)}", f"told: {', '.join(en for _, en in found)}"


def _does(do: str, level: int, *, one_up: bool) -> Pair:
    zh, en = LADDER_DEEDS.get(do, (do, do))
    if do != ORDER:
        return zh, en
    whom_zh, whom_en = ("发上一级", "to whoever leads the unit") if one_up else ("发责任单位", "to the unit")
    return f"{zh}（第 {level} 级，{whom_zh}）", f"{en} (level {level}, {whom_en})"


def _colour(index: int) -> Pair:
    return LIGHTS[COLOURS[index]][0].partition(" ")[0], COLOURS[index]


def _after(deed: ClockDeed) -> Pair:
    (zh, en), (held_zh, held_en) = _colour(deed.colour), _held(deed.after)
    return f"{zh}{held_zh}", f"{en}{held_en}"


def _held(seconds: int) -> Pair:
    """The hold: a fact on its way may still show that it was false."""
    minutes = seconds // 60
    return (f"（等待 {minutes} 分钟后）", f" (after {minutes} minutes)") if minutes else ("", "")


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
