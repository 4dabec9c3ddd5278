"""A tree that can be run: this one, or another commit in a git worktree with an environment of its own.

What is asked of another commit is little, so that old ones can be measured: the command of its ``pyproject.toml`` with
``topics`` and ``serve SERVICE loop``, its ``sms_gateway``, its ``requirements.lock``; and ``benchmarks/PROCESSES``, a
``serve`` line per process, if it has one.
"""

import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.state import ROOT

PROCESSES = Path("benchmarks", "PROCESSES")
BEFORE_THAT_FILE = ("intake loop", "routing loop", "sla loop", "notify loop", "feedback loop")
GATEWAY = "sms_gateway.py"
WITHIN = 600.0  # seconds for git or uv


class BuildRefused(Exception):
    """A commit cannot be built; the text says at which command it failed, and what to do."""


@dataclass(frozen=True, slots=True)
class Build:
    """One tree and the Python that has what it needs."""

    commit: str
    root: Path
    python: str

    def command(self, *arguments: str) -> list[str]:
        """``duban …`` of this tree."""
        script: str = tomllib.loads((self.root / "pyproject.toml").read_text())["project"]["scripts"]["duban"]
        return [self.python, "-m", script.partition(":")[0].removesuffix(".__main__"), *arguments]

    def processes(self) -> dict[str, list[str]]:
        """What a submission passes on its way, by name: the command lines."""
        return {line: self.command("serve", *line.split()) for line in self._lines()}

    def _lines(self) -> tuple[str, ...]:
        path = self.root / PROCESSES
        return tuple(path.read_text().split("\n")[:-1]) if path.exists() else BEFORE_THAT_FILE

    def gateway(self, port: int) -> list[str]:
        """The local SMS provider, which speaks what this tree's notify speaks."""
        found = min((self.root / "deploy").rglob(GATEWAY), default=None)
        if found is None:
            raise BuildRefused(f"{self.commit} has no deploy/**/{GATEWAY}: it is older than its benchmark")
        module = ".".join(found.relative_to(self.root).with_suffix("").parts)
        return [self.python, "-m", module, "--port", str(port)]


def here() -> Build:
    """The tree that this program is part of, as it lies there."""
    return Build("this tree", ROOT, sys.executable)


def described() -> str:
    """This tree's commit, "-dirty" when it was changed since. Raises BuildRefused outside of a git repository."""
    return _git("describe", "--always", "--dirty", "--exclude", "*")


@contextmanager
def checked_out(revision: str) -> Iterator[Build]:
    """The tree of a commit, for as long as the context lasts. Raises BuildRefused."""
    commit = _git("rev-parse", "--verify", "--quiet", "--short", f"{revision}^{{commit}}")
    with tempfile.TemporaryDirectory(prefix="duban-beside-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", "--force", str(tree), commit)
        try:
            yield Build(commit, tree, _environment(tree))
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _environment(tree: Path) -> str:
    """The Python of an environment with the packages of the tree's lock, as the Makefile makes it."""
    uv, folder = str(Path(sys.executable).with_name("uv")), tree / ".venv"
    python = str(folder / "bin" / "python")
    _run(uv, "venv", "--quiet", "--python", sys.executable, str(folder))
    lock = str(tree / "requirements.lock")
    _run(uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, "--require-hashes", "-r", lock)
    return python


def _git(*arguments: str) -> str:
    return _run("git", "-C", str(ROOT), *arguments)


def _run(*command: str) -> str:
    """What it printed. Raises BuildRefused."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN, check=False)
    except (OSError, subprocess.TimeoutExpired) as why:
        raise BuildRefused(f"{' '.join(command)}: {why}") from None
    if done.returncode != 0:
        said = done.stderr.strip()[-500:] or "is the commit there? `git fetch` brings what a shallow clone lacks"
        raise BuildRefused(f"{' '.join(command)}: exit code {done.returncode}: {said}")
    return done.stdout.strip()
