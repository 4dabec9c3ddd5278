"""D6: who begins anew reads where each ticket stands from a compacted topic, and nothing of anybody stands there."""

from contracts import feed, snapshots
from contracts.snapshots import TicketSnapshot
from contracts.topics import TICKET_FEED, TICKET_SNAPSHOTS
from runtime.delivery.records import Incoming
from tests.acceptance.test_D6_feed import CANARIES, WORDS, canary, holds, read, records
from tests.acceptance.town import ReporterReceipt, RunningSystem


async def of_ticket(town: RunningSystem, ticket: str) -> list[Incoming]:
    return [each for each in await records(town, TICKET_SNAPSHOTS.name) if each.key == ticket]


async def folded(town: RunningSystem, ticket: str) -> TicketSnapshot | None:
    """What a subscriber of the feed comes to, with the published fold."""
    own = {dict(each.headers)["ce_id"]: each for each in await records(town, TICKET_FEED.name) if each.key == ticket}
    found = (read(each) for each in own.values())
    return snapshots.folded(feed.TICKET_EVENTS[each.get_type()].model_validate(each.get_data()) for each in found)


async def settled(town: RunningSystem, receipt: ReporterReceipt) -> list[Incoming]:
    """What the topic holds of a ticket, once that is what its events lead to."""
    ticket, found = (await town.fact("TicketRegistered", receipt.number)).key, list[Incoming]()

    async def agrees() -> bool:
        found[:] = await of_ticket(town, ticket)
        wanted = await folded(town, ticket)
        return bool(found) and found[-1].value == (b"" if wanted is None else wanted.model_dump_json().encode())

    await town.eventually(agrees, what="a snapshot that is the fold of the ticket's events")
    return found


async def test_D6_a_snapshot_is_where_the_events_lead_and_nobodys(town: RunningSystem) -> None:
    receipt = await canary(town)
    found = await settled(town, receipt)
    shown = TicketSnapshot.model_validate_json(found[-1].value)
    assert (shown.number, shown.state, shown.clocks, shown.round) == (receipt.number, "struck_off", (), 1)
    assert [word for each in found for word in (*CANARIES, WORDS, receipt.code) if holds(each, word)] == []
    assert len(found) < len(await town.log(receipt.number)), "said at each change, not once it was quiet"


async def test_D6_what_was_erased_is_withdrawn_from_the_snapshots(town: RunningSystem) -> None:
    receipt = await canary(town)
    await settled(town, receipt)
    path, headers = f"/v1/tickets/{receipt.number}/erasure", {"Query-Code": receipt.code}
    assert (await town.call("intake", "POST", path, headers=headers)).status_code == 200
    await town.fact("TicketErased", receipt.number)
    found: list[Incoming] = []

    async def gone() -> bool:
        found[:] = await settled(town, receipt)
        return found[-1].value == b""

    await town.eventually(gone, what="the tombstone of an erased ticket")
