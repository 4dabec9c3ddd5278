"""``duban``: one command for everything. ``python -m cli sla`` runs one service, ``python -m cli`` all."""

import importlib
import os
import sys
from collections.abc import Mapping

import typer

from contracts.topics import SERVICES, parts_of

COMMANDS: Mapping[str, tuple[str, str]] = {
    "up": ("cli.up:up", "Start everything and show the main job on sample matters."),
    "down": ("cli.down:down", "Stop everything; data and time are kept."),
    "reset": ("cli.down:reset", "Stop everything and forget data and time."),
    "serve": ("cli.serve:serve", "Run a service, its API, its loop or another part."),
    "demo": ("cli.demo:demo", "Stream sample matters and play the people."),
    "load": ("cli.load:load", "Register matters as fast as the door takes them, for a test."),
    "simulate": ("cli.simulate:simulate", "Play all services in memory, from a seed, with faults."),
    "verify": ("cli.verify:verify", "Check the invariants on what the stores and topics hold."),
    "ledger": ("cli.ledger:app", "Export the raw ledger; verify an export offline."),
    "dead-letters": ("cli.dead_letters:app", "List, show, replay; release a held service."),
    "feedback": ("cli.feedback:app", "Check and publish the rules of plans and the chains of review."),
    "draws": ("cli.draws:app", "Show how a draw came about; check one offline."),
    "topics": ("cli.topics:topics", "Create the topics and lay missing positions."),
    "reply": ("cli.reply:reply", "Answer an SMS that asks for an evaluation, as the gateway hands it on."),
    "token": ("cli.token:token", "Issue a development token for a member of staff."),
    "staff": ("cli.staff:app", "Appoint the first configurers; appoint whom a file names."),
    "sla": ("cli.sla:app", "Explain a deadline; show the next office hours."),
    "portal": ("cli.portal:app", "Rebuild the portal's documents from the log."),
    "read": ("cli.read:read", "Show how a text is read: place, kind, unit, screening, urgency, masking."),
    "env": ("cli.env:env", "Print a filled .env for docker compose."),
}
REACHES: Mapping[str, str] = {
    "ledger": "intake",
    "draws": "intake",
    "sla": "sla",
    "reply": "notify",
    "portal": "portal",
    "feedback": "feedback",
    "dead-letters": "admin",
    "topics": "admin",
    "verify": "admin",
}
"""Commands that look into a running installation, and as whom: the one of `duban up` unless the environment says."""


def overview() -> str:
    rows = "\n".join(f"  {name:<13} {text}" for name, (_, text) in COMMANDS.items())
    about = "督办: register a matter, see it dealt with in a known time, strike it off when the people are satisfied."
    return f"Usage: duban COMMAND [OPTIONS]\n\n{about}\n\n{rows}\n\nduban COMMAND --help tells more."


def command(name: str) -> typer.Typer:
    """A command, imported when it is called: ``duban --help`` stays quick."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return found
    single = typer.Typer(add_completion=False)
    single.command()(found)
    return single


def meant(arguments: list[str]) -> list[str]:
    """A service's name, alone or with a part, serves it; no argument serves all. ``portal rebuild`` is a command."""
    if not arguments:
        return ["serve", "all"]
    if arguments[0] in SERVICES and (len(arguments) == 1 or arguments[1] in (*parts_of(arguments[0]), "all")):
        return ["serve", *arguments]
    return arguments


def reach(user: str) -> None:
    """Settings of the local stack for what the environment leaves open."""
    from deploy.local import plan
    from deploy.local.state import state

    for name, value in plan.reach(state(), user).items():
        os.environ.setdefault(name, value)  # noqa: TID251 — the edge


def main() -> None:
    """Run what the command line says."""
    arguments = meant(sys.argv[1:])
    if arguments[0] in ("--help", "-h", "help"):
        typer.echo(overview())
    elif arguments[0] not in COMMANDS:
        typer.echo(f"no such command: {arguments[0]}\n\n{overview()}", err=True)
        sys.exit(2)
    else:
        try:
            run(*arguments)
        except Exception as error:
            hinders_or_raises(error)


def run(name: str, *options: str) -> None:
    """One command, on the running installation if it looks into one."""
    if name in REACHES:
        reach(REACHES[name])
    command(name)(options, prog_name=f"duban {name}")


def hinders_or_raises(error: Exception) -> None:
    """What the person at the keyboard can mend is a sentence and exit code 1; a bug keeps its traceback."""
    from cli.errors import sentence

    if not (said := sentence(error)):
        raise error
    typer.echo(said, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
