"""What reporters gave of themselves is hidden in whatever staff read of their matter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from contracts.lifecycle import TicketState
from contracts.messages import intake as facts
from contracts.values import Voter
from runtime.change import Change
from runtime.identity.tokens import Principal
from services.portal.reading.search import wording
from services.portal.reading.ticket import visibility as readers
from services.portal.reading.ticket.document import SaidWords, Step, Ticket, VoterCode
from services.portal.reading.ticket.fold.reacts import REACTS
from services.portal.reading.ticket.fold.words import own_of, sealed_in
from services.portal.reading.ticket.masking import Own, mask_people
from services.portal.reading.ticket.planned import ShownMeasure, ShownPlan
from tests.facts import intake
from tests.facts.values import UNIT
from tests.harness import fact
from tests.unit.portal import log
from tests.unit.portal.test_api import CODE, NUMBER, VOTERS, ServedPortal, house
from tests.unit.portal.tickets import NOON, a_ticket

__all__ = ["house"]

OWN = ["陈默", "13912345678", "Mo@example.cn", "0745-5822345转803"]
WORDS = {"title": "陈默家没有水", "content": "我电话一三九一二三四五六七八，5822345也行，mo @ example.cn。"}


def registered(own: str, hide: str = "sealed") -> Ticket:
    """The ticket as the fold makes it."""
    message = replace(fact(log.registered(hide=hide)), given=(orjson.dumps(WORDS).decode(), own))
    change = REACTS[facts.TicketRegistered](None, message, NOON)
    assert isinstance(change, Change)
    return change.document


def test_lists_and_views_of_staff_show_nothing_that_the_reporter_gave() -> None:
    ticket = registered(orjson.dumps(OWN).decode())
    assert ticket.masked.splitlines()[0] == "陈某家没有水"
    assert not [each for each in ("陈默", "二三四五六", "5822345", "mo @") if each in ticket.masked]
    assert ticket.hide == ("sealed",)
    assert not [each for each in OWN if each in repr(ticket.hide)]


def test_a_search_finds_nothing_that_a_reporter_gave_not_even_one_who_came_later() -> None:
    ticket = registered(orjson.dumps(OWN).decode())
    assert [each for each in OWN if wording.fits(ticket, each)] == []
    assert wording.fits(ticket, "陈某 没有水")
    voter = Voter(index=1000, code_digest="d")
    later = facts.SubmissionConflicted(first_digest="a", second_digest="b", words="w", voter=voter, hide="h")
    message = replace(fact(later), given=("{}", orjson.dumps(["没有水"]).decode()))
    change = REACTS[facts.SubmissionConflicted](ticket, message, NOON)
    assert isinstance(change, Change)
    assert not wording.fits(change.document, "没有水")


def supplemented(ticket: Ticket, words: str, *lists: str) -> Ticket:
    """The ticket with words that were added to it, with so many opened lists of what to hide in them."""
    body = facts.TicketSupplemented(voter=0, index=1, words="sealed", hide=("sealed",) * len(lists))
    change = REACTS[facts.TicketSupplemented](ticket, replace(fact(body), given=(words, *lists)), NOON)
    assert isinstance(change, Change)
    return change.document


def test_a_search_finds_what_was_added_and_nothing_that_a_reporter_gave_in_it() -> None:
    lists = (orjson.dumps(OWN).decode(), orjson.dumps(["白云"]).decode())
    ticket = supplemented(registered(lists[0]), "陈默和白云都说井盖也丢了，打 139 1234 5678", *lists)
    assert [wording.fits(ticket, each) for each in ("井盖", "没有水 井盖")] == [True, True]
    assert not [each for each in ("陈默", "白云", "13912345678", "有水井盖") if wording.fits(ticket, each)]


def test_what_was_added_without_a_list_of_what_to_hide_is_not_searched() -> None:
    ticket = registered(orjson.dumps(OWN).decode())
    assert supplemented(ticket, "井盖也丢了").searched == ticket.searched


def test_what_was_added_before_a_matter_was_valid_is_found_after_it_too() -> None:
    out = replace(fact(intake.screened_out(hide="s")), given=(orjson.dumps(WORDS).decode(), orjson.dumps(OWN).decode()))
    begun = REACTS[facts.TicketScreenedOut](None, out, NOON)
    assert isinstance(begun, Change)
    added = supplemented(begun.document, "井盖也丢了", orjson.dumps(OWN).decode())
    valid = replace(fact(log.registered(hide="s")), given=(orjson.dumps(WORDS).decode(), orjson.dumps(OWN).decode()))
    change = REACTS[facts.TicketRegistered](added, valid, NOON)
    assert isinstance(change, Change)
    assert wording.fits(change.document, "井盖")
    assert change.document.hide == ("s",)


@pytest.mark.parametrize("read", [readers.for_unit, readers.for_office])
def test_words_that_came_later_are_read_so_too(read: Callable[[Ticket, Own], Ticket]) -> None:
    said = Step(at=NOON + timedelta(hours=1), kind="evaluated", said=SaidWords(words="陈默：还没有修好", by=0))
    part = VoterCode(index=1000, digest="d", part=True, words="我是他邻居，陈默也知道")
    ticket = a_ticket(title="陈默家没有水", place="陈默家", history=(said,), voters=(part,))
    shown = read(ticket, own_of([orjson.dumps(OWN).decode()]))
    assert "陈默" not in repr(shown)
    assert "陈默" in repr(readers.for_voter(ticket, VoterCode(index=0, digest="d")))


@pytest.mark.parametrize("read", [readers.for_unit, readers.for_office])
def test_who_answers_for_a_measure_is_named_as_such_and_stays(read: Callable[[Ticket, Own], Ticket]) -> None:
    persons = ("吴建国 13912345679", "陈默")
    measures = tuple(ShownMeasure(text="龙小兰家换灯", person=each, due=NOON) for each in persons)
    ticket = a_ticket(plan=ShownPlan(version=1, mode="at_once", at=NOON, measures=measures))
    plan = read(ticket, own_of([orjson.dumps(OWN).decode()])).plan
    assert plan is not None
    assert [each.person for each in plan.measures] == ["吴建国 139******79", "陈某"]
    assert plan.measures[0].text == "龙某某家换灯"


def test_a_list_that_cannot_be_read_hides_nothing_of_its_own_and_breaks_nothing() -> None:
    assert own_of(["", "{", "[1, null]", '"x"', "{}"]).values == ()
    assert registered("", hide="").hide == ()


def test_the_words_of_a_submission_come_with_what_its_reporters_gave() -> None:
    assert [each.field for each in sealed_in(log.registered(hide="s"))] == ["words", "hide"]


def test_what_was_added_comes_with_what_all_who_reported_it_gave() -> None:
    body = facts.TicketSupplemented(voter=0, index=1, words="w", hide=("s", "t"))
    assert [each.field for each in sealed_in(body)] == ["supplement", "hide", "hide"]


@pytest.mark.parametrize("value", ["张", "匿名", "居民", "王先生", "12345", "", " ", "高兴"])
def test_what_names_nobody_hides_no_word(value: str) -> None:
    words = "张家门口很高兴的居民王先生打了12345，匿名"
    assert mask_people(words, Own((value,))) == words


def test_after_an_erasure_nothing_of_it_is_left() -> None:
    ticket = registered(orjson.dumps(OWN).decode())
    change = REACTS[facts.TicketErased](ticket, fact(facts.TicketErased()), NOON)
    assert isinstance(change, Change)
    assert (change.document.hide, change.document.masked) == ((), "")
    assert supplemented(change.document, "井盖也丢了", orjson.dumps(OWN).decode()).searched == ""


@pytest.mark.parametrize("role", ["unit", "lead", "supervisor"])
async def test_staff_read_over_http_what_was_opened_only_to_be_hidden(house: ServedPortal, role: str) -> None:
    house.put(a_ticket(content="陈默家没有水，5822345", unit=UNIT, hide=(orjson.dumps(OWN).decode(),)))
    answer = await house.get(f"/v1/tickets/{NUMBER}", Principal("s", UNIT, "431226", role))
    assert answer.status_code == 200
    assert "陈某家没有水" in answer.json()["content"]
    assert not [each for each in ("陈默", "5822345", "13912345678", "sealed") if each in answer.text]


@pytest.mark.parametrize("state", [TicketState.STRUCK_OFF, TicketState.WITHDRAWN, TicketState.IN_HAND])
async def test_the_page_says_where_to_turn_when_nothing_can_be_added(house: ServedPortal, state: TicketState) -> None:
    house.put(a_ticket(voters=VOTERS, state=state))
    form = f"number={NUMBER}&code={CODE}"
    page = await house.client.post("/mine", content=form, follow_redirects=True)
    assert ("请重新登记并注明此登记号" in page.text) == (state is not TicketState.IN_HAND)
