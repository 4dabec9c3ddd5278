"""Open questions in MongoDB: by a keyed digest of the phone, for thirty days, and never longer than the identity."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, UpdateOne

from runtime.mongo.client import available, find_by_id, insert_absent
from services.notify.domain.questions import OPEN_FOR, OpenQuestion, QuestionAsked
from services.notify.ports.replies import QUESTIONS_AT_MOST, ReplyPlace

FORGOTTEN = "forgotten/"  # before a ticket's id: of what is still under way nothing is kept either


class MongoOpenQuestions:
    """``open_questions`` by ticket, person and round; ``replies`` by the provider's ids."""

    def __init__(self, database: Any) -> None:
        self._questions, self._replies = database["open_questions"], database["replies"]

    async def create_indexes(self) -> None:
        """What is old; what was asked of a phone; what is of a ticket."""
        async with available():
            for collection in (self._questions, self._replies):
                await collection.create_index([("at", ASCENDING)], expireAfterSeconds=int(OPEN_FOR.total_seconds()))
                await collection.create_index([("ticket", ASCENDING)], sparse=True)
            await self._questions.create_index([("phone", ASCENDING), ("at", DESCENDING)], sparse=True)

    async def ask(self, questions: Mapping[OpenQuestion, str], at: datetime) -> None:
        """First written, then looked whether it is forgotten: so it is deleted, whoever comes first."""
        if not questions:
            return
        async with available():
            await self._questions.bulk_write([_upsert(each, questions[each], at) for each in questions], ordered=False)
        names = {FORGOTTEN + each.ticket: each.ticket for each in questions}
        if gone := [names[each["_id"]] for each in await find_by_id(self._questions, list(names))]:
            await self._delete(gone)

    async def asked(self, phones: Collection[str], now: datetime) -> list[QuestionAsked]:
        """By the index of phones. MongoDB deletes what is old when it comes to it: until then it is not seen."""
        wanted = {"phone": {"$in": list(phones)}, "at": {"$gt": now - OPEN_FOR}}
        newest = [("at", DESCENDING), ("_id", DESCENDING)]
        async with available():
            found = await self._questions.find(wanted).sort(newest).to_list(QUESTIONS_AT_MOST)
        return [QuestionAsked(_question(each), answered=each.get("answered", False)) for each in found]

    async def answered(self, question: OpenQuestion) -> None:
        async with available():
            await self._questions.update_one({"_id": _name(question)}, {"$set": {"answered": True}})

    async def place(self, reply: str) -> ReplyPlace | None:
        found = await find_by_id(self._replies, [reply])
        return _place(found[0]) if found else None

    async def keep_place(self, reply: str, place: ReplyPlace, at: datetime) -> ReplyPlace:
        plain = {"_id": reply, "at": at, "ambiguous": place.ambiguous}
        plain |= _plain(place.question) if place.question else {}
        there = await insert_absent(self._replies, [plain])
        return (await self.place(reply) or place) if there else place

    async def forget(self, tickets: Collection[str], at: datetime) -> None:
        if tickets:
            await insert_absent(self._questions, [{"_id": FORGOTTEN + each, "at": at} for each in tickets])
            await self._delete(tickets)

    async def _delete(self, tickets: Collection[str]) -> None:
        async with available():
            for collection in (self._questions, self._replies):
                await collection.delete_many({"ticket": {"$in": list(tickets)}})


def _name(question: OpenQuestion) -> str:
    return f"{question.ticket}/{question.person}/{question.round}"


def _plain(question: OpenQuestion) -> dict[str, Any]:
    return {name: getattr(question, name) for name in ("ticket", "number", "person", "round")}


def _question(plain: Mapping[str, Any]) -> OpenQuestion:
    return OpenQuestion(plain["ticket"], plain["number"], plain["person"], plain["round"])


def _place(plain: Mapping[str, Any]) -> ReplyPlace:
    return ReplyPlace(_question(plain) if "ticket" in plain else None, ambiguous=plain["ambiguous"])


def _upsert(question: OpenQuestion, phone: str, at: datetime) -> UpdateOne:
    update = {"$set": {"phone": phone, "at": at}, "$setOnInsert": _plain(question)}
    return UpdateOne({"_id": _name(question)}, update, upsert=True)
