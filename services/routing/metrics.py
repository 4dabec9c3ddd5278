from prometheus_client import Counter, Gauge

OPENED = Counter(
    "routing_texts_opened_total",
    "Texts opened for routing, by whether their key was there (opened, gone). Rising `gone`: see the vault.",
    ["result"],
)
WAITING = Gauge(
    "routing_assignments_waiting",
    "Matters that routing holds, by state. Rising `queued` or `disputed`: lead units or supervision are behind.",
    ["state"],
)
RETURNED = Gauge(
    "routing_assignments_returned",
    "Matters that routing holds and that a unit gave back at least once (ping-pong). Rising: mend the duty list.",
)
UNATTENDED = Gauge(
    "routing_units_unattended",
    "Units in force without an active operator. Above zero: name an operator or end the unit.",
)
