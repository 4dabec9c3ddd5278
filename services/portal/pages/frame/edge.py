"""What pages are handed from outside: keys, the time, randomness."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Edge:
    """``keys``: base64 of 32 bytes each; the first seals cookies, all open them. ``site``: where the page stands that
    asks for number and code, as a printed receipt says it; "" where no receipt may.
    """

    keys: tuple[str, ...]
    wall: Callable[[], datetime]
    random: Callable[[int], bytes]
    site: str = ""

    def fresh_key(self) -> str:
        """The idempotency key of a form, made with it: however often the form is sent, it is one request."""
        return str(uuid.UUID(bytes=self.random(16), version=4))
