"""The state folder: whose it is, whether there is room, and that nothing of anybody else's is deleted."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.__main__ import command
from deploy.local import state as folders
from deploy.local.state import DiskFull, NotOurs, StackState, refuse_full

Usage = namedtuple("Usage", "total used free")


def test_a_folder_that_we_made_is_ours_again(tmp_path: Path) -> None:
    StackState(tmp_path / "state").create().create()
    StackState(tmp_path / "state").refuse_strange()


def test_an_empty_folder_becomes_ours_and_one_with_other_things_does_not(tmp_path: Path) -> None:
    empty, home = tmp_path / "empty", tmp_path / "home"
    empty.mkdir()
    StackState(empty).create()
    home.mkdir(mode=0o755)
    (home / "letters.txt").write_text("mine")
    with pytest.raises(NotOurs, match=r"home holds other things than duban's: .* Set DUBAN_STATE"):
        StackState(home).create()
    assert [path.name for path in home.iterdir()] == ["letters.txt"]
    assert home.stat().st_mode & 0o777 == 0o755


def test_a_file_in_its_place_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("mine")
    with pytest.raises(NotOurs):
        StackState(tmp_path / "state").create()


def test_the_projects_own_folder_is_ours_also_when_it_was_made_before_there_was_a_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logs").mkdir()
    monkeypatch.setattr(folders, "DEFAULT", tmp_path)
    StackState(tmp_path).refuse_strange()


@pytest.mark.parametrize("ours", [True, False])
def test_reset_deletes_our_folder_and_nobody_elses(ours: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "home"
    if ours:
        StackState(root).create()
    else:
        root.mkdir()
    (root / "letters.txt").write_text("mine")
    monkeypatch.setenv("DUBAN_STATE", str(root))
    outcome = CliRunner().invoke(command("reset"))
    assert outcome.exit_code == (0 if ours else 1), outcome.output
    assert root.exists() != ours
    assert ("everything is forgotten" in outcome.output) == ours
    assert ours or "nothing was written or deleted" in outcome.output


def test_too_little_room_is_said_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_full(tmp_path / "not yet" / "there")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1 << 40, 1 << 40, 5 << 20))
    with pytest.raises(DiskFull, match=r"only 5 MB are free .* 1024 MB: free some, or set DUBAN_STATE"):
        refuse_full(tmp_path)
