"""``duban down`` and ``duban reset``."""

import asyncio
import shutil
import signal
import time
from typing import Any

import typer
from pymongo import MongoClient

from contracts.topics import SERVICES
from deploy.local import processes
from deploy.local.settings import local
from deploy.local.state import NotOurs, StackState, state
from runtime.kafka.bus import Bus
from runtime.kafka.topics import delete_topics

STOP_WITHIN = 60.0  # seconds for everything
LEFT_OVER_WITHIN = 20.0  # seconds for what a killed supervisor left


def running(folder: StackState) -> processes.KnownProcess | None:
    """The supervisor, if it lives."""
    found = processes.read(folder.supervisor).get("supervisor")
    return found if found is not None and found.lives() else None


def down() -> None:
    """Stop everything. Data and domain time are kept; `duban up` goes on from there."""
    _down(state())


def _down(folder: StackState) -> None:
    supervisor = running(folder)
    if supervisor is not None:
        _stop(folder, supervisor)
    left = processes.end_left_over(folder.processes, LEFT_OVER_WITHIN)
    if left:
        typer.echo(f"ended what was left over: {', '.join(left)}")
    typer.echo("stopped; data and time are kept" if supervisor or left else "nothing is running")


def _stop(folder: StackState, supervisor: processes.KnownProcess) -> None:
    """SIGTERM, and SIGKILL when it takes too long: what was promised is in Kafka and MongoDB, and survives that."""
    supervisor.send(signal.SIGTERM)
    until = time.monotonic() + STOP_WITHIN
    while supervisor.lives() and time.monotonic() < until:
        time.sleep(processes.POLL_EVERY)
    if supervisor.lives():
        typer.echo(f"the supervisor does not stop and is ended hard; why is in {folder.logs}/supervisor.log", err=True)
        supervisor.send(signal.SIGKILL)
        folder.supervisor.unlink(missing_ok=True)


def reset() -> None:
    """Stop everything and forget tickets, topics, secrets and time."""
    folder, settings = state(), local()
    try:
        folder.refuse_strange()
    except NotOurs as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(1) from None
    _down(folder)
    if settings.has_kafka:
        asyncio.run(delete_topics(Bus(servers=settings.kafka_bootstrap_servers, namespace=settings.namespace)))
    if settings.has_mongodb:
        forget_databases(settings.mongodb_uri, settings.namespace)
    if folder.root.exists():
        shutil.rmtree(folder.root)
    typer.echo("everything is forgotten")


def forget_databases(uri: str, namespace: str) -> None:
    """Drop the databases of one namespace."""
    with MongoClient[Any](uri) as client:
        for name in (f"{namespace}_{each}" for each in (*SERVICES, "vault", "codes")):
            client.drop_database(name)
