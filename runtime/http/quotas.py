"""How often somebody may come: so many within a span, after a pause at once, then as they wear off (GCRA).

Bounded, by the stopwatch, one number a key. The package limits 5.8.0 walks all keys that it holds on nearly every hit:
at 50,000 of them 104 µs instead of 15, which a flood from many addresses would choose for everybody.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from runtime.clock import Stopwatch

KEPT = 50_000  # keys; whoever came longest ago begins anew


@dataclass(frozen=True, slots=True)
class Quota:
    """``amount`` within ``span``; ``name`` is a word of letters that callers read. ``amount`` 0: no limit."""

    name: str
    amount: int
    span: timedelta


class KeptQuota:
    """One quota, kept by key."""

    def __init__(self, quota: Quota, stopwatch: Stopwatch) -> None:
        self.quota, self._stopwatch = quota, stopwatch
        self._worn_off: OrderedDict[str, timedelta] = OrderedDict()

    def wait(self, key: str) -> timedelta | None:
        """How long somebody who comes now has to wait; None: not at all, and this once is counted."""
        if not self.quota.amount:
            return None
        now = self._stopwatch()
        worn_off = max(self._worn_off.pop(key, now), now) + self.quota.span / self.quota.amount
        over = worn_off - now - self.quota.span
        is_over = over > timedelta()
        self._worn_off[key] = worn_off - self.quota.span / self.quota.amount if is_over else worn_off
        while len(self._worn_off) > KEPT:
            self._worn_off.popitem(last=False)
        return over if is_over else None

    def fields(self, wait: timedelta) -> dict[str, str]:
        """The header fields of a 429: the policy, that nothing remains, and when it does again."""
        seconds, quota = max(1, ceil(wait.total_seconds())), self.quota
        policy = f'"{quota.name}";q={quota.amount};w={int(quota.span.total_seconds())}'
        left = f'"{quota.name}";r=0;t={seconds}'
        return {"Retry-After": str(seconds), "RateLimit-Policy": policy, "RateLimit": left}
