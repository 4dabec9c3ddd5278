"""Another password over HTTP: two configurers agree, the holder is out and reads on whose word."""

from runtime.identity.tokens import Principal
from services.staff.domain.passwords import LINK_LIVES
from tests.facts.values import COUNTY
from tests.unit.staff.house import LI, WANG, ServedStaff
from tests.unit.staff.test_signing_in import NAME, PASSWORD, ask, chosen, joined, link_for, replaced, signed_in


async def test_nobody_gives_an_account_that_has_a_password_another_one_alone(staff: ServedStaff) -> None:
    await joined(staff)
    alone = await staff.call("POST", f"/accounts/{NAME}/links", LI)
    assert (alone.status_code, alone.json()["type"]) == (409, "second_account")
    await staff.call("POST", f"/accounts/{NAME}/replacements", LI, json={"what": "password"})
    assert (await staff.call("POST", f"/accounts/{NAME}/links", LI)).status_code == 409
    own = await staff.call("POST", f"/accounts/{NAME}/replacements/1/confirmation", LI)
    assert (own.status_code, own.json()["type"]) == (409, "second_account")


async def test_two_do_once_and_a_third_with_their_word_does_not(staff: ServedStaff) -> None:
    await joined(staff)
    await replaced(staff)
    third = Principal("zhao.min", "", COUNTY, "configurer")
    assert (await staff.call("POST", f"/accounts/{NAME}/links", third)).status_code == 409
    sent = {"link": await link_for(staff), "password": PASSWORD + "!"}
    assert (await staff.call("POST", "/passwords", json=sent)).status_code == 200
    assert (await staff.call("POST", f"/accounts/{NAME}/links", LI)).status_code == 409


async def test_two_may_not_wait_with_the_link_for_ever(staff: ServedStaff) -> None:
    await joined(staff)
    await replaced(staff)
    staff.wall.time += LINK_LIVES
    assert (await staff.call("POST", f"/accounts/{NAME}/links", LI)).status_code == 409


async def test_the_holder_is_out_at_once_is_told_on_whose_word_and_the_old_password_still_opens(
    staff: ServedStaff,
) -> None:
    await joined(staff)
    session = await chosen(staff)
    await replaced(staff)
    for method, path in (("GET", "/sessions"), ("POST", "/sessions/token")):
        answer = await ask(staff, method, path, session)
        assert (answer.status_code, answer.json()["type"]) == (401, "credential_replaced")
        assert "li.wei、wang.fang" in answer.json()["zh"]
    (told,) = (await ask(staff, "GET", "/sessions", await signed_in(staff))).json()["replacements"]
    assert (told["what"], told["state"], told["by"]) == ("password", "confirmed", ["li.wei", "wang.fang"])


async def test_a_proposal_is_seen_by_the_holder_before_anything_happens(staff: ServedStaff) -> None:
    await joined(staff)
    session = await chosen(staff)
    await staff.call("POST", f"/accounts/{NAME}/replacements", LI, json={"what": "password"})
    (told,) = (await ask(staff, "GET", "/sessions", session)).json()["replacements"]
    assert (told["state"], told["by"]) == ("proposed", ["li.wei"])
    (shown,) = (await staff.call("GET", f"/accounts/{NAME}", WANG)).json()["replacements"]
    assert shown["index"] == 1


async def test_a_configurer_of_one_county_lays_no_link_for_an_account_of_more(staff: ServedStaff) -> None:
    province = [Principal(name, "", "43", "configurer") for name in ("zhao.min", "qian.wu")]
    await staff.propose(NAME, by=province[0])
    await staff.propose(NAME, by=province[0], division="4312")
    refused = await staff.call("POST", f"/accounts/{NAME}/links", LI)
    assert (refused.status_code, refused.json()["type"]) == (403, "not_your_division")
    assert (await staff.call("POST", f"/accounts/{NAME}/links", province[1])).status_code == 201
