"""Findings run outside CI; what can be checked of a script without the network is checked here."""

import os
import re
from pathlib import Path

import pytest

from tests.architecture.machine import PROJECT

SCRIPTS = sorted((PROJECT / "findings").glob("*.sh"))
INSTALLED = re.compile(r"(?:pip install|npm install) ((?:.*\\\n)*.*)")
DEBIAN = re.compile(r"apt-get download (?:-\w+ )*[\w.-]+=\d")
GO = re.compile(r"go install [\w./-]+@v\d+\.\d+\.\d+\b")
PINNED = re.compile(r"[\w@][\w./-]*(?:==|@)\d[\w.+-]*")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_states_its_guess_works_in_a_temporary_folder_and_is_listed(script: Path) -> None:
    text = script.read_text()
    assert text.startswith("#!/usr/bin/env bash\n# A good guess: ")
    assert "work=$(mktemp -d)\n" in text
    assert " EXIT\n" in text
    assert f"]({script.name}) |" in (PROJECT / "findings/README.md").read_text()
    assert os.access(script, os.X_OK)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_pins_each_package_that_it_installs(script: Path) -> None:
    text = script.read_text()
    installed = [word for line in INSTALLED.findall(text) for word in line.replace("\\\n", " ").split()]
    packages = [word for word in installed if not word.startswith("-")]
    assert packages or DEBIAN.search(text) or GO.search(text)
    assert [word for word in packages if not PINNED.fullmatch(word)] == []
