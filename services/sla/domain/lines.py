"""An explanation as it is read, Chinese and English: one line a step."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.vocabulary import CHINA, LIGHTS, LIMIT_UNITS, Pair, SeasonHours, Session
from services.sla.domain import schemes
from services.sla.domain.deadlines import TIMELESS
from services.sla.domain.explanation import Explanation, Noted, amount_of, counted
from services.sla.domain.ladder import NAMES
from services.sla.domain.limits import CALENDAR_DAYS, GIVEN, MINUTES, OFFICE_HOURS, TODAY, WORKING_DAYS, Limit

NAMED = {
    "answer-given": ("督查室指定的时间", "the time that the supervision office named"),
    "held": ("到复查日期恢复办理", "until the date of review, when it is taken up again"),
}
"""What a limit is that is an instant, by ``Limit.standard``."""


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    zh: str
    en: str


def of(explained: Explanation, ladder: Iterable[ExplanationLine] = ()) -> tuple[ExplanationLine, ...]:
    """The explanation as it is read, Chinese and English. ``ladder``: what follows its colours, and who hears."""
    return (
        *_promise(explained),
        *_extension(explained),
        *_counting(explained),
        *_pauses(explained),
        *_days(explained),
        *_calendar(explained),
        *_scheme(explained.limit),
        *_warnings(explained),
        *ladder,
        ExplanationLine(f"到期（红灯）：{local(explained.due)}", f"Due (red): {local(explained.due)} (China time)"),
    )


def _promise(explained: Explanation) -> tuple[ExplanationLine, ...]:
    (zh, en), (event_zh, event_en) = _limited(explained.limit), explained.event
    return (
        ExplanationLine(zh, en),
        ExplanationLine(
            f"起算事件：{event_zh}，{local(explained.start)}",
            f"Starts with {event_en}: {local(explained.start)} (China time)",
        ),
    )


def _extension(explained: Explanation) -> Iterator[ExplanationLine]:
    if not explained.extended:
        return
    unit, granted = explained.limit.unit, explained.extended - explained.by_conference
    total_zh, total_en = _counted_amount(amount_of(explained), unit)
    if granted:
        zh, en = _counted_amount(granted, unit)
        yield ExplanationLine(f"经批准延长 {zh}，合计 {total_zh}", f"Extended by {en}, in all {total_en}")
    if explained.by_conference:
        zh, en = _counted_amount(explained.by_conference, unit)
        yield ExplanationLine(
            f"经联席会议决定延长 {zh}，合计 {total_zh}", f"Extended by a joint conference by {en}, in all {total_en}"
        )


def _pauses(explained: Explanation) -> Iterator[ExplanationLine]:
    for pause in explained.pauses:
        since, until = local(pause.since), local(pause.until)
        yield ExplanationLine(
            f"{pause.why_zh}：{since} 至 {until}，其间下班的日子不计",
            f"{pause.why_en[0].upper()}{pause.why_en[1:]}: {since} to {until}; days that close in it do not count",
        )


def _limited(limit: Limit) -> tuple[str, str]:
    """What was promised, by name: the platform's own limits have one, and a standard brings its own."""
    zh, en = _amount(limit)
    if own := NAMES.get(limit.standard):
        rule_zh, rule_en = ("", "") if limit.unit == GIVEN else ("（平台规定）", " (rule of the platform)")
        return f"{own[0]}{rule_zh}：{zh}", f"{own[1]}{rule_en}: {en}"
    if not limit.name_zh:
        return f"单位选定的办理标准（{limit.standard}）：时限 {zh}", f"Standard the unit chose ({limit.standard}): {en}"
    return (
        f"办理标准：{limit.standard}《{limit.name_zh}》，时限 {zh}",
        f"Standard: {limit.standard} ({limit.name_en}), limit {en}",
    )


def _amount(limit: Limit) -> tuple[str, str]:
    """Minutes that make whole hours are read as hours; one of a thing is not two in English."""
    if limit.unit == GIVEN:
        return NAMED[limit.standard]
    hours = limit.amount / 60
    if limit.unit == MINUTES and hours.is_integer():
        return f"{hours:.0f} 小时", f"{hours:.0f} hour{'' if hours == 1 else 's'}"
    return _counted_amount(limit.amount, limit.unit)


def _counted_amount(amount: int, unit: str) -> tuple[str, str]:
    zh, en = LIMIT_UNITS[unit]
    return f"{amount} {zh}", f"{amount} {en.removesuffix('s') if amount == 1 else en}"


def _counting(explained: Explanation) -> tuple[ExplanationLine, ...]:
    limit = explained.limit
    if limit.unit == GIVEN:
        return ()
    if limit.unit in (MINUTES, OFFICE_HOURS):
        zh, en = (
            ("自然分钟，不分昼夜节假日", "minutes count day and night") if limit.unit == MINUTES else _hours(explained)
        )
        return (ExplanationLine(f"计时方式：{zh}", f"Counting: {en}"),)
    (zh, en), (first_zh, first_en) = _from(explained), _first_day(explained)
    counted_from = ExplanationLine(f"{zh}起算，{first_zh}", f"Counts from {en}; {first_en}")
    return (counted_from, *_closes(explained))


def _closes(explained: Explanation) -> Iterator[ExplanationLine]:
    """A day ends when offices close: said where a season has hours of its own."""
    if explained.seasons:
        (zh, en), (seasons_zh, seasons_en) = sessions_read(explained.sessions), _seasons(explained)
        yield ExplanationLine(
            f"一日至下班为止，办公时间 {zh}{seasons_zh}",
            f"A day ends when offices close; office hours {en}{seasons_en}",
        )


