"""The ledger as a file that anyone can check: JSON lines in one canonical form, and the verifier, which needs no more.

Each signed head stands behind the entries that are new under it, chain by chain; at the end, how many there were. So it
is written and checked in bounded memory, however long the history is. A line that is not written exactly as ``line_of``
writes it is a fault, so no byte can change unseen. A file cut back to an older head is a true older export: compare a
head hash that was published elsewhere (``published``).
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson

from services.intake.domain.ledger import GENESIS, End, Head, LedgerEntry, Place, Signed, end_of, next_entry

FORM = 2  # version of the file
FAULTS_AT_MOST = 1000  # then the verifier has seen enough
FIRST: Place = ("", 0)  # before all places
ReadT = TypeVar("ReadT")
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


def first_line() -> bytes:
    return line_of({"ledger": FORM})


def head_line(signed: Signed) -> bytes:
    """A head and who signed it: keys change in the course of years."""
    chains = [list(chain) for chain in signed.head.chains]
    head = {"head": signed.head.number, "previous": signed.head.previous, "chains": chains}
    return line_of(head | {"public_key": signed.key, "signature": signed.signature})


def entry_line(entry: LedgerEntry) -> bytes:
    place = [entry.log, entry.partition, entry.offset]
    return line_of({"entry": place, "record": b64encode(entry.record).decode(), "chain": entry.chain})


def last_line(heads: int, entries: int) -> bytes:
    return line_of({"end": True, "heads": heads, "entries": entries})


class NotAsWritten(ValueError):
    """A line that no export writes."""


def entry_in(line: bytes) -> LedgerEntry | None:
    """The entry of a line; None where it is no entry. What is wrong with the file, the verifier says."""
    return _read(line, "entry", _entry)


def head_in(line: bytes) -> Signed | None:
    """The head of a line; None where it is no head."""
    return _read(line, "head", _head)


def _read(line: bytes, name: str, read: Callable[[dict[str, Any]], ReadT]) -> ReadT | None:
    try:
        row = _row(line)
        return read(row) if name in row else None
    except NotAsWritten:
        return None


@dataclass
class Verifier:
    """Reads an export once, from front to back; keeps where each chain stands and nothing else of what it has read.

    ``trusted``: the public keys whose signatures count, in hex; none: whatever key a head names, which shows that the
    export is whole but not whose it is.
    """

    verified: Verified
    trusted: frozenset[str] = frozenset()
    published: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)
    heads: int = 0
    entries: int = 0
    _has_begun: bool = False
    _has_ended: bool = False
    _last: str = GENESIS
    _unseen: set[str] = field(default_factory=set)
    _ends: dict[Place, End] = field(default_factory=dict)
    _at: Place = FIRST
    _is_covered: bool = True

    def check(self, lines: Iterable[bytes]) -> list[Fault]:
        """The faults of an export; none: it is as it was written."""
        self._unseen = set(self.published)
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
        if self._has_ended or self._has_begun == ("ledger" in row):
            raise NotAsWritten("out of order")
        if "ledger" in row:
            self._first(row)
        elif "head" in row:
            self._head(_head(row))
        elif "entry" in row:
            self._entry(_entry(row))
        else:
            self._end(row)

    def _first(self, row: dict[str, Any]) -> None:
        self._has_begun = True
        if row != {"ledger": FORM}:
            raise NotAsWritten("not the first line of an export that this program knows")

    def _entry(self, entry: LedgerEntry) -> None:
        self.entries += 1
        where, place = f"{entry.log}/{entry.partition}/{entry.offset}", (entry.log, entry.partition)
        if place < self._at:
            self._fault(where, "chains are out of order")
        self._at, self._is_covered = place, False
        expected = next_entry(self._ends.get(place, End()), entry.log, entry.partition, entry.record)
        if entry.offset != expected.offset:
            self._fault(where, f"offset {expected.offset} is missing or out of order")
        elif entry != expected:
            self._fault(where, "the chain does not fit: this entry or the one before it was changed")
        self._ends[place] = end_of(entry)

    def _head(self, signed: Signed) -> None:
        head, where = signed.head, f"head {signed.head.number}"
        if head.number != self.heads or head.previous != self._last:
            self._fault(where, "a head before it is missing, out of order or changed")
        if self.trusted and signed.key not in self.trusted:
            self._fault(where, "signed with a key that you do not trust")
        if not self.verified(signed.key, head.hash, signed.signature):
            self._fault(where, "the signature does not fit")
        for place in self._differing(head):
            self._fault(where, f"{place[0]}/{place[1]} ends otherwise than the entries before it")
        self.heads, self._last, self._at, self._is_covered = self.heads + 1, head.hash, FIRST, True
        self._unseen.discard(head.hash)

    def _differing(self, head: Head) -> list[Place]:
        """The chains that do not end as the head says; from here on they are taken to stand as it says."""
        said = {(log, partition): End(offset, chain) for log, partition, offset, chain in head.chains}
        read, self._ends = self._ends, said
        return [place for place in sorted(said.keys() | read) if said.get(place) != read.get(place)]

    def _end(self, row: dict[str, Any]) -> None:
        self._has_ended = True
        if row != {"end": True, "heads": self.heads, "entries": self.entries}:
            raise NotAsWritten("heads or entries are missing, or this is no line of an export")

    def _close(self) -> None:
        if not self._has_ended:
            self._fault("end", "the export is cut off")
        if not self._is_covered:
            self._fault("end", "no signed head covers the last entries")
        for missing in sorted(self._unseen):
            self._fault(f"published head {missing[:16]}…", "is not among the heads of this export")


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise NotAsWritten("not JSON") from None
    if not isinstance(row, dict) or line_of(row) != line:
        raise NotAsWritten("not in the form in which an export writes it")
    return row


def _head(row: dict[str, Any]) -> Signed:
    _has(row, ("head", "previous", "chains", "public_key", "signature"))
    chains = tuple(_chains(row["chains"]))
    head = Head(_whole(row["head"]), chains, _hexadecimal(row["previous"], 64))
    return Signed(head, _hexadecimal(row["signature"], 128), _hexadecimal(row["public_key"], 64))


def _chains(chains: Any) -> Iterator[tuple[str, int, int, str]]:
    for chain in chains if isinstance(chains, list) else [None]:
        if not isinstance(chain, list) or len(chain) != 4 or not isinstance(chain[0], str):
            raise NotAsWritten("a chain of a head is log, partition, offset, hash")
        yield chain[0], _whole(chain[1]), _whole(chain[2]), _hexadecimal(chain[3], 64)


def _entry(row: dict[str, Any]) -> LedgerEntry:
    _has(row, ("entry", "record", "chain"))
    place = row["entry"]
    if not isinstance(place, list) or len(place) != 3 or not isinstance(place[0], str):
        raise NotAsWritten("the place of an entry is log, partition, offset")
    return LedgerEntry(
        place[0], _whole(place[1]), _whole(place[2]), _bytes(row["record"]), _hexadecimal(row["chain"], 64)
    )


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
