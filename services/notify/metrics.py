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
PARTS = Counter(
    "notify_sms_parts_total",
    "Parts of SMS handed to the gateway and sent: what it charges for. Rising faster than messages: a template grew; "
    "look at GET /v1/templates.",
)
RESTS = Counter(
    "notify_provider_rests_total",
    "Times that a provider was left to rest after failures in a row, by channel. Rising: it is down or away; its "
    "messages wait and go when it is back.",
    ["channel"],
)
