"""Every series is declared in one place, says what to do, is moved somewhere, and cannot grow without bound."""

import importlib
import re

import pytest
from prometheus_client.metrics import MetricWrapperBase

from docs.generator import metrics
from tests.architecture.machine import PROJECT

CODE = "\n".join(path.read_text() for package in ("runtime", "services") for path in (PROJECT / package).rglob("*.py"))
UNBOUNDED = {"ticket", "number", "id", "principal", "user", "phone", "unit", "path", "message", "error", "reference"}
SERIES = [
    (module, name)
    for module in metrics.modules()
    for name, value in vars(importlib.import_module(module)).items()
    if isinstance(value, MetricWrapperBase)
]


@pytest.mark.parametrize(("module", "name"), SERIES, ids=lambda part: str(part))
def test_a_declared_series_is_moved(module: str, name: str) -> None:
    moved = re.search(rf"\b{name}\.(labels|inc|dec|set|observe|time|set_function|set_to_current_time)\b", CODE)
    assert moved, f"{module}.{name} is declared and never moves"


@pytest.mark.parametrize("series", metrics.declared(), ids=lambda series: str(series.name))
def test_a_series_says_what_to_do_and_has_bounded_labels(series: metrics.Series) -> None:
    assert len(series.meaning.split(". ")) >= 2, "the meaning, then what to do when it moves"
    assert set(series.labels) & UNBOUNDED == set()
    assert series.kind != "counter" or series.name.endswith("_total")
