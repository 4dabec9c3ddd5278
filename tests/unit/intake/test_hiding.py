"""What reporters gave of themselves goes beside their words, sealed."""

import secrets

import orjson
import pytest

from contracts.identifiers import query_code
from contracts.messages.intake import (
    EraseIdentity,
    SubmissionConflicted,
    TicketRegistered,
    TicketScreenedOut,
    TicketSupplemented,
)
from runtime.identity.seals import KeyWrap
from runtime.identity.vault import Contacts, open_words
from tests.unit.intake.desk import CODE_SECRET, UNCLEAR, StagedIntake
from tests.unit.intake.test_handlers import WHOLE, _said


@pytest.fixture
async def desk() -> StagedIntake:
    return await StagedIntake().open()


async def test_what_reporters_gave_goes_beside_the_words_for_whoever_hides_it_in_them(desk: StagedIntake) -> None:
    ticket = desk.submit(WHOLE)
    await desk.run()
    (fact,) = _said(desk, TicketRegistered)
    key = (await desk.words.keys([ticket]))[ticket]
    given = orjson.loads(open_words(key, ticket, "hide", fact.hide))
    assert set(given) == {"张三的名字", "13900000001", "李四的名字", "13900000002", "王五的名字"}
    assert desk.stage.document(ticket).hide == fact.hide


async def test_what_is_added_brings_what_all_who_reported_it_gave(desk: StagedIntake) -> None:
    ticket = desk.submit(WHOLE)
    desk.submit(WHOLE | {"content": "另一件事。", "reporter": {"name": "赵六的名字", "phone": "13900000006"}})
    desk.ask(ticket, desk.supplement(ticket, "还是没有水"))
    await desk.run()
    (first,), (added,) = _said(desk, TicketRegistered), _said(desk, TicketSupplemented)
    key = (await desk.words.keys([ticket]))[ticket]
    others = [orjson.loads(open_words(key, ticket, "hide", each)) for each in added.hide[1:]]
    assert added.hide[0] == first.hide
    assert "赵六的名字" in others[0]
    assert len(others) == 1


async def test_an_erasure_takes_what_was_kept_to_hide(desk: StagedIntake) -> None:
    ticket = desk.submit(WHOLE)
    desk.submit(WHOLE | {"content": "另一件事。", "reporter": {"name": "赵六的名字"}})
    await desk.run()
    assert len(desk.stage.document(ticket).hidden) == 2
    desk.ask(ticket, EraseIdentity(voter=0), "erase")
    await desk.run()
    assert desk.stage.document(ticket).hidden == ()


async def test_what_an_invalid_matter_hides_goes_on_with_it_when_it_is_valid(desk: StagedIntake) -> None:
    ticket = desk.submit(UNCLEAR | {"reporter": {"name": "张三的名字"}})
    await desk.run()
    (out,) = _said(desk, TicketScreenedOut)
    assert out.hide
    assert desk.stage.document(ticket).hide == out.hide


async def test_how_to_reach_the_sender_of_another_body_goes_to_whoever_tells_people(desk: StagedIntake) -> None:
    ticket = desk.submit(UNCLEAR)
    desk.submit(UNCLEAR | {"content": "另一件事。", "reporter": {"phone": "13900000003"}})
    await desk.run()
    (fact,) = _said(desk, SubmissionConflicted)
    wrap = KeyWrap(b"k" * 32, secrets.token_bytes)
    (contact,) = (await Contacts(desk.vault, wrap).others({ticket: [fact.contact]}))[ticket]
    (person,) = orjson.loads(contact or b"[]")
    code = query_code(CODE_SECRET, ticket, fact.second_digest)
    assert (person["phone"], person["code"]) == ("13900000003", code)
    await desk.keys.erase(ticket)
    assert await Contacts(desk.vault, wrap).others({ticket: [fact.contact]}) == {ticket: [None]}
