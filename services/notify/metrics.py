"""Notify's series."""

from prometheus_client import Counter

SENT = Counter(
    "notify_messages_total",
    "Messages handed to a provider, by channel and outcome (sent, failed, unknown, not_sent). Rising `unknown`: the "
    "provider times out; a person looks at GET /v1/deliveries/unknown.",
    ["channel", "outcome"],
)
FEED = Counter(
    "notify_feed_events_total",
    "Events put onto the public feed, by type. Flat while tickets move: the relay is stuck.",
    ["type"],
)
