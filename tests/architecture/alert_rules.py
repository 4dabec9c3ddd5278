"""What is wrong with a folder of alert rules and their tests.

promtool alone ends with 0 for an empty folder, for a file without a test and, unless told otherwise, for an alert that
stands there twice.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.architecture.machine import run

FOUND = re.compile(r"SUCCESS: (\d+) rules found")
PASSED = re.compile(r"^ *SUCCESS$", re.MULTILINE)
STRICT = ("--lint=all", "--lint-fatal")


def complaints(root: Path, promtool: str) -> list[str]:
    """Everything that is wrong with ``root``: its prometheus.yml, rules/ and tests/."""
    return [*_configuration(root, promtool), *_rules(root, promtool), *_tests(root, promtool)]


def _configuration(root: Path, promtool: str) -> Iterator[str]:
    code, output = run(promtool, "check", "config", *STRICT, root / "prometheus.yml")
    if code:
        yield f"promtool refuses the configuration: {output}"


def _rules(root: Path, promtool: str) -> Iterator[str]:
    files = sorted((root / "rules").glob("*.yml"))
    if not files:
        yield "there is no file of rules"
        return
    declared = [str(rule.get("alert")) for file in files for group in _read(file)["groups"] for rule in group["rules"]]
    yield from (f"{name} stands there {n} times" for name, n in Counter(declared).items() if n > 1)
    code, output = run(promtool, "check", "rules", *STRICT, *files)
    counted = sum(int(found) for found in FOUND.findall(output))
    if code or not 0 < counted == len(declared):
        yield f"promtool checked {counted} of {len(declared)} rules: {output}"


def _tests(root: Path, promtool: str) -> Iterator[str]:
    files = sorted((root / "tests").glob("*.yml"))
    if not files:
        yield "there is no file of tests"
        return
    tested = {(root / "tests" / name).resolve() for file in files for name in _read(file).get("rule_files", ())}
    yield from (f"no test looks at {rules.name}" for rules in (root / "rules").glob("*.yml") if rules not in tested)
    yield from (f"{file.name} tests nothing" for file in files if not _cases(file))
    code, output = run(promtool, "test", "rules", *files)
    passed = len(PASSED.findall(output))
    if code or passed != len(files) or "WARNING" in output:
        yield f"{passed} of {len(files)} files of tests passed: {output}"


def _cases(file: Path) -> list[Any]:
    tests = _read(file).get("tests", ())
    empty = [test for test in tests if not test.get("alert_rule_test")]
    return [] if empty else [case for test in tests for case in test["alert_rule_test"]]


def _read(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(file.read_text()) or {}
    return read
