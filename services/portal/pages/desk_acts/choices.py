"""What may be chosen in a form and stands in no fixed table: an API is asked for it, as whoever fills in the form."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from contracts import lifecycle, vocabulary
from contracts.vocabulary import Pair
from services.portal import times
from services.portal.pages.desk_acts.acts import DeskAct
from services.portal.pages.services import ServiceRefused
from services.portal.pages.sign_in.acting import ActingStaff

COUNTY = 6  # digits
DATED_AT_MOST = 20  # standards whose day is asked for, all at once
AT_MOST = 200  # reviews and checks that are looked through for one matter


@dataclass(frozen=True, slots=True)
class Offered:
    """Something to choose, and what is said of it."""

    code: str
    name: Pair


Taken = Callable[[Any, str], list[Offered]]
"""From what the API answered, and the number of the matter."""


@dataclass(frozen=True, slots=True)
class ChoiceSource:
    """An API that knows what may be chosen; ``path`` may name {number} and {county}."""

    service: str
    path: str
    taken: Taken


async def offered(act: DeskAct, who: ActingStaff, number: str) -> dict[str, list[Offered]]:
    """Field → what may be chosen in it. Raises ServiceRefused."""
    wanted = {each.name: SOURCES[each.source] for each in act.fields if each.source}
    county = who.division[:COUNTY] if len(who.division) >= COUNTY else number[:COUNTY]
    answers: dict[str, Any] = {}
    for source in wanted.values():
        if source.path not in answers:
            path, _, asked = source.path.format(number=number, county=county).partition("?")
            answers[source.path] = (await who.ask(source.service, path, parse_qsl(asked))).json
    found = {name: source.taken(answers[source.path], number) for name, source in wanted.items()}
    if "standard" in found:
        found["standard"] = await with_days(found["standard"], who, number)
    return found


async def with_days(standards: Sequence[Offered], who: ActingStaff, number: str) -> list[Offered]:
    """Each with the day on which the work would be due: whoever chooses promises it. Those of which sla does not say
    one stay as they are."""

    async def one(standard: Offered) -> Offered:
        try:
            path = f"/v1/standards/{standard.code}/preview"
            due = (await who.ask("sla", path, [("ticket", number)])).json["due"]
        except ServiceRefused:
            return standard
        zh, en = standard.name
        return replace(standard, name=(f"{zh}（{_by(due, 'zh')} 前办结）", f"{en} (due {_by(due, 'en')})"))

    dated = await asyncio.gather(*map(one, standards[:DATED_AT_MOST]))
    return [*dated, *standards[DATED_AT_MOST:]]


def of_ticket(source: str, ticket: Any) -> list[Offered]:
    """What a matter that was read already offers."""
    return SOURCES[source].taken(ticket, ticket["number"])


def of_clocks(source: str, clocks: Any) -> list[Offered]:
    """What clocks that were read already offer."""
    return SOURCES[source].taken(clocks, clocks["number"])


def _standards(found: Any, _number: str) -> list[Offered]:
    return [Offered(each["code"], _standard(each)) for each in found]


def _standard(of: Any) -> Pair:
    if of["limit_unit"] == "minutes":
        length = timedelta(minutes=of["limit"])
        return f"{of['name_zh']}，{times.span(length, 'zh')}", f"{of['name_en']}, {times.span(length, 'en')}"
    limit_zh, limit_en = vocabulary.LIMIT_UNITS.get(of["limit_unit"], (of["limit_unit"], of["limit_unit"]))
    return f"{of['name_zh']}，{of['limit']}{limit_zh}", f"{of['name_en']}, {of['limit']} {limit_en}"


def _units(found: Any, _number: str) -> list[Offered]:
    return [Offered(each["code"], (each["zh"], each["en"])) for each in found]


def _categories(found: Any, _number: str) -> list[Offered]:
    return [Offered(each["code"], (f"{each['code']} {each['zh']}", f"{each['code']} {each['en']}")) for each in found]


def _measures(ticket: Any, _number: str) -> list[Offered]:
    plan = ticket["plan"] or {"measures": ()}
    return [Offered(str(nth), (each["text"], each["text"])) for nth, each in enumerate(plan["measures"], 1)]


def _version(ticket: Any, _number: str) -> list[Offered]:
    plan = ticket["plan"]
    return [Offered(str(plan["version"]), ("", ""))] if plan and plan["plan_review"] == "pending" else []


def _review(name: str) -> Taken:
    """The round or the level at which the work waits for whoever asks."""

    def taken(found: Any, number: str) -> list[Offered]:
        return [Offered(str(each[name]), ("", "")) for each in _own(found["reviews"], number) if name in each]

    return taken


def _checks(found: Any, number: str) -> list[Offered]:
    return [
        Offered(each["draw"], (_by(each["due"], "zh"), _by(each["due"], "en")))
        for each in _own(found["checks"], number)
    ]


def _own(rows: Sequence[Any], number: str) -> list[Any]:
    return [each for each in rows if each["number"] == number]


def _clocks(found: Any, _number: str) -> list[Offered]:
    running = [each for each in found["clocks"] if each["stopped"] is None]
    return [Offered(each["id"], _clock(each)) for each in running]


def _clock(of: Any) -> Pair:
    name = lifecycle.CLOCK_NAMES.get(of["kind"], (of["kind"], of["kind"]))
    return f"{name[0]} {_by(of['due'], 'zh')}", f"{name[1]} {_by(of['due'], 'en')}"


def _more_time(found: Any, _number: str) -> list[Offered]:
    """What was asked for and nobody has decided."""
    open_ = [each for clock in found["clocks"] for each in clock["more"] if each["decided"] is None]
    return [Offered(each["id"], _asked(each)) for each in open_]


def _asked(of: Any) -> Pair:
    how, ground = vocabulary.MORE_TIME[of["how"]], vocabulary.MORE_TIME_GROUNDS[of["ground"]]
    return f"{how[0]}：{ground[0]}", f"{how[1]}: {ground[1]}"


def _orders(ticket: Any, _number: str) -> list[Offered]:
    return [Offered(each["number"], (each["number"], each["number"])) for each in _standing(ticket)]


def _items(ticket: Any, _number: str) -> list[Offered]:
    """Each item that is not answered, by the order's number and its own."""
    return [
        Offered(f"{order['number']}.{nth}", pair)
        for order in _standing(ticket)
        for nth, pair in enumerate(zip(order["items_zh"], order["items_en"], strict=True), 1)
        if nth not in order["answered"]
    ]


