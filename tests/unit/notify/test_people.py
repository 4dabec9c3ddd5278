"""One person hears once a step, whatever seats they hold; whoever was acknowledged hears of it and of the end."""

import orjson
import pytest

from runtime.change import Ignore
from runtime.identity import seals
from runtime.identity.vault import OTHER_CONTACT, Keys
from services.notify.domain.deliveries import OTHERS_AT_MOST
from tests.facts.intake import erased, withdrawn
from tests.harness import TICKET, fact
from tests.unit.notify.matters import FILER, NEIGHBOUR, Desktop, accepted, assigned, registered
from tests.unit.notify.said import after, conflicted, handled, struck_off

STRANGER = FILER | {"phone": "13800000777", "code": "OTHERCODE1"}
WITHDRAWN = withdrawn()


@pytest.fixture
def desk() -> Desktop:
    return Desktop()


async def sealed(desk: Desktop, person: dict[str, str], people: tuple[dict[str, str], ...] = (FILER,)) -> str:
    """A contact as intake seals it."""
    keys = (await Keys(desk.vault, desk.wrap).issue({TICKET: orjson.dumps(people)}))[TICKET]
    assert keys is not None
    plain = orjson.dumps([person])
    return seals.to_text(seals.seal(keys.contact, f"{TICKET}/{OTHER_CONTACT}", plain, desk.wrap.random))


def told(desk: Desktop) -> list[tuple[str, str]]:
    """Who got which words, the latest word of each enough to tell them apart."""
    return [(each.address, each.text) for each in (*desk.sms.sent.values(), *desk.email.sent.values())]


async def test_whoever_sent_another_body_hears_of_it_with_the_own_code_and_of_the_end(desk: Desktop) -> None:
    other = conflicted(await sealed(desk, STRANGER))
    await desk.told(registered(), other, assigned(), accepted(), struck_off())
    await desk.deliver()
    heard = [text for address, text in told(desk) if address == STRANGER["phone"]]
    assert len(heard) == 2
    assert "已作为补充并入" in heard[0]
    assert STRANGER["code"] in heard[0]
    assert "已销号" in heard[1]
    assert not [text for address, text in told(desk) if address == FILER["phone"] and STRANGER["code"] in text]


async def test_whoever_withdraws_ends_it_for_all_that_were_acknowledged(desk: Desktop) -> None:
    await desk.told(registered(), conflicted(await sealed(desk, STRANGER)), fact(WITHDRAWN, producer="feedback"))
    await desk.deliver()
    assert [address for address, text in told(desk) if "撤回" in text] == [FILER["phone"], STRANGER["phone"]]


async def test_a_person_who_sent_both_bodies_gets_both_codes_and_hears_once_of_each_step(desk: Desktop) -> None:
    again = FILER | {"code": "SECONDCODE", "phone": "+86 138 0000 0001"}
    await desk.told(registered(), conflicted(await sealed(desk, again)), struck_off())
    await desk.deliver()
    assert [address for address, _ in told(desk)] == [FILER["phone"]] * 3
    assert [text for _, text in told(desk) if "SECONDCODE" in text and "并入" in text]
    assert len([text for _, text in told(desk) if "已销号" in text]) == 1


async def test_seats_of_one_phone_are_one_person_who_hears_once(desk: Desktop) -> None:
    people = (FILER, FILER | {"phone": "138-0000-0001"}, NEIGHBOUR, NEIGHBOUR | {"email": "N@Example.org"})
    await desk.told(registered(4), assigned(), people=people)
    await desk.deliver()
    people_told = sorted(address for address, _ in told(desk) if not address.startswith("unit:"))
    assert people_told == [FILER["phone"], NEIGHBOUR["email"]]


async def test_no_sms_goes_where_none_arrives(desk: Desktop) -> None:
    people = (FILER | {"phone": "0745-5822345"}, FILER | {"phone": "400-812-3456", "email": "e@example.org"})
    await desk.told(registered(2), people=people)
    await desk.deliver()
    assert [address for address, _ in told(desk)] == ["e@example.org"]


def test_what_was_said_before_contacts_came_with_it_plans_nothing() -> None:
    post = after(registered())
    assert handled(post, conflicted("")) == Ignore("no_contact")
    assert handled(None, conflicted()) == Ignore("unknown")


def test_of_very_many_other_bodies_the_last_senders_are_kept() -> None:
    post = after(registered(), *(conflicted(person=1000 + nth) for nth in range(OTHERS_AT_MOST + 5)))
    assert [each.person for each in post.others] == list(range(1005, 1005 + OTHERS_AT_MOST))


def test_an_erasure_forgets_the_contacts_of_the_others_too() -> None:
    post = after(registered(), conflicted(), fact(erased(), producer="intake", seq=9))
    assert post.others == ()
    assert post.acknowledged == (0,)
