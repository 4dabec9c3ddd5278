"""``make bench``: prints ratios and writes them to ``benchmarks/results``; with ``--beside``, two builds in turns."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated

import orjson
import typer

from benchmarks import bench, beside, builds, door, end_to_end, skipping, timers, turns, verdict
from benchmarks.hours import HOURS, NIGHT
from runtime.telemetry import logs

ALL: Mapping[str, Callable[[bench.Ground], Awaitable[bench.Result]]] = {
    "skipping": skipping.measure,
    "door": door.measure,
    "end-to-end": end_to_end.measure,
    "end-to-end-at-night": functools.partial(end_to_end.measure, hour=NIGHT),
    "timers": timers.measure,
}
RESULTS = Path(__file__).with_name("results") / "latest.json"
BESIDE = "end-to-end"


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(ALL)}; none: all.")] = None,
    revision: Annotated[
        str, typer.Option("--beside", help="A commit: end-to-end of this tree, that one and the floor.")
    ] = "",
    rounds: Annotated[int, typer.Option(min=1, help="Rounds with --beside.")] = verdict.ROUNDS,
    tickets: Annotated[int, typer.Option(min=100, help="Tickets of a turn with --beside.")] = turns.SUBMISSIONS,
    hours: Annotated[str, typer.Option(help="Hours with --beside, comma-separated.")] = ",".join(HOURS),
    gate: Annotated[bool, typer.Option(help="With --beside: fail when a ticket costs more than it may.")] = False,
) -> None:
    """Measure the product beside its floor, or beside another commit; print tables and write JSON."""
    logs.configure("WARNING", "console")
    for driver in ("aiokafka", "asyncio"):
        logging.getLogger(driver).setLevel(logging.CRITICAL)  # a page for each batch that goes again: it is said once
    names = names or list(ALL)
    _refuse_unknown(names, ALL, "benchmark")
    if not revision:
        _alone(names)
        return
    _refuse_unknown(hours.split(","), HOURS, "hour")
    if names != [BESIDE]:
        raise typer.BadParameter(f"only {BESIDE} has two sides: benchmarks {BESIDE} --beside {revision}")
    if gate and rounds < verdict.ROUNDS:
        raise typer.BadParameter(f"a verdict needs {verdict.ROUNDS} rounds", param_hint="--rounds")
    found = _two_builds(revision, hours.split(","), rounds, turns.TicketLoad().of(tickets))
    if gate:
        _judge(found)


def _refuse_unknown(names: list[str], known: Mapping[str, object], what: str) -> None:
    if unknown := set(names) - set(known):
        raise typer.BadParameter(f"no such {what}: {', '.join(sorted(unknown))}; there are: {', '.join(known)}")


def _alone(names: list[str]) -> None:
    results = asyncio.run(run(names))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(orjson.dumps([each.plain() for each in results], option=orjson.OPT_INDENT_2))
    print("\n".join(line for each in results for line in (each.line(), *each.where())))


async def run(names: list[str]) -> list[bench.Result]:
    """The benchmarks of these names, one after the other."""
    with bench.ground() as ground:
        return [await ALL[name](ground) for name in names]


def _two_builds(revision: str, hours: list[str], rounds: int, load: turns.TicketLoad) -> beside.Hours:
    try:
        with builds.checked_out(revision) as base, bench.ground() as ground:
            wanted = [HOURS[name] for name in hours]
            found = asyncio.run(beside.measure(ground, base, wanted, rounds, load))
            beside.write(beside.plain(base.commit, builds.described(), load, found))
    except (builds.BuildRefused, turns.DidNotFinish) as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(2) from None
    print(f"this: {builds.described()}; base: {base.commit}", *beside.lines(found), sep="\n")
    return found


def _judge(found: beside.Hours) -> None:
    if failed := verdict.failures(found):
        typer.echo("\nthe gate is shut:\n" + "\n".join(failed), err=True)
        raise typer.Exit(1)
    typer.echo("\nthe gate is open: no hour costs more than it may")


if __name__ == "__main__":
    typer.run(main)
