"""One noun, one meaning: messages, what they carry, and documents are named by words of the glossary."""

import re
from collections.abc import Iterable, Iterator

from contracts import catalogue, sealed, values
from contracts.topics import SERVICES
from services.feedback.domain.case import Case
from services.intake.domain.submission import Registration
from services.notify.domain.deliveries import TicketDeliveries
from services.portal.reading.ticket.document import Ticket
from services.routing.domain.assignment.assignment import Assignment
from services.sla.domain.sheet import ClockSheet
from services.staff.domain.account import Account
from tests.architecture.machine import PROJECT

DOCUMENTS = (Case, Registration, TicketDeliveries, Ticket, Assignment, ClockSheet, Account)
ACTS = {
    *(
        "added",
        "announce",
        "announced",
        "changed",
        "confirmed",
        "conflicted",
        "decided",
        "erase",
        "erased",
        "evaluate",
        "evaluated",
        "found",
        "given",
        "judge",
        "judged",
        "made",
    ),
    *(
        "notified",
        "opened",
        "published",
        "record",
        "recorded",
        "refused",
        "reminded",
        "reopen",
        "screened",
        "sealed",
        "set",
    ),
    *("stopped", "submitted", "supplied", "supply", "unknown"),
}
"""Verbs and adjectives that mean what they mean in English."""
INFLECTED = re.compile(r"(?:ies|ing|ed|[sdeny])$")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+")


def root(word: str) -> str:
    return INFLECTED.sub("", INFLECTED.sub("", word.lower()))


def terms() -> set[str]:
    """The roots of the words of all terms of the glossary."""
    rows = (
        line.split("|")[1] for line in (PROJECT / "docs/glossary.md").read_text("utf-8").splitlines() if "|" in line
    )
    return {root(word) for row in rows for word in re.findall("[a-z]+", row.lower())}


def names() -> Iterator[str]:
    """Of all messages, of the values that they carry, of what stands behind seals, and of the documents."""
    yield from catalogue.BY_NAME
    for module in (values, sealed):
        yield from (
            name for name, each in vars(module).items() if isinstance(each, type) and each.__module__ == module.__name__
        )
    yield from (document.__name__ for document in DOCUMENTS)


def unexplained(found: Iterable[str]) -> set[str]:
    known = terms()
    return {
        word for name in found for word in WORD.findall(name) if root(word) not in known and word.lower() not in ACTS
    }


def test_each_noun_of_a_message_or_a_document_is_in_the_glossary() -> None:
    assert len(DOCUMENTS) == len(SERVICES)
    assert unexplained(names()) == set()


def test_a_noun_that_nobody_explains_is_seen() -> None:
    assert unexplained(["DossierShut"]) == {"Dossier", "Shut"}


def test_no_act_stands_in_the_list_that_nothing_uses() -> None:
    used = {word.lower() for name in names() for word in WORD.findall(name)}
    assert ACTS - used == set()
