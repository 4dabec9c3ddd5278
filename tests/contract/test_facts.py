"""Every message has a made-up one in tests/facts, and what is made up is valid by the data that the product packs."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from inspect import getmembers, isfunction
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from contracts import accounts, catalogue, vocabulary
from contracts.entries import CatalogueRow
from contracts.envelope import Body, decode, encode_headers, encode_value
from contracts.lifecycle import CLOCKS, TicketState
from contracts.topics import SERVICES
from services.feedback.domain.evaluation.rounds import CHECK_GROUNDS
from services.routing.adapters.packaged import directory, kinds, places
from services.routing.domain.unit.units import responsible
from services.sla.adapters.packaged import editions, standards
from tests.facts import feedback, intake, routing, sla
from tests.facts.examples import MODULES
from tests.facts.standards import standard_published
from tests.facts.values import CATEGORY, COUNTY, DAY, DIVISION, LEAD, OTHER, STANDARD, SUPERVISION, UNIT
from tests.harness import MONDAY, TICKET, fact

Maker = Callable[..., Body]


def makers(modules: Iterable[ModuleType] = MODULES) -> Mapping[type[Body], list[Maker]]:
    """Body → the functions that make one, by what they say they return."""
    found: dict[type[Body], list[Maker]] = {}
    for module in modules:
        for _, maker in getmembers(module, isfunction):
            if maker.__module__ == module.__name__:
                found.setdefault(get_type_hints(maker)["return"], []).append(maker)
    return found


def without_one_maker(rows: Iterable[CatalogueRow], made: Mapping[type[Body], Collection[Maker]]) -> list[str]:
    return [row.name for row in rows if len(made.get(row.body, ())) != 1]


def made(row: CatalogueRow) -> Body:
    (maker,) = makers()[row.body]
    return maker()


def test_every_message_of_the_catalogue_has_one_maker() -> None:
    assert without_one_maker(catalogue.ENTRIES, makers()) == []


def test_a_message_without_a_maker_is_named() -> None:
    assert "TicketAssigned" in without_one_maker(catalogue.ENTRIES, makers([intake, sla]))


def test_a_second_maker_of_one_message_is_named() -> None:
    twice: dict[type[Body], list[Maker]] = {**makers(), type(intake.registered()): [intake.registered] * 2}
    assert without_one_maker(catalogue.ENTRIES, twice) == ["TicketRegistered"]


@pytest.mark.parametrize("row", catalogue.ENTRIES, ids=lambda row: str(row.name))
def test_what_is_made_up_is_read_as_it_was_written(row: CatalogueRow) -> None:
    message = fact(made(row), producer=row.producers[0], seq=1)
    again = decode(TICKET, encode_value(message), encode_headers(message), row.body)
    assert again == message


def another(value: Any) -> Any:
    """A value of the same type that is not this one."""
    match value:
        case bool():
            return not value
        case str():
            return f"{value}x"
        case int():
            return value + 1
        case datetime():
            return value + DAY
        case _:
            return None


@pytest.mark.parametrize("row", catalogue.ENTRIES, ids=lambda row: str(row.name))
def test_a_maker_changes_the_field_that_it_is_told(row: CatalogueRow) -> None:
    (maker,) = makers()[row.body]
    for name, value in made(row):
        if isinstance(value, str | int | datetime):
            assert getattr(maker(**{name: another(value)}), name) == another(value)


@pytest.mark.parametrize("row", catalogue.ENTRIES, ids=lambda row: str(row.name))
def test_a_maker_refuses_a_name_that_is_no_field(row: CatalogueRow) -> None:
    (maker,) = makers()[row.body]
    with pytest.raises(TypeError):
        maker(no_such_field=1)


KNOWN: Mapping[str, Collection[str]] = {
    "TicketRegistered.channel": vocabulary.CHANNELS,
    "AssignmentQueued.reason": vocabulary.QUEUED,
    "TicketReturned.ground": vocabulary.GROUNDS,
    "ReturnTicket.ground": vocabulary.GROUNDS,
    "DeadlineSet.kind": CLOCKS,
    "DeadlineMoved.kind": CLOCKS,
    "DeadlineSet.calendar_version": [edition.version for edition in editions()],
    "MoreTimeAsked.kind": CLOCKS,
    "MoreTimeAsked.how": vocabulary.MORE_TIME,
    "MoreTimeAsked.ground": vocabulary.MORE_TIME_GROUNDS,
    "MoreTimeAsked.approver": vocabulary.ROLES,
    "MoreTimeDecided.kind": CLOCKS,
    "MoreTimeDecided.how": vocabulary.MORE_TIME,
    "MoreTimeDecided.ground": vocabulary.MORE_TIME_GROUNDS,
    "MoreTimeDecided.approver": vocabulary.ROLES,
    "PauseEnded.kind": CLOCKS,
    "PauseEnded.ground": vocabulary.MORE_TIME_GROUNDS,
    "AskMoreTime.how": vocabulary.MORE_TIME,
    "AskMoreTime.ground": vocabulary.MORE_TIME_GROUNDS,
    "MatterReferred.ground": vocabulary.REFERRED,
    "MatterReferred.by": vocabulary.ROLES,
    "ReferMatter.ground": vocabulary.REFERRED,
    "ConferenceDecided.decision": vocabulary.CONFERENCE_DECISIONS,
    "RecordConference.decision": vocabulary.CONFERENCE_DECISIONS,
    "LightChanged.old": vocabulary.COLOURS,
    "LightChanged.new": vocabulary.COLOURS,
    "SupervisionOrdered.colour": vocabulary.COLOURS,
    "PlanMade.mode": vocabulary.MODES,
    "PlanTicket.mode": vocabulary.MODES,
    "ReviewPassed.kind": vocabulary.REVIEWERS,
    "ReviewRejected.kind": vocabulary.REVIEWERS,
    "PlanReviewed.mode": vocabulary.MODES_IN_FORCE,
    "AccountabilityRecorded.outcome": vocabulary.ACCOUNTABILITY,
    "RecordAccountability.outcome": vocabulary.ACCOUNTABILITY,
    "RuleRecorded.scope": vocabulary.RULE_SCOPES,
    "RecordRule.scope": vocabulary.RULE_SCOPES,
    "MatterVerified.finding": vocabulary.FINDINGS,
    "MatterVerified.method": vocabulary.CHECK_METHODS,
    "VerifyMatter.finding": vocabulary.FINDINGS,
    "VerifyMatter.method": vocabulary.CHECK_METHODS,
    "ReporterContacted.method": vocabulary.METHODS,
    "RecordContact.method": vocabulary.METHODS,
    "LookBackAttempted.method": vocabulary.METHODS,
    "RecordAttempt.method": vocabulary.METHODS,
    "LookBackRecorded.method": vocabulary.METHODS,
    "RecordLookBack.method": vocabulary.METHODS,
    "ReworkOrdered.reason": vocabulary.REWORK,
    "UrgencyJudged.level": vocabulary.URGENCY,
    "DangerAdded.urgency_level": vocabulary.URGENCY,
    "ReopenTicket.reason": CHECK_GROUNDS,
    "TicketWithdrawn.state": [state.value for state in TicketState],
    "PersonNotified.audience": vocabulary.AUDIENCES,
    "PersonNotified.channel": vocabulary.CHANNELS,
    "PersonNotified.outcome": vocabulary.OUTCOMES,
    "WakeUp.service": SERVICES,
    "ProposeReplacement.what": accounts.CREDENTIALS,
    "ReplacementProposed.what": accounts.CREDENTIALS,
    "ReplacementConfirmed.what": accounts.CREDENTIALS,
    "CredentialChanged.change": accounts.CREDENTIAL_CHANGES,
    "Looked.what": vocabulary.LOOKS,
    "Looked.role": vocabulary.ROLES,
}


@pytest.mark.parametrize("field", KNOWN)
def test_a_made_up_code_is_one_that_the_product_knows(field: str) -> None:
    name, _, code = field.partition(".")
    assert getattr(made(catalogue.BY_NAME[name]), code) in KNOWN[field]


def test_made_up_evidence_is_of_a_known_kind() -> None:
    assert {each.kind for each in feedback.completed().evidence} <= vocabulary.EVIDENCE.keys()


def test_the_made_up_unit_is_the_packaged_one_and_alone_responsible_for_the_matter() -> None:
    body, unit = routing.assigned(), directory().unit(UNIT)
    assert unit is not None
    assert (body.unit_zh, body.unit_en, body.level, body.lead_unit) == (unit.zh, unit.en, unit.level, unit.lead_unit)
    assert responsible(directory().units(COUNTY), CATEGORY, DIVISION, MONDAY) == (unit,)
    assert STANDARD.code in unit.standards


@pytest.mark.parametrize("code", [OTHER, LEAD, SUPERVISION])
def test_the_other_units_are_packaged(code: str) -> None:
    assert directory().unit(code) is not None


def test_the_made_up_place_and_category_are_named_as_in_the_packaged_tables() -> None:
    body, category = routing.assigned(), kinds().category(CATEGORY)
    assert (body.category_zh, body.category_en) == (category.zh, category.en)
    assert body.division_zh == places().name(DIVISION)


def test_the_made_up_standard_is_for_the_made_up_category() -> None:
    published = standard_published(duties=("URB.06", "URB.07"))
    assert published in standards()
