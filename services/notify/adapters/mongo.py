"""Notify's outbox in MongoDB: its own documents, read for the deliverer, and the journal of attempts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from inspect import isawaitable
from typing import Any

from pymongo import ASCENDING, UpdateOne

from contracts.topics import partition_of
from runtime.identity.tokens import Scope
from runtime.mongo.client import available, find_by_id, insert_absent
from runtime.mongo.documents import Codec
from services.notify.adapters.memory import unknown_of
from services.notify.domain.burden import CAUSE, FIELDS, Burden, BurdenAsked, heaviest
from services.notify.domain.deliveries import TicketDeliveries
from services.notify.ports import (
    Attempt,
    JournalEntry,
    QueuePosition,
    SentLetter,
    UnknownLetter,
    Waiting,
    in_a_row,
    naming_places,
)

TICKETS_OF_A_LOOK = 1000
ITEMS = "doc.items"
TOLD_AT = f"{ITEMS}.told_at"


class MongoOutbox:
    """Documents by ``send_at``; attempts by the name of their entry, which expire after a month."""

    def __init__(self, database: Any) -> None:
        self._posts, self._attempts = database["deliveries"], database["attempts"]
        self._named, self._letters = database["named_strangers"], database["letters"]
        self._codec = Codec(TicketDeliveries)

    async def create_indexes(self) -> None:
        """What is due, alone and in digests; what is unknown; when staff were told; attempts that are old; the entries
        of a letter."""
        async with available():
            await self._posts.create_index(
                [("doc.send_at", ASCENDING), ("_id", ASCENDING), ("p", ASCENDING)],
                partialFilterExpression={"doc.send_at": {"$exists": True}},
            )
            places = [(f"doc.digests.{name}", ASCENDING) for name in ("partition", "at", "account")]
            await self._posts.create_index(places, sparse=True)
            await self._posts.create_index([("doc.unknowns", ASCENDING)], sparse=True)
            await self._posts.create_index([(TOLD_AT, ASCENDING)], sparse=True)
            await self._named.create_index([("at", ASCENDING)], expireAfterSeconds=2 * 3600)
            await self._letters.create_index([("at", ASCENDING)], expireAfterSeconds=400 * 24 * 3600)
            await self._letters.create_index([("ref", ASCENDING)])
            await self._attempts.create_index([("at", ASCENDING)], expireAfterSeconds=31 * 24 * 3600)
            await self._attempts.create_index([("letter", ASCENDING)], sparse=True)

    async def due(
        self, now: datetime, partitions: Collection[int], at_most: int, after: QueuePosition | None = None
    ) -> list[QueuePosition]:
        """One query that the index answers alone, in its order."""
        wanted: dict[str, Any] = {"doc.send_at": {"$lte": now}, "p": {"$in": sorted(partitions)}}
        if after:
            at, ticket = after
            wanted["$or"] = [{"doc.send_at": {"$gt": at}}, {"doc.send_at": at, "_id": {"$gt": ticket}}]
        row = [("doc.send_at", ASCENDING), ("_id", ASCENDING)]
        async with available():
            found = await self._posts.find(wanted, {"doc.send_at": 1}).sort(row).to_list(at_most)
        return [(plain["doc"]["send_at"], plain["_id"]) for plain in found]

    async def waiting(self, tickets: Collection[str], now: datetime) -> list[Waiting]:
        """One query by the primary key."""
        async with available():
            found = await self._posts.find({"_id": {"$in": list(tickets)}}, {"doc": 1}).to_list(None)
        posts = ((plain["_id"], self._codec.from_plain(plain["doc"])) for plain in found if "doc" in plain)
        return in_a_row(Waiting.of(ticket, post, now) for ticket, post in posts)

    async def digests(
        self, now: datetime, partitions: Collection[int], but_not: Collection[str], at_most: int
    ) -> list[str]:
        """One query by the index of digests; of very many tickets of one account the others come in a later look."""
        place = {"partition": {"$in": sorted(partitions)}, "at": {"$lte": now}, "account": {"$nin": sorted(but_not)}}
        async with available():
            found = await self._posts.find(_waits(place), {"doc.digests": 1}).to_list(TICKETS_OF_A_LOOK)
        places = (each for plain in found for each in plain["doc"]["digests"])
        due = {each["account"] for each in places if each["at"] <= now and each["partition"] in partitions}
        return sorted(due - set(but_not))[:at_most]

    async def due_for(self, account: str, now: datetime, at_most: int) -> list[Waiting]:
        """One query by the index of digests."""
        place = {"partition": partition_of(account), "at": {"$lte": now}, "account": account}
        async with available():
            found = await self._posts.find(_waits(place), {"doc": 1}).to_list(at_most)
        posts = ((plain["_id"], self._codec.from_plain(plain["doc"])) for plain in found)
        return in_a_row(Waiting.for_digest(ticket, post, account, now) for ticket, post in posts)

    async def attempt(self, entries: Sequence[JournalEntry], at: datetime) -> set[str]:
        """One unordered insert; who was there comes back."""
        plains = [{"_id": each.name, "at": at, "letter": each.letter, "ticket": each.ticket} for each in entries]
        return {entries[index].name for index in await insert_absent(self._attempts, plains)}

    async def attempted(self, names: Collection[str]) -> Mapping[str, Attempt]:
        async with available():
            found = await self._attempts.find({"_id": {"$in": list(names)}}).to_list(None)
        return {each["_id"]: _attempt(each) for each in found}

    async def letters(self, references: Collection[str]) -> list[SentLetter]:
        """One query by the index of letters."""
        wanted = {"letter": {"$in": list(references)}}
        async with available():
            plains = await self._attempts.find(wanted, {"letter": 1, "ticket": 1}).to_list(None)
        found: dict[tuple[str, str], list[str]] = {}
        for plain in plains:
            found.setdefault((plain["letter"], plain["ticket"]), []).append(plain["_id"])
        return [SentLetter.of(letter, ticket, names) for (letter, ticket), names in found.items()]

    async def record(self, outcomes: Mapping[str, tuple[str, str]]) -> None:
        updates = [
            UpdateOne({"_id": each}, {"$set": {"outcome": outcome, "channel": channel}})
            for each, (outcome, channel) in outcomes.items()
        ]
        if updates:
            async with available():
                await self._attempts.bulk_write(updates, ordered=False)

    async def withdraw(self, entries: Collection[JournalEntry]) -> None:
        if entries:
            names, letters = {each.name for each in entries}, {each.letter for each in entries}
            theirs = {"_id": {"$in": list(names)}, "letter": {"$in": [*letters, None]}}
            async with available():
                await self._attempts.delete_many(theirs)

    async def may_name(self, network: str, reference: str, at: datetime) -> bool:
        return await self._place(self._named, naming_places(network, at), reference, at)

    async def _place(self, collection: Any, places: Sequence[str], reference: str, at: datetime) -> bool:
        """Each place is inserted once, whoever else asks at the same time."""
        taken = {each["_id"]: each["ref"] for each in await find_by_id(collection, places)}
        if reference in taken.values():
            return True
        for place in places:
            plain = {"_id": place, "ref": reference, "at": at}
            if place not in taken and not await insert_absent(collection, [plain]):
                return True
        return False

    async def take_place(self, places: Sequence[str], reference: str, at: datetime) -> bool:
        return await self._place(self._letters, places, reference, at)

    async def give_places_back(self, references: Collection[str]) -> None:
        async with available():
            await self._letters.delete_many({"ref": {"$in": list(references)}})

    async def unsettled(self, partitions: Collection[int], at_most: int, after: str = "") -> list[Waiting]:
        """One query by the index of what is unknown, which is little."""
        wanted = {"doc.unknowns": {"$gt": 0}, "p": {"$in": sorted(partitions)}, "_id": {"$gt": after}}
        return [Waiting.unsettled(ticket, post) for ticket, post in await self._found(wanted, at_most)]

    async def burden(self, asked: BurdenAsked, by: str, at_most: int) -> list[Burden]:
        """From the index of when staff were told; letters first, for one may tell of several tickets."""
        of = f"${ITEMS}.{FIELDS[by]}" if by else ""
        async with available():
            cursor = self._posts.aggregate([*_told(asked), *_by_letter(of), *_by_key(at_most)])
            rows = await (await cursor if isawaitable(cursor) else cursor).to_list(None)
        names = ("letters", "deliveries", "outside", "again")
        return heaviest(Burden(row["_id"], *(row[name] for name in names)) for row in rows)

    async def unknown(self, division: str, at_most: int) -> list[UnknownLetter]:
        """Deliveries of which nobody knows: the division is inside the query."""
        inside = Scope(division).filter("doc.division", "doc.unit")
        posts = await self._found({"doc.unknowns": {"$gt": 0}} | inside, at_most)
        return [each for ticket, post in posts for each in unknown_of(ticket, post)][:at_most]

    async def post(
        self, prefix: str, number: str, division: str, unit: str = ""
    ) -> tuple[str, TicketDeliveries] | None:
        """A range of the primary key; number and scope are inside the query."""
        one = {"_id": {"$gte": prefix, "$lt": prefix + "~"}, "doc.number": number}
        return next(iter(await self._found(one | Scope(division, unit).filter("doc.division", "doc.unit"), 1)), None)

    async def _found(self, wanted: dict[str, Any], at_most: int) -> list[tuple[str, TicketDeliveries]]:
        async with available():
            found = await self._posts.find(wanted, {"doc": 1}).sort("_id", ASCENDING).to_list(at_most)
        return [(plain["_id"], self._codec.from_plain(plain["doc"])) for plain in found]


def _waits(place: Mapping[str, Any]) -> dict[str, Any]:
    return {"doc.digests": {"$elemMatch": place}}


def _told(asked: BurdenAsked) -> list[dict[str, Any]]:
    """The deliveries that staff were told of, one a row."""
    within = {"$gte": asked.since, "$lt": asked.until}
    inside = Scope(asked.division).filter("doc.division", "doc.unit")
    theirs = [{f"{ITEMS}.to": asked.account}, {f"{ITEMS}.{FIELDS[CAUSE]}": asked.account}]
    only = {} if asked.only is None else {f"{ITEMS}.to": {"$in": sorted(asked.only)}}
    return [
        {"$match": inside | {ITEMS: {"$elemMatch": {"told_at": within}}}},
        {"$unwind": f"${ITEMS}"},
        {"$match": {TOLD_AT: within} | ({"$or": theirs} if asked.account else {}) | only},
    ]


def _by_letter(of: str) -> list[dict[str, Any]]:
    """What is at its default is not stored."""
    letter = {"$ifNull": [f"${ITEMS}.letter", f"${ITEMS}.ref"]}
    return [
        {
            "$group": {
                "_id": {"of": {"$ifNull": [of, ""]}, "letter": letter},
                "deliveries": {"$sum": 1},
                "outside": {"$max": {"$toInt": {"$ifNull": [f"${ITEMS}.outside", False]}}},
                "again": {"$sum": f"${ITEMS}.again"},
            }
        }
    ]


def _by_key(at_most: int) -> list[dict[str, Any]]:
    sums = {name: {"$sum": f"${name}"} for name in ("deliveries", "outside", "again")}
    return [
        {"$group": {"_id": "$_id.of", "letters": {"$sum": 1}, **sums}},
        {"$sort": {"letters": -1, "deliveries": -1, "_id": 1}},
        {"$limit": at_most},
    ]


def _attempt(plain: Mapping[str, Any]) -> Attempt:
    words = (plain.get(name, "") for name in ("outcome", "channel", "letter"))
    return Attempt(plain["at"], *words)
