"""What a reporter adds later: sealed like a submission, counted, bounded, and refused once all is over."""

from typing import Any

import orjson
import pytest

from contracts.envelope import Body, Kind, RequestDecided
from contracts.identifiers import ticket_id
from contracts.messages.feedback import ReworkOrdered, TicketStruckOff
from contracts.messages.intake import (
    DangerAdded,
    TicketRegistered,
    TicketScreenedOut,
    TicketSupplemented,
)
from runtime.identity.vault import open_words
from services.intake.domain.submission import ADDED_AT_MOST
from services.intake.handlers.reporters import SUPPLEMENTS_AT_MOST
from tests.architecture.machine import PROJECT
from tests.facts.intake import erase_identity
from tests.unit.intake.desk import CLEAR, SECRET, UNCLEAR, StagedIntake


def _golden(body: type[Body]) -> Body:
    """The golden example of a message."""
    text = (PROJECT / f"contracts/examples/messages/{body.__name__}.json").read_bytes()
    return body.model_validate(orjson.loads(text)["value"])


@pytest.fixture
async def desk() -> StagedIntake:
    return await StagedIntake().open()


def _said(desk: StagedIntake, *kinds: Any) -> list[Any]:
    """Each fact once: a copy of a stored fact may be published again, never another one."""
    return [message.body for message in {message.id: message for message in desk.stage.facts(kinds)}.values()]


async def test_an_unclear_matter_is_screened_out_and_a_supplement_makes_it_a_ticket(desk: StagedIntake) -> None:
    ticket = desk.submit(UNCLEAR)
    await desk.run()
    (out,) = _said(desk, TicketScreenedOut)
    assert out.rule == "unclear_statement"
    desk.ask(ticket, desk.supplement(ticket, CLEAR["content"]))
    await desk.run()
    assert [type(body) for body in _said(desk, TicketSupplemented, TicketRegistered)] == [
        TicketSupplemented,
        TicketRegistered,
    ]
    key = (await desk.words.keys([ticket]))[ticket]
    registered = _said(desk, TicketRegistered)[0]
    assert orjson.loads(open_words(key, ticket, "words", registered.words))["content"] == UNCLEAR["content"]
    assert [open_words(key, ticket, "supplement", each) for each in registered.supplements] == [CLEAR["content"]]
    assert desk.stage.document(ticket).added == ()


async def test_another_rule_is_news_and_the_same_rule_again_is_not(desk: StagedIntake) -> None:
    ticket = desk.submit(UNCLEAR)
    for text in ("请尽快", "我对县法院的一审判决不服，请改判。", "我很着急请尽快回复"):
        desk.ask(ticket, desk.supplement(ticket, text))
        await desk.run()
    said = [(fact.rule, fact.round) for fact in _said(desk, TicketScreenedOut)]
    first, second = ("unclear_statement", 1), ("out_of_scope", 2)
    assert said == [first, first, second, second]


async def test_of_what_was_added_the_newest_goes_on_as_far_as_it_fits(desk: StagedIntake) -> None:
    ticket = desk.submit(UNCLEAR)
    for text in ("请" * 20_000, "好" * 20_000, CLEAR["content"]):
        desk.ask(ticket, desk.supplement(ticket, text))
    await desk.run()
    key = (await desk.words.keys([ticket]))[ticket]
    (registered,) = _said(desk, TicketRegistered)
    opened = [open_words(key, ticket, "supplement", each) for each in registered.supplements]
    assert opened == ["好" * 20_000, CLEAR["content"]]
    assert sum(map(len, registered.supplements)) <= ADDED_AT_MOST


async def test_what_was_added_is_gone_with_the_identity(desk: StagedIntake) -> None:
    ticket = desk.submit(UNCLEAR)
    desk.ask(ticket, desk.supplement(ticket, "请尽快"))
    await desk.run()
    assert desk.stage.document(ticket).added
    desk.ask(ticket, erase_identity())
    await desk.run()
    assert desk.stage.document(ticket).added == ()


async def test_supplements_are_counted_and_bounded(desk: StagedIntake) -> None:
    ticket = desk.submit(CLEAR)
    await desk.run()
    for _ in range(SUPPLEMENTS_AT_MOST + 1):
        desk.ask(ticket, desk.supplement(ticket, "再补充一点"))
    await desk.run()
    assert [fact.index for fact in _said(desk, TicketSupplemented)] == list(range(1, SUPPLEMENTS_AT_MOST + 1))
    assert _said(desk, RequestDecided)[-1].code == "too_many_supplements"


async def test_a_call_for_help_that_is_added_later_is_said_to_whoever_keeps_urgency(desk: StagedIntake) -> None:
    ticket = desk.submit(CLEAR)
    await desk.run()
    desk.ask(ticket, desk.supplement(ticket, "路还是那样"))
    desk.ask(ticket, desk.supplement(ticket, "现在有人掉进坑里了，头上一直流血，快来人"))
    await desk.run()
    danger = _said(desk, DangerAdded)
    assert [(each.index, each.urgency_level) for each in danger] == [(2, "now")]


async def test_nothing_is_added_to_what_is_struck_off_and_the_answer_says_where_to_turn(desk: StagedIntake) -> None:
    ticket = desk.submit(CLEAR)
    await desk.run()
    struck = TicketStruckOff(number="1", round=1, votes=1, satisfied=1, unit="U")
    desk.say(ticket, struck, Kind.FACT, "tickets", "struck")
    desk.ask(ticket, desk.supplement(ticket, "还有"), "late")
    await desk.run()
    (decided,) = _said(desk, RequestDecided)
    assert (decided.request, decided.code) == ("late", "ended")
    assert ("请重新登记" in decided.detail["zh"], "Register it anew" in decided.detail["en"]) == (True, True)


async def test_what_is_ordered_anew_may_be_added_to_again(desk: StagedIntake) -> None:
    ticket = desk.submit(CLEAR)
    await desk.run()
    desk.say(ticket, TicketStruckOff(number="1", round=1, votes=1, satisfied=1, unit="U"), Kind.FACT, "tickets", "a")
    desk.say(ticket, _golden(ReworkOrdered), Kind.FACT, "tickets", "b")
    desk.ask(ticket, desk.supplement(ticket, "还是坏的"), "again")
    await desk.run()
    assert [(d.request, d.code) for d in _said(desk, RequestDecided)] == [("again", "accepted")]


async def test_a_supplement_that_was_kept_until_its_submission_was_read_is_opened_all_the_same(
    desk: StagedIntake,
) -> None:
    """A replay may read the ticket log before the submissions."""
    ticket = ticket_id(SECRET, "web", "", "a")
    desk.ask(ticket, desk.supplement(ticket, "先读到的补充"), "early")
    await desk.run()
    desk.submit(CLEAR)
    await desk.run()
    key = (await desk.words.keys([ticket]))[ticket]
    (said,) = _said(desk, TicketSupplemented)
    assert open_words(key, ticket, "supplement", said.words) == "先读到的补充"
