"""What pages are handed from outside, in tests."""

import secrets
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime

from runtime.clock import Clock
from services.portal.pages.frame.edge import Edge

KEY = b64encode(b"p" * 32).decode()


def edge(wall: Callable[[], datetime] | None = None, site: str = "") -> Edge:
    """With a key of the tests, by the clock ``wall``."""
    return Edge((KEY,), wall or Clock().wall, secrets.token_bytes, site)
