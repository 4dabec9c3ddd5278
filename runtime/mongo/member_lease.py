"""Two processes under one name both hold everything in Kafka, for ever and unsaid: a lease finds out.

It lies in ``members`` of the service's own database. Nobody waits for it: writes are guarded by versions anyway.
"""

from dataclasses import dataclass, field
from typing import Any

from runtime.mongo.client import Database, available, insert_absent

COLLECTION = "members"
LOOK_EVERY = 5.0  # seconds between beats
DEAD_AFTER = 4  # looks at a beat that stands still: its holder is dead or frozen, and the lease is free


class MemberTaken(Exception):
    """Another process lives under the same name. Its text says which setting to change."""


@dataclass
class MemberLease:
    """One process's share in the name of its replica. ``holder``: what no other process is called."""

    database: Database
    group: str
    member: str
    holder: str
    _seen: tuple[str, int] = ("", -1)
    _stands_still: int = field(default=0)

    async def look(self) -> None:
        """Beat, or look whether whoever holds the name does. Raises MemberTaken within four looks; Unavailable."""
        members, name = self.database[COLLECTION], f"{self.group}/{self.member}"
        async with available():
            mine = await members.update_one({"_id": name, "holder": self.holder}, {"$inc": {"beat": 1}})
            found = None if mine.matched_count else await members.find_one({"_id": name})
        if found is not None:
            await self._watch(members, found)
        elif not mine.matched_count:
            await insert_absent(members, [{"_id": name, "holder": self.holder, "beat": 0}])

    async def _watch(self, members: Any, found: dict[str, Any]) -> None:
        before, self._seen = self._seen, (found["holder"], found["beat"])
        if before[0] == found["holder"] and before[1] != found["beat"]:
            raise MemberTaken(
                f"another process of {self.group} runs as member {self.member!r}: give each replica a DUBAN_MEMBER of "
                "its own; this one, which came later, ends"
            )
        self._stands_still = self._stands_still + 1 if before == self._seen else 0
        if self._stands_still >= DEAD_AFTER:
            async with available():
                await members.update_one(found, {"$set": {"holder": self.holder}})
