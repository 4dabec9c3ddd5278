"""Open questions: one suite in memory and on MongoDB. Found by the phone's digest, forgotten in time, once a reply."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from runtime.mongo.client import Mongo
from services.notify.adapters.questions import MongoOpenQuestions
from services.notify.adapters.questions_in_memory import InMemoryOpenQuestions
from services.notify.domain.questions import OPEN_FOR, OpenQuestion, QuestionAsked
from services.notify.ports.replies import QUESTIONS_AT_MOST, OpenQuestions, ReplyPlace
from tests.harness import MONDAY
from tests.stack import Stack

MINUTE = timedelta(minutes=1)
PHONE, OTHER = "digest of a phone", "digest of another"


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def questions(request: pytest.FixtureRequest) -> AsyncIterator[OpenQuestions]:
    if request.param == "memory":
        yield InMemoryOpenQuestions()
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, "t-notify-questions")
    database = mongo.database("notify")
    await mongo.client.drop_database(database.name)
    kept = MongoOpenQuestions(database)
    await kept.create_indexes()
    yield kept
    await mongo.client.drop_database(database.name)
    await mongo.close()


def about(ticket: str, person: int = 0, round_: int = 1) -> OpenQuestion:
    return OpenQuestion(ticket, f"number of {ticket}", person, round_)


async def tickets(questions: OpenQuestions, *phones: str, after: timedelta = MINUTE) -> list[str]:
    return [each.question.ticket for each in await questions.asked(phones, MONDAY + after)]


async def test_what_was_asked_of_a_phone_is_found_newest_first(questions: OpenQuestions) -> None:
    await questions.ask({about("A"): PHONE, about("B"): OTHER}, MONDAY - MINUTE)
    await questions.ask({about("C", person=2, round_=3): PHONE}, MONDAY)
    assert await questions.asked([PHONE], MONDAY) == [
        QuestionAsked(about("C", person=2, round_=3)),
        QuestionAsked(about("A")),
    ]
    assert await tickets(questions, OTHER) == ["B"]
    assert set(await tickets(questions, PHONE, OTHER)) == {"A", "B", "C"}
    assert await tickets(questions, "nobody's") == []
    assert await tickets(questions) == []


async def test_a_question_is_open_for_its_time_from_when_it_was_asked_last(questions: OpenQuestions) -> None:
    await questions.ask({about("A"): PHONE, about("B"): PHONE}, MONDAY)
    await questions.answered(about("A"))
    await questions.ask({about("A"): OTHER}, MONDAY + MINUTE)
    assert await tickets(questions, PHONE, after=OPEN_FOR - MINUTE) == ["B"], "it went to another phone"
    assert await questions.asked([PHONE, OTHER], MONDAY + OPEN_FOR) == [QuestionAsked(about("A"), answered=True)]
    assert await tickets(questions, PHONE, OTHER, after=OPEN_FOR + MINUTE) == []


async def test_only_the_newest_of_very_many_are_looked_at(questions: OpenQuestions) -> None:
    for nth in range(QUESTIONS_AT_MOST + 5):
        await questions.ask({about(f"{nth:02}"): PHONE}, MONDAY + nth * MINUTE)
    found = await tickets(questions, PHONE, after=timedelta(hours=1))
    assert found == [f"{nth:02}" for nth in reversed(range(5, QUESTIONS_AT_MOST + 5))]


async def test_what_a_reply_answers_is_kept_once_whoever_comes_first(questions: OpenQuestions) -> None:
    places = [ReplyPlace(about(name), ambiguous=name == "B") for name in "AB"]
    assert await questions.place("m1") is None
    first, second = await asyncio.gather(*(questions.keep_place("m1", each, MONDAY) for each in places))
    assert first == second == await questions.place("m1")
    assert first in places
    assert await questions.keep_place("m2", ReplyPlace(), MONDAY) == ReplyPlace() == await questions.place("m2")
    assert await questions.keep_place("m2", places[0], MONDAY) == ReplyPlace()


async def test_what_is_forgotten_is_gone_and_what_was_under_way_does_not_come_back(questions: OpenQuestions) -> None:
    await questions.ask({about("A"): PHONE, about("A", person=1): OTHER, about("B"): PHONE}, MONDAY)
    for name in "AB":
        await questions.keep_place(f"m{name}", ReplyPlace(about(name)), MONDAY)
    for _ in range(2):
        await questions.forget(["A"], MONDAY)
    await questions.forget([], MONDAY)
    await questions.ask({about("A"): PHONE, about("C"): OTHER}, MONDAY)
    assert (await tickets(questions, PHONE), await tickets(questions, OTHER)) == (["B"], ["C"])
    assert await questions.place("mA") is None
    assert await questions.place("mB") == ReplyPlace(about("B"))


async def test_an_answer_to_what_is_gone_is_kept_nowhere(questions: OpenQuestions) -> None:
    await questions.answered(about("A"))
    assert await tickets(questions, PHONE) == []


@pytest.mark.stack
async def test_the_database_deletes_by_itself_what_is_old(stack: Stack) -> None:
    mongo = Mongo(stack.mongodb_uri, "t-notify-questions-old")
    database = mongo.database("notify")
    await MongoOpenQuestions(database).create_indexes()
    for name in ("open_questions", "replies"):
        kept = [each for each in (await database[name].index_information()).values() if "expireAfterSeconds" in each]
        assert [(each["key"], each["expireAfterSeconds"]) for each in kept] == [([("at", 1)], OPEN_FOR.total_seconds())]
    await mongo.client.drop_database(database.name)
    await mongo.close()
