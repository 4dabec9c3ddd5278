"""What a database must promise before anything is written to it."""

from types import SimpleNamespace
from typing import Any

import pytest

from runtime.mongo.client import Mongo, UnsafeDatabase

SET = {"setName": "rs0"}
MAJORITY = {"defaultWriteConcern": {"w": "majority"}}


def mongo_that_says(hello: dict[str, Any], concern: dict[str, Any]) -> Mongo:
    """A client whose server answers so."""
    answers = {"hello": hello, "getDefaultRWConcern": concern}

    async def command(name: str) -> dict[str, Any]:
        return answers[name]

    made = Mongo.__new__(Mongo)
    made.client = SimpleNamespace(admin=SimpleNamespace(command=command))
    return made


@pytest.mark.parametrize(
    ("hello", "concern", "remedy"),
    [
        ({}, MAJORITY, "--replSet"),
        (SET, {"defaultWriteConcern": {"w": 1}}, "w: majority"),
        (SET, {"defaultWriteConcern": {"w": 0}}, "w: majority"),
    ],
)
async def test_a_database_that_would_lose_acknowledged_writes_is_refused(
    hello: dict[str, Any], concern: dict[str, Any], remedy: str
) -> None:
    with pytest.raises(UnsafeDatabase, match=remedy):
        await mongo_that_says(hello, concern).refuse_unsafe()


@pytest.mark.parametrize("concern", [MAJORITY, {}])
async def test_a_replica_set_that_waits_for_the_majority_is_taken(concern: dict[str, Any]) -> None:
    await mongo_that_says(SET, concern).refuse_unsafe()
