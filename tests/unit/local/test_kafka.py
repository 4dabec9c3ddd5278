"""The broker's jars and properties."""

import hashlib
from pathlib import Path

import pytest

from deploy.local import kafka

ROWS = kafka.parse_lock(kafka.LOCK.read_text())


def test_the_lock_names_exact_versions_with_their_hashes() -> None:
    assert len(ROWS) == len({(group, artifact) for group, artifact, _, _ in ROWS}) == 46
    assert all(len(digest) == 64 and int(digest, 16) for _, _, _, digest in ROWS)
    assert {version for group, _, version, _ in ROWS if group == "org.apache.kafka"} == {"4.3.1"}


def test_a_jar_with_another_hash_is_refused(tmp_path: Path) -> None:
    jar = tmp_path / "kafka.jar"
    jar.write_bytes(b"as it was")
    digest = hashlib.sha256(b"as it was").hexdigest()
    assert kafka.checked(jar, digest) == jar
    jar.write_bytes(b"as it was not")
    with pytest.raises(kafka.JarRefused, match=r"kafka\.jar.*the lock says"):
        kafka.checked(jar, digest)


def test_the_broker_listens_on_loopback_only_and_makes_no_topic_by_itself(tmp_path: Path) -> None:
    rows = dict(line.split("=", 1) for line in kafka.properties(tmp_path, 1111, 2222).splitlines())
    assert rows["listeners"] == "PLAINTEXT://127.0.0.1:1111,CONTROLLER://127.0.0.1:2222"
    assert rows["auto.create.topics.enable"] == "false"
    assert int(rows["offsets.retention.minutes"]) >= 365 * 24 * 60
    assert {rows[name] for name in rows if name.endswith(("replication.factor", "min.isr"))} == {"1"}
