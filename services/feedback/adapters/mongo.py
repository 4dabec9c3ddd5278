"""The cases in MongoDB, which feedback's loop writes: reads with the scope inside the query."""

from typing import Any

from contracts.identifiers import prefix_of
from contracts.lifecycle import TicketState
from runtime.identity.tokens import Scope
from runtime.mongo.client import Database, available
from runtime.mongo.documents import Codec
from services.feedback.domain.case import CALLS_UNANSWERED, SUPERVISION_SEAT, WORKING, Case, seat_of
from services.feedback.domain.plan.class_plans import ClassPlan
from services.feedback.ports import CaseScope, FailedCheck, FiledCase, failed_of

READING = {"doc": 1}
LEAD = seat_of("lead", "")  # what the seats of lead units begin with
AFTER = "~"  # sorts after every character of an id


class MongoCases:
    def __init__(self, database: Database, collection: str = "cases") -> None:
        self._cases = database[collection]
        self._codec = Codec(Case)

    async def create_indexes(self) -> None:
        """What the lists of calls and of reviews lean on. Safe to repeat."""
        only = {"doc.reminders": {"$exists": True}}
        async with available():
            await self._cases.create_index([("doc.reminders", 1), ("_id", 1)], partialFilterExpression=only)
            await self._cases.create_index([("doc.checks.draw", 1), ("_id", 1)], sparse=True)
            waiting = {"doc.open_to": {"$exists": True}}
            by = [("doc.open_to", 1), ("doc.open_since", 1), ("_id", 1)]
            await self._cases.create_index(by, partialFilterExpression=waiting)
            alone = {"doc.found_by": {"$exists": True}}
            await self._cases.create_index([("doc.found_at", 1), ("_id", 1)], partialFilterExpression=alone)

    async def find(self, number: str, reach: CaseScope) -> FiledCase | None:
        """A range of the primary key, the scope and the number."""
        prefix = prefix_of(number)
        wanted = {"_id": {"$gte": prefix, "$lt": prefix + AFTER}, "doc.number": number} | _within(reach)
        async with available():
            plain = await self._cases.find_one(wanted, READING)
        return self._filed(plain) if plain else None

    async def to_call(self, reach: CaseScope, at_most: int, *, unreached: bool = False) -> tuple[FiledCase, ...]:
        """Those whose time for votes is over and whose filer was not heard."""
        silent: dict[str, Any] = {
            "doc.reminders": 2,
            "doc.state": TicketState.AWAITING_EVALUATION.value,
            "doc.votes.voter": {"$ne": 0},
            f"doc.call_days.{CALLS_UNANSWERED - 1}": {"$exists": unreached},
        }
        async with available():
            found = await self._cases.find(silent | _within(reach), READING).sort("_id", 1).to_list(at_most)
        return tuple(self._filed(plain) for plain in found)

    async def to_check(self, reach: CaseScope, at_most: int) -> tuple[FiledCase, ...]:
        """Those with a check that has neither passed nor failed."""
        return await self._with_check({"passed": {"$exists": False}}, reach, at_most)

    async def failed_checks(self, draw: str, reach: CaseScope, at_most: int) -> tuple[FailedCheck, ...]:
        found = await self._with_check({"draw": draw, "passed": False}, reach, at_most)
        return tuple(each for filed in found for each in failed_of(filed.case, draw))

    async def _with_check(self, check: dict[str, Any], reach: CaseScope, at_most: int) -> tuple[FiledCase, ...]:
        wanted = {"doc.checks.draw": {"$exists": True}, "doc.checks": {"$elemMatch": check}} | _within(reach)
        async with available():
            found = await self._cases.find(wanted, READING).sort("_id", 1).to_list(at_most)
        return tuple(self._filed(plain) for plain in found)

    async def to_review(self, seats: frozenset[str], reach: CaseScope, at_most: int) -> tuple[FiledCase, ...]:
        """Those that wait for one of the seats, by the index of what is open."""
        open_to = {"doc.open_to": {"$in": sorted(seats)}}
        first = [("doc.open_since", 1), ("_id", 1)]
        async with available():
            found = await self._cases.find(open_to | _within(reach), READING).sort(first).to_list(at_most)
        return tuple(self._filed(plain) for plain in found)

    async def to_confirm(self, seats: frozenset[str], reach: CaseScope, at_most: int) -> tuple[FiledCase, ...]:
        """In hand is the state of a new case, and is not stored."""
        wanted: dict[str, Any] = {
            "doc.found_by": {"$exists": True},
            "doc.state": {"$in": [None, *(state.value for state in WORKING)]},
            **({} if SUPERVISION_SEAT in seats else _led_by(seats)),
        }
        first = [("doc.found_at", 1), ("_id", 1)]
        async with available():
            found = await self._cases.find({"$and": [wanted, _within(reach)]}, READING).sort(first).to_list(at_most)
        return tuple(self._filed(plain) for plain in found)

    def _filed(self, plain: Any) -> FiledCase:
        return FiledCase(plain["_id"], self._codec.from_plain(plain["doc"]))


class MongoClassPlans:
    """The class plans among the affairs."""

    def __init__(self, database: Database, collection: str, kind: str) -> None:
        self._affairs, self._kind = database[collection], kind
        self._codec = Codec(ClassPlan)

    async def create_indexes(self) -> None:
        """What both lists lean on. Safe to repeat."""
        async with available():
            for field in ("doc.unit", "doc.open_to"):
                await self._affairs.create_index([("doc.kind", 1), (field, 1), ("_id", 1)])

    async def find(self, key: str, reach: CaseScope) -> ClassPlan | None:
        """By the primary key, with the scope in the query."""
        async with available():
            plain = await self._affairs.find_one({"_id": key, "doc.kind": self._kind} | _within(reach), READING)
        return self._codec.from_plain(plain["doc"]) if plain else None

    async def within(
        self, reach: CaseScope, at_most: int, seats: frozenset[str] | None = None
    ) -> tuple[ClassPlan, ...]:
        wanted: dict[str, Any] = {"doc.kind": self._kind} | _within(reach)
        waiting = {} if seats is None else {"doc.open_to": {"$in": sorted(seats)}}
        async with available():
            found = await self._affairs.find(wanted | waiting, READING).sort("_id", 1).to_list(at_most)
        return tuple(self._codec.from_plain(plain["doc"]) for plain in found)


def _led_by(seats: frozenset[str]) -> dict[str, Any]:
    leads = sorted(each.removeprefix(LEAD) for each in seats if each.startswith(LEAD))
    return {"doc.lead_unit": {"$in": leads}, "doc.unit": {"$nin": leads}}


def _within(reach: CaseScope) -> dict[str, Any]:
    return Scope(reach.division, reach.unit).filter("doc.division", "doc.unit")
