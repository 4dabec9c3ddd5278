"""Kafka's jars by exact coordinates and hash: fetched when missing or broken, kept only when they are the lock's."""

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jgo.maven import MavenContext, PythonResolver

LOCK = Path(__file__).with_name("kafka-4.3.1-jars.txt")
PAUSES = (1.0, 4.0)  # seconds before the second and the third try
SILENT_AT_MOST = 30  # seconds that the repository may say nothing
AT_ONCE = 8  # jars


class JarRefused(Exception):
    """What came is not what the lock says; nothing of it is kept. The text says which, whence and what to do."""


class JarNotFetched(Exception):
    """The repository did not hand it over; what was fetched is kept. The text says which and what to do."""


class FetchStopped(Exception):
    """The start was ended while jars were being fetched."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock."""

    group: str
    artifact: str
    version: str
    digest: str

    def cached(self, context: MavenContext) -> Path:
        """Where it is kept, or would be."""
        folder = context.repo_cache.joinpath(*self.group.split("."), self.artifact, self.version)
        return folder / f"{self.artifact}-{self.version}.jar"

    def is_at(self, path: Path) -> bool:
        """Whether the file has the bytes of the lock."""
        return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == self.digest


def parse_lock(text: str) -> list[Jar]:
    """A jar a line: group:artifact:version SHA-256."""
    rows = [line.replace(":", " ").split() for line in text.splitlines() if line.strip()]
    return [Jar(group, artifact, version, digest) for group, artifact, version, digest in rows]


def all_of(
    say: Callable[..., None], stop: threading.Event | None = None, cache: MavenContext | None = None
) -> list[Path]:
    """All jars, those that are missing or broken fetched. Raises JarRefused, JarNotFetched, Stopped."""
    cache, rows = cache or MavenContext(), parse_lock(LOCK.read_text())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        there = list(pool.map(lambda jar: jar.is_at(jar.cached(cache)), rows))
    if missing := [jar for jar, found in zip(rows, there, strict=True) if not found]:
        _fetch(missing, cache, say, stop or threading.Event())
    return [jar.cached(cache) for jar in rows]


def _fetch(missing: Sequence[Jar], cache: MavenContext, say: Callable[..., None], stop: threading.Event) -> None:
    say("jars", done=0, of=len(missing))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(fetch, jar, cache, stop) for jar in missing]
        try:
            for done, each in enumerate(as_completed(waiting), start=1):
                each.result()
                say("jars", done=done, of=len(missing))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def fetch(jar: Jar, cache: MavenContext, stop: threading.Event) -> None:
    """Put it in its place in one step, once it is whole: a connection that is cut leaves nothing behind."""
    for pause in PAUSES:
        try:
            _try(jar, cache, stop)
        except (JarRefused, JarNotFetched):
            stop.wait(pause)
        else:
            return
    _try(jar, cache, stop)


def _try(jar: Jar, cache: MavenContext, stop: threading.Event) -> None:
    refuse_stopped(stop)
    place = jar.cached(cache)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=place.parent) as folder:
        came = _download(jar, cache, Path(folder), stop)
        if not jar.is_at(came):
            raise JarRefused(_refused(jar, came, place, cache))
        os.replace(came, place)


def _download(jar: Jar, cache: MavenContext, folder: Path, stop: threading.Event) -> Path:
    context = MavenContext(
        PythonResolver(progress_callback=_until(stop)),
        repo_cache=folder,
        remote_repos=cache.remote_repos,
        timeout=SILENT_AT_MOST,
    )
    try:
        artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
        return Path(artifact.resolve())
    except (OSError, RuntimeError) as why:  # requests' errors are OSErrors; jgo says "not found" to any other answer
        raise JarNotFetched(
            f"{jar.artifact}-{jar.version}.jar could not be fetched: {why}\n"
            "check the network (HTTPS_PROXY is honoured) and the disk, then start again: what was fetched is kept"
        ) from why


def _until(stop: threading.Event) -> Callable[..., Any]:
    """Jgo's progress, which ends a download when somebody says stop."""

    @contextmanager
    def progress(_name: str, _size: int) -> Iterator[Callable[[int], None]]:
        yield lambda _count: refuse_stopped(stop)

    return progress


def refuse_stopped(stop: threading.Event) -> None:
    if stop.is_set():
        raise FetchStopped


def _refused(jar: Jar, came: Path, place: Path, cache: MavenContext) -> str:
    found = hashlib.sha256(came.read_bytes()).hexdigest()
    return (
        f"{place} is not what the lock says: SHA-256 of what {', '.join(cache.remote_repos.values())} sent is {found}, "
        f"the lock says {jar.digest}\n"
        "nothing of it is kept. Start again; if it stays so, something on the way changes files: ask who runs the proxy"
    )
