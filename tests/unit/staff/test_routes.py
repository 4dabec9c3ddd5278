"""Staff's HTTP: who may appoint, what is shown to whom, what is refused and how it is said."""

from typing import Any

import pytest

from contracts.vocabulary import ROLES
from runtime.identity.tokens import Principal
from tests.facts.values import COUNTY, UNIT
from tests.unit.staff.house import INSTALLATION, LI, WANG, ServedStaff, configurer

WRITES = (
    "/accounts/chen.jing/appointments",
    "/accounts/chen.jing/appointments/1/confirmation",
    "/accounts/chen.jing/appointments/1/end",
    "/accounts/chen.jing/lock",
    "/accounts/chen.jing/unlock",
)
READS = ("/accounts", "/accounts/chen.jing", f"/accounts/chen.jing/requests/{'0' * 32}")
BODY = {"role": "supervisor", "division": COUNTY}


async def test_an_appointment_is_proposed_and_confirmed(staff: ServedStaff) -> None:
    await staff.appoint("chen.jing", role="unit", unit=UNIT)
    shown = (await staff.call("GET", "/accounts/chen.jing", LI)).json()
    (appointment,) = shown["appointments"]
    assert (shown["locked"], appointment["state"], appointment["unit"]) == (False, "made", UNIT)


async def test_whoever_proposed_it_may_not_confirm_it(staff: ServedStaff) -> None:
    await staff.propose("chen.jing", by=LI)
    answer = await staff.call("POST", "/accounts/chen.jing/appointments/1/confirmation", LI)
    assert (answer.status_code, answer.json()["type"]) == (409, "second_account")


async def test_the_installation_makes_the_first_configurer_and_nobody_else(staff: ServedStaff) -> None:
    first = await staff.propose("li.wei", by=INSTALLATION, role="configurer", division="43")
    assert first.json()["state"] == "made"
    other = await staff.propose("chen.jing", by=INSTALLATION)
    assert (other.status_code, other.json()["type"]) == (409, "only_configurers")


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"configurer"}))
async def test_only_a_configurer_appoints(staff: ServedStaff, role: str) -> None:
    for path in WRITES:
        body = {"json": BODY} if path.endswith("appointments") else {}
        assert (await staff.call("POST", path, Principal("qian.yi", UNIT, COUNTY, role), **body)).status_code == 403


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"configurer", "auditor"}))
async def test_only_configurers_and_auditors_see_accounts(staff: ServedStaff, role: str) -> None:
    for path in READS:
        assert (await staff.call("GET", path, Principal("qian.yi", UNIT, COUNTY, role))).status_code == 403


async def test_without_a_token_nothing_is_told_or_done(staff: ServedStaff) -> None:
    answers = [await staff.call("GET", path) for path in READS] + [
        await staff.call("POST", path, json=BODY) for path in WRITES
    ]
    assert {answer.status_code for answer in answers} == {401}


@pytest.mark.parametrize("division", ["431225", "44", "431226100"])
async def test_an_account_of_another_division_is_not_there(staff: ServedStaff, division: str) -> None:
    await staff.appoint("chen.jing")
    stranger = configurer("sun.li", division)
    for path in READS[1:]:
        assert (await staff.call("GET", path, stranger)).status_code == 404
    assert (await staff.call("GET", "/accounts", stranger)).json() == {"accounts": []}
    for path in WRITES[1:]:
        assert (await staff.call("POST", path, stranger)).status_code == 404


async def test_only_the_appointments_of_the_own_division_are_shown(staff: ServedStaff) -> None:
    province = (configurer("zhao.min", "43"), configurer("zhou.qi", "43"))
    await staff.appoint("chen.jing")
    await staff.propose("chen.jing", by=province[0], division="4312")
    seen = [
        len((await staff.call("GET", "/accounts/chen.jing", who)).json()["appointments"]) for who in (LI, province[1])
    ]
    assert seen == [1, 2]


async def test_the_list_is_read_on_behind_a_name(staff: ServedStaff) -> None:
    for name in ("an", "bei", "chen"):
        await staff.propose(name)
    pages = [
        [
            each["account"]
            for each in (await staff.call("GET", f"/accounts?limit=2&after={after}", WANG)).json()["accounts"]
        ]
        for after in ("", "bei")
    ]
    assert pages == [["an", "bei"], ["chen"]]


@pytest.mark.parametrize(
    ("changed", "pointer", "remedy"),
    [
        ({"role": "emperor"}, "/role", "use one of"),
        ({"division": "43122"}, "/division", "must match"),
        ({"unit": "<b>"}, "/unit", "must match"),
        ({"until": "tomorrow"}, "/until", "RFC 3339"),
        ({"unti": "2027-01-01T00:00:00Z"}, "/unti", "remove it"),
    ],
)
async def test_bad_input_names_the_field_and_the_remedy(
    staff: ServedStaff, changed: dict[str, Any], pointer: str, remedy: str
) -> None:
    answer = await staff.propose("chen.jing", **changed)
    (complaint,) = answer.json()["errors"]
    assert (answer.status_code, complaint["pointer"], remedy in complaint["en"]) == (422, pointer, True)


@pytest.mark.parametrize("name", ["Chen", "c", "陈静", "chen jing", "x" * 41, ".chen"])
async def test_an_account_has_a_plain_name(staff: ServedStaff, name: str) -> None:
    assert (await staff.propose(name)).status_code == 422


async def test_a_first_proposal_that_is_under_way_can_be_asked_after(staff: ServedStaff) -> None:
    under_way = f"/accounts/nobody.yet/requests/{'a' * 36}?asked={int(staff.wall().timestamp())}"
    assert (await staff.call("GET", under_way, LI)).status_code == 202
    for never in (under_way.partition("?")[0], under_way.replace("a" * 36, "b")):
        assert (await staff.call("GET", never, LI)).status_code == 404


async def test_a_locked_account_shows_it(staff: ServedStaff) -> None:
    await staff.appoint("chen.jing")
    assert (await staff.call("POST", "/accounts/chen.jing/lock", LI)).status_code == 200
    assert (await staff.call("GET", "/accounts/chen.jing", LI)).json()["locked"] is True
