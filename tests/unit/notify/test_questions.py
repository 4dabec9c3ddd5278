"""Who is asked by SMS: kept before the SMS goes, by a digest of the phone, until the matter asks no more (D1, E5)."""

import pytest

from runtime.change import Change, Reject
from runtime.delivery.ports import Unavailable
from runtime.identity import seals
from services.notify.adapters.phone_digests import PhoneDigests
from services.notify.domain.questions import asks
from services.notify.ports import Outcome
from tests.facts import feedback
from tests.facts.intake import withdrawn
from tests.facts.notify import explain_reply
from tests.harness import TICKET, fact, request
from tests.unit.notify.matters import FILER, Desktop, completed, registered
from tests.unit.notify.said import after, handled, rework, struck_off

PHONE = FILER["phone"]
ENDS = {"withdrawn": fact(withdrawn()), "struck_off": struck_off(), "rework": rework()}


async def away(*_given: object) -> None:
    raise Unavailable("mongodb: away")


async def test_nothing_is_asked_whose_answer_would_find_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desktop()
    await desk.told(registered(), completed())
    with monkeypatch.context() as silence:
        silence.setattr(desk.questions, "ask", away)
        with pytest.raises(Unavailable):
            await desk.deliver()
    assert (desk.sms.sent, desk.questions.questions) == ({}, {})
    await desk.deliver()
    assert [each.ticket for each in desk.questions.questions] == [TICKET]
    assert len(desk.sms.sent) == 2


async def test_only_what_asks_is_a_question() -> None:
    desk = Desktop()
    await desk.told(registered())
    await desk.deliver()
    assert (len(desk.sms.sent), desk.questions.questions) == (1, {})


async def test_no_phone_is_kept_in_the_clear() -> None:
    desk = Desktop()
    await desk.told(registered(), completed())
    await desk.deliver()
    ((phone, _, asked),) = desk.questions.questions.values()
    assert PHONE not in f"{phone} {asked}"
    assert phone == desk.digests.of(PHONE)


def test_digests_hang_on_the_key_and_a_former_key_still_finds() -> None:
    old, new = (seals.to_text(letter * 32) for letter in (b"o", b"n"))
    kept, both = PhoneDigests(old).of(PHONE), PhoneDigests(f"{new},{old}")
    assert (both.of(PHONE) == kept, kept in both.all_of(PHONE), kept in PhoneDigests(new).all_of(PHONE)) == (
        False,
        True,
        False,
    )


async def test_who_was_asked_by_mail_is_not_asked_by_sms_unless_the_mail_was_refused() -> None:
    writes = FILER | {"channel": "email", "email": "f@example.org"}
    desk = Desktop()
    await desk.told(registered(), completed(), people=(writes,))
    await desk.deliver()
    assert desk.questions.questions == {}
    refused = Desktop()
    refused.email.next_outcomes = [Outcome.FAILED] * 2
    await refused.told(registered(), completed(), people=(writes,))
    await refused.deliver()
    assert [each.ticket for each in refused.questions.questions] == [TICKET]


def test_a_reporter_is_asked_from_the_completion_until_it_ends() -> None:
    asked = after(registered(2), completed())
    assert [asks(asked, person, round_) for person, round_ in ((0, 1), (1, 1), (2, 1), (0, 2))] == [
        True,
        True,
        False,
        False,
    ]
    again = after(registered(), completed(), rework(), fact(feedback.completed(round=2)))
    assert [asks(again, 0, round_) for round_ in (1, 2)] == [False, True]
    assert not asks(after(registered()), 0, 1)


@pytest.mark.parametrize("end", sorted(ENDS))
def test_nobody_is_told_how_to_answer_what_is_not_asked(end: str) -> None:
    help_ = request(explain_reply())
    for document in (None, after(registered()), after(registered(), completed(), ENDS[end])):
        refused = handled(document, help_)
        assert isinstance(refused, Reject)
        assert refused.code == "not_asked"
    twice = handled(after(registered(), completed()), help_)
    assert isinstance(twice, Change)
    again = handled(twice.document, request(explain_reply()))
    assert isinstance(again, Change)
    assert [each.kind for each in again.document.items].count("reply_help") == 1
