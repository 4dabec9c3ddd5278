"""Which standards a unit may choose (C1): those made for such a matter, in their newest version that is in force."""

from datetime import timedelta

import pytest

from services.routing.adapters import packaged
from services.routing.domain.unit.standards import OfferedStandard, allowed
from services.routing.domain.unit.units import responsible
from services.routing.ports import offered
from services.sla.adapters import packaged as catalogue
from tests.facts.values import COUNTY
from tests.harness import MONDAY

DAY = timedelta(days=1)


def promise(code: str, *duties: str, version: int = 1, days: int = 0) -> OfferedStandard:
    return OfferedStandard(code, version, code, code, duties, MONDAY + days * DAY)


GAS, HOUSING, GENERAL = promise("GAS", "GAS.01"), promise("HSG", "HSG"), promise("GEN", "*")
OWN = ("GEN", "HSG", "GAS")


@pytest.mark.parametrize(
    ("own", "category", "codes"),
    [
        (OWN, "GAS.01", ["GAS"]),
        (OWN, "HSG.02", ["HSG"]),
        (OWN, "URB.04", ["GEN"]),
        (OWN, "", ["GEN"]),
        (("HSG",), "GAS.01", []),
        (("GAS", "GAS2"), "GAS.01", ["GAS", "GAS2"]),
        (("GAS2", "GAS"), "GAS.01", ["GAS2", "GAS"]),
    ],
)
def test_a_standard_made_for_the_matter_goes_before_a_general_one(
    own: tuple[str, ...], category: str, codes: list[str]
) -> None:
    found = allowed(own, category, (GAS, HOUSING, GENERAL, promise("GAS2", "GAS")), MONDAY)
    assert [each.code for each in found] == codes


@pytest.mark.parametrize(("days", "version"), [(-1, None), (0, 1), (1, 2), (2, 2), (9, 3)])
def test_the_newest_version_in_force_at_the_time_of_the_message_is_the_promise(days: int, version: int | None) -> None:
    versions = (
        promise("GAS", "GAS", version=3, days=9),
        promise("GAS", "GAS", version=1),
        promise("GAS", "GAS", version=2, days=1),
    )
    found = allowed(("GAS",), "GAS.01", versions, MONDAY + days * DAY)
    assert [each.version for each in found] == ([version] if version else [])


def test_every_unit_can_accept_what_is_its_duty() -> None:
    units, every = packaged.directory().units(COUNTY), offered(catalogue.standards())
    categories = [each.code for each in packaged.kinds().all() if "." in each.code]
    whose = {(category, unit) for category in categories for unit in responsible(units, category, COUNTY, MONDAY)}
    assert len(whose) >= 50
    assert [each for each in whose if not allowed(each[1].standards, each[0], every, MONDAY)] == []


def test_a_gas_leak_cannot_be_promised_like_a_crack_in_a_wall() -> None:
    housing = packaged.directory().unit(f"{COUNTY}-HC")
    assert housing is not None
    assert [each.code for each in allowed(housing.standards, "GAS.01", offered(catalogue.standards()), MONDAY)] == [
        "GAS-01"
    ]
