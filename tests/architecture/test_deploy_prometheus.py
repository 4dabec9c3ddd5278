"""Alerts, their runbooks, their unit tests and the dashboard speak of series that the code declares."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts import topics
from docs.generator import metrics
from tests.architecture.alert_rules import complaints
from tests.architecture.machine import PROJECT, require, run

RULES = sorted((PROJECT / "deploy/prometheus/rules").glob("*.yml"))
TESTS = sorted((PROJECT / "deploy/prometheus/tests").glob("*.yml"))
RUNBOOKS = PROJECT / "docs/runbooks"
DASHBOARD = PROJECT / "deploy/grafana/dashboards/province.json"
SERIES = re.compile(rf"\b(?:duban|{'|'.join(topics.SERVICES)})_[a-z_]+")


def alerts() -> Iterator[dict[str, Any]]:
    for path in RULES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def samples() -> set[str]:
    return {sample for series in metrics.declared() for sample in series.samples}


def panels() -> list[dict[str, Any]]:
    return [panel for panel in json.loads(DASHBOARD.read_text())["panels"] if panel["type"] != "row"]


@pytest.mark.parametrize("alert", list(alerts()), ids=lambda alert: str(alert["alert"]))
def test_an_alert_watches_series_that_exist_and_names_its_runbook(alert: dict[str, Any]) -> None:
    assert set(SERIES.findall(alert["expr"])) <= samples()
    assert alert["labels"]["severity"] in {"page", "ticket"}
    runbook = PROJECT / alert["annotations"]["runbook"]
    text = runbook.read_text()
    assert text.startswith(f"# {runbook.stem} — {alert['alert']}\n")
    assert [part for part in ("**Meaning.**", "**First look.**", "**Remedy.**") if part not in text] == []


def test_every_runbook_belongs_to_an_alert_and_is_listed() -> None:
    pages = {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}
    assert pages == {Path(alert["annotations"]["runbook"]).stem for alert in alerts()}
    index = (RUNBOOKS / "README.md").read_text()
    assert [page for page in pages if f"({page}.md)" not in index] == []


def test_a_runbook_named_by_a_series_exists() -> None:
    named = {name for series in metrics.declared() for name in re.findall(r"runbook ([a-z-]+)", series.meaning)}
    assert {name for name in named if not (RUNBOOKS / f"{name}.md").exists()} == set()


def test_every_alert_fires_in_one_unit_test_and_is_silent_in_another() -> None:
    cases = [
        case for path in TESTS for test in yaml.safe_load(path.read_text())["tests"] for case in test["alert_rule_test"]
    ]
    fires = {case["alertname"] for case in cases if case.get("exp_alerts")}
    silent = {case["alertname"] for case in cases if not case.get("exp_alerts")}
    assert fires == silent == {alert["alert"] for alert in alerts()}


def test_prometheus_accepts_the_configuration_and_the_rules_which_pass_their_unit_tests() -> None:
    assert complaints(PROJECT / "deploy/prometheus", require("promtool", "prometheus")) == []


Rules = dict[str, Any]


def _twice_in_a_group(rules: Rules) -> None:
    rules["groups"][0]["rules"].append(rules["groups"][0]["rules"][0])


def _twice_in_two_groups(rules: Rules) -> None:
    rules["groups"].append({"name": "again", "rules": [rules["groups"][0]["rules"][0]]})


def _twice_with_other_labels(rules: Rules) -> None:
    first = rules["groups"][0]["rules"][0]
    _twice_in_a_group(rules)
    rules["groups"][0]["rules"][-1] = {**first, "labels": {"severity": "ticket"}}


@pytest.mark.parametrize("plant", [_twice_in_a_group, _twice_in_two_groups, _twice_with_other_labels])
def test_an_alert_that_stands_there_twice_is_seen(tmp_path: Path, plant: Callable[[Rules], None]) -> None:
    root = copied(tmp_path)
    file = root / "rules/ledger.yml"
    rules = yaml.safe_load(file.read_text())
    plant(rules)
    file.write_text(yaml.safe_dump(rules))
    found = complaints(root, require("promtool", "prometheus"))
    assert "DubanLedgerForked stands there 2 times" in found


@pytest.mark.parametrize(
    ("file", "text", "seen"),
    [
        ("rules/*.yml", None, "there is no file of rules"),
        ("rules/ledger.yml", "groups: []\n", "files of tests passed"),
        ("tests/*.yml", None, "there is no file of tests"),
        ("tests/ledger.yml", None, "no test looks at ledger.yml"),
        ("tests/ledger.yml", "rule_files: [../rules/ledger.yml]\ntests: []\n", "ledger.yml tests nothing"),
        ("tests/ledger.yml", "", "ledger.yml tests nothing"),
        ("tests/ledger.yml", "rule_files: [gone.yml]\ntests: []\n", "WARNING"),
    ],
)
def test_rules_or_tests_that_are_not_there_are_seen(tmp_path: Path, file: str, text: str | None, seen: str) -> None:
    root = copied(tmp_path)
    for path in root.glob(file):
        path.unlink()
    if text is not None:
        (root / file).write_text(text)
    assert seen in "\n".join(complaints(root, require("promtool", "prometheus")))


def copied(folder: Path) -> Path:
    """The folder of the rules, to be spoilt: two kinds stand for all, whose own tests take their time."""
    others = shutil.ignore_patterns(*{path.name for path in (*RULES, *TESTS)} - {"ledger.yml", "log.yml"})
    return Path(shutil.copytree(PROJECT / "deploy/prometheus", folder / "prometheus", ignore=others))


def test_alertmanager_accepts_its_configuration() -> None:
    amtool = require("amtool", "prometheus-alertmanager")
    code, output = run(amtool, "check-config", PROJECT / "deploy/alertmanager/alertmanager.yml")
    assert code == 0, output


def test_alertmanager_silences_only_alerts_that_exist() -> None:
    configuration = yaml.safe_load((PROJECT / "deploy/alertmanager/alertmanager.yml").read_text())
    named = set(re.findall(r"Duban[A-Za-z]+", str(configuration["inhibit_rules"])))
    assert named <= {alert["alert"] for alert in alerts()}


def test_prometheus_scrapes_every_part_of_every_service_on_its_port() -> None:
    jobs = yaml.safe_load((PROJECT / "deploy/prometheus/prometheus.yml").read_text())["scrape_configs"]
    targets = {target for job in jobs for config in job["static_configs"] for target in config["targets"]}
    ports = {"api": 8101, "loop": 9101}
    wanted = {f"{name}-{part}:{ports[part] + n}" for n, name in enumerate(topics.SERVICES) for part in ports}
    wanted |= {f"{part.replace('.', '-')}:{9121 + n}" for n, part in enumerate(topics.PARTS)}
    assert targets == wanted


@pytest.mark.parametrize("panel", panels(), ids=lambda panel: str(panel["title"]))
def test_a_panel_shows_series_that_exist_by_labels_they_have(panel: dict[str, Any]) -> None:
    labels = {sample: series.labels for series in metrics.declared() for sample in series.samples}
    target = panel["targets"][0]
    named = set(SERIES.findall(target["expr"]))
    assert named <= set(labels)
    wanted = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
    assert all(wanted <= set(labels[each]) for each in named)


def test_prometheus_parses_every_expression_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{n}", "expr": panel["targets"][0]["expr"]} for n, panel in enumerate(panels())]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    code, output = run(require("promtool", "prometheus"), "check", "rules", "--lint=all", "--lint-fatal", file)
    assert (code, f"SUCCESS: {len(rules)} rules found" in output) == (0, True), output
    assert rules
