"""The settings in the environment: for a while, or none of them for those who start a system of their own."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

OF_THE_MACHINE = "DUBAN_JAVA"
STORES = ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI")


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """With these; afterwards each is as it was."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def unset() -> dict[str, str]:
    """The environment without any setting, so that a town or a crew beside it leaves nothing in it."""
    return {name: value for name, value in os.environ.items() if name == OF_THE_MACHINE or not _is_ours(name)}


def _is_ours(name: str) -> bool:
    return name.startswith("DUBAN_") or name in STORES
