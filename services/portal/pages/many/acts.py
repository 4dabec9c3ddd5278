"""What may be done to many matters in one go: by whom, and what is asked for once for all of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from contracts.actions import ACTIONS
from contracts.identifiers import parse_number
from services.portal.pages.desk_acts import fields
from services.portal.pages.desk_acts.acts import DESK_ACTS, DeskAct
from services.portal.pages.desk_acts.fields import FormField
from services.portal.pages.frame.forms import Typed

AT_MOST = 200  # matters of one form
ACCEPT, RETURN, ASSIGN, RULE, REVIEW = "acceptance", "return", "assignment", "ruling", "review"


def _only(act: str, *names: str) -> tuple[FormField, ...]:
    """These fields of the form for one matter; what is asked for here has to be given."""
    found = {each.name: each for each in DESK_ACTS[act].fields}
    return tuple(replace(found[name], optional=name == "category") for name in names)


MANY: Mapping[str, DeskAct] = {
    ACCEPT: replace(DESK_ACTS[ACCEPT], roles=frozenset({"unit"})),
    RETURN: replace(DESK_ACTS[RETURN], roles=frozenset({"unit"})),
    ASSIGN: replace(
        DESK_ACTS[ASSIGN],
        path="/v1/assignments",
        fields=_only(ASSIGN, "unit", "category"),
        roles=frozenset({"lead", "supervisor"}),
    ),
    RULE: replace(
        DESK_ACTS[ASSIGN],
        name=("裁定", "Decide who does it"),
        fields=_only(ASSIGN, "unit", "category", "reason"),
        roles=frozenset({"supervisor"}),
    ),
    REVIEW: replace(
        DESK_ACTS[REVIEW],
        path="/v1/reviews",
        fields=_only(REVIEW, "passed", "grounds"),
        roles=ACTIONS["ReviewCompletion"].roles,
    ),
}
"""What it is called in the address → the act. What its API takes many of has no number in its path: one call for all.
The reason of a ruling is one for all that are ruled on together, and stands in the story of each."""
OF_KINDS: Mapping[str, tuple[str, ...]] = {
    "accept": (ACCEPT, RETURN),
    "assign": (ASSIGN,),
    "rule": (RULE,),
    "review": (REVIEW,),
}
"""What is to be done of a matter in the inbox → the acts by which that is done to many."""


def acts_for(kind: str, role: str) -> tuple[str, ...]:
    """The acts for many by which this work is done by the role."""
    return tuple(act for act in OF_KINDS.get(kind, ()) if role in MANY[act].roles)


def takes_many(act: DeskAct) -> bool:
    """Whether its API takes all of them in one call."""
    return "{number}" not in act.path


def lacking(act: DeskAct, typed: Typed) -> Iterator[FormField]:
    """What has to be filled in, and is not. Grounds are of work that does not pass."""
    for each in act.fields:
        is_needed = typed.get("passed") == "no" if each.name == "grounds" else not each.optional
        if is_needed and fields.value(each, typed) is None:
            yield each


def inputs_of(act: DeskAct) -> Iterator[str]:
    """The names of all inputs of the form."""
    for each in act.fields:
        yield from (f"{each.name}-{code}" for code in each.options) if each.kind == "many" else (each.name,)


def numbers_of(ticked: Iterable[str]) -> tuple[str, ...]:
    """Each number once, in the order of the ticks. Raises NumberMalformed."""
    return tuple(dict.fromkeys(parse_number(each) for each in ticked if each))


def fault_of(numbers: tuple[str, ...]) -> str:
    """What is wrong with the choice, as the inbox calls it; "" when nothing is."""
    if not numbers:
        return "none"
    return "too_many" if len(numbers) > AT_MOST else ""
