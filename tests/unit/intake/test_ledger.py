"""The ledger: an export verifies, and no change to it goes unseen."""

import asyncio
import secrets
from base64 import b64encode
from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.topics import LEDGER
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Outgoing
from runtime.memory.log import InMemoryLog, InMemoryReader
from services.intake import metrics
from services.intake.adapters.memory import InMemoryLedger
from services.intake.adapters.signing import Signer, export_lines, verified
from services.intake.domain.export import Verifier, line_of
from services.intake.domain.ledger import End, Head, LedgerEntry, Signed, next_entry, next_head, record_bytes
from services.intake.workers.ledger import LedgerForked, LedgerLoop

KEY = b64encode(b"l" * 32).decode()
PUBLIC = Signer(InMemoryLedger(), KEY).public_key


def _say(log: InMemoryLog, topic: str, partition: int, value: bytes) -> None:
    log.append(Outgoing(topic, partition, f"T{partition}", [("ce_type", b"X"), ("n", value[:1])], value))


def _log(count: int = 9) -> InMemoryLog:
    log = InMemoryLog()
    for nth in range(count):
        _say(log, ("submissions", "tickets", "affairs")[nth % 3], nth % 2, f"诉求{nth}".encode())
    return log


def _loop(log: InMemoryLog, ledger: InMemoryLedger, group: str = "ledger") -> LedgerLoop:
    return LedgerLoop(InMemoryReader(log, group, LEDGER), ledger)


async def _exported(heads: int = 2) -> bytes:
    log, ledger = InMemoryLog(), InMemoryLedger()
    loop, signer = _loop(log, ledger), Signer(ledger, KEY)
    for nth in range(heads):
        for each in range(4):
            _say(log, ("submissions", "tickets")[each % 2], each // 2, f"诉求{nth}.{each}".encode())
        await loop.step()
        await signer.sign()
    return b"".join([line async for line in export_lines(ledger, signer)])


EXPORT = asyncio.run(_exported())
LINES = EXPORT.splitlines(keepends=True)


def _faults(export: bytes, trusted: str = "", published: tuple[str, ...] = ()) -> list[str]:
    verifier = Verifier(verified, frozenset(trusted and [trusted]), frozenset(published))
    return [f"{fault.where}: {fault.what}" for fault in verifier.check(export.splitlines(keepends=True))]


def test_an_export_verifies_and_holds_every_record_word_for_word() -> None:
    assert _faults(EXPORT, PUBLIC) == []
    verifier = Verifier(verified)
    verifier.check(LINES)
    assert (verifier.entries, verifier.heads) == (8, 2)
    assert b64encode(record_bytes("T0", [("ce_type", b"X"), ("n", "诉".encode()[:1])], "诉求0.0".encode())) in EXPORT


def test_every_changed_byte_is_found() -> None:
    """Each byte of the export in turn, each bit of a byte in its turn."""
    for at in range(len(EXPORT)):
        changed = EXPORT[:at] + bytes([EXPORT[at] ^ (1 << at % 8)]) + EXPORT[at + 1 :]
        assert _faults(changed), f"byte {at} of {len(EXPORT)}: {EXPORT[max(0, at - 20) : at + 20]!r}"


def test_every_deleted_line_and_every_swap_is_found() -> None:
    for at in range(len(LINES)):
        assert _faults(b"".join(LINES[:at] + LINES[at + 1 :])), f"without line {at}"
        assert _faults(b"".join([*LINES[: at + 1], *LINES[at:]])), f"line {at} twice"
    for one in range(len(LINES)):
        for other in range(one):
            swapped = list(LINES)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            assert _faults(b"".join(swapped)), f"{one} and {other} swapped"


@settings(max_examples=300)
@given(st.integers(0, len(EXPORT)), st.integers(0, 300), st.binary(max_size=40))
def test_any_other_edit_is_found(start: int, length: int, instead: bytes) -> None:
    changed = EXPORT[:start] + instead + EXPORT[start + length :]
    assert changed == EXPORT or _faults(changed)


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_any_bytes_can_be_checked(lines: list[bytes]) -> None:
    assert Verifier(verified).check(lines)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["head", "entry", "ledger", "chains", "record", "chain", "end"]), inner)
        ),
    )
)
def test_any_json_can_be_checked(row: object) -> None:
    assert Verifier(verified).check([LINES[0], orjson.dumps(row) + b"\n"])


