"""A log that an earlier build wrote, through this one: the same messages and the same documents, byte for byte.

The recording was made by commit e30ef0a. A build that adds an optional field names it in ADDED, and one that
lets a service read a message that it did not read then in UNREAD. One that says more or something else than that build
did brings a recording by its own parent: ``python -m tests.recorded.record``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from contracts import catalogue
from contracts.envelope import type_of
from contracts.topics import TICKETS
from runtime.delivery.records import Outgoing
from tests.environment import environment
from tests.recorded.collections_of_intake import reads_as
from tests.recorded.recording import Recording, examples, recorded
from tests.recorded.replay import Replayed, digest_differences, document_differences, message_differences, replayed

BUILD = "e30ef0a"
LABELLED = frozenset({"category_code", "ce_division", "ce_category", "ce_unit"})
ADDED: frozenset[str] = LABELLED | {
    *("fixed", "hide", "contact", "former_digest", "others"),
    *("urgency_level", "urgency_words", "promised", "searched", "letter", "confirmed"),
    *("asked_until", "is_urgent", "plan_review", "plan_reviewer", "plan_by", "redrafts"),
    *("plan_measures", "measures_done", "review_levels", "submission", "submitted_by", "rejections"),
    *("open_to", "open_since", "cast_at", "call_days", "moved_at", "stuck_at", "heard_at", "is_red"),
    *("finding", "lacks_explanation", "found_by", "found_at"),
    *("held_to_account", "rules_made", "restricted", "class_plan"),
    *("pauses", "extended", "met_as_promised", "left", "more", "cap", "approver"),
    *("unheard", "due_unit", "due_lead", "due_supervision", "due_clerk"),
    *("caused_by", "asks", "again", "told_at", "outside", "held_until", "hide_of_others"),
    *("issued", "by_hand", "answered", "lifted", "continues", "levels", "resting", "reviewing", "tell"),
    *("due_head", "due_leader", "chain", "reporters", "reachable", "standard/traceable", "plan_asked"),
    *("person/yellow", "person/orange", "person/red", "moved"),
}
"""Names of fields, in messages or in documents, and of headers that later builds added; beside/name: where the other
field stands, too.
"""
UNREAD = {
    "notify": frozenset({"SubmissionConflicted", "PlanMade"}),
    "feedback": frozenset({"TicketSupplemented", "UrgencyJudged", "LightChanged", "LightWithdrawn"}),
    "sla": frozenset(
        {"TicketSupplemented", "PlanMade", "ReporterContacted", "MeasureReported", "SeatConfirmed", "TicketStuck"}
    ),
}
"""Service → types of messages that only later builds read: the service is held to what it made of the others."""
JUDGED_OTHERWISE = ("S375MD0RSNVJ3ZDJSFDFPV2WVV", "15HSC9WV9RQ18DTAJ73RRG6D7R", "3V12XXE99JYQYHWVHDK444A7PQ")
"""Tickets of which this build thinks otherwise: three days without water are urgent (docs/urgency.md), a plan that is
held back by policy is reviewed and comes back on its date, and the time to answer an order runs as a clock (C7).

