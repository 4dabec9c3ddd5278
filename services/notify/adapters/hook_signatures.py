"""Signatures as Standard Webhooks has them (github.com/standard-webhooks, 1.0.0): receivers verify with any library."""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from standardwebhooks import Webhook

from runtime.identity.seals import KeyWrap, from_text, to_text

PREFIX = "whsec_"
LEAST, MOST = 24, 64  # bytes of a secret, as the standard has it
FRESH = 32  # bytes of one that is made here
LIVE = 2  # secrets at once: the one in use, and the one before until it is turned again


class SecretRefused(ValueError):
    """Not a secret as the standard has it; its text says what to do."""


def made_secret(random: Callable[[int], bytes]) -> str:
    """32 bytes that nobody had before, as the standard writes them."""
    return PREFIX + base64.b64encode(random(FRESH)).decode()


def read_secret(text: str) -> str:
    """The secret that an owner gives. Raises SecretRefused."""
    try:
        length = len(base64.b64decode(text.removeprefix(PREFIX), validate=True))
    except ValueError:
        length = 0
    if not text.startswith(PREFIX) or not LEAST <= length <= MOST:
        raise SecretRefused(f"a secret is {PREFIX} and {LEAST} to {MOST} bytes in base64; leave it out and one is made")
    return text


class HookSecrets:
    """HookSecrets as they stand in configuration: wrapped."""

    def __init__(self, wrap: KeyWrap) -> None:
        self._wrap = wrap

    def wrapped(self, subscription: str, secret: str) -> str:
        """As it stands in configuration."""
        return to_text(self._wrap.wrap(_place(subscription), secret.encode()))

    def plain(self, subscription: str, wrapped: str) -> str:
        """The secret itself. Raises SealBroken."""
        return self._wrap.unwrap(_place(subscription), from_text(wrapped)).decode()

    def headers(
        self, subscription: str, wrapped: Sequence[str], event: str, content: bytes, now: datetime
    ) -> Mapping[str, str]:
        """The three headers of a webhook, signed with every secret that is live. Raises SealBroken."""
        text = content.decode()
        keys = [self.plain(subscription, each) for each in wrapped[:LIVE]]
        signatures = [Webhook(key).sign(event, now, text) for key in keys]
        return {
            "webhook-id": event,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }


def _place(subscription: str) -> str:
    return f"subscription/{subscription}"
