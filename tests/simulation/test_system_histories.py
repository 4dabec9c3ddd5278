"""All services on the in-memory bus with the simulated people: V1–V9 after each history, and nothing left unmet."""

import os
from collections import Counter

import pytest

from cli.simulate import DAYS, TICKETS
from simulation.history import POSSIBLE, Violated
from simulation.play import play

SEEDS = int(os.environ.get("DUBAN_SEEDS", "400"))  # `make check` plays fewer
ALL_MET = 400  # histories from which on every fault and transition must have been met
FAULTS = (
    "crash at fetched", "crash at prepared", "crash at loaded", "crash at saved", "crash at published",
    "crash at committed", "frozen", "zombie woke up", "commit failed", "commit acknowledgement lost", "batch in part",
    "acknowledgement late", "late copies arrived", "acknowledgement lost", "read failed", "write failed",
    "write acknowledgement lost", "version guard refused", "replay from offset 0", "provider times out",
    "deliverer restarts", "provider takes nothing", "deliverer dies before it reports",
    "receipt comes late and twice",
)  # fmt: skip


@pytest.mark.timeout(1200)
def test_no_history_violates_an_invariant() -> None:
    moves: Counter[tuple[str, str]] = Counter()
    happened: Counter[str] = Counter()
    for seed in range(SEEDS):
        try:
            played = play(seed, TICKETS, DAYS)
        except AssertionError as violated:
            replay = f"duban simulate --seed {seed} --steps"
            raise Violated(f"seed {seed}: {violated}; replay it with: {replay}") from violated
        moves += played.moves
        happened += played.faults
    if SEEDS >= ALL_MET:
        assert sorted(POSSIBLE - moves.keys()) == []
        assert [fault for fault in FAULTS if not happened[fault]] == []