Intake, feedback and sla alone say something else of them; who reads what that build said is not touched.
"""
FIRST = 300  # records of the log in which everything is met that a variant looks for
DIGESTS_AT_LEAST = 800  # documents, as they were after some record
READERS_OF_ACCEPTANCE = {"sla", "notify", "feedback", "portal"}
BOOKKEEPING = {"_id", "v", "p", "pos", "seen", "seq", "decided", "out", "kept", "parked", "doc", "wake"}
KEPT_BYTES = 300_000  # of a recording
SECOND_EXAMPLE = re.compile(r"(?<=\.v\d)\.\d+$")  # of one version of a public event
EXAMPLES = recorded(BUILD).examples
SAID_BY_LOOPS = sorted({type_of(line.record.headers) for line in recorded(BUILD).lines if line.by} & EXAMPLES.keys())
WITH_FIELDS = [
    name for name in SAID_BY_LOOPS if name in catalogue.BY_NAME and catalogue.BY_NAME[name].body.model_fields
]


@pytest.fixture(scope="module")
def recording() -> Recording:
    return recorded(BUILD)


@pytest.fixture(scope="module", autouse=True)
def what_that_build_did_not_know() -> Iterator[None]:
    """No matter of that build was said to be stuck, and none wanted a knock for it; staff were told each at once."""
    with environment({"DUBAN_STUCK_AFTER_DAYS": "0", "DUBAN_DIGEST_AT": ""}):
        yield


@pytest.fixture(scope="module")
async def replay(recording: Recording) -> Replayed:
    return await replayed(recording, ADDED, UNREAD)


@pytest.fixture(scope="module")
def written() -> Mapping[str, Any]:
    """The golden examples as this build writes them again."""
    return examples()


def _texts(collections: Mapping[str, Mapping[str, str]]) -> list[str]:
    return [text for documents in collections.values() for text in documents.values()]


def said_in(recording: Recording) -> list[tuple[str, Any]]:
    """All that the loops of that build published, each with the name of its loop."""
    return [(line.by, line.record) for line in recording.lines if line.by]


def settled(said: Sequence[tuple[str, Outgoing]]) -> list[tuple[str, Outgoing]]:
    """What was said of tickets of which this build thinks as that one did, in the same order."""
    return [each for each in said if each[1].key not in JUDGED_OTHERWISE]


def unsettled(differences: list[str]) -> list[str]:
    """Those that no rule that was changed on purpose explains."""
    return [each for each in differences if not any(ticket[:6] in each for ticket in JUDGED_OTHERWISE)]


def first_field(kind: str) -> str:
    """The name of the first field of a message."""
    return next(iter(catalogue.BY_NAME[kind].body.model_fields))


def renamed(text: str, name: str) -> str:
    """The JSON with another name for a field."""
    assert f'"{name}":' in text
    return text.replace(f'"{name}":', f'"{name}_renamed":', 1)


def with_renamed(recording: Recording, kind: str, field: str) -> Recording:
    """The recording with a field renamed in the first message of a type."""
    lines = list(recording.lines)
    nth = next(nth for nth, line in enumerate(lines) if type_of(line.record.headers) == kind)
    value = renamed(lines[nth].record.value.decode(), field).encode()
    lines[nth] = replace(lines[nth], record=replace(lines[nth].record, value=value))
    return replace(recording, lines=lines)


def test_every_message_of_that_build_is_in_its_log(recording: Recording) -> None:
    said = {type_of(line.record.headers) for line in recording.lines}
    assert {SECOND_EXAMPLE.sub("", name) for name in recording.examples} - said == set()


def test_the_recording_is_small() -> None:
    folder = Path(__file__).parents[1] / "recorded" / BUILD
    assert 0 < sum(path.stat().st_size for path in folder.iterdir()) <= KEPT_BYTES


def test_this_build_says_what_that_build_said(recording: Recording, replay: Replayed) -> None:
    assert message_differences(settled(said_in(recording)), settled(replay.said), ADDED) == []


@pytest.mark.parametrize("service", TICKETS.consumers)
def test_a_service_has_the_documents_that_it_had(service: str, recording: Recording, replay: Replayed) -> None:
    assert recording.snapshots.keys() == replay.snapshots.keys()
    assert all(snapshot[service] for snapshot in list(recording.snapshots.values())[1:])
    for after, snapshot in recording.snapshots.items():
        found = replay.snapshots[after][service]
        assert (after, unsettled(document_differences(snapshot[service], found, ADDED))) == (after, [])


def test_after_each_record_the_documents_are_those_of_that_build(recording: Recording, replay: Replayed) -> None:
    assert sum(len(line.digests) for line in recording.lines) >= DIGESTS_AT_LEAST
    assert unsettled(digest_differences(recording, replay)) == []


def test_intake_has_the_vault_the_day_keys_and_the_ledger_that_it_had(recording: Recording, replay: Replayed) -> None:
    assert recording.intake_collections.keys() == {"vault", "day_keys", "ledger", "ledger_heads"}
    assert document_differences(recording.intake_collections, replay.intake_collections, ADDED) == []


@pytest.mark.parametrize("service", TICKETS.consumers)
async def test_a_stored_document_is_read_and_written_as_it_was(
    service: str, recording: Recording, replay: Replayed
) -> None:
    for after, snapshot in recording.snapshots.items():
        again = await replay.system.forms[service].written_again(snapshot[service])
        assert (after, unsettled(document_differences(snapshot[service], again, ADDED))) == (after, [])


async def test_the_vault_the_day_keys_and_the_ledger_of_that_build_are_read(
    recording: Recording, replay: Replayed
) -> None:
    read = await reads_as(recording.intake_collections, replay.system.platform)
    assert [name for name, (found, wanted) in read.items() if not found or found != wanted] == []


def test_every_field_of_the_bookkeeping_is_in_the_recording(recording: Recording) -> None:
    texts = [
        text for snapshot in recording.snapshots.values() for service in snapshot.values() for text in _texts(service)
    ]
    assert {name for text in texts for name in orjson.loads(text)} >= BOOKKEEPING


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_golden_example_is_written_as_it_was(name: str, written: Mapping[str, Any]) -> None:
    was, now = EXAMPLES[name], written[name]
    assert now["headers"] == was["headers"]
    assert document_differences({name: {"": was["value"]}}, {name: {"": now["value"]}}, ADDED) == []


def test_what_is_said_to_be_added_was_not_there_before(recording: Recording) -> None:
    texts = [line.record.value.decode() for line in recording.lines]
    texts += [
        text for snapshot in recording.snapshots.values() for service in snapshot.values() for text in _texts(service)
    ]
    assert [name for name in ADDED if any(f'"{name}":' in text for text in texts)] == []


@pytest.mark.parametrize("kind", WITH_FIELDS)
def test_a_recorded_message_with_a_renamed_field_is_not_what_is_said(
    kind: str, recording: Recording, replay: Replayed
) -> None:
    changed = with_renamed(recording, kind, first_field(kind))
    assert message_differences(said_in(changed), replay.said, ADDED) != []


async def test_a_log_with_a_renamed_field_gives_other_documents(recording: Recording) -> None:
    replay = await replayed(with_renamed(recording, "TicketAccepted", "standard"), ADDED, UNREAD)
    last = max(recording.snapshots)
    was, found = recording.snapshots[last], replay.snapshots[last]
    different = {name for name in TICKETS.consumers if unsettled(document_differences(was[name], found[name], ADDED))}
    assert different == READERS_OF_ACCEPTANCE
    assert digest_differences(recording, replay) != []


@pytest.mark.parametrize("kind", ["DeadlineSet", "RequestDecided"])
async def test_a_build_that_has_another_name_for_a_field_is_seen(
    kind: str, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = catalogue.BY_NAME[kind].body
    field = first_field(kind)
    monkeypatch.setattr(body, "__pydantic_serializer__", Renaming(body.__pydantic_serializer__, field))
    replay = await replayed(replace(recording, lines=recording.lines[:FIRST]), ADDED, UNREAD)
    different = message_differences(said_in(recording), replay.said, ADDED)
    assert any(each.endswith(f"{kind}/{field} is gone") for each in different)


@pytest.mark.parametrize("added", [frozenset(), frozenset({"tomorrow"})])
async def test_a_field_that_a_later_build_adds_is_passed_over_once_it_is_named(
    added: frozenset[str], recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = catalogue.BY_NAME["TicketAssigned"].body
    monkeypatch.setattr(body, "__pydantic_serializer__", Adding(body.__pydantic_serializer__))
    replay = await replayed(replace(recording, lines=recording.lines[:FIRST]), added | ADDED, UNREAD)
    found = settled(replay.said)
    said = settled(said_in(recording))[: len(found)]
    assert (message_differences(said, found, ADDED | added) == []) == bool(added)
    assert (unsettled(digest_differences(recording, replay)) == []) == bool(added)


class Adding:
    """The serializer of a build that says one thing more."""

    def __init__(self, serializer: Any) -> None:
        self._serializer = serializer

    def to_json(self, body: Any) -> bytes:
        said: bytes = self._serializer.to_json(body)
        return said[:-1] + b',"tomorrow":""}'


class Renaming:
    """The serializer of a build that has another name for a field."""

    def __init__(self, serializer: Any, field: str) -> None:
        self._serializer, self._field = serializer, field

    def to_json(self, body: Any) -> bytes:
        return renamed(self._serializer.to_json(body).decode(), self._field).encode()


@pytest.mark.parametrize("service", TICKETS.consumers)
async def test_a_stored_field_with_another_name_is_seen(service: str, recording: Recording, replay: Replayed) -> None:
    last, name = max(recording.snapshots), replay.system.services[service].collection
    stored = recording.snapshots[last][service]
    key, text = next((key, text) for key, text in stored[name].items() if '"doc"' in text)
    other = renamed(text, next(iter(orjson.loads(text)["doc"])))
    changed = {**stored, name: {**stored[name], key: other}}
    assert document_differences(changed, replay.snapshots[last][service], ADDED) != []
    with suppress(KeyError):  # a field that must be there is not: nothing is read at all
        again = await replay.system.forms[service].written_again(changed)
        assert document_differences(changed, again, ADDED) != []
