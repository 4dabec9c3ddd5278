"""The real Kafka and MongoDB that tests run on: given by the environment, or started here on free ports."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.kafka import Broker
from deploy.local.mongod import Mongod
from deploy.local.state import free_port
from runtime.kafka.bus import Bus


@dataclass(frozen=True, slots=True)
class Stack:
    """Where Kafka and MongoDB are."""

    kafka: str
    mongodb_uri: str

    def bus(self, namespace: str) -> Bus:
        """The bus of one namespace."""
        return Bus(servers=self.kafka, namespace=namespace)


@dataclass(frozen=True, slots=True)
class OwnStack(Stack):
    """One whose processes the tests may kill, freeze and start again."""

    broker: Broker
    mongod: Mongod


@contextmanager
def stack() -> Iterator[Stack]:
    """One stack for as long as the context lasts. Raises MongodMissing where there is no mongod."""
    kafka, uri = os.environ.get("KAFKA_BOOTSTRAP_SERVERS"), os.environ.get("MONGODB_URI")
    if kafka and uri:
        yield Stack(kafka, uri)
    else:
        with own_stack() as own:
            yield own


@contextmanager
def own_stack() -> Iterator[OwnStack]:
    """One that nobody else uses, so that a test may break it. Raises MongodMissing where there is no mongod."""
    folder = Path(tempfile.mkdtemp(prefix="duban-test-"))
    broker = Broker(folder / "kafka", free_port(), free_port())
    mongod = Mongod(folder / "mongodb", free_port(), secrets.token_urlsafe(16))
    try:
        mongod.start(folder / "mongod.log")
        broker.start(folder / "kafka.log")
        yield OwnStack(broker.servers, mongod.uri, broker, mongod)
    finally:
        broker.stop()
        mongod.stop()
        shutil.rmtree(folder, ignore_errors=True)
