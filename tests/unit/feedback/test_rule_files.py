"""A file of plan rules or review chains: every fault with its place and remedy, and editions that never change."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from runtime.process.edition_files import BYTES_AT_MOST
from services.feedback.adapters.rule_files import (
    PublishedEdition,
    WrittenChain,
    WrittenChoice,
    WrittenRule,
    beside,
    read,
)
from tests.architecture.machine import PROJECT
from tests.harness import MONDAY

CATEGORIES = ("URB.01", "WTR.01", "WTR.02")
RULE: dict[str, Any] = {"division": "431226", "version": 1, "categories": ["WTR"], "standards": ["RDS-01"]}
CHAIN: dict[str, Any] = {"division": "4312", "version": 3, "category": "WTR.01", "levels": [{"kind": "unit_head"}]}
TODAY = MONDAY.isoformat()


def written(*rows: object) -> bytes:
    return json.dumps(rows).encode()


def rules(*rows: object) -> dict[int, WrittenRule]:
    found = read(written(*rows), WrittenRule, CATEGORIES)
    assert not found.faults
    return dict(found.editions)


@pytest.mark.parametrize(
    ("form", "row", "pointer"),
    [
        (WrittenRule, {"division": "431299"}, "/0/division"),
        (WrittenRule, {"division": "43122"}, "/0/division"),
        (WrittenRule, {"division": 431226}, "/0/division"),
        (WrittenRule, {"version": 0}, "/0/version"),
        (WrittenRule, {"version": "1"}, "/0/version"),
        (WrittenRule, {"categories": ["WTR", "WTR.09"]}, "/0/categories/1"),
        (WrittenRule, {"categories": [""]}, "/0/categories/0"),
        (WrittenRule, {"review_limit": 0}, "/0/review_limit"),
        (WrittenRule, {"review_limt": 2}, "/0/review_limt"),
        (WrittenRule, {"valid_from": "2026-03-02"}, "/0/valid_from"),
        (WrittenChain, {"category": "XYZ"}, "/0/category"),
        (WrittenChain, {"levels": [{"kind": "unit_head"}, {"kind": "boss"}]}, "/0/levels/1/kind"),
        (WrittenChain, {"levels": [{"kind": "lead", "deputies": ["Li Mo"]}]}, "/0/levels/0/deputies/0"),
        (WrittenChain, {"levels": [{"kind": "lead", "working_days": 61}]}, "/0/levels/0/working_days"),
        (WrittenChain, {"levels": [{"kind": "lead"}] * 11}, "/0/levels"),
    ],
)
def test_a_fault_has_its_place_and_says_what_to_do(
    form: type[WrittenChoice], row: dict[str, Any], pointer: str
) -> None:
    right = RULE if form is WrittenRule else CHAIN
    found = read(written(right | row), form, CATEGORIES)
    assert [fault.pointer for fault in found.faults] == [pointer]
    assert all(fault.zh and fault.en for fault in found.faults)
    assert not read(written(right), form, CATEGORIES).faults


def test_one_fault_hides_no_other() -> None:
    found = read(
        written(RULE | {"version": 0}, RULE, RULE, RULE | {"categories": ["QQQ"], "version": 2}),
        WrittenRule,
        CATEGORIES,
    )
    assert [fault.pointer for fault in found.faults] == ["/0/version", "/3/categories/0", "/2/version"]


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"[1", b"\xff", b" " * (BYTES_AT_MOST + 1), b'["\\ud800"]'])
def test_what_is_no_array_of_editions_is_said_to_be_none(raw: bytes) -> None:
    found = read(raw, WrittenRule, CATEGORIES)
    assert not found.editions
    assert len(found.faults) == 1


def standing(*rows: object) -> dict[str, PublishedEdition]:
    return dict(beside(rules(*rows), {}, {"RDS-01"}, MONDAY).to_publish)


def test_an_edition_holds_from_its_own_instant_or_from_its_publication() -> None:
    later = (MONDAY + timedelta(days=1)).isoformat()
    found = standing(RULE, RULE | {"version": 2, "valid_from": later})
    assert {key: body.valid_from for key, body in found.items()} == {
        "plan-rule/431226@1": MONDAY,
        "plan-rule/431226@2": MONDAY + timedelta(days=1),
    }


@pytest.mark.parametrize(
    ("row", "pointers"),
    [
        ({}, []),
        ({"valid_from": TODAY}, []),
        ({"valid_from": (MONDAY + timedelta(days=9)).isoformat()}, ["/0/version"]),
        ({"categories": []}, ["/0/version"]),
        ({"version": 2, "valid_from": TODAY}, ["/0/valid_from"]),
        ({"version": 2, "standards": ["RDS-01", "RDS-99"]}, ["/0/standards/1"]),
    ],
)
def test_what_was_published_stands_and_what_is_new_holds_from_now_on(row: dict[str, Any], pointers: list[str]) -> None:
    plan = beside(rules(RULE | row), standing(RULE), {"RDS-01"}, MONDAY + timedelta(days=2))
    assert [fault.pointer for fault in plan.faults] == pointers
    assert all(fault.zh and fault.en for fault in plan.faults)


def test_a_chain_is_published_with_its_levels() -> None:
    found = read(written(CHAIN, CHAIN | {"category": "", "levels": []}), WrittenChain, CATEGORIES)
    plan = beside(found.editions, {}, (), MONDAY)
    assert list(plan.to_publish) == ["review-chain/4312/WTR.01@3", "review-chain/4312/@3"]
    assert plan.to_publish["review-chain/4312/WTR.01@3"].model_dump()["levels"][0]["kind"] == "unit_head"


def test_the_examples_of_the_operations_page_can_be_published() -> None:
    page = (PROJECT / "docs/operations.md").read_text()
    plans, chains, *_ = re.findall(r"```json\n(\[.*?)```", page, re.DOTALL)
    assert read(plans.encode(), WrittenRule, CATEGORIES).faults == []
    assert read(chains.encode(), WrittenChain, CATEGORIES).faults == []
