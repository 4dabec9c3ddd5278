"""What the environment is set up with: fetched by hash, tried three times, and said plainly when it does not come."""

import hashlib
import re
from pathlib import Path

import pytest

from deploy import pip_by_hash
from deploy.pip_by_hash import NotFetched, fetched
from tests.architecture.machine import PROJECT


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between the tries."""
    monkeypatch.setattr(pip_by_hash, "PAUSES", (0.0, 0.0))


def test_the_file_that_is_meant_is_taken_and_another_is_not(tmp_path: Path) -> None:
    wheel = tmp_path / "pip.whl"
    wheel.write_bytes(b"as it was")
    digest = hashlib.sha256(b"as it was").hexdigest()
    assert fetched(wheel.as_uri(), digest) == b"as it was"
    wheel.write_bytes(b"as it was not")
    with pytest.raises(NotFetched, match=rf"pip\.whl: SHA-256 is [0-9a-f]{{64}}, not {digest}"):
        fetched(wheel.as_uri(), digest)


def test_a_fetch_that_fails_is_tried_three_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    def cut(url: str, timeout: float) -> None:
        tries.append(url)
        raise ConnectionResetError(f"cut, although {timeout} s were given")

    monkeypatch.setattr("urllib.request.urlopen", cut)
    with pytest.raises(NotFetched, match="cut, although 30 s were given"):
        fetched("https://example.org/pip.whl", "")
    assert len(tries) == 3


def test_everything_that_is_installed_is_pinned_by_hash() -> None:
    assert "--require-hashes -r deploy/uv.txt" in (makefile := (PROJECT / "Makefile").read_text())
    assert "--require-hashes -r requirements.lock" in makefile
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", (PROJECT / "deploy/uv.txt").read_text())) == 4
    assert re.search(r"pip-[\d.]+-py3-none-any\.whl$", pip_by_hash.WHEEL)
