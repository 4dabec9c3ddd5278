"""Kafka's jars: what is kept is what the lock says, whatever the network does."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from jgo.maven import MavenContext

from deploy.local import jars
from deploy.local.jars import FetchStopped, Jar, JarNotFetched, JarRefused

ROWS = jars.parse_lock(jars.LOCK.read_text())
BODY = b"the jar as it was made " * 1000
JAR = Jar("org.example", "made", "1.0", hashlib.sha256(BODY).hexdigest())


class Repository:
    """Maven Central on loopback. ``faults``: what it does to the next downloads, in order."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.downloads = 0
        self.asked = threading.Event()
        self.may_end = threading.Event()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if not handler.path.endswith(".jar"):
            return handler.send_error(404)
        self.downloads += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "503":
            return handler.send_error(503)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(BODY)))
        handler.end_headers()
        handler.wfile.write(BODY[: len(BODY) // 2])
        self.asked.set()
        if fault == "waits":
            self.may_end.wait(20)
        if fault != "cut":
            handler.wfile.write(BODY[len(BODY) // 2 :] if fault != "other" else b"x" * (len(BODY) // 2))
        return None


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Repository, str]]:
    """The repository and its address; nobody waits between the tries."""
    monkeypatch.setattr(jars, "PAUSES", (0.0, 0.0))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Repository()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.answer(self)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path: Path, repository: tuple[Repository, str]) -> MavenContext:
    """An empty cache that is filled from the repository."""
    return MavenContext(repo_cache=tmp_path, remote_repos={"central": repository[1]})


def kept(cache: MavenContext) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in cache.repo_cache.rglob("*") if path.is_file()}


def test_the_lock_names_exact_versions_with_their_hashes() -> None:
    assert len(ROWS) == len({(each.group, each.artifact) for each in ROWS}) == 46
    assert all(len(each.digest) == 64 and int(each.digest, 16) for each in ROWS)
    assert {each.version for each in ROWS if each.group == "org.apache.kafka"} == {"4.3.1"}


def test_a_jar_is_kept_where_other_tools_keep_it(cache: MavenContext) -> None:
    artifact = cache.project(JAR.group, JAR.artifact).at_version(JAR.version).artifact()
    assert JAR.cached(cache) == artifact.cached_path


@pytest.mark.parametrize("faults", [[], ["cut"], ["503"], ["other"], ["cut", "503"], ["other", "cut"]])
def test_what_is_cut_refused_or_changed_on_the_way_is_fetched_again(
    faults: list[str], cache: MavenContext, repository: tuple[Repository, str]
) -> None:
    repository[0].faults = list(faults)
    jars.fetch(JAR, cache, threading.Event())
    assert kept(cache) == {"made-1.0.jar": BODY}
    assert repository[0].downloads == len(faults) + 1


@pytest.mark.parametrize(
    ("fault", "raised", "words"),
    [
        ("cut", JarNotFetched, r"made-1\.0\.jar could not be fetched(.|\n)*check the network"),
        ("503", JarNotFetched, r"made-1\.0\.jar could not be fetched"),
        ("other", JarRefused, r"made/1\.0/made-1\.0\.jar is not what the lock says(.|\n)*Start again"),
    ],
)
def test_after_three_tries_it_is_said_and_nothing_is_kept(
    fault: str, raised: type[Exception], words: str, cache: MavenContext, repository: tuple[Repository, str]
) -> None:
    repository[0].faults = [fault] * 3
    with pytest.raises(raised, match=words):
        jars.fetch(JAR, cache, threading.Event())
    assert (kept(cache), repository[0].downloads) == ({}, 3)


def test_a_broken_jar_in_the_cache_is_replaced_and_each_step_is_said(
    cache: MavenContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, repository: tuple[Repository, str]
) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(f"{JAR.group}:{JAR.artifact}:{JAR.version} {JAR.digest}\n")
    monkeypatch.setattr(jars, "LOCK", lock)
    JAR.cached(cache).parent.mkdir(parents=True)
    JAR.cached(cache).write_bytes(BODY[:100])
    said: list[dict[str, object]] = []
    for _ in range(2):
        (path,) = jars.all_of(lambda step, **more: said.append({"step": step, **more}), cache=cache)
    assert path.read_bytes() == BODY
    assert said == [{"step": "jars", "done": done, "of": 1} for done in (0, 1)]
    assert repository[0].downloads == 1


def test_a_stop_ends_a_download_under_way_and_keeps_nothing_of_it(
    cache: MavenContext, repository: tuple[Repository, str]
) -> None:
    repository[0].faults, stop = ["waits"], threading.Event()

    def say_stop() -> None:
        repository[0].asked.wait(20)
        stop.set()
        repository[0].may_end.set()

    other = threading.Thread(target=say_stop)
    other.start()
    with pytest.raises(FetchStopped):
        jars.fetch(JAR, cache, stop)
    other.join()
    assert (kept(cache), repository[0].downloads) == ({}, 1)


def test_after_a_stop_no_further_jar_is_begun(cache: MavenContext, repository: tuple[Repository, str]) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(FetchStopped):
        jars.fetch(JAR, cache, stop)
    assert repository[0].downloads == 0
