"""The pages: escaped, masked, in two languages, complete."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from contracts import lifecycle, vocabulary
from contracts.identifiers import spoken
from contracts.lifecycle import OfficialCounter, TicketState
from contracts.vocabulary import Language
from services.feedback.domain.evaluation.rounds import CHECK_GROUNDS
from services.feedback.domain.plan.plans import Mode
from services.intake.api.app import CHANNELS
from services.notify.adapters import templates
from services.notify.domain.digests import DIGEST
from services.portal.reading.board import board, selection
from services.portal.reading.board.board import Board
from services.portal.reading.board.counters import Counters
from services.portal.reading.ticket import sentences, story
from services.portal.reading.ticket.document import SaidWords, Step
from services.portal.reading.ticket.fold.reacts import REACTS
from services.portal.reading.ticket.lights import Light
from services.routing.domain.assignment.routes import Reason
from services.sla.domain.limits import LONGEST
from services.sla.domain.sheet import ACCEPT_BY, ASSIGN_BY, COMPLETE_BY, REWORK_BY
from tests.unit.portal import log, shown
from tests.unit.portal.folding import folded
from tests.unit.portal.tickets import NOON, a_clock, a_ticket

NASTY = "<script>alert(1)</script>\"'&{{7*7}} 联系人张小明 13912345678"
NAMED = "张三被村支书王大力打伤"
KNOWN = {"category_zh": "路灯", "category_en": "Street lights", "division_zh": "湖南省怀化市麻阳苗族自治县高村镇"}
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def a_board(**changed: Any) -> Board:
    """An empty board with ``changed`` fields."""
    return replace(selection.lay(selection.seen((), NOON), NOON), **changed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_free_words_are_escaped_and_masked_everywhere(language: Language) -> None:
    ticket = a_ticket(
        title=NASTY, content=NASTY, history=(Step(at=NOON, kind="progress", said=SaidWords(words=NASTY)),)
    )
    listed, own, form = shown.listed(language, ticket), shown.own(language, ticket), shown.form(language, NASTY)
    for page in (listed, shown.public(language, ticket), own, form):
        assert "<script>alert" not in page
    assert "13912345678" not in listed
    assert "张小明" not in shown.public(language, ticket)


def test_what_the_unit_wrote_is_for_the_reporter_only() -> None:
    story = (Step(at=NOON, kind="progress", said=SaidWords(words="已派工")),)
    ticket = a_ticket(title="路灯", content="我家门口", history=story)
    public, own = shown.public("zh", ticket), shown.own("zh", ticket)
    assert "已派工" not in public
    assert "我家门口" not in public
    assert "已派工" in own
    assert "我家门口" in own


def test_an_erased_matter_says_so() -> None:
    assert "销毁" in shown.public("zh", a_ticket(erased=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_live_page_carries_the_six_counters_each_with_its_list(language: Language) -> None:
    counters = Counters(struck_off=317, awaiting_review=110, in_hand=47, overdue_unfinished=4, accepting=14)
    page = shown.live(language, a_board(counters=replace(counters, overdue_unaccepted=5)))
    for counter in OfficialCounter:
        assert f"/tickets?counter={counter.value}&amp;lang={language}" in page
    assert '<b id="valid">497</b>' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_has_a_sentence_in_both_languages(language: Language) -> None:
    ticket = None
    for _, body in log.journey():
        ticket = folded(ticket, body) if type(body) in REACTS else ticket
    assert ticket is not None
    for line in story.lines(ticket, language):
        assert line.sentence != line.kind, "a step without a sentence"
        assert "|" not in line.sentence
        assert "{" not in line.sentence


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (lifecycle.STATE_NAMES, TicketState),
        (lifecycle.LANES, lifecycle.Lane),
        (lifecycle.COUNTERS, OfficialCounter),
        (vocabulary.LIGHTS, Light),
    ],
)
def test_every_code_has_a_name(names: Mapping[str, vocabulary.Pair], codes: type[TicketState]) -> None:
    assert set(names) == {code.value for code in codes}


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (vocabulary.QUEUED, set(get_args(Reason))),
        (vocabulary.CHANNELS, {"web", *CHANNELS.values()}),
        (vocabulary.CHANNELS, {*templates.CHANNELS, "page", "person"}),
        (
            sentences.NOTICES,
            {kind for name in templates.packaged().names() if "/" not in name for kind in name.split("+")} - {DIGEST},
        ),
        (vocabulary.MODES, set(Mode)),
        (vocabulary.REWORK, {"", "not_satisfied", "third_rule", *CHECK_GROUNDS}),
        (lifecycle.CLOCK_NAMES, {ASSIGN_BY, ACCEPT_BY, COMPLETE_BY, REWORK_BY}),
        (vocabulary.LIMIT_UNITS, set(LONGEST)),
    ],
)
def test_every_code_that_another_service_says_has_words_in_both_languages(
    names: Mapping[str, vocabulary.Pair], codes: set[str]
) -> None:
    assert codes <= set(names)
    assert all(zh and en and zh != en for zh, en in (names[code] for code in codes))


def test_a_card_shows_the_most_pressing_clock_and_hides_who_reported() -> None:
    late, later = a_clock(NOON + timedelta(hours=1)), a_clock(NOON + timedelta(hours=5), "complete_by")
    card = board.card(a_ticket(title=NAMED, clocks=(later, late), **KNOWN), NOON)
    assert card is not None
    assert card.due == late.due
    assert (card.title_zh, card.title_en) == ("路灯 · 高村镇", "Street lights · 高村镇")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("known", [{}, KNOWN])
def test_no_word_of_a_reporter_is_public(language: Language, known: Mapping[str, str]) -> None:
    ticket = a_ticket(title=NAMED, content=NAMED, **known)
    listed = shown.listed(language, ticket)
    card = repr(board.card(ticket, NOON))
    for page in (listed, shown.public(language, ticket), card):
        assert not {each for each in ("张三", "王大力", "打伤") if each in page}
    assert NAMED in shown.own(language, ticket)
    assert ("高村镇" in listed) == bool(known)


@pytest.mark.parametrize(
    ("full", "own"),
    [
        ("湖南省怀化市麻阳苗族自治县高村镇", "高村镇"),
        ("湖南省怀化市麻阳苗族自治县", "麻阳苗族自治县"),
        ("湖南省永州市冷水滩区", "冷水滩区"),
        ("四川省乐山市市中区", "市中区"),
        ("湖北省荆州市沙市区", "沙市区"),
        ("湖南省怀化市芷江侗族自治县白市镇", "白市镇"),
        ("湖南省", "湖南省"),
        ("", ""),
    ],
)
def test_the_own_name_of_a_place(full: str, own: str) -> None:
    assert board.own_name(full) == own


def test_what_is_not_valid_is_on_no_lane() -> None:
    assert board.card(a_ticket(state=TicketState.INVALID), NOON) is None
    assert board.card(a_ticket(state=TicketState.WITHDRAWN), NOON) is None


def test_a_number_is_shown_as_it_is_read_out() -> None:
    assert spoken(a_ticket().number) in shown.public("zh", a_ticket())
