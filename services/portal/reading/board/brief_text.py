"""The morning brief in plain text, to be read out, sent on or printed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from contracts import lifecycle, vocabulary
from contracts.lifecycle import OfficialCounter
from contracts.vocabulary import Language, Pair
from services.portal import times
from services.portal.reading.board.brief import Brief, LateUnit
from services.portal.reading.board.day import HotSpot

SAID: Mapping[str, Pair] = {
    "title": ("{place} 督办晨报 {day}", "{place}: morning brief of {day}"),
    "counters": ("六项公示（当日24时，括号内为比前一日增减）", "Six counters at midnight (change in the day)"),
    "sum": ("六项合计 {n}", "Sum: {n}"),
    "unknown": (
        "六项公示：此后变动的事项太多，当日数字已无法算出。",
        "Six counters: too many matters have moved since; the figures of that day can no longer be told.",
    ),
    "untold": ("另有 {n} 件当日状态无法查明，未计入。", "Not counted: {n} whose state of that day is not known."),
    "flow": (
        "当日新登记 {registered} 件（{more}），销号 {struck_off} 件（{ended}）",
        "Registered: {registered} ({more}); struck off: {struck_off} ({ended})",
    ),
    "late": ("逾期事项（按单位）", "Overdue, by unit"),
    "none_late": ("没有逾期事项", "Nothing was overdue"),
    "more_units": ("另有 {n} 个单位", "{n} more units"),
    "kinds": ("新增最多的类别", "Most new matters, by kind"),
    "places": ("新增最多的地方", "Most new matters, by place"),
    "no_unit": ("尚未交办", "Not handed out yet"),
    "no_kind": ("待分类", "Not classified yet"),
}


def text(told: Brief, place: Pair, language: Language) -> str:
    """The whole brief, a figure to a line."""
    lines = _lines(told, vocabulary.say(place, language), language)
    return "".join(f"{line}\n" for line in lines)


def _lines(told: Brief, place: str, language: Language) -> Iterator[str]:
    yield _said("title", language, place=place, day=times.day(told.day, language))
    yield ""
    yield from _counters(told, language)
    yield ""
    yield _flow(told, language)
    yield ""
    yield from _late(told, language)
    yield from _spots("kinds", told.kinds, language)
    yield from _spots("places", told.places, language)


def _counters(told: Brief, language: Language) -> Iterator[str]:
    if told.counters is None or told.differences is None:
        yield _said("unknown", language)
        return
    yield _said("counters", language)
    for each in OfficialCounter:
        name = vocabulary.say(lifecycle.COUNTERS[each], language)
        yield f"  {name} {told.counters.of(each)} ({told.differences[each]:+d})"
    yield "  " + _said("sum", language, n=told.counters.valid)
    if told.untold:
        yield "  " + _said("untold", language, n=told.untold)


def _flow(told: Brief, language: Language) -> str:
    more = told.flow.registered - told.flow_before.registered
    ended = told.flow.struck_off - told.flow_before.struck_off
    shown = {"registered": told.flow.registered, "struck_off": told.flow.struck_off}
    return _said("flow", language, **shown, more=f"{more:+d}", ended=f"{ended:+d}")


def _late(told: Brief, language: Language) -> Iterator[str]:
    if told.counters is None:
        return
    yield _said("late" if told.late else "none_late", language)
    yield from (f"  {_unit(each, language)} {each.tickets}" for each in told.late)
    if more := told.late_units - len(told.late):
        yield "  " + _said("more_units", language, n=more)
    yield ""


def _unit(late: LateUnit, language: Language) -> str:
    return vocabulary.say((late.zh, late.en or late.zh), language) or _said("no_unit", language)


def _spots(name: str, spots: Sequence[HotSpot], language: Language) -> Iterable[str]:
    if not spots:
        return ()
    shown = (
        f"  {vocabulary.say((each.zh, each.en or each.zh), language) or _unnamed(each, language)}" for each in spots
    )
    return (_said(name, language), *(f"{line} {each.tickets}" for line, each in zip(shown, spots, strict=True)))


def _unnamed(spot: HotSpot, language: Language) -> str:
    return spot.code or _said("no_kind", language)


def _said(name: str, language: Language, **values: object) -> str:
    return vocabulary.say(SAID[name], language).format(**values)
