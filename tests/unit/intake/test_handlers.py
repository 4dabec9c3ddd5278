"""Intake's loop on a stage: what comes of a submission and of what its reporter does later."""

from typing import Any

import orjson
import pytest

from contracts.envelope import Kind, RequestDecided
from contracts.identifiers import code_matches, query_code, ticket_id
from contracts.messages.intake import (
    SubmissionConflicted,
    TicketErased,
    TicketRegistered,
    TicketWithdrawn,
)
from runtime.delivery.ports import Unavailable
from runtime.identity.vault import Wrapped, open_words
from services.intake.ports import OpenedSubmission
from tests.facts.intake import erase_identity, withdraw_ticket
from tests.unit.intake.desk import CLEAR, CODE_SECRET, SECRET, UNCLEAR, StagedIntake

WHOLE = CLEAR | {
    "reporter": {"name": "张三的名字", "phone": "13900000001", "channel": "sms"},
    "co_reporters": [{"name": "李四的名字", "phone": "13900000002"}],
    "on_behalf_of": "王五的名字",
    "division": "431226102",
    "latitude": 27.5,
    "category": "路",
}


@pytest.fixture
async def desk() -> StagedIntake:
    return await StagedIntake().open()


def _said(desk: StagedIntake, *kinds: Any) -> list[Any]:
    """Each fact once: a copy of a stored fact may be published again, never another one."""
    return [message.body for message in {message.id: message for message in desk.stage.facts(kinds)}.values()]


async def test_a_submission_becomes_a_ticket_with_words_that_only_its_key_opens(desk: StagedIntake) -> None:
    ticket = desk.submit(WHOLE)
    await desk.run()
    (fact,) = _said(desk, TicketRegistered)
    assert (fact.division_given, fact.on_behalf, fact.traceable) == ("431226102", True, True)
    key = (await desk.words.keys([ticket]))[ticket]
    words = orjson.loads(open_words(key, ticket, "words", fact.words))
    assert words == {name: WHOLE[name] for name in ("title", "content", "place", "latitude", "category")}
    assert [voter.index for voter in fact.voters] == [0, 1]


async def test_who_reported_is_sealed_under_a_key_of_its_own(desk: StagedIntake) -> None:
    ticket = desk.submit(WHOLE)
    await desk.run()
    keys = (await desk.keys.issue({ticket: b""}))[ticket]
    assert keys is not None
    identity = orjson.loads(open_words(keys.identity, ticket, "identity", desk.stage.document(ticket).identity))
    assert identity == {name: WHOLE[name] for name in ("reporter", "co_reporters", "on_behalf_of")}
    written = b"".join(record.value for record in desk.stage.log.of_topic("tickets"))
    for canary in ("张三的名字", "13900000001", "李四的名字", "王五的名字"):
        assert canary.encode() not in written


async def test_each_voter_has_a_code_of_their_own(desk: StagedIntake) -> None:
    ticket = desk.submit(WHOLE)
    await desk.run()
    document = desk.stage.document(ticket)
    codes = [query_code(CODE_SECRET, ticket, document.body_digest, voter) for voter in (0, 1)]
    for seat in document.voters:
        matching = [n for n, code in enumerate(codes) if code_matches(CODE_SECRET, ticket, code, seat.code_digest)]
        assert matching == [seat.index]


async def test_the_same_submission_again_makes_no_second_ticket(desk: StagedIntake) -> None:
    for _ in range(3):
        desk.submit(CLEAR)
    await desk.run()
    desk.submit(CLEAR)
    await desk.run()
    assert len(_said(desk, TicketRegistered, SubmissionConflicted)) == 1


async def test_another_body_under_the_same_key_is_kept_as_a_part_with_a_code_of_its_own(desk: StagedIntake) -> None:
    ticket = desk.submit(CLEAR)
    other = CLEAR | {"content": "另外一件事：兰里镇路灯整条街都不亮，晚上很危险。"}
    desk.submit(other)
    desk.submit(other)
    await desk.run()
    (fact,) = _said(desk, SubmissionConflicted)
    assert fact.voter.index == 1000
    key = (await desk.words.keys([ticket]))[ticket]
    assert orjson.loads(open_words(key, ticket, "words", fact.words))["content"] == other["content"]
    code = query_code(CODE_SECRET, ticket, fact.second_digest)
    assert code_matches(CODE_SECRET, ticket, code, fact.voter.code_digest)
    assert not any(
        code_matches(CODE_SECRET, ticket, code, seat.code_digest) for seat in desk.stage.document(ticket).voters
    )


async def test_conflicts_without_end_keep_the_document_small_and_their_indexes_apart(desk: StagedIntake) -> None:
    ticket = desk.submit(CLEAR)
    for nth in range(40):
        desk.submit(CLEAR | {"content": f"另一件事之{nth}：路灯不亮，请修。"})
    await desk.run()
    indexes = [fact.voter.index for fact in _said(desk, SubmissionConflicted)]
    assert indexes == list(range(1000, 1040))
    assert len(desk.stage.document(ticket).bodies) == 20


