"""A start waits for members that a stop left behind, as it waits for Kafka and MongoDB; not for a log that is lost."""

from typing import Any, cast

import pytest

from runtime.delivery.ports import LogLost
from runtime.kafka.bus import Bus
from runtime.kafka.topics import GroupInUse
from runtime.process import laying


async def laid_after(
    monkeypatch: pytest.MonkeyPatch, raised: list[Exception]
) -> tuple[tuple[list[str], list[str]], list[Exception]]:
    left = list(raised)

    async def lay(*_: Any, **__: Any) -> tuple[list[str], list[str]]:
        if left:
            raise left.pop(0)
        return ["affairs"], ["intake.ledger"]

    monkeypatch.setattr(laying, "lay", lay)
    monkeypatch.setattr(laying, "PAUSE", 0.0)
    return await laying.lay_when_ready(cast(Bus, None), lambda name: cast(Any, name), {}), left


async def test_members_that_a_stop_left_behind_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    laid, left = await laid_after(monkeypatch, [GroupInUse("intake.ledger has members")] * 5)
    assert (laid, left) == ((["affairs"], ["intake.ledger"]), [])


async def test_members_that_stay_are_named_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GroupInUse, match=r"intake\.ledger"):
        await laid_after(monkeypatch, [GroupInUse("intake.ledger has members")] * (laying.TRIES + 1))


async def test_a_lost_log_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LogLost):
        await laid_after(monkeypatch, [LogLost("another log"), LogLost("never asked again")])
