"""A registration number is read alike at every door of the portal."""

from urllib.parse import quote

import pytest

from contracts.identifiers import spoken
from tests.unit.portal.test_api import CODE, NUMBER, SUPERVISOR, VOTERS, ServedPortal
from tests.unit.portal.tickets import a_ticket

WIDE = "".join(chr(ord(each) + 0xFEE0) for each in NUMBER)
TYPED = (
    NUMBER,
    NUMBER.lower(),
    spoken(NUMBER).lower(),
    spoken(NUMBER).replace(" ", "-"),
    spoken(NUMBER).replace(" ", "\u00a0"),
    spoken(NUMBER).replace(" ", "\u3000"),
    WIDE,
    f" {WIDE.lower()}\u200b",
    NUMBER[:6] + NUMBER[6:].replace("1", "I").replace("0", "o"),
)


@pytest.mark.parametrize("typed", TYPED)
async def test_a_number_is_read_alike_at_every_door(house: ServedPortal, typed: str) -> None:
    house.put(a_ticket(voters=VOTERS))
    address = quote(typed, safe="")
    listed = (await house.get("/v1/tickets", SUPERVISOR, number=typed)).json()
    assert [each["number"] for each in listed["tickets"]] == [NUMBER]
    for path in ("/v1/tickets", "/v1/public/tickets"):
        assert (await house.get(f"{path}/{address}", SUPERVISOR)).json()["number"] == NUMBER
    assert (await house.get(f"/v1/tickets/{address}", code=CODE)).json()["number"] == NUMBER
    assert (await house.client.get(f"/tickets/{address}")).status_code == 200
    form = {"number": typed, "code": CODE}
    assert (await house.client.post("/mine", data=form)).status_code == 303
