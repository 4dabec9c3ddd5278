"""The steps of the story: each has a note that documents hold and a sentence in both languages."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, ClassVar, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import LANGUAGES
from services.portal.reading.ticket import notes, sentences, steps, story
from services.portal.reading.ticket.document import Step
from services.portal.reading.ticket.fold.reacts import REACTS
from services.portal.reading.ticket.sentences import SENTENCES, Sentence
from services.portal.reading.ticket.steps import FoldedStep, UnknownStep
from tests.unit.portal import log
from tests.unit.portal.folding import folded
from tests.unit.portal.tickets import NOON, a_ticket

EVERY = get_args(FoldedStep)
UNIT = ("县住建局", "Housing Bureau")
WORDS = st.text(st.characters(exclude_characters=notes.PART + "{}", exclude_categories=["Cs"]), max_size=12)
VALUES: Mapping[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    int: st.integers(0, 99),
    bool: st.booleans(),
    datetime: st.datetimes().map(lambda at: at.replace(tzinfo=NOON.tzinfo)),
}


def made(kind: type[FoldedStep]) -> st.SearchStrategy[FoldedStep]:
    """Any step of this class."""
    given: dict[str, Any] = {each.name: VALUES[each.type] for each in fields(kind)}
    return st.builds(kind, **given)


def unsaid(every: tuple[type[Any], ...], said: Mapping[type[Any], Sentence]) -> list[str]:
    """The steps that have no sentence, or one that does not know their fields."""
    return [each.__name__ for each in every if each not in said or not _fits(each, said[each])]


def _fits(step: type[Any], sentence: Sentence) -> bool:
    known = {"unit", *(each.name for each in fields(step))}
    taken = {name for text in (sentence.zh, sentence.en) for _, name, _, _ in string.Formatter().parse(text) if name}
    return bool(sentence.zh and sentence.en) and taken <= known and set(sentence.codes) <= known


def test_every_step_that_the_fold_can_write_has_a_sentence() -> None:
    assert unsaid(EVERY, SENTENCES) == []


def test_a_step_without_a_sentence_is_seen() -> None:
    @dataclass(frozen=True)
    class PlantedStep:
        kind: ClassVar = "planted"

    told = dict(SENTENCES) | {steps.QueuedStep: Sentence("等待：{why}", "Waits: {why}")}
    assert unsaid((*EVERY, PlantedStep), told) == ["QueuedStep", "PlantedStep"]


@given(st.sampled_from(EVERY).flatmap(made))
def test_a_sentence_says_all_in_words_and_leaves_no_sign_of_its_grammar(step: FoldedStep) -> None:
    for language in LANGUAGES:
        said = sentences.sentence(step, UNIT, language)
        assert said
        assert not set("{}|") & set(said)


@given(st.sampled_from(EVERY).flatmap(made))
def test_what_a_document_holds_of_a_step_is_read_as_the_same_step(step: FoldedStep) -> None:
    assert notes.step_of(step.kind, notes.note_of(step)) == step


def test_no_two_steps_share_their_kind() -> None:
    assert len({each.kind for each in EVERY}) == len(EVERY)


@pytest.mark.parametrize(
    ("step", "kind", "note"),
    [
        (steps.RegisteredStep(channel="web"), "registered", "web"),
        (steps.AssignedStep(hop=2), "assigned", "2"),
        (steps.AcceptedStep(promise_zh="路灯维修", promise_en="Repair"), "accepted", "路灯维修|Repair"),
        (steps.ClockStartedStep(clock="accept_by", due=NOON), "deadline", "accept_by|2026-03-02T04:00:00+00:00"),
        (steps.LightTurnedStep(colour="red"), "light", "red"),
        (steps.OrderedStep(order="督1"), "ordered", "督1"),
        (steps.CompletedStep(evidence=3), "completed", "3"),
        (steps.EvaluatedStep(grade=4, solved=True), "evaluated", "4|solved"),
        (steps.LookBackStep(grade=1, solved=False), "look_back", "1|unsolved"),
        (steps.ReworkStep(count=1, reason=""), "rework", "1|"),
        (steps.ToldStep(what="assigned", channel="sms"), "told", "assigned|sms"),
        (steps.ToldStep(what="assigned", channel="sms", people=51), "told", "assigned|sms|51"),
        (steps.StruckOffStep(), "struck_off", ""),
    ],
)
def test_documents_hold_what_they_always_held(step: FoldedStep, kind: str, note: str) -> None:
    assert (step.kind, notes.note_of(step)) == (kind, note)


def test_a_note_of_an_older_build_is_read_without_what_it_does_not_have() -> None:
    assert notes.step_of("rework", "2") == steps.ReworkStep(count=2, reason="")


@pytest.mark.parametrize(("kind", "note"), [("merged", "a|b"), ("assigned", "soon"), ("deadline", "x|y")])
def test_a_step_of_a_later_build_is_told_without_a_raw_code(kind: str, note: str) -> None:
    ticket = a_ticket(history=(Step(at=NOON, kind=kind, note=note),))
    told = [story.lines(ticket, language)[0].sentence for language in LANGUAGES]
    assert all(said and kind not in said and "|" not in said for said in told)
    assert notes.step_of(kind, note) == UnknownStep(kind=kind)


def test_every_step_of_a_whole_way_is_one_that_the_fold_can_write() -> None:
    ticket = None
    for _, body in log.journey():
        ticket = folded(ticket, body) if type(body) in REACTS else ticket
    assert ticket is not None
    assert {type(notes.step_of(line.kind, line.note)) for line in ticket.history} <= set(EVERY)


@pytest.mark.parametrize(
    ("note", "zh", "en"),
    [
        ("1|spot_check_failed", "抽查不合格，第1次重办。", "A spot check failed: done again, time 1."),
        (
            "2|third_rule",
            "不满意的超过三分之一，第2次重办。",
            "More than a third are not satisfied: done again, time 2.",
        ),
        ("1", "未达满意，第1次重办。", "Not satisfied: done again, time 1."),
    ],
)
def test_a_rework_says_why(note: str, zh: str, en: str) -> None:
    ticket = a_ticket(history=(Step(at=NOON, kind="rework", note=note),))
    assert [story.lines(ticket, language)[0].sentence for language in LANGUAGES] == [zh, en]


def test_a_notice_says_how_many_were_told() -> None:
    one = steps.ToldStep(what="registered", channel="sms")
    told = [sentences.sentence(each, UNIT, "zh") for each in (one, replace(one, people=51))]
    assert told == ["已通知反映人：登记号和查询码（短信）。", "已通知 51 人：登记号和查询码（短信）。"]


def test_what_was_said_in_chinese_only_is_said_in_english_too() -> None:
    screened = steps.ScreenedOutStep(reason_zh="不属于受理范围", reason_en="")
    assert sentences.sentence(screened, UNIT, "en") == "Screened out: 不属于受理范围"
