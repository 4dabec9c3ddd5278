"""What a fact says of its ticket in its last headers, so that whoever filters looks into no body."""

from collections.abc import Mapping

from contracts.envelope import Headers
from contracts.vocabulary import county_of

LABELS = ("division", "category", "unit", "origin")
"""Header ``ce_<name>``. Division: a county's code, or the shorter one that is known; category: of the taxonomy; unit:
who is responsible. Origin, the system that a matter came from, is said by no door yet: a filter on it finds nothing."""


def labels_of(division: str, category: str = "", unit: str = "") -> Mapping[str, str]:
    """The labels of a document; what is not known is "", and then not said."""
    return {"division": county_of(division), "category": category, "unit": unit}


def labels_in(headers: Headers) -> dict[str, str]:
    """Name → what a record's headers say; "" where they say nothing, as those of earlier builds do."""
    said = dict(headers)
    return {name: said.get(f"ce_{name}", b"").decode("utf-8", "replace") for name in LABELS}
