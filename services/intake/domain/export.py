"""The ledger as a file that anyone can check: JSON lines in one canonical form, and the verifier, which needs no more.

First the public key, then all signed heads, then the entries of each chain up to the last head, then how many there
were. A line that is not written exactly as ``line_of`` writes it is a fault, so no byte can change unseen. A file cut
back to an older head is a true older export: compare a head hash that was published elsewhere (``published``).
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from services.intake.domain.ledger import GENESIS, End, Entry, Head, Place, end_of, next_entry

FORM = 1  # version of the file
FAULTS_AT_MOST = 1000  # then the verifier has seen enough
Verified = Callable[[str, str, str], bool]
"""Whether (public key, head hash, signature), all in hex, belong together."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in an export that is not as it was written."""

    where: str
    what: str


def line_of(row: dict[str, Any]) -> bytes:
    """A row as it is written."""
    return orjson.dumps(row) + b"\n"


def first_line(public_key: str) -> bytes:
    """Who signs."""
    return line_of({"ledger": FORM, "public_key": public_key})


def head_line(head: Head, signature: str) -> bytes:
    """A signed head."""
    chains = [list(chain) for chain in head.chains]
    return line_of({"head": head.number, "previous": head.previous, "chains": chains, "signature": signature})


def entry_line(entry: Entry) -> bytes:
    """An entry."""
    place = [entry.log, entry.partition, entry.offset]
    return line_of({"entry": place, "record": b64encode(entry.record).decode(), "chain": entry.chain})


def last_line(heads: int, entries: int) -> bytes:
    """How many there were."""
    return line_of({"end": True, "heads": heads, "entries": entries})


class NotAsWritten(ValueError):
    """A line that no export writes."""


@dataclass
class Verifier:
    """Reads an export once, from front to back, in bounded memory apart from the heads."""

    verified: Verified
    trusted: str = ""
    published: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)
    heads: int = 0
    entries: int = 0
    _part: int = 0  # 0 first line, 1 heads, 2 entries, 3 after the end
    _last: Head | None = None
    _hashes: set[str] = field(default_factory=set)
    _wanted: dict[tuple[str, int, int], str] = field(default_factory=dict)
    _ends: dict[Place, End] = field(default_factory=dict)
    _at: Place = ("", 0)

    def check(self, lines: Iterable[bytes]) -> list[Fault]:
        """The faults of an export; none: it is as it was written."""
        for nth, line in enumerate(lines, 1):
            if len(self.faults) >= FAULTS_AT_MOST:
                return self.faults
            try:
                self._take(line)
            except NotAsWritten as wrong:
                self._fault(f"line {nth}", str(wrong))
        self._close()
        return self.faults

    def _fault(self, where: str, what: str) -> None:
        self.faults.append(Fault(where, what))

    def _take(self, line: bytes) -> None:
        row = _row(line)
        if "ledger" in row:
            self._first(row)
        elif "head" in row:
            self._come_to(1)
            self._head(*_head(row))
        elif "entry" in row:
            self._come_to(2)
            self._entry(_entry(row))
        else:
            self._end(row)

    def _come_to(self, part: int) -> None:
        if self._part not in (part, part - 1) or self._part == 0:
            raise NotAsWritten("out of order")
        self._part = part

    def _first(self, row: dict[str, Any]) -> None:
        if self._part != 0 or row["ledger"] != FORM or len(row) != 2:
            raise NotAsWritten("not the first line of an export that this program knows")
        self._part = 1
        key = _hexadecimal(row.get("public_key"), 64)
        self.trusted = self.trusted or key
        if key != self.trusted:
            self._fault("public key", "not the one that you trust")

    def _head(self, head: Head, signature: str) -> None:
        where, before = f"head {head.number}", self._last
        if head.number != self.heads or head.previous != (before.hash if before else GENESIS):
            self._fault(where, "a head before it is missing, out of order or changed")
        if not self.verified(self.trusted, head.hash, signature):
            self._fault(where, "the signature does not fit")
        self.heads, self._last = self.heads + 1, head
        self._hashes.add(head.hash)
        for log, partition, offset, chain in head.chains:
            if self._wanted.setdefault((log, partition, offset), chain) != chain:
                self._fault(where, f"{log}/{partition}/{offset} is not what an earlier head says")

    def _entry(self, entry: Entry) -> None:
        self.entries += 1
        where, place = f"{entry.log}/{entry.partition}/{entry.offset}", (entry.log, entry.partition)
        if place < self._at:
            self._fault(where, "chains are out of order")
        self._at = place
        before = self._ends.get(place, End())
        expected = next_entry(before, entry.log, entry.partition, entry.record)
        if entry.offset != expected.offset:
            self._fault(where, f"offset {expected.offset} is missing or out of order")
        elif entry != expected:
            self._fault(where, "the chain does not fit: this entry or the one before it was changed")
        self._ends[place] = end_of(entry)
        if self._wanted.pop((*place, entry.offset), entry.chain) != entry.chain:
            self._fault(where, "not what a signed head says")

    def _end(self, row: dict[str, Any]) -> None:
        if row != {"end": True, "heads": self.heads, "entries": self.entries} or self._part not in (1, 2):
            raise NotAsWritten("heads or entries are missing, or this is no line of an export")
        self._part = 3

    def _close(self) -> None:
        if self._part != 3:
            self._fault("end", "the export is cut off")
        for log, partition, offset in sorted(self._wanted):
            self._fault(f"{log}/{partition}/{offset}", "a signed head names it and it is missing")
        standing = {(log, partition): offset for log, partition, offset, _ in self._last.chains} if self._last else {}
        for place, end in self._ends.items():
            if end.offset != standing.get(place, -1):
                self._fault(f"{place[0]}/{place[1]}/{end.offset}", "no signed head covers the end of this chain")
        for missing in sorted(self.published - self._hashes):
            self._fault(f"published head {missing[:16]}…", "is not among the heads of this export")


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise NotAsWritten("not JSON") from None
    if not isinstance(row, dict) or line_of(row) != line:
        raise NotAsWritten("not in the form in which an export writes it")
    return row


