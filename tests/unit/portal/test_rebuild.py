"""A rebuild from the log gives equal documents, and tells when they are not."""

import base64
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from cli import portal
from runtime.clock import Clock
from runtime.delivery.loop import Loop
from runtime.http.requests import outgoing
from runtime.identity import tokens
from runtime.memory.log import InMemoryLog, InMemoryReader
from runtime.memory.store import InMemoryStore
from runtime.process.platform import InMemoryPlatform, Platform
from services.portal import wiring
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.fold.canonical import combined, fingerprint
from services.portal.settings import PortalSettings
from tests.harness import MONDAY, fact
from tests.unit.portal import log
from tests.unit.portal.tickets import a_ticket

SECRET = "a secret of the tests that is long enough"


def in_memory(kafka: InMemoryLog) -> Platform:
    """A platform in memory whose clock stands still."""
    _, public = tokens.new_key_pair()
    vault_key = base64.b64encode(b"k" * 32).decode()
    settings = PortalSettings(code_secret=SECRET, vault_key=vault_key, token_public_key=public)
    return cast(Platform, InMemoryPlatform(settings, Clock(wall=lambda: MONDAY), kafka))


def said(kafka: InMemoryLog, ticket: str) -> None:
    """The journey of one ticket is in the log."""
    seqs: dict[str, int] = {}
    for minute, (producer, body) in enumerate(log.journey()):
        seqs[producer] = seqs.get(producer, 0) + 1
        at = MONDAY + timedelta(minutes=minute)
        kafka.append(outgoing(fact(body, at, seq=seqs[producer], producer=producer, key=ticket), "tickets"))


async def with_a_log(tickets: int) -> Platform:
    """A platform whose portal loop has read the journeys of some tickets."""
    kafka = InMemoryLog()
    for number in range(tickets):
        said(kafka, f"{number:026d}")
    stand = in_memory(kafka)
    service = wiring.of(stand)
    reader = InMemoryReader(kafka, "g", ["tickets"])
    loop = Loop(service, reader, stand.writer, stand.store(service), stand.clock.wall)
    while await loop.step():
        continue
    return stand


async def test_a_rebuild_from_the_log_is_equal() -> None:
    found = await portal.rebuild(await with_a_log(12))
    assert (found.tickets, found.equal, found.different) == (12, True, ())


async def test_a_document_that_was_touched_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "LOOKS", 1)
    stand = await with_a_log(3)
    store = stand.store(wiring.of(stand))
    assert isinstance(store, InMemoryStore)
    touched = store.records[f"{1:026d}"]
    assert touched.document is not None
    store.records[touched.key] = replace(touched, document=replace(touched.document, returns=9))
    found = await portal.rebuild(stand)
    assert (found.equal, found.different) == (False, (touched.key,))


async def test_stale_documents_are_replaced_and_what_the_loop_wrote_meanwhile_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(portal, "LOOKS", 1)
    stand = await with_a_log(3)
    store = stand.store(wiring.of(stand))
    assert isinstance(store, InMemoryStore)
    stale, ahead = f"{0:026d}", f"{1:026d}"
    for key in (stale, ahead):
        record = store.records[key]
        assert record.document is not None
        store.records[key] = replace(record, document=replace(record.document, returns=9))
    store.records[ahead].position["tickets/0"] = 10_000
    found = await portal.rebuild(stand, in_place=True)
    assert (found.different, found.replaced) == ((stale, ahead), 1)
    assert (await portal.rebuild(stand)).different == (ahead,)


def test_the_hash_sees_every_field_and_the_order_of_nothing() -> None:
    one, other = a_ticket(), a_ticket(returns=1)
    assert fingerprint(one) != fingerprint(other)
    assert fingerprint(one) == fingerprint(replace(other, returns=0))
    pairs: list[tuple[str, Ticket]] = [("a", one), ("b", other)]
    assert combined([(key, fingerprint(each)) for key, each in pairs]) != combined([("a", fingerprint(other))])
