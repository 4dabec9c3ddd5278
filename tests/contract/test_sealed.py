"""What stands behind a seal has one shape for whoever seals and opens; a mismatch is refused, never read as ""."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import BaseModel

from contracts import catalogue, sealed
from contracts.entries import CatalogueRow
from contracts.envelope import Body, Kind
from contracts.sealed import MEASURED, WRITTEN, SealedContact, SealField, ShapeRefused, SubmittedWords
from contracts.values import Measure, Sealed

EXAMPLES = Path(__file__).parents[2] / "contracts/examples/sealed"
KEPT_SEALED = {
    ("SubmissionReceived", "sealed"),
    ("SubmissionConflicted", "contact"),
    ("TicketRegistered", "supplements"),
    ("TicketSupplemented", "hide"),
}
"""Sealed to a day key, under the contact key, or several at once: opened by their own readers."""


def example(name: str) -> bytes:
    return (EXAMPLES / f"{name}.json").read_bytes().strip()


def sealed_fields(model: type[BaseModel]) -> Iterator[str]:
    """The attributes that are declared as sealed."""
    for name, field in model.model_fields.items():
        if "sealed" in field.metadata:
            yield name


FACTS = [row for row in catalogue.ENTRIES if row.kind is Kind.FACT]


@pytest.mark.parametrize("row", FACTS, ids=lambda row: str(row.name))
def test_every_sealed_field_of_a_fact_says_what_it_was_sealed_for(row: CatalogueRow) -> None:
    declared = {name for name in sealed_fields(row.body) if (row.name, name) not in KEPT_SEALED}
    assert declared == set(WRITTEN.get(row.body, {})) - {name for owner, name in KEPT_SEALED if owner == row.name}


def test_every_sealed_field_of_a_measure_says_what_it_was_sealed_for() -> None:
    assert set(sealed_fields(Measure)) == set(MEASURED)


def test_a_new_sealed_field_without_a_row_would_be_seen() -> None:
    class Planted(Body):
        text: Sealed = ""

    assert list(sealed_fields(Planted)) == ["text"]


def test_the_golden_words_are_read_and_written_as_they_are() -> None:
    plain = orjson.loads(example("words"))
    assert sealed.words_json(plain).encode() == example("words")
    assert sealed.words_of(example("words").decode()) == SubmittedWords(**plain)


def test_the_golden_contacts_are_read_and_written_as_they_are() -> None:
    read = sealed.contacts_of(example("contacts"))
    assert [each.code for each in read] == ["0000000001", "0000000002"]
    assert sealed.contacts_json(read) == example("contacts")


def test_what_was_not_sent_is_not_sealed() -> None:
    assert (
        sealed.words_json({"content": "停水", "title": None, "reporter": {"phone": "13800000001"}})
        == '{"content":"停水"}'
    )


@pytest.mark.parametrize(
    "wrong", ["", "[]", "no json", '{"inhalt": "停水"}', '{"content": 5}', '{"content": "x", "latitude": "north"}']
)
def test_words_of_another_shape_are_refused_and_nothing_of_them_is_told(wrong: str) -> None:
    with pytest.raises(ShapeRefused) as refused:
        sealed.words_of(wrong)
    assert "停水" not in str(refused.value)


@pytest.mark.parametrize("wrong", [b"", b"{}", b'[{"phone": "13800000001"}]', b'[{"code": 1}]'])
def test_contacts_of_another_shape_are_refused_and_nothing_of_them_is_told(wrong: bytes) -> None:
    with pytest.raises(ShapeRefused) as refused:
        sealed.contacts_of(wrong)
    assert "13800000001" not in str(refused.value)


def test_a_seal_s_field_is_its_name_on_the_wire() -> None:
    assert [f"ticket/{field}" for field in (SealField.WORDS, SealField.RULE_QUOTED)] == [
        "ticket/words",
        "ticket/rule_quoted",
    ]


def test_a_contact_says_its_code() -> None:
    fields: dict[str, Any] = {name: each.is_required() for name, each in SealedContact.model_fields.items()}
    assert [name for name, required in fields.items() if required] == ["code"]