def _head(row: dict[str, Any]) -> tuple[Head, str]:
    _has(row, ("head", "previous", "chains", "signature"))
    chains = tuple(_chains(row["chains"]))
    return Head(_whole(row["head"]), chains, _hexadecimal(row["previous"], 64)), _hexadecimal(row["signature"], 128)


def _chains(chains: Any) -> Iterator[tuple[str, int, int, str]]:
    for chain in chains if isinstance(chains, list) else [None]:
        if not isinstance(chain, list) or len(chain) != 4 or not isinstance(chain[0], str):
            raise NotAsWritten("a chain of a head is log, partition, offset, hash")
        yield chain[0], _whole(chain[1]), _whole(chain[2]), _hexadecimal(chain[3], 64)


def _entry(row: dict[str, Any]) -> Entry:
    _has(row, ("entry", "record", "chain"))
    place = row["entry"]
    if not isinstance(place, list) or len(place) != 3 or not isinstance(place[0], str):
        raise NotAsWritten("the place of an entry is log, partition, offset")
    return Entry(place[0], _whole(place[1]), _whole(place[2]), _bytes(row["record"]), _hexadecimal(row["chain"], 64))


def _has(row: dict[str, Any], names: tuple[str, ...]) -> None:
    if tuple(row) != names:
        raise NotAsWritten(f"not exactly {', '.join(names)}")


def _whole(number: Any) -> int:
    if type(number) is not int or number < 0:
        raise NotAsWritten("a number is not a whole one")
    return number


def _hexadecimal(text: Any, length: int) -> str:
    if not isinstance(text, str) or len(text) != length or set(text) - set("0123456789abcdef"):
        raise NotAsWritten(f"not {length} hexadecimal digits")
    return text


def _bytes(text: Any) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except (ValueError, TypeError):
        raise NotAsWritten("a record is not base64") from None
    if b64encode(raw).decode() != text:
        raise NotAsWritten("a record is not base64 in its one form")
    return raw
