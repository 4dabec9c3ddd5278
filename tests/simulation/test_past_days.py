"""A past instant told by the documents of today equals what they said then: simulated histories, and a recorded log."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from typing import Any

import pytest

from contracts import catalogue
from contracts.envelope import MalformedMessage, Message, decode, type_of
from runtime.change import Change
from services.portal.reading.board import as_of
from services.portal.reading.board.counters import counter_for, is_overdue
from services.portal.reading.ticket import steps
from services.portal.reading.ticket.document import HISTORY_STEPS, Ticket
from services.portal.reading.ticket.fold.reacts import REACTS
from simulation.history import History
from simulation.village import BEGIN, Village
from tests.recorded.recording import recorded
from tests.simulation.test_recorded_log import BUILD

SEEDS = 2
Messages = Mapping[str, Sequence[Message[Any]]]


def simulated() -> Iterator[Messages]:
    yield from map(lived, range(SEEDS))


@cache
def lived(seed: int) -> Messages:
    village = Village(seed, faulty=False, begin=BEGIN)
    with closing(village.events):
        village.live(12, 60)
    return History(village.log.of_topic("tickets")).messages


def of_the_recording() -> Iterator[Messages]:
    found: dict[str, list[Message[Any]]] = {}
    for line in recorded(BUILD).lines:
        record, kind = line.record, type_of(line.record.headers)
        if record.topic == "tickets" and kind in catalogue.BY_NAME:
            with suppress(MalformedMessage):  # what the recording has of bad input
                message = decode(record.key, record.value, record.headers, catalogue.BY_NAME[kind].body)
                found.setdefault(record.key, []).append(message)
    yield found


def versions(messages: Iterable[Message[Any]]) -> Iterator[Ticket | None]:
    """The document before the first message, and after each."""
    ticket: Ticket | None = None
    yield ticket
    for message in messages:
        handler = REACTS.get(type(message.body))
        change = handler(ticket, message, message.at) if handler else None
        ticket = change.document if isinstance(change, Change) else ticket
        yield ticket


def different(messages: Sequence[Message[Any]]) -> Iterator[str]:
    """The instants of a matter at which its story tells another counter, lateness or unit than it showed."""
    *before, last = versions(messages)
    if last is None or len(last.history) >= HISTORY_STEPS:
        return
    for nth, (message, then) in enumerate(zip(messages, before, strict=True)):
        at = message.at
        parts_all = all(each.at < at for each in messages[:nth]) and all(each.at >= at for each in messages[nth:])
        if then is None or not parts_all:
            continue
        told = as_of.stood(last, at)
        overdue = is_overdue(then.state, then.accept_by, then.complete_by, at)
        shown = counter_for(told.state, told.overdue) if told else None, told.unit_zh if told else None
        was = counter_for(then.state, overdue), then.unit_zh
        if shown != was:
            yield f"{last.number} at {at}, before {type(message.body).__name__}: told {shown}, was {was}"


def all_different(source: Callable[[], Iterator[Messages]]) -> list[str]:
    """What is different in all matters of a source."""
    return [line for messages in source() for each in messages.values() for line in different(each)]


@pytest.mark.parametrize("source", [simulated, of_the_recording])
def test_the_story_tells_how_a_matter_stood(source: Callable[[], Iterator[Messages]]) -> None:
    assert all_different(source) == []


def test_a_story_told_without_clocks_that_rest_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_of, "BESIDE_THE_WORK", ())
    assert all_different(simulated) != []


def test_a_story_told_without_a_state_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {step: state for step, state in as_of.LED_TO.items() if step is not steps.SubmittedStep}
    monkeypatch.setattr(as_of, "LED_TO", without)
    assert all_different(simulated) != []