def _from(explained: Explanation) -> tuple[str, str]:
    if explained.first == explained.start.astimezone(CHINA).date():
        return f"自当日（{explained.first}）", f"the same day ({explained.first})"
    why_zh, why_en = ("当日已下班，", ", as offices had closed") if explained.limit.counts_from == TODAY else ("", "")
    return f"{why_zh}自次日（{explained.first}）", f"the next day ({explained.first}){why_en}"


def _first_day(explained: Explanation) -> tuple[str, str]:
    """Calendar days count whatever they are; working days from the first one that is."""
    if explained.limit.unit == CALENDAR_DAYS:
        return "节假日计入", "days off count"
    skipped = {each.on for each in explained.noted if not each.day.works}
    first = counted(explained.first, 1, skipped)
    return f"第一个工作日为 {first}", f"the first working day is {first}"


def _hours(explained: Explanation) -> tuple[str, str]:
    zh, en = sessions_read(explained.sessions)
    seasons = _seasons(explained)
    return f"只计办公时间 {zh}{seasons[0]}", f"office hours only, {en}{seasons[1]}"


def _seasons(explained: Explanation) -> tuple[str, str]:
    """The office hours of the seasons on the way; nothing where there is none."""
    if not explained.seasons:
        return "", ""
    read = [season_read(each) for each in explained.seasons]
    return f"（{'；'.join(zh for zh, _ in read)}）", f" ({'; '.join(en for _, en in read)})"


def season_read(season: SeasonHours) -> tuple[str, str]:
    """From when to when, and the hours."""
    since, until = (f"{month:02d}-{day:02d}" for month, day in (season.since, season.until))
    zh, en = sessions_read(season.sessions)
    return f"{since} 至 {until} 为 {zh}", f"{since} to {until}: {en}"


def sessions_read(sessions: Iterable[Session]) -> tuple[str, str]:
    """The hours of a day as they are read."""
    spans = [f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in sessions]
    return "、".join(spans), " and ".join(spans)


def _days(explained: Explanation) -> Iterator[ExplanationLine]:
    """Neighbouring days with the same reason share a line."""
    for span in _spans(explained.noted):
        day, length = span[0].day, len(span)
        first, last = span[0].on, span[-1].on
        zh, en = (str(first), str(first)) if length == 1 else (f"{first} 至 {last}", f"{first} to {last}")
        counts = ("计入", "counts") if day.works else _skipped(explained.limit, span[0])
        yield ExplanationLine(f"{zh}：{day.why_zh}，{counts[0]}", f"{en}: {day.why_en}, {counts[1]}")


def _skipped(limit: Limit, noted: Noted) -> tuple[str, str]:
    """Of calendar days only the end moves: Civil Code, article 203 (a last day that is a day off)."""
    if limit.unit != CALENDAR_DAYS or noted.paused:
        return "不计", "skipped"
    return "期限末日顺延（《民法典》第二百零三条）", "the last day moves on (Civil Code, article 203)"


def _spans(noted: Iterable[Noted]) -> Iterator[list[Noted]]:
    span: list[Noted] = []
    for each in noted:
        if span and (each.day != span[-1].day or each.on - span[-1].on > timedelta(days=1)):
            yield span
            span = []
        span.append(each)
    if span:
        yield span


def _calendar(explained: Explanation) -> tuple[ExplanationLine, ...]:
    if explained.limit.unit in TIMELESS:
        return ()
    zh = "（涉及的放假安排尚未全部公布，暂按已知日期推算，公布后重算）" if explained.provisional else ""
    en = " (provisional: not all days off are announced; recomputed when they are)" if explained.provisional else ""
    version = explained.calendar_version
    return (ExplanationLine(f"日历版本：{version}{zh}", f"Calendar: {version}{en}"),)


def _scheme(limit: Limit) -> Iterator[ExplanationLine]:
    if limit.scheme:
        found = schemes.colours(limit)
        zh, en = "、".join(LIGHTS[each][0].partition(" ")[0] for each in found), ", ".join(found)
        yield ExplanationLine(f"灯色方案：{limit.scheme}（{zh}）", f"Scheme of colours: {limit.scheme} ({en})")


def _warnings(explained: Explanation) -> Iterator[ExplanationLine]:
    limit = explained.limit
    if limit.begins_yellow:
        yield ExplanationLine("黄灯：自起算时", "Yellow: from the start")
    else:
        yield _warning(("黄灯", "Yellow"), explained.yellow, _point(limit, "yellow"))
    if explained.orange is not None:
        yield _warning(("橙灯", "Orange"), explained.orange, _point(limit, "orange"))


def _warning(name: Pair, begins: datetime, point: Pair) -> ExplanationLine:
    return ExplanationLine(f"{name[0]}：{local(begins)}（{point[0]}）", f"{name[1]}: {local(begins)} ({point[1]})")


def _point(limit: Limit, colour: str) -> tuple[str, str]:
    share, left = (limit.yellow_at, limit.yellow_left) if colour == "yellow" else (limit.orange_at, limit.orange_left)
    if limit.has(left):
        unit_zh, unit_en = LIMIT_UNITS[WORKING_DAYS if limit.unit == WORKING_DAYS else CALENDAR_DAYS]
        return f"剩余 {left} {unit_zh}", f"{left} {unit_en} left"
    return f"时限的 {share:.0%}", f"{share:.0%} of the limit"


def local(instant: datetime) -> str:
    return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