def test_another_signer_and_another_history_are_found() -> None:
    other = Signer(InMemoryLedger(), b64encode(b"m" * 32).decode()).public_key
    assert any("a key that you do not trust" in fault for fault in _faults(EXPORT, other))
    head = Head(0, (), "0" * 64)
    assert any("published head" in fault for fault in _faults(EXPORT, PUBLIC, (head.hash,)))


async def test_a_new_signing_key_leaves_the_heads_of_the_old_one_as_they_are() -> None:
    log, ledger = _log(), InMemoryLedger()
    signers = [Signer(ledger, KEY), Signer(ledger, b64encode(b"m" * 32).decode())]
    for signer in signers:
        await _loop(log, ledger, signer.public_key).step()
        await signer.sign()
        _say(log, "tickets", 0, b"later")
    lines = [line async for line in export_lines(ledger, signers[1])]
    keys = frozenset(signer.public_key for signer in signers)
    assert Verifier(verified, keys).check(lines) == []
    assert [fault.where for fault in Verifier(verified, keys - {PUBLIC}).check(lines)] == ["head 0"]


async def test_a_long_history_is_checked_in_the_memory_of_a_short_one() -> None:
    def kept(export: bytes) -> int:
        verifier = Verifier(verified)
        assert verifier.check(export.splitlines(keepends=True)) == []
        return sum(len(each) for each in vars(verifier).values() if hasattr(each, "__len__"))

    assert kept(await _exported(40)) == kept(await _exported(2))


async def test_a_cut_back_ledger_is_a_true_older_one_until_a_published_head_says_otherwise() -> None:
    older = await _exported(1)
    assert _faults(older, PUBLIC) == []
    newest = orjson.loads(LINES[-2])
    published = Head(1, tuple((*chain,) for chain in newest["chains"]), newest["previous"]).hash
    assert any("published head" in fault for fault in _faults(older, PUBLIC, (published,)))
    assert _faults(EXPORT, PUBLIC, (published,)) == []


def test_an_entry_depends_on_all_that_it_is_made_of() -> None:
    before = End(3, "a" * 64)
    entry = next_entry(before, "tickets/1", 7, b"record")
    assert (entry.offset, len(entry.chain)) == (4, 64)
    others = [
        next_entry(End(3, "b" * 64), "tickets/1", 7, b"record"),
        next_entry(End(4, "a" * 64), "tickets/1", 7, b"record"),
        next_entry(before, "tickets/2", 7, b"record"),
        next_entry(before, "tickets/1", 8, b"record"),
        next_entry(before, "tickets/1", 7, b"Record"),
    ]
    assert len({entry.chain, *(other.chain for other in others)}) == 6


@given(st.text(max_size=5), st.binary(max_size=5), st.text(max_size=5), st.binary(max_size=5))
def test_records_that_join_alike_differ(key: str, value: bytes, name: str, content: bytes) -> None:
    one = record_bytes(key, [(name, content)], value)
    assert one != record_bytes(key + name, [("", content)], value) or not name
    assert one != record_bytes(key, [(name, b"")], value + content) or not content


def test_heads_are_sorted_and_none_is_signed_twice_over_the_same() -> None:
    first = next_head(None, [(("t", 1), End(0, "b" * 64)), (("s", 0), End(4, "a" * 64)), (("t", 2), End())])
    assert first is not None
    assert [chain[:3] for chain in first.chains] == [("s", 0, 4), ("t", 1, 0)]
    assert next_head(first, [(("s", 0), End(4, "a" * 64)), (("t", 1), End(0, "b" * 64))]) is None
    second = next_head(first, [(("s", 0), End(5, "c" * 64)), (("t", 1), End(0, "b" * 64))])
    assert second is not None
    assert (second.number, second.previous) == (1, first.hash)


