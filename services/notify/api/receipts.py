"""What providers report by themselves: which letters arrived, and which did not."""

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import Actor, Body, Message
from contracts.messages.notify import DeliveryReport, ReportDelivery
from runtime.http.requests import RequestDesk
from services.notify.api.signatures import ProviderKeys
from services.notify.ports import BATCH, Outbox, SentLetter


class LetterReceipt(BaseModel):
    """What became of a letter, by the reference that it was sent under."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    reference: Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[0-9a-zA-Z_-]+$")]
    outcome: Literal["delivered", "failed"]


class LetterReceipts(BaseModel):
    """As many as a call may carry."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    receipts: Annotated[list[LetterReceipt], Field(min_length=1, max_length=BATCH)]


def receipt_routes(app: FastAPI, outbox: Outbox, desk: RequestDesk, keys: ProviderKeys) -> None:
    reads = Depends(keys.reads(LetterReceipts))

    @app.post("/v1/receipts/{channel}")
    async def receipts(channel: str, said: Annotated[LetterReceipts, reads]) -> dict[str, int]:
        """Signed by the channel's provider. Late, doubled, or for a letter that nobody knows: that does no harm."""
        letters = await outbox.letters({each.reference for each in said.receipts})
        outcomes = {each.reference: each.outcome for each in said.receipts}
        known = [letter for letter in letters if letter.reference in outcomes]
        await desk.put([receipt_of(desk, channel, each, outcomes[each.reference]) for each in known])
        taken = len({letter.reference for letter in known})
        return {"taken": taken, "unknown": len(outcomes) - taken}


def receipt_of(desk: RequestDesk, channel: str, letter: SentLetter, outcome: str) -> Message[Body]:
    """The same receipt is the same request, whenever and how often it comes."""
    body = ReportDelivery(reports=tuple(_reports(channel, letter, outcome)))
    actor = Actor(role="system", principal=f"provider:{channel}")
    return desk.request(letter.ticket, body, actor, f"{letter.reference}/{outcome}")


def _reports(channel: str, letter: SentLetter, outcome: str) -> Iterable[DeliveryReport]:
    plain = {"channel": channel, "outcome": outcome, "letter": letter.reference}
    for reference in letter.deliveries:
        yield DeliveryReport.model_validate(plain | {"reference": reference})
