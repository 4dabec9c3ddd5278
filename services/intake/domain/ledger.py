"""原始台账: a chain per partition over every record of the three logs, word for word; heads over all chains are signed.

An entry is a pure function of the record's bytes, its offset and the entry before it. What people said is ciphertext in
the record, so a destroyed key changes nothing here: the ledger still verifies.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from contracts.identifiers import hash_of

GENESIS = "0" * 64
Place = tuple[str, int]
"""A log (topic and epoch) and a partition of it."""
Span = tuple[str, int, int, int]
"""Log, partition, first and last offset."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One record and its place in the chain. ``record``: see ``record_bytes``."""

    log: str
    partition: int
    offset: int
    record: bytes
    chain: str


@dataclass(frozen=True, slots=True)
class End:
    offset: int = -1
    chain: str = GENESIS


@dataclass(frozen=True, slots=True)
class Head:
    """All chains at one moment: (log, partition, last offset, chain). ``previous``: the hash of the head before."""

    number: int
    chains: tuple[tuple[str, int, int, str], ...]
    previous: str

    @property
    def hash(self) -> str:
        return hash_of(str(self.number), self.previous, *(str(part) for chain in self.chains for part in chain))


@dataclass(frozen=True, slots=True)
class Signed:
    """A head, its Ed25519 signature and the public key of whoever signed; both in hex."""

    head: Head
    signature: str
    key: str


def record_bytes(key: str, headers: Iterable[tuple[str, bytes]], value: bytes) -> bytes:
    """One record word for word: key, value and headers, each with its length before it."""
    parts = [key.encode(), value, *(part for name, content in headers for part in (name.encode(), content))]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def record_of(record: bytes) -> tuple[str, list[tuple[str, bytes]], bytes]:
    """Key, headers and value of what ``record_bytes`` made."""
    parts, at = list[bytes](), 0
    while at < len(record):
        length = int.from_bytes(record[at : at + 4], "big")
        parts.append(record[at + 4 : at + 4 + length])
        at += 4 + length
    key, value, *headers = parts
    return key.decode(), [(name.decode(), each) for name, each in zip(headers[::2], headers[1::2], strict=True)], value


def next_entry(before: End, log: str, partition: int, record: bytes) -> LedgerEntry:
    """The entry of the record that follows ``before``."""
    offset, digest = before.offset + 1, hashlib.sha256(record).hexdigest()
    return LedgerEntry(log, partition, offset, record, hash_of(before.chain, log, str(partition), str(offset), digest))


def end_of(entry: LedgerEntry) -> End:
    """Where the chain stands after an entry."""
    return End(entry.offset, entry.chain)


def next_head(before: Head | None, chains: Iterable[tuple[Place, End]]) -> Head | None:
    """The head over these chains, sorted; None when nothing has moved since the one before."""
    vector = tuple(sorted((*place, end.offset, end.chain) for place, end in chains if end.offset >= 0))
    if before is None:
        return Head(0, vector, GENESIS)
    return None if vector == before.chains else Head(before.number + 1, vector, before.hash)


def spans_between(before: Head | None, head: Head) -> list[Span]:
    """What is new under a head: of each chain that moved, from which offset to which, in the order of the chains."""
    stood = {(log, partition): offset for log, partition, offset, _ in before.chains} if before else {}
    spans = [(log, partition, stood.get((log, partition), -1) + 1, offset) for log, partition, offset, _ in head.chains]
    return [span for span in spans if span[2] <= span[3]]
