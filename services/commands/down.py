"""``duban down`` and ``duban reset``."""

import os
import shutil
import signal
import time

import typer

from deploy.local.state import State, state

STOP_WITHIN = 60.0  # seconds for everything


def running(folder: State) -> int | None:
    """The supervisor's process id, if it lives."""
    try:
        pid = int(folder.pid.read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


def down() -> None:
    """Stop everything. Data and domain time are kept; `duban up` goes on from there."""
    pid = running(state())
    if pid is None:
        typer.echo("nothing is running")
        return
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + STOP_WITHIN
    while running(state()) is not None and time.monotonic() < until:
        time.sleep(0.1)
    if running(state()) is not None:
        typer.echo(f"process {pid} does not stop; see {state().logs}/supervisor.log", err=True)
        raise typer.Exit(1)
    typer.echo("stopped; data and time are kept")


def reset() -> None:
    """Stop everything and forget tickets, topics, secrets and time."""
    down()
    shutil.rmtree(state().root, ignore_errors=True)
    typer.echo("everything is forgotten")
