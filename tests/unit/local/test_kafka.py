from pathlib import Path

from deploy.local import kafka


def test_the_broker_listens_on_loopback_only_and_makes_no_topic_by_itself(tmp_path: Path) -> None:
    rows = dict(line.split("=", 1) for line in kafka.properties(tmp_path, 1111, 2222).splitlines())
    assert rows["listeners"] == "PLAINTEXT://127.0.0.1:1111,CONTROLLER://127.0.0.1:2222"
    assert rows["auto.create.topics.enable"] == "false"
    assert int(rows["offsets.retention.minutes"]) >= 365 * 24 * 60
    assert {rows[name] for name in rows if name.endswith(("replication.factor", "min.isr"))} == {"1"}
