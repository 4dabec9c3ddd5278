"""Routing's series."""

from prometheus_client import Counter

ROUTED = Counter(
    "routing_texts_opened_total",
    "Texts opened for routing, by whether their key was there (opened, gone). Rising `gone`: see the vault.",
    ["result"],
)
