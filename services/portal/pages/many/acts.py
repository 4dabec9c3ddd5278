"""What may be done to many matters in one go: by whom, and what is asked for once for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from contracts.identifiers import parse_number
from services.portal.pages.desk_acts.acts import DESK_ACTS, DeskAct

AT_MOST = 200  # matters of one form
ACCEPT, ASSIGN = "acceptance", "assignment"
MANY: Mapping[str, DeskAct] = {
    ACCEPT: replace(DESK_ACTS[ACCEPT], roles=frozenset({"unit"})),
    ASSIGN: replace(
        DESK_ACTS[ASSIGN],
        fields=tuple(each for each in DESK_ACTS[ASSIGN].fields if each.name != "reason"),
        roles=frozenset({"lead", "supervisor"}),
    ),
}
"""What it is called in the address → the act. A dispute is decided one by one: each decision has its own reason."""
OF_KINDS: Mapping[str, str] = {"accept": ACCEPT, "assign": ASSIGN}
"""What is to be done of a matter in the inbox → the act by which that is done to many."""


def act_for(kind: str, role: str) -> str:
    """The act for many by which this work is done; "" where there is none for the role."""
    act = OF_KINDS.get(kind, "")
    return act if act and role in MANY[act].roles else ""


def numbers_of(ticked: Iterable[str]) -> tuple[str, ...]:
    """Each number once, in the order of the ticks. Raises NumberMalformed."""
    return tuple(dict.fromkeys(parse_number(each) for each in ticked if each))


def fault_of(numbers: tuple[str, ...]) -> str:
    """What is wrong with the choice, as the inbox calls it; "" when nothing is."""
    if not numbers:
        return "none"
    return "too_many" if len(numbers) > AT_MOST else ""
