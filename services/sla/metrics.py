"""sla's series."""

from prometheus_client import Counter

EXPLAINED = Counter("sla_deadlines_explained_total", "Deadlines explained to somebody. Only informative.")
MISMATCHED = Counter(
    "sla_deadlines_mismatched_total",
    "Deadlines that recompute to another value than was promised. Above 0: a calendar changed under them; runbook.",
)
