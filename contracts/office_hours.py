"""Office hours as calendars are published with them: one reading for whoever counts them and whoever tells in them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from itertools import groupby, pairwise

from contracts.messages.sla import CalendarPublished
from contracts.values import OfficeSeason
from contracts.vocabulary import MonthDay, SeasonHours, Session

COUNTRY = "cn"
LEAP_YEAR = 2024  # has every day of a year
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")
DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
Fault = tuple[str, str]
"""Where, from the seasons on (a JSON pointer), and a code of FAULTS."""

FAULTS = {
    "not_a_time": ("请写作 08:30 的形式，00:00 至 23:59。", "A time of the day as 08:30, from 00:00 to 23:59."),
    "outside_the_day": (
        "下班须晚于上班，且在同一天之内。",
        "Offices close after they open, and on the same day.",
    ),
    "sessions_overlap": (
        "各时段须按先后排列，互不重叠。",
        "Put the sessions of a day in order, and let none begin before the one before it has ended.",
    ),
    "no_session": ("至少写一个时段。", "A season has one session at least."),
    "not_a_date": ("请写作 05-01 的形式，且须有这一天。", "A day of the year as 05-01, one that there is."),
    "seasons_overlap": (
        "季节之间有重叠的日子，请改起止日期。",
        "A day of this season lies in another one, too: change where one begins or ends.",
    ),
}
"""By its code: what to do about it."""


def faults(seasons: Sequence[OfficeSeason]) -> Iterator[Fault]:
    """What is wrong with them."""
    for nth, season in enumerate(seasons):
        yield from ((f"{nth}/{where}", code) for where, code in _faults_of(season))
    sound = {nth: _season(each) for nth, each in enumerate(seasons) if not list(_faults_of(each))}
    for nth, each in sound.items():
        if any(_overlap(each, other) for before, other in sound.items() if before < nth):
            yield f"{nth}/since", "seasons_overlap"


def _faults_of(season: OfficeSeason) -> Iterator[Fault]:
    yield from ((name, "not_a_date") for name in ("since", "until") if _day(getattr(season, name)) is None)
    if not season.sessions:
        yield "sessions", "no_session"
    read = [(_clock(each.opens), _clock(each.closes)) for each in season.sessions]
    for nth, (opens, closes) in enumerate(read):
        if opens is None or closes is None:
            yield f"sessions/{nth}/{'opens' if opens is None else 'closes'}", "not_a_time"
        elif opens >= closes:
            yield f"sessions/{nth}/closes", "outside_the_day"
    for nth, ((_, ended), (begins, _)) in enumerate(pairwise(read), 1):
        if ended and begins and begins < ended:
            yield f"sessions/{nth}/opens", "sessions_overlap"


def _clock(written: str) -> time | None:
    try:
        return time.fromisoformat(written) if CLOCK.fullmatch(written) else None
    except ValueError:
        return None


def _day(written: str) -> MonthDay | None:
    try:
        on = date.fromisoformat(f"{LEAP_YEAR}-{written}") if DAY.fullmatch(written) else None
    except ValueError:
        return None
    return (on.month, on.day) if on else None


def _overlap(season: SeasonHours, other: SeasonHours) -> bool:
    """Whether a day lies in both: then one holds the day on which the other begins."""
    return season.holds(date(LEAP_YEAR, *other.since)) or other.holds(date(LEAP_YEAR, *season.since))


def _season(season: OfficeSeason, first: int = 0, last: int = 9999) -> SeasonHours:
    """As the rules see it. Only of one without faults."""
    since, until = _day(season.since), _day(season.until)
    assert since is not None
    assert until is not None
    return SeasonHours(since, until, tuple(_sessions(season)), first, last)


def _sessions(season: OfficeSeason) -> Iterator[Session]:
    for each in season.sessions:
        yield time.fromisoformat(each.opens), time.fromisoformat(each.closes)


def seasons_of(published: Iterable[CalendarPublished]) -> tuple[SeasonHours, ...]:
    """The seasons in force, of calendars that hold in one division, each code and year once: what stands first holds.

    The narrowest division first; of each, a later year's stand in place of an earlier one's. Seasons with faults are as
    if nothing had been said of hours.
    """
    said = [each for each in published if each.sessions and not list(faults(each.sessions))]
    said.sort(key=lambda each: (each.code != COUNTRY, len(each.code), each.code, each.year), reverse=True)
    found = list[SeasonHours]()
    for _, of_one in groupby(said, key=lambda each: each.code):
        last = 9999
        for each in of_one:
            found += [_season(season, each.year, last) for season in each.sessions]
            last = each.year - 1
    return tuple(found)
