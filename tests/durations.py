"""How long each part of the tests took: what the documents claim can be read from a run."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pytest


def by_part(stats: Mapping[str, Iterable[object]]) -> dict[str, float]:
    """Seconds by folder of ``tests/``, set-up and clearing away included; the longest first."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for report in (each for reports in stats.values() for each in reports):
        if isinstance(report, pytest.TestReport):
            seconds[report.nodeid.removeprefix("tests/").partition("/")[0]] += report.duration
    return dict(sorted(seconds.items(), key=lambda each: -each[1]))


def line(stats: Mapping[str, Iterable[object]]) -> str:
    """For the end of a run."""
    return "took: " + ", ".join(f"{part} {seconds:.0f} s" for part, seconds in by_part(stats).items())
