"""On the real stack: a rebuild from offset 0 is equal, and what is erased is in no document of either collection."""

import pytest

from cli import portal
from contracts.identifiers import number_of
from contracts.messages import feedback
from runtime.identity.vault import MongoVault
from services.portal.reading.api.code_desk import CODE_HEADER
from tests.facts.intake import erased
from tests.integration.portal_on_stack import CODE, Hand, portal_on_stack
from tests.stack import Stack
from tests.unit.portal import log

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]
CANARY = "金丝雀七七四"


async def dump(hand: Hand) -> str:
    """Everything the portal's database holds."""
    database = hand.platform.database("portal")
    names = await database.list_collection_names()
    return str([await database[name].find({}).to_list(None) for name in names])


async def test_a_rebuild_is_equal_and_brings_no_erased_word_back(stack: Stack) -> None:
    async with portal_on_stack(stack) as hand:
        kept = await hand.register("路灯不亮", "锦江路")
        for producer, body in list(log.journey())[1:]:
            if not isinstance(body, feedback.ProgressReported):
                await hand.say(kept, producer, body)
        gone = await hand.register(CANARY, f"{CANARY}请保密")
        await hand.until(
            "/v1/tickets", lambda answer: any(CANARY in each["title"] for each in answer.json()["tickets"])
        )
        assert CANARY in await dump(hand)
        await MongoVault(hand.platform.database("vault")).erase(gone)
        await hand.say(gone, "intake", erased())
        await hand.until("/v1/tickets", lambda answer: CANARY not in answer.text, limit="200")
        found = await portal.rebuild(hand.anywhere)
        assert (found.equal, found.tickets, found.different) == (True, 2, ())
        assert CANARY not in await dump(hand)


async def test_the_reporter_reads_the_own_words_with_the_code(stack: Stack) -> None:
    async with portal_on_stack(stack) as hand:
        ticket = await hand.register("路灯不亮", "锦江路的路灯")
        number = number_of(ticket, "431226")
        await hand.until("/v1/tickets", lambda answer: answer.json()["total"] == 1)
        own = await hand.client.get(f"/v1/tickets/{number}", headers={CODE_HEADER: CODE})
        assert (own.json()["content"], own.json()["story"][0]["kind"]) == ("锦江路的路灯", "registered")
        form = f"number={number}&code={CODE.lower()}"
        page = await hand.client.post("/mine", content=form, follow_redirects=True)
        assert "锦江路的路灯" in page.text
