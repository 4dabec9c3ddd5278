"""The clock sheets in MongoDB, which sla's loop writes: lists and counts with the scope inside the query."""

from collections.abc import Collection, Sequence
from datetime import datetime
from inspect import isawaitable
from typing import Any

from contracts.vocabulary.offices import COUNTY_DIGITS
from runtime.clock import Clock
from runtime.delivery.ports import Due
from runtime.identity.tokens import Scope
from runtime.mongo.client import Database, available
from runtime.mongo.documents import Codec
from runtime.mongo.store import now_expression
from services.sla.domain.applied import AppliedVersion
from services.sla.domain.deadlines import TIMELESS
from services.sla.domain.limits import WORKING_DAYS
from services.sla.domain.more_time import EXTENSION
from services.sla.domain.overdue import LateClock
from services.sla.domain.sheet import ClockSheet
from services.sla.domain.shown_lights import UNIT, LightCount
from services.sla.ports import AgendaItem, InForce, SheetScope

Query = dict[str, Any]
CLOCKS = "doc.clocks"
STOPPED = f"{CLOCKS}.stopped"
MOVED = f"{CLOCKS}.moved"
REFERRED = "doc.referred.since"
BY_EDITION = [("doc.division", 1), (STOPPED, 1), (f"{CLOCKS}.calendar_version", 1)]
BY_STANDARD = [(STOPPED, 1), (f"{CLOCKS}.limit.standard", 1)]
OF_A_SHEET: Query = {"doc.division": {"$gte": ""}}  # a matter may have no sheet, and what waits for one
NOTHING: Query = {"doc.division": {"$in": []}}
RUNS: Query = {"stopped": None}  # what has its default is not stored


class MongoSheets:
    """``clock``: maps the database's time to domain time."""

    def __init__(self, database: Database, clock: Clock, collection: str = "clock_sheets") -> None:
        self._sheets, self._clock = database[collection], clock
        self._codec = Codec(ClockSheet)

    async def create_indexes(self) -> None:
        """By when clocks stopped, those that run before all others; what waits for a conference; by the editions of
        the calendar, and by the standards, that clocks rest on; until when a deadline stood that was moved.
        Safe to repeat.
        """
        async with available():
            await self._sheets.create_index([(STOPPED, 1), ("doc.division", 1), (f"{CLOCKS}.due", 1)])
            waiting = {REFERRED: {"$exists": True}}
            await self._sheets.create_index([(REFERRED, 1), ("doc.number", 1)], partialFilterExpression=waiting)
            await self._sheets.create_index(BY_EDITION)
            await self._sheets.create_index(BY_STANDARD)
            await self._sheets.create_index([(f"{MOVED}.until", 1)], sparse=True)

    async def late(self, scope: SheetScope, since: datetime, as_of: datetime, at_most: int) -> tuple[LateClock, ...]:
        """Two ranges of an index, what runs, and what stopped since; and of another what was due otherwise then."""
        runs, ended = RUNS | {"due": {"$lt": as_of}}, {"stopped": {"$gt": since}, "due": {"$lt": as_of}}
        theirs = {"unit": scope.unit} if scope.unit else {}
        within = Scope(scope.division).filter("doc.division", "")
        found: list[Query] = [{CLOCKS: {"$elemMatch": each | theirs}} for each in (runs, ended)]
        found.append({f"{MOVED}.until": {"$gt": as_of}})
        rows = await self._rows(
            {"$match": {"$or": [within | each for each in found]}},
            {"$unwind": f"${CLOCKS}"},
            {"$set": {f"{CLOCKS}.due": _due_at(as_of)}},
            {"$match": _of_clock({"due": {"$lt": as_of}} | theirs) | {"$or": _late(since)}},
            {"$sort": {f"{CLOCKS}.due": 1, "doc.number": 1, f"{CLOCKS}.id": 1}},
            {"$limit": at_most},
            {"$project": {"number": "$doc.number", "division": "$doc.division", "clock": f"${CLOCKS}"}},
        )
        return tuple(map(_late_clock, rows))

    async def lights(self, scope: SheetScope, by: str, now: datetime, at_most: int) -> tuple[LightCount, ...]:
        """What runs, from the index: the worst of each matter first, then how many of each."""
        theirs = RUNS | ({"unit": scope.unit} if scope.unit else {})
        within = Scope(scope.division).filter("doc.division", "")
        office: Any = f"${CLOCKS}.unit" if by == UNIT else {"$substrBytes": ["$doc.division", 0, COUNTY_DIGITS]}
        begun = [{"$cond": [{"$lte": [f"${CLOCKS}.{each}", now]}, 1, 0]} for each in ("yellow", "orange", "due")]
        rows = await self._rows(
            {"$match": within | {STOPPED: None, CLOCKS: {"$elemMatch": theirs}}},
            {"$unwind": f"${CLOCKS}"},
            {"$match": _of_clock(theirs)},
            {"$group": {"_id": {"matter": "$_id", "office": office}, "colour": {"$max": {"$add": begun}}}},
            {"$group": {"_id": {"office": "$_id.office", "colour": "$colour"}, "matters": {"$sum": 1}}},
            {"$sort": {"_id.office": 1, "_id.colour": 1}},
            {"$limit": at_most},
        )
        return tuple(LightCount(each["_id"]["office"], each["_id"]["colour"], each["matters"]) for each in rows)

    async def agenda(self, division: str, at_most: int, skip: int = 0) -> tuple[AgendaItem, ...]:
        """From the index of what waits."""
        wanted = Scope(division).filter("doc.division", "") | {REFERRED: {"$exists": True}}
        async with available():
            cursor = self._sheets.find(wanted, {"doc": 1}).sort([(REFERRED, 1), ("doc.number", 1)]).skip(skip)
            found = [self._codec.from_plain(each["doc"]) for each in await cursor.to_list(at_most)]
        return tuple(AgendaItem.of(sheet, sheet.referred) for sheet in found if sheet.referred)

    async def on_old_calendar(self, in_force: InForce, partitions: Collection[int], at_most: int) -> Sequence[Due]:
        """A few places of the index for each division."""
        wanted = await self._on_old_calendar(in_force, partitions) | {"parked": {"$ne": True}}
        shown = {"p": 1, "now": now_expression(self._clock.segment)}
        async with available():
            found = await self._sheets.find(wanted, shown).hint(BY_EDITION).to_list(at_most)
        return [Due(each["_id"], each["p"], each["now"], each["now"]) for each in found]

    async def count_on_old_calendar(self, in_force: InForce, partitions: Collection[int]) -> int:
        wanted = await self._on_old_calendar(in_force, partitions)
        async with available():
            counted: int = await self._sheets.count_documents(wanted, hint=BY_EDITION)
        return counted

    async def under_older_version(
        self, orders: Sequence[AppliedVersion], partitions: Collection[int], at_most: int
    ) -> Sequence[Due]:
        """A place of the index for each order."""
        wanted = _under_older_version(orders, partitions) | {"parked": {"$ne": True}}
        shown = {"p": 1, "now": now_expression(self._clock.segment)}
        async with available():
            found = await self._sheets.find(wanted, shown).hint(BY_STANDARD).to_list(at_most)
        return [Due(each["_id"], each["p"], each["now"], each["now"]) for each in found]

    async def count_under_older_version(self, orders: Sequence[AppliedVersion], partitions: Collection[int]) -> int:
        """Without an order nothing is asked."""
        if not orders:
            return 0
        wanted = _under_older_version(orders, partitions)
        async with available():
            counted: int = await self._sheets.count_documents(wanted, hint=BY_STANDARD)
        return counted

    async def that_move(self, order: AppliedVersion, after: str, at_most: int) -> Sequence[tuple[str, ClockSheet]]:
        """Goes through all that the order is about for each page: whoever looks does so before an order, and seldom."""
        wanted = _about(order) | {"_id": {"$gt": after}}
        async with available():
            found = await self._sheets.find(wanted, {"doc": 1}).sort("_id", 1).to_list(at_most)
        return [(each["_id"], self._codec.from_plain(each["doc"])) for each in found]

    async def _on_old_calendar(self, in_force: InForce, partitions: Collection[int]) -> Query:
        async with available():
            divisions = await self._sheets.distinct("doc.division", OF_A_SHEET)
        below: dict[str, list[str]] = {}
        for each in divisions:
            below.setdefault(in_force(each), []).append(each)
        rests = [{"doc.division": {"$in": here}, CLOCKS: {"$elemMatch": _not_by(each)}} for each, here in below.items()]
        return {"p": {"$in": sorted(partitions)}, "$or": rests or [NOTHING]}

    async def _rows(self, *pipeline: Query) -> list[Any]:
        async with available():
            cursor = self._sheets.aggregate(list(pipeline))
            rows: list[Any] = await (await cursor if isawaitable(cursor) else cursor).to_list(None)
        return rows


