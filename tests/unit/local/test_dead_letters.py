"""``duban dead-letters replay``: decides as the loop would, with the configuration that the loop has; to the last."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from cli import dead_letters
from cli.serve import wiring_of
from contracts.envelope import Actor, RequestDecided, type_of
from contracts.messages.routing import TicketAccepted
from contracts.topics import SERVICES
from deploy.local.secrets import made
from runtime.clock import Clock
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Incoming, Parked, Record
from runtime.http.requests import outgoing
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.memory.store import InMemoryStore
from runtime.process.configuration import publication
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings
from services.routing.adapters.published import PublishedStandards
from services.sla.adapters.packaged import publications
from tests.facts.routing import accept_ticket
from tests.harness import MONDAY, TICKET, decoded, request
from tests.unit.routing.matters import WATER, an_assignment

CLOCK = Clock(wall=lambda: MONDAY)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> InMemoryPlatform:
    """A process that has read nothing yet, on a log to which sla has published its catalogue."""
    for name, value in made().items():
        monkeypatch.setenv(name, value)
    log = InMemoryLog()
    for key, body in publications():
        log.append(publication(key, body, "sla", CLOCK))
    return InMemoryPlatform(Settings(), CLOCK, log)


async def park(platform: InMemoryPlatform, ticket: str = TICKET, first: int = 0, more: int = 0) -> None:
    """A matter in front of its unit, whose acceptance is parked, and as many repeats of it behind it."""
    store = platform.store(wiring_of("routing").of(platform))
    store.records[ticket] = Record(ticket, 0, an_assignment(), version=1, parked=True)
    accept = request(accept_ticket(standard="WTR-01"), actor=Actor(role="unit", unit=WATER), to=("routing",))
    for nth in range(1 + more):
        said = outgoing(replace(accept, key=ticket, id=f"{ticket}-{nth}"), "tickets")
        incoming = Incoming("tickets/1", 0, first + nth, ticket, said.headers, said.value)
        await store.park([Parked(incoming, "bug", nth == 0, MONDAY)])


def said(platform: InMemoryPlatform) -> list[str]:
    return [type_of(record.headers) for record in platform.log.of_topic("tickets")]


async def test_a_parked_acceptance_is_decided_with_the_published_standards(platform: InMemoryPlatform) -> None:
    await park(platform)
    assert await dead_letters.replayed(platform, "routing") == 0
    assert said(platform) == [TicketAccepted.__name__, RequestDecided.__name__]


async def test_without_the_configuration_it_would_be_refused_for_good(
    platform: InMemoryPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> None:
        """The guards are gone: the command's, and the loop's own."""

    monkeypatch.setattr(dead_letters, "_caught_up", nothing)
    monkeypatch.setattr(PublishedStandards, "wait_for", nothing)
    await park(platform)
    assert await dead_letters.replayed(platform, "routing") == 0
    (decision,) = platform.log.of_topic("tickets")
    assert decoded(decision, RequestDecided).body.code == "unknown_standard"


@pytest.mark.parametrize("service", ["routing", "sla", "notify"])
async def test_what_cannot_be_read_is_said_and_nothing_is_replayed(
    service: str, platform: InMemoryPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(_follower: InMemoryFollower) -> list[Incoming]:
        raise Unavailable("kafka: silent")

    monkeypatch.setattr(InMemoryFollower, "fetch", silent)
    await park(platform)
    with pytest.raises(dead_letters.NotReplayed, match="configuration cannot be read"):
        await dead_letters.replayed(platform, service)
    assert said(platform) == []


async def test_before_anything_is_published_nothing_is_replayed(
    platform: InMemoryPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = InMemoryPlatform(Settings(), CLOCK)
    await park(empty)
    with pytest.raises(dead_letters.NotReplayed, match="published"):
        await dead_letters.replayed(empty, "routing")


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_that_folds_configuration_lets_it_be_read_first(
    service: str, platform: InMemoryPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    wiring, followed = wiring_of(service), list[str]()
    follower = platform.follower

    def noted(topic: str) -> InMemoryFollower:
        followed.append(topic)
        return follower(topic)

    monkeypatch.setattr(platform, "follower", noted)
    wiring.of(platform)
    assert hasattr(wiring, "configuration_of") == ("configuration" in followed)
    assert await dead_letters.replayed(platform, service) == 0


async def test_it_goes_on_until_nothing_is_left(platform: InMemoryPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letters, "PAGE", 3)
    for nth in range(10):
        await park(platform, f"T{nth}", first=10 * nth)
    assert await dead_letters.replayed(platform, "routing") == 0
    assert said(platform).count(TicketAccepted.__name__) == 10


async def test_one_that_stays_does_not_hide_those_behind_it(
    platform: InMemoryPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "PAGE", 2)
    await park(platform, "STAYS", more=4)
    letter = next(iter(platform.store(wiring_of("routing").of(platform)).letters.values()))
    platform.store(wiring_of("routing").of(platform)).letters[letter.place] = replace(
        letter, message=replace(letter.message, value=b"{")
    )
    await park(platform, "GOES", first=100)
    assert await dead_letters.replayed(platform, "routing") == 5
    assert said(platform).count(TicketAccepted.__name__) == 1


async def test_a_ticket_with_more_letters_than_a_page_is_handled_to_the_last(
    platform: InMemoryPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = InMemoryStore.parked

    async def page(store: InMemoryStore[object], ticket: str = "", at_most: int = 3) -> list[Parked]:
        return await whole(store, ticket, min(3, at_most) if ticket else at_most)

    monkeypatch.setattr(dead_letters, "PAGE", 3)
    monkeypatch.setattr(InMemoryStore, "parked", page)
    await park(platform, more=10)
    assert await dead_letters.replayed(platform, "routing") == 0
    assert said(platform).count(RequestDecided.__name__) == 11


def test_stores_that_do_not_answer_are_a_sentence_and_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object) -> None:
        raise Unavailable("mongodb: silent")

    monkeypatch.setattr(dead_letters, "_with", silent)
    outcome = CliRunner().invoke(dead_letters.app, ["replay", "routing"])
    assert outcome.exit_code == 1
    assert "MongoDB or Kafka does not answer" in outcome.output
    assert not isinstance(outcome.exception, Unavailable)
