"""The import rules hold on the project, and each of them turns red when it is broken on purpose."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGES = ("contracts", "runtime", "services", "simulation", "deploy", "cli")
DECIDERS = ("intake", "routing", "sla", "notify", "feedback")
ANATOMY = ("wiring", "workers", "api", "adapters", "handlers", "ports", "metrics", "settings", "domain")
READER = ("wiring", "pages", "reading", "times", "site", "metrics", "settings")

LAYERS = "cli > simulation > services > deploy > runtime > contracts"

BREAKS = (
    (LAYERS, "contracts/topics.py", "import runtime.change"),
    (LAYERS, "runtime/change.py", "import services.sla.domain"),
    (LAYERS, "deploy/local/kafka.py", "import services.sla.wiring"),
    (LAYERS, "services/sla/wiring.py", "import simulation.people"),
    (LAYERS, "simulation/people.py", "import cli.up"),
    ("a service knows no other service", "services/sla/wiring.py", "import services.routing.ports"),
    ("only the command line knows the local stack", "services/sla/wiring.py", "import deploy.local.kafka"),
    ("runtime knows the envelope and the topics", "runtime/change.py", "import contracts.catalogue"),
    ("every service has the same files", "services/sla/domain.py", "import services.sla.settings"),
    ("every service has the same files", "services/sla/handlers.py", "import services.sla.adapters"),
    ("every service has the same files", "services/sla/utils.py", ""),
    ("the portal reads; its pages show", "services/portal/reading/ports.py", "import services.portal.pages.services"),
    ("pages work through HTTP APIs", "services/portal/pages/live/routes.py", "import services.portal.reading.ports"),
    ("pages work through HTTP APIs", "services/portal/pages/frame/render.py", "import runtime.mongo.client"),
    ("pages work through HTTP APIs", "services/portal/pages/services.py", "import runtime.kafka.bus"),
    ("pages work through HTTP APIs", "services/portal/pages/mine/routes.py", "import runtime.identity.vault"),
    ("reading: api > live", "services/portal/reading/search/filters.py", "import services.portal.reading.ports"),
    ("reading: api > live", "services/portal/reading/export.py", ""),
    ("a ticket is folded", "services/portal/reading/ticket/notes.py", "import services.portal.reading.ticket.story"),
    ("domain and handlers do nothing but decide", "services/sla/handlers.py", "import asyncio"),
    ("domain and handlers do nothing but decide", "services/sla/domain.py", "import time"),
    ("domain knows no event class", "services/sla/domain.py", "import contracts.catalogue"),
    ("handlers, ports and domain are free of", "services/sla/handlers.py", "import motor"),
    ("handlers, ports and domain are free of", "services/sla/ports.py", "import aiokafka"),
    ("handlers, ports and domain are free of", "services/sla/handlers.py", "import fastapi"),
    ("handlers, ports and domain are free of", "services/sla/ports.py", "import os"),
    ("handlers, ports and domain are free of", "services/sla/handlers.py", "import runtime.mongo.client"),
    ("motor is imported by runtime.mongo.client alone", "services/sla/adapters.py", "import motor.motor_asyncio"),
    ("aiokafka is imported by runtime.kafka", "runtime/change.py", "import aiokafka"),
    ("faust is imported by the portal's stream alone", "services/portal/wiring.py", "import faust"),
)


def modules() -> set[str]:
    """Every module of the project, and what each service must have."""
    found = {str(path.relative_to(PROJECT)) for package in PACKAGES for path in (PROJECT / package).rglob("*.py")}
    required = {f"services/{service}/{name}.py" for service in DECIDERS for name in ANATOMY}
    required |= {f"services/portal/{name}.py" for name in READER}
    required |= {"runtime/change.py", "runtime/mongo/client.py", "contracts/topics.py", "deploy/local/kafka.py"}
    return found | {name for name in required if name.removesuffix(".py") + "/__init__.py" not in found}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The project's modules, emptied, under its rules; runtime.mongo.client as the importer of motor that it is."""
    for name in modules():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    (tmp_path / "runtime/mongo/client.py").write_text("import motor.motor_asyncio\n")
    shutil.copy(PROJECT / ".importlinter", tmp_path)
    return tmp_path


def verdict(root: Path) -> tuple[int, str]:
    """Exit code and report of import-linter run in ``root``."""
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as c; c()"
    run = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    return run.returncode, " ".join((run.stdout + run.stderr).split())


def test_the_project_keeps_its_import_rules() -> None:
    code, report = verdict(PROJECT)
    assert code == 0, report


def test_an_unbroken_tree_is_green(tree: Path) -> None:
    code, report = verdict(tree)
    assert code == 0, report


@pytest.mark.parametrize(("rule", "file", "line"), BREAKS)
def test_a_broken_rule_is_seen(tree: Path, rule: str, file: str, line: str) -> None:
    path = tree / file
    if not path.exists() and (tree / file.removesuffix(".py")).is_dir():
        path = tree / file.removesuffix(".py") / "__init__.py"
    path.write_text(line + "\n")
    code, report = verdict(tree)
    assert code == 1
    assert re.search(re.escape(rule) + r"[^:]{0,80} BROKEN", report), report


def test_every_rule_is_broken_by_some_case() -> None:
    lines = (PROJECT / ".importlinter").read_text().splitlines()
    rules = [line.removeprefix("name = ") for line in lines if line.startswith("name = ")]
    assert rules
    assert [rule for rule in rules if not any(rule.startswith(broken) for broken, _, _ in BREAKS)] == []