def _not_by(edition: str) -> Query:
    """Of a clock that runs, and that a calendar moves: by another edition than this one."""
    return RUNS | {"calendar_version": {"$ne": edition}, "limit.unit": {"$nin": list(TIMELESS)}}


def _under_older_version(orders: Sequence[AppliedVersion], partitions: Collection[int]) -> Query:
    return {"p": {"$in": sorted(partitions)}, "$or": [_about(each) for each in orders] or [NOTHING]}


def _about(order: AppliedVersion) -> Query:
    """AppliedVersion.sets_anew, of a clock in its division."""
    later = [f"{order.code}@{version}" for version in (order.version, *order.newer)]
    same_unit = None if order.limit.unit == WORKING_DAYS else order.limit.unit  # what has its default is not stored
    clock = RUNS | {
        "limit.standard": {"$gte": f"{order.code}@", "$lt": f"{order.code}A", "$nin": later},
        "start": {"$lte": order.at},
        "$or": [{"limit.unit": same_unit}, {"more.how": {"$ne": EXTENSION}}],
    }
    return Scope(order.division).filter("doc.division", "") | {CLOCKS: {"$elemMatch": clock}}


def _of_clock(wanted: Query) -> Query:
    return {f"{CLOCKS}.{name}": value for name, value in wanted.items()}


def _late(since: datetime) -> list[Query]:
    """It runs, or stopped since then and after its deadline."""
    was_late = {"$expr": {"$lt": [f"${CLOCKS}.due", f"${STOPPED}"]}}
    return [{STOPPED: None}, {STOPPED: {"$gt": since}} | was_late]


def _due_at(as_of: datetime) -> Query:
    """moved_dues.due_at: the first that stood beyond the instant, else the one that stands."""
    stood = {"$filter": {"input": {"$ifNull": [f"${MOVED}", []]}, "cond": {"$gt": ["$$this.until", as_of]}}}
    first = {"$arrayElemAt": [{"$map": {"input": stood, "in": "$$this.due"}}, 0]}
    return {"$ifNull": [first, f"${CLOCKS}.due"]}


def _late_clock(row: Any) -> LateClock:
    clock = row["clock"]
    return LateClock(
        number=row["number"],
        division=row["division"],
        clock=clock["id"],
        kind=clock["kind"],
        unit=clock["unit"],
        lead_unit=clock["lead_unit"],
        due=clock["due"],
        stopped=clock.get("stopped"),
    )
