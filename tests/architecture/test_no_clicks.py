"""D3 减负: nothing here says who has read what, asks anybody to check in, or ranks by clicks."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from contracts import feed
from docs.generator import metrics
from tests.architecture.machine import PROJECT

COUNTED = re.compile(
    r"read[_-]?(?:at|by|receipt)|opened_?(?:at|by)|receipt_of_reading|click|check_?in\b|sign_?in_?sheet|track(?:ing|er)(?![a-z])"
    r"|pixel|last_seen|seen_at|签到|打卡|已读|点击|截图",
    re.IGNORECASE,
)
"""Words of what is not counted."""
ROUTE = re.compile(r"""\.(?:get|post|put|patch|delete)\(\s*f?"([^"]+)\"""")


def templates() -> Iterator[str]:
    yield files("services.notify").joinpath("data/templates.toml").read_text("utf-8")


def series() -> Iterator[str]:
    for each in metrics.declared():
        yield f"{each.name} {' '.join(each.labels)}"


def routes() -> Iterator[str]:
    for source in (PROJECT / "services").rglob("*.py"):
        yield from ROUTE.findall(source.read_text("utf-8"))


def fields_of_the_feed() -> Iterator[str]:
    for event in feed.EVENTS.values():
        yield from event.model_fields


PLACES = {each.__name__: each for each in (templates, series, routes, fields_of_the_feed)}


@pytest.mark.parametrize("place", PLACES)
def test_nothing_counts_who_read_or_clicked(place: str) -> None:
    said = list(PLACES[place]())
    assert said, "nothing was looked at"
    assert [each for each in said if COUNTED.search(each)] == []


@pytest.mark.parametrize(
    "planted", ["read_at", "notify_clicks_total", "/v1/tickets/{number}/read-receipts", "请先签到", "tracking_url"]
)
def test_what_counts_clicks_is_seen(planted: str) -> None:
    assert COUNTED.search(planted)