@pytest.mark.parametrize(
    ("channel", "more", "traceable"),
    [
        ("operator", {}, False),  # somebody else's matter, and no way to reach them
        ("operator", {"reporter": {"phone": "13900000001"}}, True),
        ("grassroots", {}, True),  # an official's own
        ("grassroots", {"on_behalf_of": "王五的名字"}, False),
        ("web", {"co_reporters": [{"name": "李四的名字", "phone": "13900000002"}]}, True),
    ],
)
async def test_what_somebody_can_be_asked_about_is_registered(
    desk: StagedIntake, channel: str, more: dict[str, Any], traceable: bool
) -> None:
    desk.submit({"title": "很不方便", "content": "一直都很不方便，希望改善。"} | more, channel=channel)
    await desk.run()
    (fact,) = _said(desk, TicketRegistered)
    assert (fact.channel, fact.traceable) == (channel, traceable)


async def test_who_of_staff_filed_it_is_kept_until_it_is_erased_and_of_the_public_nothing(desk: StagedIntake) -> None:
    public, staff = desk.submit(CLEAR, "a"), desk.submit(CLEAR, "b", channel="operator", principal="digest")
    await desk.run()
    assert (desk.stage.document(public).filed_by, desk.stage.document(staff).filed_by) == ("", "digest")
    desk.ask(staff, erase_identity())
    await desk.run()
    assert desk.stage.document(staff).filed_by == ""


async def test_words_are_kept_only_until_they_are_handed_on(desk: StagedIntake) -> None:
    valid, invalid = desk.submit(CLEAR, "a"), desk.submit(UNCLEAR, "b")
    await desk.run()
    assert desk.stage.document(valid).words == ""
    assert desk.stage.document(invalid).words != ""


async def test_only_an_invalid_matter_is_withdrawn_here(desk: StagedIntake) -> None:
    valid, invalid = desk.submit(CLEAR, "a"), desk.submit(UNCLEAR, "b")
    await desk.run()
    desk.ask(valid, withdraw_ticket())
    desk.ask(invalid, withdraw_ticket())
    desk.ask(invalid, withdraw_ticket())
    await desk.run()
    assert [message.key for message in desk.stage.facts([TicketWithdrawn])] == [invalid]
    decided = desk.stage.facts([RequestDecided])
    assert [(d.key, d.body.code) for d in decided] == [(invalid, "accepted"), (invalid, "withdrawn_already")]


async def test_one_reporter_does_not_withdraw_what_others_reported_too(desk: StagedIntake) -> None:
    ticket = desk.submit(UNCLEAR | {"co_reporters": [{"phone": "13900000002"}]})
    await desk.run()
    desk.ask(ticket, withdraw_ticket())
    await desk.run()
    assert [decided.code for decided in _said(desk, RequestDecided)] == ["collective"]


async def test_what_somebody_else_ended_is_not_withdrawn_here_a_second_time(desk: StagedIntake) -> None:
    ticket = desk.submit(CLEAR)
    await desk.run()
    desk.say(ticket, TicketWithdrawn(voter=0, state="assigned"), Kind.FACT, "tickets", "elsewhere")
    desk.ask(ticket, withdraw_ticket())
    desk.ask(ticket, desk.supplement(ticket, "还有"), "late")
    await desk.run()
    assert desk.stage.document(ticket).state == "closed"
    assert [(d.request, d.code) for d in _said(desk, RequestDecided)] == [("late", "ended")]


async def test_a_replay_says_the_same_bytes(desk: StagedIntake) -> None:
    ticket = desk.submit(CLEAR)
    desk.ask(ticket, desk.supplement(ticket, "再说一次"))
    await desk.run()
    before = {record.value for record in desk.stage.log.of_topic("tickets")}
    desk.stage.store.records.clear()
    desk.stage.log.positions.clear()
    desk.stage.loop._reader.reassigned()  # type: ignore[attr-defined]
    await desk.run()
    assert {record.value for record in desk.stage.log.of_topic("tickets")} == before


async def test_erasure_destroys_the_keys_and_nothing_brings_them_back(desk: StagedIntake) -> None:
    ticket = desk.submit(UNCLEAR)
    await desk.run()
    desk.ask(ticket, erase_identity())
    desk.ask(ticket, desk.supplement(ticket, CLEAR["content"]))
    desk.ask(ticket, erase_identity())
    await desk.run()
    assert desk.vault.records[ticket] == Wrapped(ticket, erased=True)
    assert len(_said(desk, TicketErased)) == 1
    assert [decided.code for decided in _said(desk, RequestDecided)] == ["accepted", "erased", "erased_already"]
    document = desk.stage.document(ticket)
    assert (document.words, document.identity, document.erased) == ("", "", True)
    desk.stage.store.records.clear()
    desk.stage.log.positions.clear()
    desk.stage.loop._reader.reassigned()  # type: ignore[attr-defined]
    await desk.run()
    assert desk.vault.records[ticket] == Wrapped(ticket, erased=True), "a replay from the beginning finds a tombstone"
    assert await desk.words.keys([ticket]) == {}
    assert desk.erasures.tickets == [ticket], "a repeat and a replay do not make the list longer"


