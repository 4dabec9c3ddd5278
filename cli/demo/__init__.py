"""``duban demo``: streams made-up matters through the running system and plays everybody who deals with them."""

import asyncio
import os
import time
from collections.abc import Callable
from typing import Annotated

import typer

from cli.demo.offices import HttpOffices, Tokens
from cli.demo.player import Player, client
from contracts import lifecycle
from contracts.identifiers import spoken
from deploy.local import secrets
from deploy.local.state import state
from runtime.clock import Clock
from simulation.people import People
from simulation.sample_matters import stream

WORDS = {
    "registered": "登记",
    "sent_again": "重发，仍是同一登记号",
    "busy": "稍后再试",
    "assign": "交办",
    "accept": "受理",
    "return": "退回",
    "plan": "方案",
    "progress": "进展",
    "complete": "办结",
    "evaluate": "评价",
    "look_back": "回访",
    "reopen": "抽查不合格，重办",
    "struck_off": "销号",
    "withdrawn": "撤回",
    "invalid": "甄别为无效",
}
ENDINGS = tuple(state.value for state in lifecycle.ENDED)


def demo(
    matters: Annotated[int, typer.Option(help="How many matters to register.", min=0)] = 600,
    rate: Annotated[float, typer.Option(help="Matters a second of wall time.", min=0.01)] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed tells the same story.")] = 7,
    until_closed: Annotated[bool, typer.Option(help="End with the first matter struck off; print its story.")] = False,
    at_most: Annotated[float, typer.Option(help="End after so many seconds of wall time.", min=1)] = 3600.0,
    host: Annotated[str, typer.Option(help="Where the services are; {name} is replaced: intake-api, …")] = "127.0.0.1",
    pace: Annotated[float, typer.Option(help="Stretches all waiting; 0.2 is five times as hasty.", min=0.01)] = 1.0,
    quiet: Annotated[bool, typer.Option(help="Print only the end.")] = False,
) -> None:
    """Real HTTP, real tokens. Ends when all its matters have ended, when told to, or after --at-most seconds."""
    known = os.environ.get("DUBAN_TOKEN_PRIVATE_KEY")  # noqa: TID251 — the edge: `duban up` hands it over
    private = known or secrets.load(state().create().secrets)["DUBAN_TOKEN_PRIVATE_KEY"]
    came_to_its_end = asyncio.run(
        _demo(private, host, People(seed=seed, pace=pace), matters, rate, at_most, until_closed, quiet)
    )
    raise typer.Exit(1 if until_closed and not came_to_its_end else 0)


async def _demo(
    private: str, host: str, people: People, matters: int, rate: float, at_most: float, until_closed: bool, quiet: bool
) -> bool:
    """Whether it came to its end in time."""
    clock, begun = Clock(), time.monotonic()
    async with client() as http:
        offices = HttpOffices(http, Tokens(private, clock.wall), host)
        say = _silent if quiet else _teller(begun)
        player = Player(offices, people, stream(people.seed), clock.wall().isoformat(), say)
        await player.wait(lambda: time.monotonic() - begun > at_most)
        registering = asyncio.create_task(player.register(matters, rate))

        def is_over() -> bool:
            if until_closed:
                return "struck_off" in player.score.ended.values()
            return registering.done() and all(number in player.score.ended for number in player.codes)

        await player.play(lambda: is_over() or time.monotonic() - begun > at_most)
        registering.cancel()
        await asyncio.gather(registering, return_exceptions=True)
        if until_closed:
            await _tell_story(player, offices)
    _tell_score(player)
    return is_over()


def _teller(begun: float) -> Callable[[str, str, str], None]:
    def say(number: str, what: str, words: str) -> None:
        after = time.monotonic() - begun
        typer.echo(f"{after:7.1f}s  {spoken(number) if number else '—':22}  {WORDS.get(what, what)}  {words}")

    return say


def _silent(_number: str, _what: str, _words: str) -> None:
    """Takes the lines of a story that is told to no one."""


async def _tell_story(player: Player, offices: HttpOffices) -> None:
    number = next((each for each, state in player.score.ended.items() if state == "struck_off"), "")
    if number:
        typer.echo(f"\n{spoken(number)}")
        for line in await offices.story(number, player.codes[number]):
            typer.echo(f"  {str(line['at'])[:16].replace('T', ' ')}  {line['zh']}  {line['words']}".rstrip())


def _tell_score(player: Player) -> None:
    score = player.score
    endings = {WORDS[kind]: sum(state == kind for state in score.ended.values()) for kind in ENDINGS}
    typer.echo(f"\n登记 {score.registered}，重发 {score.resent}；" + "，".join(f"{k} {v}" for k, v in endings.items()))
    typer.echo("  ".join(f"{WORDS[act]} {count}" for act, count in score.acts.items()))
    if score.refused:
        typer.echo("未被接受：" + "  ".join(f"{code} {count}" for code, count in sorted(score.refused.items())))