async def test_reading_again_changes_nothing() -> None:
    log, ledger = _log(), InMemoryLedger()
    await _loop(log, ledger).step()
    before = [await ledger.end(*place) for place in await ledger.places()]
    await _loop(log, ledger, "from the beginning").step()
    assert [await ledger.end(*place) for place in await ledger.places()] == before


async def test_two_loops_at_once_write_the_same_ledger() -> None:
    log, ledger = _log(4), InMemoryLedger()
    one, other = _loop(log, ledger, "one"), _loop(log, ledger, "other")
    await one.step()
    _say(log, "tickets", 0, b"more")
    await other.step()  # knows the end that one wrote
    _say(log, "tickets", 0, b"still more")
    await one.step()  # thinks that the chain stands before "more"
    await other.step()
    signer = Signer(ledger, KEY)
    assert _faults(b"".join([line async for line in export_lines(ledger, signer)])) == []


async def test_a_loop_that_gets_a_partition_back_goes_on_where_the_other_one_left_off() -> None:
    log, ledger = _log(4), InMemoryLedger()
    away = _loop(log, ledger, "group")
    await away.step()
    for value in (b"a", b"b", b"c"):
        _say(log, "tickets", 0, value)
    await _loop(log, ledger, "group").step()
    _say(log, "tickets", 0, b"d")
    away._reader.reassigned()  # type: ignore[attr-defined]
    await away.step()
    assert (await ledger.end("tickets/1", 0)).offset == len(log.records["tickets/1", 0]) - 1


async def test_another_record_under_a_known_offset_halts_and_counts() -> None:
    log, ledger = _log(), InMemoryLedger()
    await _loop(log, ledger).step()
    place = ("tickets/1", 1)
    log.records[place][0] = replace(log.records[place][0], value=b"other")
    before = metrics.LEDGER_FORKS._value.get()
    with pytest.raises(LedgerForked):
        await _loop(log, ledger, "again").step()
    assert metrics.LEDGER_FORKS._value.get() == before + 1


async def test_a_hole_in_the_log_halts() -> None:
    log, ledger = _log(), InMemoryLedger()
    loop = _loop(log, ledger)
    await loop.step()
    place = ("tickets/1", 0)
    _say(log, "tickets", 0, b"lost")
    _say(log, "tickets", 0, b"after it")
    log.records[place][-1:] = [log.records[place][-1]]
    loop._reader._next[place] = log.records[place][-1].offset  # type: ignore[attr-defined]
    with pytest.raises(LedgerForked):
        await loop.step()


async def test_a_halted_ledger_halts_alone() -> None:
    log, ledger = _log(), InMemoryLedger()
    await _loop(log, ledger).step()
    log.records["tickets/1", 1][0] = replace(log.records["tickets/1", 1][0], value=b"other")
    stop = asyncio.Event()
    running = asyncio.create_task(_loop(log, ledger, "again").run(stop))
    await asyncio.sleep(0)
    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 5)


class Failing(InMemoryLedger):
    """Unavailable at the second batch, after it took a part of it."""

    batches = 0

    async def append(self, entries: object) -> list[LedgerEntry]:
        """Take three entries, then be gone."""
        self.batches += 1
        assert isinstance(entries, list)
        if self.batches == 2:
            await super().append(entries[:3])
            raise Unavailable("gone")
        return await super().append(entries)


async def test_a_batch_that_was_half_written_is_finished() -> None:
    log, ledger = _log(6), Failing()
    loop = _loop(log, ledger)
    await loop.step()
    for nth in range(8):
        _say(log, "tickets", nth % 2, b"more%d" % nth)
    with pytest.raises(Unavailable):
        await loop.step()
    loop._ends.clear()
    await loop.step()
    assert _faults(b"".join([line async for line in export_lines(ledger, Signer(ledger, KEY))])) == []


async def test_a_number_is_signed_once() -> None:
    log, ledger = _log(), InMemoryLedger()
    await _loop(log, ledger).step()
    first, second = Signer(ledger, KEY), Signer(ledger, KEY)
    assert await first.sign() is not None
    assert await second.sign() is None
    assert not await ledger.sign(Signed(Head(0, (), secrets.token_hex(32)), "", ""))


def test_a_row_has_one_form() -> None:
    assert line_of({"a": 1}) == b'{"a":1}\n'
