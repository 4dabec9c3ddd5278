"""After a lost log everything that some store knows is back where it belongs, once; the rest is listed."""

import pytest

from cli.restoring import LostFacts
from cli.topics import PUBLISH_AGAIN, told
from contracts.envelope import Actor, Kind
from contracts.messages.draws import AnnounceDraw, DrawAnnounced
from runtime.delivery.records import Record
from runtime.http.requests import outgoing
from services.staff.domain.account import key_of
from tests.facts import audit, draws, envelope, intake, routing, staff
from tests.facts.draws import DRAW
from tests.harness import TICKET, decoded, fact, knock, request
from tests.unit.cli.lost_log import LostLog, told_apart
from tests.unit.staff.accounts import LI, NAME

ACCOUNT = key_of(NAME)
PROPOSES = Actor(role=LI.role, division=LI.division, principal=f"staff:{LI.account}")
SUPERVISOR = Actor(role="supervisor", division="431226", principal="staff:s")


@pytest.fixture
def lost() -> LostLog:
    return LostLog()


async def announced(lost: LostLog) -> None:
    """A draw of which the request and what was said are in the log of affairs."""
    lost.say(request(draws.announce_draw(), actor=SUPERVISOR, key=DRAW, to=("feedback",)), "affairs")
    await lost.run("feedback.affairs")


async def appointed(lost: LostLog) -> None:
    lost.say(request(staff.propose_appointment(), actor=PROPOSES, key=ACCOUNT, to=("staff",)), "affairs")
    await lost.run("staff")


@pytest.mark.parametrize("is_mirrored", [True, False])
async def test_facts_of_an_account_go_into_the_log_of_affairs_once_and_nowhere_else(
    lost: LostLog, is_mirrored: bool
) -> None:
    await appointed(lost)
    if is_mirrored:
        await lost.mirror()
    facts = [each for each in lost.lose() if dict(each.headers)["ce_kind"] == b"fact"]
    assert len(facts) == 2, "the proposal, and that it was accepted"
    found = await lost.restore()
    assert lost.values("affairs") == told_apart(facts)
    assert lost.values("tickets") == []
    assert (found.put, found.lost) == ({"affairs": 2}, [])


async def test_facts_of_a_draw_that_nobody_mirrored_go_into_the_log_of_affairs(lost: LostLog) -> None:
    await announced(lost)
    lost.lose()
    found = await lost.restore()
    (said, _decided) = lost.log.of_topic("affairs")
    assert decoded(said, DrawAnnounced).key == DRAW
    assert (found.put, found.lost, lost.values("tickets")) == ({"affairs": 2}, [], [])


async def test_what_a_draw_has_said_and_nobody_knows_is_listed(lost: LostLog) -> None:
    await announced(lost)
    stored = lost.stores["feedback.affairs"].records[DRAW]
    stored.out = ()
    lost.lose()
    found = await lost.restore()
    assert found.lost == [LostFacts("feedback", DRAW, 1, 2)]
    assert lost.all() == []


async def test_facts_that_are_missing_between_others_are_listed_too(lost: LostLog) -> None:
    """The ledger was behind by two when the log was lost, and the document keeps only the last ones."""
    facts = [fact(routing.queued(), seq=seq, producer="routing") for seq in (1, 2, 3, 4, 5)]
    records = [lost.say(each, "tickets") for each in facts]
    await lost.mirror(records[:1])
    document = Record[object](TICKET, records[0].partition, seq=6)
    await lost.has("routing", document)
    lost.lose()
    lost.log.append(outgoing(facts[3], "tickets"))
    found = await lost.restore()
    assert found.lost == [LostFacts("routing", TICKET, 2, 3), LostFacts("routing", TICKET, 5, 6)]


async def test_a_sequence_that_no_document_reached_lists_nothing(lost: LostLog) -> None:
    record = lost.say(fact(routing.queued(), seq=2**31 - 1, producer="routing"), "tickets")
    await lost.mirror([record])
    await lost.has("routing", Record[object](TICKET, record.partition, seq=1))
    lost.lose()
    assert (await lost.restore()).lost == [LostFacts("routing", TICKET, 1, 1)]


@pytest.mark.parametrize("is_taken", [True, False])
async def test_a_submission_comes_back_unless_intake_has_taken_it(lost: LostLog, is_taken: bool) -> None:
    record = lost.say(fact(intake.submission_received()), "submissions")
    await lost.mirror()
    if is_taken:
        position = {record.log: record.offset}
        await lost.has("intake", Record[object](TICKET, record.partition, position=position))
    lost.lose()
    found = await lost.restore()
    assert lost.values("submissions") == ([] if is_taken else told_apart([record]))
    assert sum(found.put.values()) == (0 if is_taken else 1)