def _standing(ticket: Any) -> list[Any]:
    return [each for each in ticket["orders"] if not each["withdrawn"] and not each["lifted"]]


def _letters(found: Any, _number: str) -> list[Offered]:
    """Each letter of which nobody knows whether it arrived, by all that it told."""
    unknown: dict[str, list[Any]] = {}
    for each in found:
        if each["state"] == "unknown":
            unknown.setdefault(each["letter"] or each["ref"], []).append(each)
    return [Offered(reference, _letter(told)) for reference, told in unknown.items()]


def _letter(told: Sequence[Any]) -> Pair:
    """To whom, by which way, and how many messages."""
    audience, channel = (table.get(told[0][name], (told[0][name],) * 2) for table, name in OF_A_LETTER)
    return f"{audience[0]}，{channel[0]}，{len(told)} 条", f"{audience[1]}, {channel[1]}, {len(told)} told"


def _by(instant: str, language: vocabulary.Language) -> str:
    return times.clock_time(datetime.fromisoformat(instant), language)


TICKET, REVIEWS, CLOCKS = "/v1/tickets/{number}", f"/v1/reviews?limit={AT_MOST}", "/v1/tickets/{number}/clocks"
LETTERS = "/v1/tickets/{number}/deliveries"
OF_A_LETTER = ((vocabulary.AUDIENCES, "audience"), (vocabulary.CHANNELS, "channel"))
SOURCES: Mapping[str, ChoiceSource] = {
    "standards": ChoiceSource("routing", "/v1/tickets/{number}/standards", _standards),
    "units": ChoiceSource("routing", "/v1/units?county={county}", _units),
    "categories": ChoiceSource("routing", "/v1/categories", _categories),
    "measures": ChoiceSource("portal", TICKET, _measures),
    "version": ChoiceSource("portal", TICKET, _version),
    "round": ChoiceSource("feedback", REVIEWS, _review("round")),
    "level": ChoiceSource("feedback", REVIEWS, _review("level")),
    "checks": ChoiceSource("feedback", f"/v1/checks?limit={AT_MOST}", _checks),
    "clocks": ChoiceSource("sla", CLOCKS, _clocks),
    "more_time": ChoiceSource("sla", CLOCKS, _more_time),
    "orders": ChoiceSource("portal", TICKET, _orders),
    "items": ChoiceSource("portal", TICKET, _items),
    "letters": ChoiceSource("notify", LETTERS, _letters),
    "number": ChoiceSource("notify", LETTERS, lambda _, number: [Offered(number, ("", ""))]),
}
