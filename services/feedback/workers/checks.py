"""From a draw to its matters: each one that was drawn is asked to be checked, in the ticket log."""

from collections.abc import Sequence
from datetime import timedelta

from contracts.envelope import Actor, Body, Kind, Message, understood
from contracts.messages.draws import CheckTicket, SampleDrawn
from runtime.delivery.records import Incoming, Outgoing
from runtime.http.requests import outgoing
from runtime.ids import id_of

GROUP = "feedback.checks"
SAMPLES = {SampleDrawn.__name__: SampleDrawn}
CHECK_WITHIN = timedelta(days=20)
"""*Ours*: a month's sample is checked before the next one is drawn."""
ACTOR = Actor(role="system", principal="feedback-checks")


def checks_of(record: Incoming) -> Sequence[Outgoing]:
    """One request for each matter of a sample; nothing for any other record."""
    sample = understood(record.key, record.value, record.headers, SAMPLES)
    if sample is None:
        return ()
    drawn = [ticket for stratum in sample.body.strata for ticket in stratum.drawn]
    return [outgoing(_check(ticket, sample), "tickets") for ticket in drawn]


def _check(ticket: str, sample: Message[SampleDrawn]) -> Message[Body]:
    """Ids and times come from the sample, so that a repetition is the same request."""
    return Message(
        id=id_of("check", sample.key, ticket),
        type=CheckTicket.__name__,
        kind=Kind.REQUEST,
        key=ticket,
        producer="feedback",
        at=sample.at,
        time=sample.time,
        body=CheckTicket(draw=sample.key, remote=False, due=sample.at + CHECK_WITHIN),
        to=("feedback",),
        cause=sample.id,
        actor=ACTOR,
    )
