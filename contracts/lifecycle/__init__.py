"""The life of a ticket as tables: its states, who holds the baton in each, where it is counted, which clocks count.

A state or a clock kind is a row here; whoever must know it reads the row. docs/lifecycle.md is generated from it.
"""

from contracts.lifecycle.clocks import (
    CLOCK_NAMES,
    CLOCKS,
    PROMISED,
    UNANNOUNCED,
    UNORDERED,
    ClockRow,
    clocks_of,
    counts,
)
from contracts.lifecycle.states import (
    COUNTERS,
    DISPUTE,
    ENDED,
    LANES,
    MOVES,
    NEW,
    REJECTION_OF_REWORK,
    STATE_NAMES,
    STATES,
    Lane,
    OfficialCounter,
    Phase,
    StateRow,
    TicketState,
    waiting_for,
)

__all__ = (
    "CLOCKS",
    "CLOCK_NAMES",
    "COUNTERS",
    "DISPUTE",
    "ENDED",
    "LANES",
    "MOVES",
    "NEW",
    "PROMISED",
    "REJECTION_OF_REWORK",
    "STATES",
    "STATE_NAMES",
    "UNANNOUNCED",
    "UNORDERED",
    "ClockRow",
    "Lane",
    "OfficialCounter",
    "Phase",
    "StateRow",
    "TicketState",
    "clocks_of",
    "counts",
    "waiting_for",
)
