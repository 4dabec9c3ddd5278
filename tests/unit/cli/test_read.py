"""A person can ask how a text is read and why: at the command line, and over HTTP as staff."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.__main__ import command
from cli.read import lines, read_text
from contracts.trial import TrialText

LETTER = "我家住麻阳县高村镇锦江路25号，路燈不亮。联系人张小明 13912345678，广东老板不管"
GIVEN = {"title": "李默家门口路灯坏了", "place": "锦江路 旁", "given": ("李默",)}


def reading(content: str, **fields: Any) -> dict[str, Any]:
    return read_text(TrialText(content=content, **fields))


def quotes(found: Any) -> Iterator[dict[str, Any]]:
    """Everything in an answer that quotes the text."""
    if isinstance(found, dict):
        if {"field", "start", "end", "words"} <= found.keys():
            yield found
        for value in found.values():
            yield from quotes(value)
    elif isinstance(found, list | tuple):
        for value in found:
            yield from quotes(value)


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (LETTER, GIVEN),
        (f"{LETTER}\n{LETTER}", {"title": "停\u200b水　了"}),
        ("⿇阳县⾼村镇停⽔，路面突然塌陷一个大坑，車掉進去了", {"category": "供水", "door": "431226"}),
        ("不服法院判决，请求改判", {"contact": False}),
        ("x", {}),
    ],
)
def test_every_piece_of_evidence_is_a_slice_of_the_field_as_it_was_written(
    content: str, fields: dict[str, Any]
) -> None:
    asked = TrialText(content=content, **fields)
    written = asked.model_dump()
    for each in quotes(read_text(asked)):
        assert written[each["field"]][each["start"] : each["end"]] == each["words"]


def test_a_letter_is_read_whole_place_kind_unit_screening_urgency_masking() -> None:
    found = reading(LETTER, **GIVEN)
    assert (found["place"]["code"], found["kind"]["code"]) == ("431226100", "URB.06")
    assert (found["route"]["unit"], found["screening"]["is_valid"]) == ("431226-UB", True)
    assert found["urgency"]["level"] == "no"
    strengths = {each["words"]: (each["strength"], each["agrees"]) for each in found["place"]["evidence"]}
    assert strengths["广东"] == ("passing", False)
    assert strengths["麻阳县"][1] is True
    assert [each["words"] for each in found["kind"]["evidence"]] == ["路灯", "路燈", "不亮"]
    assert {each["words"] for each in found["masking"]["evidence"]} >= {"张小明", "13912345678"}
    assert "李默" not in json.dumps(found["masking"]["office"], ensure_ascii=False)
    assert ("25号" in found["masking"]["unit"]["content"], "25号" in found["masking"]["office"]["content"]) == (
        True,
        False,
    )


def test_a_danger_is_named_with_its_words_and_goes_to_the_emergency_desk() -> None:
    found = reading("高村镇路面突然塌陷一个大坑，车掉进去了", door="431226")
    assert (found["urgency"]["level"], found["route"]["unit"]) == ("now", "431226-YJ")
    assert found["urgency"]["evidence"][0]["words"] == "塌陷"
    assert [each["agrees"] for each in found["place"]["evidence"] if each["words"] == "高村镇"] == [True]


def test_what_is_screened_out_says_by_which_words_and_what_waits_says_why() -> None:
    found = reading("不服法院判决，请求改判", contact=False)
    assert (found["screening"]["rule"], found["route"]) == (
        "unclear_reference",
        {"queued": "division_unknown", "candidates": []},
    )
    out = reading("麻阳县人民法院，不服判决，请求改判")["screening"]
    assert (out["rule"], out["evidence"]["out_of_scope"][0]["field"]) == ("out_of_scope", "content")


def test_the_command_shows_a_line_each_and_json_for_programs() -> None:
    shown = CliRunner().invoke(command("read"), [LETTER, "--title", "路灯", "--given", "李默"])
    assert shown.exit_code == 0
    for head in (
        "place      431226100",
        "kind       URB.06",
        "route      431226-UB",
        "screening  valid",
        "urgency    no",
    ):
        assert f"\n{head}" in f"\n{shown.output}"
    told = json.loads(CliRunner().invoke(command("read"), ["--json", LETTER]).output)
    assert told == json.loads(json.dumps(reading(LETTER)))
    assert list(told) == ["place", "kind", "route", "screening", "urgency", "masking"]


@pytest.mark.parametrize(("option", "value"), [("--division", "abc"), ("--door", "43"), ("--title", "长" * 201)])
def test_a_field_that_cannot_be_is_named(option: str, value: str) -> None:
    refused = CliRunner().invoke(command("read"), ["停水", option, value])
    assert (refused.exit_code, option.removeprefix("--") in refused.output) == (2, True)


def test_what_is_unknown_is_said_so() -> None:
    assert "place      unknown" in "\n".join(lines(reading("xyzzy")))
