"""Who watches, counted by network from the moment that a stream is let in: one host leaves room for everybody else."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.http.problems import Refusal
from services.portal import metrics

STREAMS = 2_000  # one process serves; more are refused
PER_NETWORK = 20  # streams of an address, or of an IPv6 network of 64 bits
LATER = {"Retry-After": "60"}  # seconds


class OpenStreams:
    """The streams of this process."""

    def __init__(self, per_network: int = PER_NETWORK) -> None:
        self._per_network = per_network
        self._open: Counter[str] = Counter()

    @contextmanager
    def held(self, network: str) -> Iterator[None]:
        """One stream, open for as long as the context lasts. Raises a 429 when the network has as many as it may, a 503
        when the process has."""
        self._refuse_more(network)
        self._open[network] += 1
        metrics.WATCHERS.inc()
        try:
            yield
        finally:
            metrics.WATCHERS.dec()
            self._open[network] -= 1
            if not self._open[network]:
                del self._open[network]

    def _refuse_more(self, network: str) -> None:
        if self._open[network] >= self._per_network:
            metrics.STREAMS_REFUSED.labels("network").inc()
            raise _too_many_of_yours(self._per_network)
        if self._open.total() >= STREAMS:
            metrics.STREAMS_REFUSED.labels("all").inc()
            raise _too_many()


def _too_many() -> Refusal:
    zh, en = "观看人数过多，请稍后再试，或查看事项清单。", "Too many watchers: try later, or look at the list."
    return Refusal(503, "too_many_watchers", zh, en, headers=LATER)


def _too_many_of_yours(at_most: int) -> Refusal:
    zh = f"同一网络最多同时打开 {at_most} 个实时页面，请关闭一些后再试，或查看事项清单。"
    en = f"At most {at_most} live pages are open from one network: close some, or look at the list."
    return Refusal(429, "too_many_streams", zh, en, headers=LATER)
