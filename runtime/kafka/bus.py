"""How to reach Kafka: addresses, names of topics, deadlines, and records as they come in."""

import ssl
from dataclasses import dataclass
from typing import Any

from runtime.delivery.records import Incoming

DEADLINE = 5.0  # seconds until a send is *unknown*: cancelling does not stop it, so it may still arrive


REBUILD_AFTER = 2  # unknown sends in a row after which the producer is thrown away (it may be stuck for ever)


FETCH_WAIT_MS = 200  # how long an empty fetch waits


CALL_WAIT = 10.0  # seconds for commit, seek and stop: aiokafka retries some of them for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Bus:
    """Where Kafka is and what the topics of this installation are called: ``<namespace>.<name>``."""

    servers: str
    namespace: str = "duban"
    epoch: int = 1
    username: str = ""
    password: str = ""
    tls: ssl.SSLContext | None = None

    def topic(self, name: str) -> str:
        """The full name of a topic of the catalogue."""
        return f"{self.namespace}.{name}"

    def log_of(self, topic: str) -> str:
        """The log that a full name belongs to: its name in the catalogue, with the epoch."""
        return f"{topic.removeprefix(f'{self.namespace}.')}/{self.epoch}"

    def client_options(self) -> dict[str, Any]:
        """What every client of this bus needs to connect."""
        options: dict[str, Any] = {"bootstrap_servers": self.servers}
        if self.username:
            protocol = "SASL_SSL" if self.tls else "SASL_PLAINTEXT"
            options |= {
                "security_protocol": protocol,
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
                "ssl_context": self.tls,
            }
        return options


def incoming_of(log_name: str, record: Any) -> Incoming:
    """What Kafka lets be absent (key, value, the value of a header) is empty here."""
    key, headers = record.key.decode("utf-8", "replace") if record.key else "", record.headers
    for _, value in headers:  # a loop, not any(): this is done to every record that any loop reads
        if value is None:
            headers = [(name, value or b"") for name, value in headers]
            break
    return Incoming(log_name, record.partition, record.offset, key, headers, record.value or b"")
