"""Who reads what: one matter with everything that people may write in it, and each of its readers."""

from collections.abc import Callable
from typing import Any

import pytest

from services.portal.reading.api import answers
from services.portal.reading.ticket import visibility
from services.portal.reading.ticket.document import (
    SaidWords,
    ShownEvidence,
    Step,
    Ticket,
    VoterCode,
)
from services.portal.reading.ticket.planned import ShownMeasure, ShownPlan
from tests.facts.values import UNIT
from tests.unit.portal import shown
from tests.unit.portal.tickets import NOON, a_ticket

NEIGHBOUR = VoterCode(index=1, digest="d1")
VOTERS = (VoterCode(index=0, digest="d0"), NEIGHBOUR, VoterCode(index=64, digest="d2", part=True, words="另一份"))
TO_ALL = (
    "门前路灯不亮",
    "锦江路12号",
    "更换灯头",
    "某办法第三条",
    "已派工",
    "已修复",
    "https://example.org/1",
    "补充一句",
)
INWARD = ("不归我们管", "内部沟通", "回访说好了")
FEW = "李大明：予以通报"
OWN = ("我看还是黄的", "邻居也不满意")


def step(kind: str, words: str, **how: Any) -> Step:
    """A line of the story with words."""
    return Step(at=NOON, kind=kind, said=SaidWords(words=words, **how))


def a_story() -> Ticket:
    """A matter in which everybody wrote something."""
    shown = (ShownEvidence(kind="photos", uri="https://example.org/1", dated=NOON),)
    history = (
        step("supplemented", "补充一句"),
        step("returned", "不归我们管", inward=True),
        step("progress", "已派工"),
        step("progress", "内部沟通", inward=True),
        step("completed", "已修复", evidence=shown),
        step("evaluated", "我看还是黄的", by=0),
        step("evaluated", "邻居也不满意", by=1),
        step("look_back", "回访说好了", inward=True),
        step("held_to_account", FEW, inward=True, restricted=True),
    )
    plan = ShownPlan(
        version=1,
        mode="at_once",
        at=NOON,
        measures=(ShownMeasure(text="更换灯头", person="经办人13912345678", due=NOON),),
        rule="某办法第三条",
    )
    where = {"place": "锦江路12号", "latitude": 27.86543, "longitude": 109.81234}
    return a_ticket(title="路灯", content="门前路灯不亮", history=history, plan=plan, voters=VOTERS, unit=UNIT, **where)


def told(ticket: Ticket) -> str:
    """All that an answer says, as text."""
    return bytes(answers.json(answers.for_staff(ticket, NOON)).body).decode()


@pytest.mark.parametrize(
    ("reads", "open_words", "kept_back"),
    [
        (visibility.for_public, (), (*TO_ALL, *INWARD, *OWN, FEW, "另一份", "经办人", "27.8")),
        (lambda ticket: visibility.for_voter(ticket, VOTERS[0]), (*TO_ALL, OWN[0]), (*INWARD, FEW, OWN[1], "另一份")),
        (lambda ticket: visibility.for_voter(ticket, NEIGHBOUR), (*TO_ALL, OWN[1]), (*INWARD, OWN[0], "另一份")),
        (lambda ticket: visibility.for_voter(ticket, VOTERS[2]), ("另一份",), (*TO_ALL, *INWARD, *OWN, "27.8")),
        (visibility.for_unit, (*TO_ALL, *INWARD, *OWN, "27.86543"), (FEW[:3], FEW[-4:], "13912345678")),
        (lambda ticket: visibility.for_office(ticket, restricted=True), (*INWARD, FEW), ("13912345678",)),
        (lambda ticket: visibility.original(ticket, restricted=True), (*INWARD, FEW, "13912345678"), ()),
        (lambda ticket: visibility.original(ticket, restricted=False), (*INWARD, "13912345678"), (FEW[-4:],)),
        (
            visibility.for_office,
            (*TO_ALL[2:], *INWARD, *OWN, "锦江路**号", "27.87"),
            (FEW[:3], FEW[-4:], "13912345678", "锦江路12号", "27.86543"),
        ),
    ],
    ids=["public", "filer", "neighbour", "part", "unit", "few", "original for few", "original", "office"],
)
def test_each_reader_reads_what_is_meant_for_them(
    reads: Callable[[Ticket], Ticket], open_words: tuple[str, ...], kept_back: tuple[str, ...]
) -> None:
    seen = told(reads(a_story()))
    assert [words for words in open_words if words not in seen] == []
    assert [words for words in kept_back if words in seen] == []


def test_the_pages_show_what_their_reader_may_read() -> None:
    own = shown.own("zh", visibility.for_voter(a_story(), VOTERS[0]))
    assert [words for words in (*TO_ALL, OWN[0]) if words not in own] == []
    assert 'href="https://example.org/1"' in own
    public = shown.public("zh", a_story())
    assert [words for words in (*TO_ALL, *INWARD, *OWN) if words in public] == []


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "data:text/html,x", "gridfs:1/2", "JAVASCRIPT:https://x.org"])
def test_only_what_a_browser_opens_safely_becomes_a_link(uri: str) -> None:
    done = step("completed", "", evidence=(ShownEvidence(kind="photos", uri=uri, dated=NOON),))
    page = shown.own("zh", a_ticket(history=(done,)))
    assert uri in page
    assert f'href="{uri}' not in page


def test_the_own_page_shows_the_units_telephone_and_its_language_leads_back_to_it() -> None:
    ticket = a_ticket(history=(step("progress", "请拨0745-5822345"),))
    page = shown.own("zh", ticket)
    assert "0745-5822345" in page
    assert 'href="/mine/matter?lang=en"' in page
