"""D6: downstream gets every public fact on a topic of its own, as CloudEvents, without a word of anybody. And V8: what
identifies a reporter is on no topic at all."""

from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import orjson
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from contracts import feed, topics
from contracts.feed import MADE_OF
from contracts.identifiers import prefix_of
from contracts.labels import labels_in
from contracts.vocabulary import county_of
from runtime.delivery.records import Incoming
from runtime.kafka.follower import KafkaFollower
from tests.acceptance.town import ReporterReceipt, RunningSystem

WAY = ("registered", "assigned", "accepted", "completed", "evaluated", "struck-off")
NAME, PHONE, PAPER, EMAIL = "滕金丝雀", "13987654321", "433026199001015552", "canary.teng@example.org"
CANARIES = (NAME, PHONE, PAPER, EMAIL)
WORDS = "麻阳县高村镇停水三天，金丝雀词语不出现。"


async def canary(town: RunningSystem) -> ReporterReceipt:
    """A matter whose reporter can be recognised, from registration to striking off."""
    reporter = {"name": NAME, "phone": PHONE, "id_number": PAPER, "email": EMAIL, "channel": "sms"}
    receipt = await town.submit("高村镇停水", WORDS, place="高村镇", reporter=reporter)
    await town.completed(receipt)
    answer = await town.evaluate(receipt)
    assert answer.status_code == 200, answer.text
    await town.fact("TicketStruckOff", receipt.number)
    return receipt


async def records(town: RunningSystem, topic: str) -> list[Incoming]:
    follower = KafkaFollower(town.platforms["notify"].bus, topic)
    try:
        found: list[Incoming] = []
        while fetched := await follower.fetch():
            found += fetched
        return found
    finally:
        await follower.stop()


async def events(town: RunningSystem, receipt: ReporterReceipt) -> list[Incoming]:
    """The events of a matter, as soon as it is struck off there."""
    found: list[Incoming] = []

    async def there() -> bool:
        mine = prefix_of(receipt.number)
        found[:] = [each for each in await records(town, "ticket-feed") if each.key.startswith(mine)]
        return any(b"struck-off" in each.headers[0][1] for each in found)

    await town.eventually(there, what="the last event of the feed")
    return found


def read(record: Incoming) -> Any:
    """As a subscriber reads it, with a library that is not ours."""
    return from_binary(KafkaMessage(dict(record.headers), record.key.encode(), record.value), JSONFormat())


async def test_D6_a_subscriber_gets_every_public_fact_in_order(town: RunningSystem) -> None:
    receipt = await canary(town)
    found = [read(record) for record in await events(town, receipt)]
    named = [event.get_type().removeprefix("duban.ticket.").removesuffix(".v1") for event in found]
    assert [name for name in named if name in WAY] == list(WAY)
    assert {event.get_subject() for event in found} == {(await town.assigned(receipt)).key}
    public = {body.__name__ for body in MADE_OF.values()}
    said = {message.id for message in await town.log(receipt.number) if message.type in public}
    assert {event.get_id() for event in found} <= said
    for event in found:
        data = feed.TICKET_EVENTS[event.get_type()].model_validate(event.get_data())
        assert data.number in ("", receipt.number)


async def test_D6_nothing_on_the_feed_is_anybodys(town: RunningSystem) -> None:
    receipt = await canary(town)
    for record in await events(town, receipt):
        fields = set(feed.EVENTS[record.headers[0][1].decode()].model_fields)
        assert set(orjson.loads(record.value)) == fields
        assert [word for word in (*CANARIES, WORDS, receipt.code) if holds(record, word)] == []


async def test_D6_whose_an_event_is_stands_in_its_headers(town: RunningSystem) -> None:
    """A filter by county, category or unit reads headers alone; a category is known once the matter was assigned."""
    receipt = await canary(town)
    assigned = (await town.assigned(receipt)).body
    found = await events(town, receipt)
    labelled = {each.headers[0][1].decode(): labels_in(each.headers) for each in found}
    assert {each["division"] for each in labelled.values()} == {county_of(assigned.division)}
    later = {kind: each for kind, each in labelled.items() if kind != "duban.ticket.registered.v1"}
    assert {(each["category"], each["unit"]) for each in later.values()} == {(assigned.category, assigned.unit)}
    assert labelled["duban.ticket.registered.v1"]["category"] == ""


async def test_D6_the_schema_that_an_event_names_is_served_and_fits(town: RunningSystem) -> None:
    receipt = await canary(town)
    for record in await events(town, receipt):
        named = urlsplit(dict(record.headers)["ce_dataschema"].decode())
        answer = await town.call("notify", "GET", named.path)
        assert (answer.status_code, answer.json()["$id"]) == (200, named.geturl())
        jsonschema_rs.validator_for(answer.json(), validate_formats=True).validate(orjson.loads(record.value))


async def test_D6_the_asyncapi_document_is_served_and_names_every_event(town: RunningSystem) -> None:
    answer = await town.call("notify", "GET", "/v1/asyncapi")
    shown = answer.json()
    assert (answer.status_code, shown["asyncapi"]) == (200, "3.0.0")
    assert {each["name"] for each in shown["components"]["messages"].values()} >= set(feed.EVENTS)
    assert set(shown["channels"]) == {"ticketFeed", "ticketSnapshots", "subscription"}


async def test_D6_a_schema_of_no_event_is_said_to_be_none(town: RunningSystem) -> None:
    answer = await town.call("notify", "GET", "/v1/schemas/feed/duban.ticket.imagined.v1.json")
    assert (answer.status_code, answer.json()["type"]) == (404, "event_type_unknown")
    assert set((await town.call("notify", "GET", "/v1/schemas/feed")).json()) == set(feed.EVENTS)


def holds(record: Incoming, word: str) -> bool:
    """Whether a record says a word, plainly or escaped."""
    whole = record.key.encode() + record.value + b"".join(value for _, value in record.headers)
    return word.encode() in whole or orjson.dumps(word)[1:-1] in whole or word.encode("unicode-escape") in whole


async def test_V8_what_identifies_a_reporter_is_on_no_topic(town: RunningSystem) -> None:
    receipt = await canary(town)
    await events(town, receipt)
    told = PHONE in town.gateway.inboxes
    assert told, "the canary did not reach the gateway: the test proves nothing"
    read_at_all = set()
    for topic in topics.ALL:
        found = await records(town, topic.name)
        read_at_all |= {topic.name} if found else set()
        secret = (*CANARIES, WORDS, receipt.code)
        assert [(topic.name, word) for record in found for word in secret if holds(record, word)] == []
    assert {"submissions", "tickets", "ticket-feed"} <= read_at_all
