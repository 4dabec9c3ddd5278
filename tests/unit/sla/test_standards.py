"""The packaged catalogue can be promised; what is in force; which duties have no standard."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sla.adapters import packaged
from services.sla.domain.deadlines import deadline
from services.sla.domain.limits import Limit
from services.sla.domain.standards import Gap, Standard, faults, gaps, in_force
from tests.harness import MONDAY
from tests.unit.sla.values import CN

PACKAGED = [packaged.standard_of(each) for each in packaged.standards()]
ROAD = Standard("RDS-01", 1, Limit(7), 3, "lead", "law", "steps", MONDAY, ("TRF.01",))
BUS = replace(ROAD, code="BUS-01", duties=("TRF.03",))
GENERAL = replace(ROAD, code="GEN-01", duties=("*",))


def test_there_are_at_least_twenty_standards_with_codes_of_their_own() -> None:
    assert len(PACKAGED) >= 20
    assert len({each.code for each in PACKAGED}) == len(PACKAGED)


@pytest.mark.parametrize("standard", PACKAGED, ids=lambda each: str(each.code))
def test_a_packaged_standard_may_be_offered(standard: Standard) -> None:
    assert faults(standard) == ()
    assert standard.duties
    reached = deadline(standard.limit, MONDAY, CN)
    assert MONDAY < reached.yellow < reached.orange < reached.due, "every colour of a promise has its time"


def test_the_catalogue_has_limits_of_every_kind() -> None:
    assert {each.limit.unit for each in PACKAGED} >= {"office_hours", "working_days", "calendar_days"}
    assert {each.limit.counts_from for each in PACKAGED} == {"today", "next_day"}
    assert any(each.limit.yellow_left for each in PACKAGED)


@pytest.mark.parametrize(
    ("standard", "code"),
    [
        (replace(ROAD, version=0), "version_out_of_range"),
        (replace(ROAD, extension_approver="mayor"), "approver_unknown"),
        (replace(ROAD, extension_cap=8), "extension_longer_than_limit"),
        (replace(ROAD, legal_basis=""), "legal_basis_missing"),
        (replace(ROAD, procedure=""), "procedure_missing"),
        (replace(ROAD, limit=Limit(0), extension_cap=0), "amount_out_of_range"),
    ],
)
def test_what_is_wrong_with_a_standard_is_named(standard: Standard, code: str) -> None:
    assert faults(standard) == (code,)


@given(st.permutations([1, 2, 3]), st.integers(0, 3))
def test_the_newest_version_that_is_valid_is_in_force(order: list[int], years: int) -> None:
    versions = [replace(ROAD, version=n, valid_from=datetime(2026 + n, 1, 1, tzinfo=UTC)) for n in order]
    found = in_force(versions, datetime(2026 + years, 6, 1, tzinfo=UTC))
    assert [each.version for each in found.values()] == ([years] if years else [])


@pytest.mark.parametrize(
    ("duties", "chosen", "expected"),
    [
        (("TRF.01",), ("RDS-01",), ()),
        (("TRF.01", "TRF.03"), ("RDS-01",), (Gap("U", "TRF.03", general=False),)),
        (("TRF.03",), ("RDS-01", "GEN-01"), (Gap("U", "TRF.03", general=True),)),
        (("TRF.01",), (), (Gap("U", "TRF.01", general=False),)),
        (("TRF.01",), ("OLD-99",), (Gap("U", "TRF.01", general=False),)),
        (("TRF.01.02",), ("RDS-01",), ()),
        (("TRF.011",), ("RDS-01",), (Gap("U", "TRF.011", general=False),)),
        (("TRF",), ("RDS-01", "BUS-01"), ()),
        (("TRF",), ("RDS-01",), (Gap("U", "TRF.03", general=False),)),
        (("LND",), ("GEN-01",), (Gap("U", "LND", general=True),)),
    ],
)
def test_a_duty_without_a_standard_is_a_gap(
    duties: tuple[str, ...], chosen: tuple[str, ...], expected: tuple[Gap, ...]
) -> None:
    assert gaps({"U": duties}, {"U": chosen}, {each.code: each for each in (ROAD, BUS, GENERAL)}) == expected


def test_repair_and_hazards_are_promised_in_minutes_that_no_holiday_stretches() -> None:
    found = {each.code: (each.limit.unit, each.limit.amount) for each in PACKAGED}
    assert {code: found[code] for code in ("GAS-01", "ELC-01", "WTR-01", "SAF-01")} == {
        "GAS-01": ("minutes", 240), "ELC-01": ("minutes", 240), "WTR-01": ("minutes", 1440),
        "SAF-01": ("minutes", 1440),
    }  # fmt: skip
