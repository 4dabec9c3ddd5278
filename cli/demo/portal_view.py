"""What the portal shows of a ticket, as the people see it: pure."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts import lifecycle
from simulation.people import SeenStage, StageReached

Shown = Mapping[str, Any]


Duties = Mapping[str, tuple[str, ...]]
"""Category → the units of the county whose duty it is."""


@dataclass(frozen=True, slots=True)
class Waits:
    """What the work list shows of a matter: the units that it proposes, and those that gave it back."""

    candidates: tuple[str, ...] = ()
    returned_by: tuple[str, ...] = ()


def duties_of(shown: Sequence[Shown]) -> Duties:
    """The duty table as routing shows it."""
    duties: dict[str, tuple[str, ...]] = {}
    for unit in shown:
        for category in unit["duties"]:
            duties[category] = (*duties.get(category, ()), unit["code"])
    return duties


REMEMBERED_AT_MOST = 50_000  # stages of tickets
STAGES = {stage.value: stage for stage in SeenStage}
ENDED = tuple(state.value for state in lifecycle.ENDED)


def seen(ticket: Shown, duties: Duties, waits: Waits = Waits()) -> Iterator[StageReached]:
    """The stages that a ticket is at: its state, and the last order when there is one.

    Where the work list proposes nobody, whoever has the duty for the ticket's category.
    """
    state, unit = str(ticket["state"]), str(ticket["unit"])
    common: dict[str, Any] = {
        "ticket": str(ticket["number"]),
        "unit": unit,
        "state": state,
        "state_nth": nth(ticket),
        "urgent": bool(ticket["urgent"]),
        "voters": max(1, int(ticket["voters"])),
        "returns": int(ticket["returns"]),
        "candidates": waits.candidates or duties.get(str(ticket["category"]), ()),
        "returned_by": waits.returned_by,
    }
    if state in STAGES:
        yield StageReached(stage=STAGES[state], nth=nth(ticket), **common)
    standing = [order for order in ticket["orders"] if not order["withdrawn"]]
    if standing and state not in ENDED:
        yield StageReached(stage=SeenStage.ORDERED, nth=len(standing), **common)


def nth(ticket: Shown) -> int:
    """For the how-manieth time it is where it is: rounds while it is handled, hops and returns before."""
    match ticket["state"]:
        case "in_hand":
            return 1
        case "rework":
            return int(ticket["reworks"]) + 1
        case "awaiting_evaluation" | "struck_off":
            return max(1, int(ticket["round"]))
        case "assigned":
            return max(1, int(ticket["hops"]))
        case _:
            return 1 + int(ticket["returns"])


class Memory:
    """Which stages of which tickets were acted on; the oldest are forgotten."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, SeenStage, int], None] = OrderedDict()

    def is_new(self, what: StageReached) -> bool:
        """Whether this was not seen before; now it is."""
        key = (what.ticket, what.stage, what.nth)
        if key in self._known:
            return False
        self._known[key] = None
        while len(self._known) > REMEMBERED_AT_MOST:
            self._known.popitem(last=False)
        return True
