"""办理标准: which of a catalogue are in force, what is wrong with one, and which duties have none (C1)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.sla.domain.limits import Limit, problems

APPROVERS = ("unit", "lead", "supervisor")
"""Who may approve an extension, from the bottom up."""
GENERAL = "*"
"""The duty of a standard that fits any matter and therefore promises nothing in particular."""


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard as the rules see it. ``duties``: category codes it is for; a code covers those below it."""

    code: str
    version: int
    limit: Limit
    extension_cap: int
    extension_approver: str
    legal_basis: str
    procedure: str
    valid_from: datetime
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A duty of a unit without a standard. ``general``: only one that fits anything covers it."""

    unit: str
    duty: str
    general: bool


def faults(standard: Standard) -> tuple[str, ...]:
    """Why a standard may not be offered, by code; empty when it may."""
    checks = {
        "version_out_of_range": standard.version >= 1,
        "approver_unknown": standard.extension_approver in APPROVERS,
        "extension_longer_than_limit": 0 <= standard.extension_cap <= standard.limit.amount,
        "legal_basis_missing": bool(standard.legal_basis),
        "procedure_missing": bool(standard.procedure),
    }
    return (*problems(standard.limit), *(code for code, holds in checks.items() if not holds))


def in_force(standards: Iterable[Standard], at: datetime) -> dict[str, Standard]:
    """By code: the newest version that is valid at ``at``."""
    valid = sorted((each for each in standards if each.valid_from <= at), key=lambda each: each.version)
    return {each.code: each for each in valid}


def gaps(
    duties: Mapping[str, Collection[str]], chosen: Mapping[str, Iterable[str]], standards: Mapping[str, Standard]
) -> tuple[Gap, ...]:
    """Per unit: each duty that none of the standards it may choose from is for; a major class by its minor ones."""
    known = {code for each in duties.values() for code in each} | {
        code for s in standards.values() for code in s.duties
    }
    found = (
        _gap(unit, part, chosen.get(unit, ()), standards)
        for unit in duties
        for duty in duties[unit]
        for part in _parts(duty, known)
    )
    return tuple(gap for gap in found if gap is not None)


def _parts(duty: str, known: Collection[str]) -> Iterator[str]:
    """The classes below a duty that a unit or a standard names; the duty itself when there are none."""
    below = sorted(code for code in known if code.startswith(f"{duty}."))
    yield from below or (duty,)


def _gap(unit: str, duty: str, chosen: Iterable[str], standards: Mapping[str, Standard]) -> Gap | None:
    offered = [standards[code] for code in chosen if code in standards]
    if any(_covers(standard, duty) for standard in offered):
        return None
    return Gap(unit, duty, general=any(GENERAL in standard.duties for standard in offered))


def _covers(standard: Standard, duty: str) -> bool:
    return any(duty == code or duty.startswith(f"{code}.") for code in standard.duties)
