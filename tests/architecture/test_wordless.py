"""The runtime says no word of the domain: not in a name, a string, a docstring or a comment."""

import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from contracts.topics import SERVICES
from tests.architecture.machine import PROJECT

WORDS = frozenset(
    {"ticket", "unit", "division", "voter", "reporter", "citizen", "county", "province", "registration", "submission"}
    | {"evaluation", "supervision", "complaint"}
    | set(SERVICES) - {"staff"}  # who signs in: the edge's own word, and the name of the service that knows them
)
PHRASES = ("query code", "registration number", "登记号", "查询码", "工单", "反映人", "责任单位")
ALLOWED: Mapping[tuple[str, str], str] = {
    ("identity/tokens.py", "unit"): "a claim of the token, which services and partner systems read (ADR 22)",
    ("identity/tokens.py", "division"): "a claim of the token (ADR 22)",
    ("mongo/parked_messages.py", "ticket"): "the name of a stored field, which the first build wrote",
    ("http/bodies.py", "routing"): "a module of FastAPI",
    ("http/field_errors.py", "complaint"): "what is wrong with a field of a request",
    ("http/app.py", "complaint"): "what is wrong with a field of a request",
    ("process/edition_files.py", "complaint"): "what is wrong with a field of a file",
}
SPLIT = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def said(code: str) -> Iterator[tuple[int, str]]:
    """The words of the domain in a module, each with its line; names are split where they are joined."""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type in (tokenize.NAME, tokenize.STRING, tokenize.COMMENT) or token.type in FSTRING:
            text = token.string
            words = {each.lower() for each in SPLIT.findall(text)}
            yield from ((token.start[0], word) for word in WORDS if words & {word, f"{word}s"})
            yield from ((token.start[0], phrase) for phrase in PHRASES if phrase in text.lower())


FSTRING = {getattr(tokenize, "FSTRING_MIDDLE", -1)}


@pytest.mark.parametrize("path", sorted((PROJECT / "runtime").rglob("*.py")), ids=lambda path: path.stem)
def test_a_module_of_the_runtime_says_no_word_of_the_domain(path: Path) -> None:
    name = str(path.relative_to(PROJECT / "runtime"))
    found = [(line, word) for line, word in said(path.read_text()) if (name, word) not in ALLOWED]
    assert found == [], "say it in a neutral word, or have it handed in"


@pytest.mark.parametrize("planted", [
    "def park(ticket_id): ...",
    "class TicketLoop: ...",
    "TICKETS = 20",
    'TOPIC = "tickets"',
    'def wait():\n    """For the unit."""',
    "x = 1  # what intake sealed",
    'text = f"of {1} voters"',
    'en = "The query code is wrong."',
    'zh = "登记号不对"',
])  # fmt: skip
def test_a_word_of_the_domain_is_found_wherever_it_stands(planted: str) -> None:
    assert list(said(planted + "\n"))


def test_words_that_only_look_alike_are_let_go() -> None:
    assert list(said("opportunity = community\nadministration = subdivisional = notified\n")) == []


def test_every_exception_is_still_needed() -> None:
    used = {
        (name, word)
        for name in {name for name, _ in ALLOWED}
        for _, word in said((PROJECT / "runtime" / name).read_text())
    }
    assert set(ALLOWED) <= used
