"""原始台账: a chain per partition over every record of both logs; signed heads; verified offline.

An entry is a pure function of the record's bytes, its offset and the entry before it. It commits to ciphertext, so an
erased key changes nothing here.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One record's place in the chain. ``digest`` commits to key, headers and value."""

    log: str
    partition: int
    offset: int
    digest: str
    chain: str


@dataclass(frozen=True, slots=True)
class Head:
    """All chains at one moment: log, partition → (last offset, chain). ``previous``: the hash of the head before."""

    number: int
    chains: tuple[tuple[str, int, int, str], ...]
    previous: str

    @property
    def hash(self) -> str:
        """What is signed."""
        return _hash(str(self.number), self.previous, *(str(part) for chain in self.chains for part in chain))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in an export that is not as it was written."""

    where: str
    what: str


def _hash(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()


def digest_of(key: str, headers: Iterable[tuple[str, bytes]], value: bytes) -> str:
    """The commitment to one record's bytes."""
    return _hash(key, *(part for name, content in headers for part in (name, content)), value)


def next_entry(previous: str, log: str, partition: int, offset: int, digest: str) -> Entry:
    """The entry after the one whose chain hash is ``previous`` (GENESIS for the first)."""
    return Entry(log, partition, offset, digest, _hash(previous, log, str(partition), str(offset), digest))


def chain_faults(entries: Sequence[Entry]) -> list[Fault]:
    """Faults in one partition's entries, which begin at offset 0."""
    faults: list[Fault] = []
    previous = GENESIS
    for nth, entry in enumerate(entries):
        where = f"{entry.log}/{entry.partition}/{entry.offset}"
        if entry.offset != nth:
            return [*faults, Fault(where, f"offset {nth} is missing or out of order")]
        if next_entry(previous, entry.log, entry.partition, entry.offset, entry.digest) != entry:
            faults.append(Fault(where, "the chain does not fit: this entry or one before it was changed"))
        previous = entry.chain
    return faults


def head_faults(heads: Sequence[Head], chains: Mapping[tuple[str, int], Sequence[Entry]]) -> list[Fault]:
    """Faults between consecutive heads, and between heads and entries."""
    faults: list[Fault] = []
    previous = GENESIS
    for nth, head in enumerate(heads):
        where = f"head {head.number}"
        if head.number != nth or head.previous != previous:
            faults.append(Fault(where, "a head is missing or out of order"))
        faults += [Fault(where, f"{log}/{p} at {at} differs") for log, p, at, chain in head.chains
                   if not _stands(chains.get((log, p), ()), at, chain)]  # fmt: skip
        previous = head.hash
    return faults


def _stands(entries: Sequence[Entry], offset: int, chain: str) -> bool:
    return offset < len(entries) and entries[offset].chain == chain