async def test_what_is_erased_is_in_the_list_first(desk: StagedIntake, monkeypatch: pytest.MonkeyPatch) -> None:
    """No backup brings anybody back; and an erasure that cannot be listed waits."""
    ticket = desk.submit(CLEAR)
    await desk.run()

    async def full(_tickets: object) -> None:
        raise Unavailable("the disk is full")

    desk.ask(ticket, erase_identity())
    with monkeypatch.context() as patched:
        patched.setattr(desk.erasures, "add", full)
        with pytest.raises(Unavailable):
            await desk.run()
    assert not desk.vault.records[ticket].erased
    await desk.run()
    assert (desk.erasures.tickets, desk.vault.records[ticket].erased) == ([ticket], True)


async def test_an_erasure_that_is_read_before_the_submission_leaves_number_and_digest(desk: StagedIntake) -> None:
    """Found by the simulation: the keys are gone, the ticket is not lost, and the request has its outcome."""
    ticket = ticket_id(SECRET, "web", "", "a")
    desk.ask(ticket, erase_identity())
    await desk.run()
    assert desk.submit(CLEAR) == ticket
    await desk.run()
    document = desk.stage.document(ticket)
    assert (document.state, document.words, document.erased) == ("withdrawn", "", True)
    assert [decided.code for decided in _said(desk, RequestDecided)] == ["accepted"]


async def test_a_co_reporter_can_neither_withdraw_nor_erase(desk: StagedIntake) -> None:
    ticket = desk.submit(UNCLEAR | {"co_reporters": [{"phone": "13900000002"}]})
    await desk.run()
    desk.ask(ticket, erase_identity(voter=1))
    desk.ask(ticket, withdraw_ticket(voter=1))
    await desk.run()
    assert [decided.code for decided in _said(desk, RequestDecided)] == ["not_the_filer", "not_the_filer"]
    assert not desk.vault.records[ticket].erased


async def test_a_request_that_was_read_before_its_submission_is_decided_after_it(desk: StagedIntake) -> None:
    """Two topics: a replay may read the request first."""
    ticket = desk.submit(UNCLEAR)
    submission = desk.stage.log.records.pop(next(iter(desk.stage.log.records)))
    desk.ask(ticket, withdraw_ticket(), "early")
    await desk.run()
    assert _said(desk, RequestDecided) == []
    desk.stage.log.records[submission[0].log, submission[0].partition] = submission
    await desk.run()
    assert [(d.request, d.accepted) for d in _said(desk, RequestDecided)] == [("early", True)]
    assert desk.stage.document(ticket).state == "withdrawn"


POISON: dict[str, tuple[Any, dict[str, Any]]] = {
    "sealed to a key that never was": (CLEAR, {"day_key": "1999-01-01"}),
    "not sealed": (CLEAR, {"sealed": "bm90IHNlYWxlZA=="}),
    "not base64": (CLEAR, {"sealed": "汉字"}),
    "no object inside": ([1, 2], {}),
    "no content": ({"title": "x"}, {}),
    "a number for words": ({"content": 7}, {}),
    "a deep one": ({"content": "x", "reporter": {"phone": [[[[]]]]}}, {}),
}


@pytest.mark.parametrize("poison", POISON)
async def test_poison_is_set_aside_and_the_next_ticket_goes_on(desk: StagedIntake, poison: str) -> None:
    content, changed = POISON[poison]
    bad = desk.submit(content, "poison", **changed)
    good = desk.submit(CLEAR, "good")
    await desk.run()
    assert [letter.message.key for letter in await desk.stage.store.parked()] == [bad]
    assert [message.key for message in desk.stage.facts([TicketRegistered])] == [good]
    reasons = {letter.reason for letter in await desk.stage.store.parked()}
    assert reasons == {"not_opened"}


async def test_one_broken_record_of_the_vault_parks_its_ticket_only(desk: StagedIntake) -> None:
    bad, good = desk.submit(CLEAR, "bad"), desk.submit(CLEAR, "good")
    desk.vault.records[bad] = Wrapped(bad, b"x", b"x", b"x", b"x")
    await desk.run()
    assert [letter.message.key for letter in await desk.stage.store.parked()] == [bad]
    assert [message.key for message in desk.stage.facts([TicketRegistered])] == [good]


def test_what_prepare_gives_holds_no_words() -> None:
    assert {"words", "identity", "signals"} < set(OpenedSubmission.__dataclass_fields__)
    assert not {"title", "content", "reporter"} & set(OpenedSubmission.__dataclass_fields__)
