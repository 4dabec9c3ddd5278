"""``duban simulate``: all services in memory, the simulated people, a clock that jumps, and faults, from a seed."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import typer
from rich.console import Console
from rich.table import Table

from runtime.telemetry import logs

TICKETS, DAYS = 3, 25  # of one history
YEAR, LIFE = 365, 60  # days: of a year, and of the life of a village in it
PROVINCE = 640_000  # tickets a year, supervision only (product.md, "Scale to build for")
PORTION = 40  # tickets of one village of a simulated year


def simulate(
    seed: int = typer.Option(0, help="The first seed."),
    seeds: int = typer.Option(1, help="How many histories, one seed after another."),
    steps: bool = typer.Option(False, help="Print every message and fault as it happens, and check after each step."),
    years: int = typer.Option(0, help="Instead: what so many years of a province look like."),
    scale: float = typer.Option(0.01, help="Share of the province's matters that is played."),
    faults: bool = typer.Option(True, help="Whether processes crash, freeze, and lose acknowledgements."),
) -> None:
    """Play histories and check every invariant after each. Exit code 1 when one is violated."""
    from simulation.history import Violated

    console = Console()
    logs.configure("ERROR", "console")
    try:
        if years:
            _years(years, scale, seed, console)
        else:
            _histories(range(seed, seed + seeds), console, faulty=faults, steps=steps)
    except Violated as violated:
        console.print(f"[red]{violated}[/red]", highlight=False)
        raise typer.Exit(1) from None


def _histories(seeds: range, console: Console, *, faulty: bool, steps: bool) -> None:
    from simulation.history import Violated
    from simulation.play import play

    moves: Counter[tuple[str, str]] = Counter()
    happened: Counter[str] = Counter()
    for seed in seeds:
        try:
            played = play(seed, TICKETS, DAYS, faulty=faulty, tell=_teller(console) if steps else None)
        except Violated as violated:
            raise Violated(f"seed {seed}: {violated}; replay: duban simulate --seed {seed} --steps") from None
        moves += played.moves
        happened += played.faults
    _print("transition", {f"{old or 'new'} → {new}": count for (old, new), count in moves.items()}, console)
    _print("fault", happened, console)
    console.print(f"{len(seeds)} histories, every invariant holds")


def _teller(console: Console) -> Callable[[str], None]:
    return lambda line: console.print(line, highlight=False, soft_wrap=True)


def _years(years: int, scale: float, seed: int, console: Console) -> None:
    """A province's years, in portions spread over all seasons, without faults of machines: what people and units do."""
    wanted, began = int(PROVINCE * years * scale), time.perf_counter()
    total: Counter[str] = Counter()
    portions = max(1, wanted // PORTION)
    spread = [timedelta(days=YEAR * years * nth // portions) for nth in range(portions)]
    with console.status("living") as status, ProcessPoolExecutor(mp_context=get_context("spawn")) as processors:
        for said in processors.map(_portion, range(seed, seed + portions), spread):
            total += said
            status.update(f"{total['TicketRegistered'] + total['TicketScreenedOut']} of {wanted} matters")
    _print(f"{years} year(s) of a province at {scale:.0%}", total, console)
    matters = total["TicketRegistered"] + total["TicketScreenedOut"]
    console.print(f"{matters} matters in {time.perf_counter() - began:.0f} s; every invariant holds")


def _portion(seed: int, after: timedelta) -> Counter[str]:
    """What a village says that begins so long after the first one."""
    from simulation.play import play
    from simulation.village import BEGIN

    logs.configure("ERROR", "console")
    return play(seed, PORTION, LIFE, faulty=False, begin=BEGIN + after).said


def _print(title: str, counts: Counter[str] | dict[str, int], console: Console) -> None:
    table = Table(title, "times")
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        table.add_row(name, str(count))
    console.print(table)
