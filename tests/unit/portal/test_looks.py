"""Whoever of staff looks at one matter stands in the audit before it is shown; while the log is silent, nothing is."""

import secrets
from typing import Any

import httpx2
import pytest

from contracts.messages.audit import Looked
from runtime.clock import Clock
from runtime.delivery.ports import Writer
from runtime.delivery.records import Record
from runtime.http.app import create_app
from runtime.http.audit import AuditTrail
from runtime.identity.tokens import Gate, Principal, issue, new_key_pair
from runtime.memory.log import InMemoryLog, InMemoryWriter
from runtime.memory.store import InMemoryStore
from runtime.memory.tried_codes import InMemoryTriedCodes
from services.portal.reading.adapters.memory import ClearWords, InMemoryTickets
from services.portal.reading.api.code_desk import CODE_HEADER, CodeDesk
from services.portal.reading.api.staff import staff_routes
from services.portal.reading.ticket.document import Ticket
from tests.facts.values import UNIT
from tests.harness import decoded
from tests.unit.intake.house import SilentWriter
from tests.unit.portal.test_api import CODE, SECRET, VOTERS
from tests.unit.portal.tickets import NOON, a_ticket

PRIVATE, PUBLIC = new_key_pair()
SUPERVISOR = Principal("qian.yi", "", "431226", "supervisor")
STRANGER = Principal("sun.li", "", "431225", "supervisor")
ITS_UNIT = Principal("chen.jing", UNIT, "431226", "unit")
WHY = {"what": "original", "reason": "核对反映人的原话"}
WORDS = "路灯不亮，联系13912345678"


class LookedAt:
    """One matter, and the log that names who looks at it. ``writer`` stands in for Kafka."""

    def __init__(self, writer: Writer | None = None) -> None:
        self.log, store, clock = InMemoryLog(), InMemoryStore[Ticket](), Clock(wall=lambda: NOON)
        self.ticket = a_ticket(voters=VOTERS, title=WORDS, unit=UNIT)
        store.records[self.ticket.id] = Record(key=self.ticket.id, partition=0, document=self.ticket, version=1)
        trail = AuditTrail(writer or InMemoryWriter(self.log), clock, "portal", secrets.token_hex)
        tickets, tried = InMemoryTickets(store), InMemoryTriedCodes(clock.stopwatch)
        app = create_app("portal", tickets.ready)
        app.include_router(staff_routes(tickets, CodeDesk(tickets, SECRET, tried), clock, ClearWords(), trail))
        app.state.gate = Gate(PUBLIC, clock.wall)
        self._transport = httpx2.ASGITransport(app)

    async def call(self, method: str, who: Principal | None, path: str = "", **more: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {issue(PRIVATE, who, NOON)}"} if who else {CODE_HEADER: CODE}
        async with httpx2.AsyncClient(transport=self._transport, base_url="http://portal") as client:
            return await client.request(method, f"/v1/tickets/{self.ticket.number}{path}", headers=headers, **more)

    def looks(self) -> list[Looked]:
        return [decoded(record, Looked).body for record in self.log.of_topic("audit")]


async def test_a_look_of_staff_is_named_with_what_they_saw() -> None:
    there = LookedAt()
    assert (await there.call("GET", ITS_UNIT)).status_code == 200
    said = Looked(
        account="chen.jing", role="unit", unit=UNIT, division="431226", what="words", number=there.ticket.number
    )
    assert there.looks() == [said]


async def test_a_reporter_who_looks_at_the_own_matter_is_not_named() -> None:
    there = LookedAt()
    assert (await there.call("GET", None)).status_code == 200
    assert there.looks() == []


async def test_while_the_log_is_silent_staff_are_shown_nothing_and_reporters_all() -> None:
    there = LookedAt(SilentWriter())
    shown = await there.call("GET", SUPERVISOR)
    original = await there.call("POST", SUPERVISOR, "/looks", json=WHY)
    assert [(each.status_code, "路灯" in each.text) for each in (shown, original)] == [(503, False)] * 2
    assert (await there.call("GET", None)).status_code == 200


async def test_the_original_words_are_shown_for_a_reason_that_is_kept() -> None:
    there = LookedAt()
    masked = (await there.call("GET", SUPERVISOR)).json()["title"]
    original = (await there.call("POST", SUPERVISOR, "/looks", json=WHY)).json()["title"]
    assert ("13912345678" in masked, original) == (False, WORDS)
    assert [(each.what, each.reason) for each in there.looks()] == [("words", ""), ("original", WHY["reason"])]


@pytest.mark.parametrize(
    ("who", "status"), [(STRANGER, 404), (ITS_UNIT, 403), (Principal("a", "", "431226", "auditor"), 403)]
)
async def test_nobody_else_reads_the_original_words(who: Principal, status: int) -> None:
    there = LookedAt()
    answer = await there.call("POST", who, "/looks", json=WHY)
    assert (answer.status_code, WORDS in answer.text, there.looks()) == (status, False, [])


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"what": "original"}, "/reason"),
        ({"what": "original", "reason": "因"}, "/reason"),
        ({"what": "contact", "reason": "核对反映人的原话"}, "/what"),
    ],
)
async def test_without_a_reason_there_is_no_look(sent: dict[str, str], pointer: str) -> None:
    there = LookedAt()
    answer = await there.call("POST", SUPERVISOR, "/looks", json=sent)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"], there.looks()) == (422, pointer, [])
