"""The loop's promises, one at a time, on a service that counts. The simulation mixes them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from contracts.envelope import RequestDecided, type_of
from runtime.delivery.fold import Fold
from runtime.delivery.loop import UNSTORABLE, Loop
from runtime.delivery.ports import Unstorable
from runtime.delivery.records import Record
from runtime.memory.log import InMemoryLog, InMemoryReader, InMemoryWriter
from runtime.memory.store import InMemoryStore
from tests.facts.envelope import request_decided
from tests.harness import MONDAY, TICKET, Stage, fact, request
from tests.unit.runtime.counting import Add, NumberAdded, NumberTold, Opened, Sum, add, counting


async def test_a_kept_request_is_decided_once_the_baton_comes() -> None:
    stage = Stage(counting())
    stage.say(add(2, id="early"), add(2, id="early"))
    await stage.run()
    assert stage.store.records[TICKET].kept
    stage.say(fact(Opened(), seq=1))
    await stage.run()
    assert stage.document().total == 2
    assert [decided.body.request for decided in stage.facts([RequestDecided])] == ["early"]


async def test_a_decision_elsewhere_clears_a_kept_request() -> None:
    stage = Stage(counting())
    decided = request_decided(request="early", request_type="Add", code="accepted")
    stage.say(
        add(2, id="early"), fact(decided, seq=1, producer="other", to=("sum",)), fact(Opened(), seq=2, producer="other")
    )
    await stage.run()
    assert stage.document().total == 0
    assert stage.store.records[TICKET].outcome_of("early") is not None


async def test_a_fact_says_last_whose_its_document_is_as_it_is_after_the_message() -> None:
    def labels(document: Sum) -> dict[str, str]:
        return {"total": str(document.total or ""), "unknown": ""}

    stage = Stage(replace(counting(), labels=labels))
    stage.say(fact(Opened(), seq=1), add(2))
    await stage.run()
    said = [each.headers for each in stage.log.of_topic("tickets") if type_of(each.headers) == "NumberAdded"]
    assert [headers[-1] for headers in said] == [("ce_total", b"2")]
    assert [name for name, _ in said[0]].count("ce_unknown") == 0
    assert [name for name, _ in said[0][:2]] == ["ce_type", "ce_to"]


async def test_copies_change_nothing() -> None:
    stage = Stage(counting())
    opened, five = fact(Opened(), seq=1), add(5, id="five")
    stage.say(opened, five, five, opened, five)
    await stage.run()
    assert stage.document().total == 5
    assert len(stage.facts([NumberAdded])) == 1


async def test_a_refusal_is_an_outcome() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1), add(-1))
    await stage.run()
    [decided] = stage.facts([RequestDecided])
    assert (decided.body.accepted, decided.body.code) == (False, "negative")


async def test_a_poison_message_is_parked_in_order_and_the_next_ticket_goes_on() -> None:
    stage = Stage(counting())
    stage.say(
        fact(NumberTold(number=13), seq=1),
        fact(NumberTold(number=1), seq=2),
        fact(NumberTold(number=7), seq=1, key="B"),
    )
    await stage.run()
    letters = await stage.store.parked()
    assert [(letter.root, letter.message.key) for letter in letters] == [(True, TICKET), (False, TICKET)]
    assert "unlucky" not in letters[0].reason
    assert stage.document("B").total == 7


async def test_a_timer_fires_once_and_never_early() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1))
    await stage.run()
    stage.pass_time(timedelta(minutes=59))
    await stage.run()
    assert stage.facts([NumberAdded]) == []
    stage.pass_time(timedelta(minutes=1))
    await stage.run()
    await stage.run()
    [rang] = stage.facts([NumberAdded])
    assert rang.at >= MONDAY + timedelta(hours=1)


async def test_facts_of_one_ticket_are_dropped_from_the_document_once_their_cause_is_committed() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1), add(1))
    await stage.run()
    stage.say(add(2))
    await stage.run()
    assert [said.seq for said in stage.store.records[TICKET].out] == [3, 4]


@pytest.mark.usefixtures("logged_in_full")
async def test_each_message_that_was_handled_has_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), id="opened"), request(Add(number=2), id="two"), request(Add(number=-1), id="minus"))
    await stage.run()
    lines = [orjson.loads(line) for line in capfd.readouterr().out.splitlines()]
    handled = [line for line in lines if line["event"] == "message_handled"]
    assert [(line["message"], line["type"], line["end"]) for line in handled] == [
        ("opened", "Opened", "change"),
        ("two", "Add", "change"),
        ("minus", "Add", "refused_negative"),
    ]
    assert {(line["service"], line["ticket"]) for line in handled} == {("sum", TICKET)}


async def test_what_was_stored_is_told_once_it_is_said_and_a_bug_there_costs_nothing() -> None:
    told: list[str] = []

    def hear(records: Sequence[Record[Sum]]) -> None:
        told.extend(record.key for record in records)
        raise LookupError

    stage = Stage(replace(counting(), stored=hear))
    stage.say(fact(Opened(), seq=1))
    await stage.run()
    assert told == [TICKET]
    assert stage.document().is_open


class Narrow(InMemoryStore[Sum]):
    """Holds no total beyond what 64 bits can say, as MongoDB does."""

    async def save(self, records: Sequence[Record[Sum]]) -> set[str]:
        if wide := {each.key for each in records if each.document and each.document.total >= 2**63}:
            raise Unstorable(wide)
        return await super().save(records)


async def test_what_cannot_be_stored_is_parked_and_the_rest_of_its_batch_goes_on() -> None:
    stage = Stage(counting())
    stage.store = Narrow(counting().wake_at, stage.clock.now)
    stage.loop._store = stage.store
    stage.say(
        fact(NumberTold(number=1), seq=1),
        fact(NumberTold(number=2**64), seq=2),
        fact(NumberTold(number=7), seq=1, key="B"),
    )
    await stage.run()
    letters = await stage.store.parked()
    assert [(each.root, each.reason) for each in letters] == [(True, UNSTORABLE), (False, letters[1].reason)]
    assert stage.store.records[TICKET].document is None
    assert stage.document("B").total == 7


async def test_a_bug_around_the_handlers_costs_its_own_ticket_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Fold._answer

    def broken(self: Fold[Sum], turn: Any, result: Any) -> None:
        if turn.record.key == TICKET:
            raise OverflowError
        answer(self, turn, result)

    monkeypatch.setattr(Fold, "_answer", broken)
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1), add(1), fact(Opened(), seq=1, key="B"), add(2, key="B"))
    await stage.run()
    assert [each.root for each in await stage.store.parked()] == [True, False]
    assert stage.store.records[TICKET].document is None, "nothing half done"
    assert stage.document("B").total == 2


async def test_after_the_topics_were_made_anew_old_facts_are_said_once_more_and_then_dropped() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1), add(1))
    await stage.run()
    stage.log = InMemoryLog(epoch=2)
    reader, writer = InMemoryReader(stage.log, "sum.loop", ("tickets",)), InMemoryWriter(stage.log)
    stage.loop = Loop(stage.service, reader, writer, stage.store, stage.clock.wall)
    for number in (2, 3):
        stage.say(add(number))
        while await stage.loop.step():
            continue
    said = [type_of(record.headers) for record in stage.log.of_topic("tickets")]
    assert said.count("NumberAdded") == 3, "the first again, the second, the third"
    assert [each.seq for each in stage.store.records[TICKET].out] == [5, 6]


async def test_a_decision_that_was_heard_is_counted_like_every_message() -> None:
    stage = Stage(counting())
    decided = request_decided(request="r", request_type="Add", code="accepted")
    read = stage.loop._fold.read(_incoming(stage, fact(decided, seq=1, producer="other", to=("sum",))))
    folded = stage.loop._fold.fold(Record(TICKET, 0), [read])
    assert folded.ends == {("RequestDecided", "settled"): 1}


def _incoming(stage: Stage, message: Any) -> Any:
    stage.say(message)
    return stage.log.of_topic("tickets")[-1]
