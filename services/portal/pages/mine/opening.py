"""From number and code as people type them to a matter that is open, or why it is not.

A number that nobody knows here is said to be unknown and counts as no guess: the portal may not have read it yet, and
numbers are no secret (60 bits, and whoever has one finds its public page).
"""

from collections.abc import Mapping

from contracts.identifiers import NumberMalformed, parse_code, parse_number
from services.portal.pages.frame.forms import Typed
from services.portal.pages.frame.opened import MatterCookies, OpenedMatter
from services.portal.pages.services import ServiceRefused, Services

TYPED_AT_MOST = 40  # characters of a number or a code as people type them
UNKNOWN = "mine_unknown"
PROBLEMS: Mapping[str, str] = {
    "number_unknown": UNKNOWN,
    "wrong_code": "mine_refused",
    "too_many_guesses": "mine_slow",
}
"""What the API's problem is called on a form that asks for number and code."""


class NotOpened(Exception):
    """Number or code does not open a matter; ``text``: the name of the sentence that says why, ``status``: HTTP's."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.text, self.status = text, status


async def opened(services: Services, cookies: MatterCookies, sent: Typed, address: str) -> OpenedMatter:
    """The matter that the fields ``number`` and ``code`` open. Raises NotOpened, or what else the API says."""
    number, code = (sent.get(name, "")[:TYPED_AT_MOST] for name in ("number", "code"))
    try:
        fresh = cookies.open(parse_number(number), _header_safe(parse_code(code)))
        await services.get(f"/v1/tickets/{fresh.number}", headers=fresh.proof, address=address)
    except NumberMalformed:
        raise NotOpened(UNKNOWN, 404) from None
    except ServiceRefused as refused:
        if refused.code not in PROBLEMS:
            raise
        raise NotOpened(PROBLEMS[refused.code], refused.status) from None
    return fresh


def _header_safe(code: str) -> str:
    """A code goes in a header; no right one has another character than these."""
    return "".join(each for each in code if each.isascii() and each.isprintable())