async def test_a_request_to_a_draw_that_was_taken_does_not_come_back(lost: LostLog) -> None:
    """Feedback's cases know nothing of it: its affairs do."""
    await announced(lost)
    await lost.mirror()
    lost.lose()
    await lost.restore()
    kinds = [dict(each.headers)["ce_kind"].decode() for each in lost.log.of_topic("affairs")]
    assert kinds == [Kind.FACT.value] * 2


async def test_a_request_to_a_draw_that_was_answered_with_202_is_decided_in_the_new_log(lost: LostLog) -> None:
    lost.say(request(draws.announce_draw(), actor=SUPERVISOR, key=DRAW, to=("feedback",)), "affairs")
    await lost.mirror()
    lost.lose()
    found = await lost.restore()
    (again,) = lost.log.of_topic("affairs")
    assert decoded(again, AnnounceDraw).kind is Kind.REQUEST
    assert found.put == {"affairs": 1}
    await lost.run("feedback.affairs")
    assert lost.stores["feedback.affairs"].records[DRAW].document is not None


async def test_what_comes_back_is_dropped_by_a_document_that_has_seen_it(lost: LostLog) -> None:
    await announced(lost)
    await lost.mirror()
    lost.lose()
    await lost.restore()
    await lost.run("feedback.affairs")
    assert [each[0] for each in lost.values("affairs")] == [DRAW] * 2, "nothing is said again"


@pytest.mark.parametrize(("takers", "comes_back"), [((), True), (("sla",), True), (("sla", "routing"), False)])
async def test_a_request_to_two_services_comes_back_until_both_have_taken_it(
    lost: LostLog, takers: tuple[str, ...], comes_back: bool
) -> None:
    record = lost.say(request(routing.accept_ticket(), to=("routing", "sla")), "tickets")
    await lost.mirror()
    for each in takers:
        await lost.has(each, Record[object](TICKET, record.partition, position={record.log: record.offset}))
    lost.lose()
    await lost.restore()
    assert lost.values("tickets") == (told_apart([record]) if comes_back else [])


async def test_one_that_was_taken_before_it_does_not_hide_a_later_request(lost: LostLog) -> None:
    first, second = (lost.say(request(routing.accept_ticket(), to=("routing",)), "tickets") for _ in range(2))
    await lost.mirror()
    await lost.has("routing", Record[object](TICKET, first.partition, position={first.log: first.offset}))
    lost.lose()
    await lost.restore()
    assert lost.values("tickets") == told_apart([second])


async def test_a_request_to_whoever_reacts_comes_back(lost: LostLog) -> None:
    record = lost.say(request(routing.accept_ticket()), "tickets")
    await lost.mirror()
    lost.lose()
    await lost.restore()
    assert lost.values("tickets") == told_apart([record])


async def test_a_knock_never_comes_back(lost: LostLog) -> None:
    lost.say(knock(envelope.wake_up(), to=("sla",)), "tickets")
    await lost.mirror()
    lost.lose()
    assert not (await lost.restore()).put
    assert lost.all() == []


async def test_who_looked_comes_back_into_the_log_of_the_audit(lost: LostLog) -> None:
    record = lost.say(fact(audit.signed_in(), key="chen.jing", producer="staff"), "audit")
    await lost.mirror()
    lost.lose()
    assert (await lost.restore()).put == {"audit": 1}
    assert lost.values("audit") == told_apart([record])


async def test_a_second_run_puts_nothing_and_lists_the_same(lost: LostLog) -> None:
    await announced(lost)
    await appointed(lost)
    lost.say(fact(intake.submission_received()), "submissions")
    await lost.mirror()
    lost.stores["staff"].records[ACCOUNT].seq += 1
    lost.lose()
    first, held = await lost.restore(), lost.all()
    again = await lost.restore()
    assert first.put == {"affairs": 4, "submissions": 1}
    assert (again.put, lost.all()) == ({}, held)
    assert again.lost == first.lost == [LostFacts("staff", ACCOUNT, 3, 3)]


async def test_what_was_lost_is_told_a_line_each_and_what_came_back_by_topic(lost: LostLog) -> None:
    await announced(lost)
    lost.stores["feedback.affairs"].records[DRAW].seq = 4
    lost.lose()
    lines = list(told(await lost.restore()))
    assert lines == [
        f"{DRAW}: what feedback said as its 3 to 4 is in no store",
        "put back: 2 records of affairs; documents that miss something: 1",
        PUBLISH_AGAIN,
    ]


async def test_a_configuration_that_was_not_lost_need_not_be_published_again(lost: LostLog) -> None:
    lost.say(fact(routing.unit_published(), key="unit/1"), "configuration")
    assert list(told(await lost.restore())) == ["put back: nothing; documents that miss something: 0"]
