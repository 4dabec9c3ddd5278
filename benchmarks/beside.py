"""``python -m benchmarks end-to-end --beside REV``: this tree, another commit and the floor in turns, in one run."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from benchmarks import builds, turns
from benchmarks.bench import Ground
from benchmarks.builds import Build
from benchmarks.hours import Hour
from benchmarks.turns import Measurement, TicketLoad
from benchmarks.verdict import Compared, MeasuredRound, compared

RESULTS = Path(__file__).with_name("results") / "beside.json"
ORDERS = (
    ("floor", "base", "here"),
    ("here", "floor", "base"),
    ("base", "here", "floor"),
    ("here", "base", "floor"),
    ("floor", "here", "base"),
    ("base", "floor", "here"),
)
"""In three rounds each is first, second and last once: what comes later meets a warmer machine. In six, each order."""

Hours = dict[str, list[MeasuredRound]]
Rows = list[tuple[str, Compared]]


async def measure(ground: Ground, base: Build, hours: Sequence[Hour], rounds: int, load: TicketLoad) -> Hours:
    """All rounds of each hour. Raises what a turn raises."""
    found: Hours = {str(hour): [] for hour in hours}
    for build in (base, builds.here()):  # not counted: stores are cold, and a fresh tree compiles itself
        await turns.product(ground, build, hours[0], TicketLoad(load.warm, load.warm))
    for nth in range(rounds):
        for hour in hours:
            found[str(hour)].append(each := await _round(ground, base, hour, nth, load))
            print(f"  round {nth + 1}, {hour}: {_said(each)}", flush=True)
    return found


async def _round(ground: Ground, base: Build, hour: Hour, nth: int, load: TicketLoad) -> MeasuredRound:
    measured: dict[str, Measurement] = {}
    for who in ORDERS[nth % len(ORDERS)]:
        build = {"base": base, "here": builds.here()}.get(who)
        measured[who] = await (turns.product(ground, build, hour, load) if build else turns.bare(ground, hour, load))
    return MeasuredRound(**measured)


def _said(each: MeasuredRound) -> str:
    turned = {"this": each.here, "base": each.base, "floor": each.floor}
    return ", ".join(f"{name} {turn.rate:.0f}/s at {turn.cost:.2f} ms" for name, turn in turned.items())


def rows(rounds: Sequence[MeasuredRound]) -> Rows:
    """Every figure of an hour, with its name: what a ticket costs, by process; what was counted; its documents."""
    figures: list[tuple[str, Callable[[Measurement], float | None]]] = [
        ("tickets/s", lambda turn: turn.rate),
        ("processor ms", lambda turn: turn.cost),
    ]
    figures += [(f"  {name}", _cost_of(name)) for name in _names(rounds, lambda turn: turn.costs)]
    figures += [(name, _count_of(name)) for name in _names(rounds, lambda turn: turn.counts)]
    figures += [(f"  bytes of {name}", _size_of(name)) for name in _names(rounds, lambda turn: turn.documents)]
    return [(name, compared(rounds, figure)) for name, figure in figures]


def _names(rounds: Sequence[MeasuredRound], of: Callable[[Measurement], Mapping[str, float]]) -> list[str]:
    """In the order of both builds' first turns; the floor's loops have no counterpart."""
    return list(dict.fromkeys(name for each in rounds for turn in (each.here, each.base) for name in of(turn)))


def _cost_of(name: str) -> Callable[[Measurement], float | None]:
    return lambda turn: turn.costs.get(name)


def _count_of(name: str) -> Callable[[Measurement], float | None]:
    return lambda turn: turn.counts.get(name)


def _size_of(name: str) -> Callable[[Measurement], float | None]:
    return lambda turn: turn.documents.get(name)


def lines(hours: Hours) -> Iterator[str]:
    """The report: a table for each hour."""
    for hour, rounds in hours.items():
        yield f"\n{hour}, a ticket, medians of {len(rounds)} rounds and of their pairs"
        yield f"{'':<36}{'this':>10}{'base':>10}{'floor':>10}{'this/base':>11}{'this/floor':>11}"
        yield from (_line(name, each) for name, each in rows(rounds))


def _line(name: str, each: Compared) -> str:
    ratios = f"{_number(each.to_base, '.2f'):>11}{_number(each.to_floor, '.2f'):>11}"
    figures = (each.here, each.base, each.floor)
    return f"{name:<36}" + "".join(f"{_number(figure, ',.2f'):>10}" for figure in figures) + ratios


def _number(figure: float | None, form: str) -> str:
    return "–" if figure is None else format(figure, form)


def plain(base: str, here: str, load: TicketLoad, hours: Hours) -> dict[str, object]:
    """As JSON: every turn, and what was made of them."""
    measured = {
        hour: {
            "rounds": list(map(asdict, rounds)),
            "compared": {name.strip(): asdict(row) for name, row in rows(rounds)},
        }
        for hour, rounds in hours.items()
    }
    machine = {"cores": os.cpu_count(), "load_average_over_15_minutes": os.getloadavg()[2]}
    return {
        "base": base,
        "here": here,
        "machine": machine,
        "tickets": load.tickets,
        "warm": load.warm,
        "hours": measured,
    }


def write(found: dict[str, object]) -> None:
    """Into ``benchmarks/results``, which git ignores."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
