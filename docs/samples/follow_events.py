"""Follows the feed over HTTP, the cursor kept in a file: python follow_events.py http://127.0.0.1:8104 TOKEN FILE

Each event is printed as one line of JSON. Nothing but Python's own library is needed.
"""

import json
import re
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def page(site: str, token: str, path: str) -> tuple[list[dict[str, Any]], str]:
    """The events of a page, and the path of the next one."""
    request = urllib.request.Request(site + path, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 — the address is the caller's own
        return json.load(answer), re.findall("<(.+?)>", answer.headers["Link"])[0]


def follow(site: str, token: str, place: Path) -> Iterator[dict[str, Any]]:
    """Every event once it is there, for ever; the place is kept when a page was worked off: at least once."""
    path = place.read_text() if place.exists() else "/v1/events?limit=1000"
    while True:
        events, following = page(site, token, path)
        yield from events
        place.with_suffix(".new").write_text(following)
        place.with_suffix(".new").replace(place)  # whole or not at all
        time.sleep(0 if following != path else 1)
        path = following


if __name__ == "__main__":
    for event in follow(sys.argv[1], sys.argv[2], Path(sys.argv[3])):
        print(json.dumps(event, ensure_ascii=False), flush=True)
