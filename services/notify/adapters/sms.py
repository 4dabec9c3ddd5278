"""SMS through an HTTP gateway that refuses a reference twice, takes batches, and can be asked what it took.

What is demanded of a gateway, or of the small program that stands before one: a reference that it took once it takes
again without sending anything; it knows a reference for a day at least; and what it has not taken ``deadline`` after a
call began, it never takes from that call. One that cannot promise the last is set with a deadline of 0.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx2
import orjson

from services.notify.ports import Guarantee, Letter, Outcome

TIMEOUT = 5.0  # seconds; a time-out means unknown
DEADLINE = timedelta(minutes=1)  # from the beginning of a call until what was not taken never will be
ENDED = (500, 503)  # the gateway itself gave up: what it says about the references now is final
REFUSED = (400, 413, 422)  # this letter cannot be taken, for good; of a whole call only where it is the only one
MISROUTED = (301, 302, 307, 308)  # the address is another: nothing went
BUSY = (401, 403, 408, 429)  # of one letter: it may go later
NOT_REACHED = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


class HttpSms:
    """``POST /messages`` with the references as keys; ``POST /look-ups`` asks for them."""

    channel = "sms"

    def __init__(
        self,
        url: str,
        key: str,
        client: httpx2.AsyncClient | None = None,
        *,
        timeout: float = TIMEOUT,
        deadline: timedelta = DEADLINE,
    ) -> None:
        self.promise = Guarantee(deadline) if deadline else None
        self._url, self._key = url.rstrip("/"), key.encode()
        self._client = client or httpx2.AsyncClient(timeout=timeout)

    async def send(self, letters: Sequence[Letter]) -> dict[str, Outcome]:
        """FAILED when it refuses a letter, UNKNOWN when it is silent. NOT_SENT when it was not reached, is busy, or
        refuses the call and not the letter: an address or a key to be mended."""
        messages = [{"reference": each.reference, "to": each.address, "text": each.text} for each in letters]
        references = [each.reference for each in letters]
        try:
            response = await self._post("/messages", {"messages": messages})
        except NOT_REACHED:
            return dict.fromkeys(references, Outcome.NOT_SENT)
        except httpx2.HTTPError:
            return dict.fromkeys(references, Outcome.UNKNOWN)
        if response.status_code in ENDED:
            return await self.look_up(references)
        if response.status_code in REFUSED and len(letters) > 1:
            return await self._one_by_one(letters)
        return _told(references, response)

    async def _one_by_one(self, letters: Sequence[Letter]) -> dict[str, Outcome]:
        """One letter that the gateway cannot take costs the others nothing but time."""
        outcomes: dict[str, Outcome] = {}
        for letter in letters:
            outcomes |= await self.send([letter])
        return outcomes

    async def look_up(self, references: Sequence[str]) -> dict[str, Outcome]:
        try:
            response = await self._post("/look-ups", {"references": list(references)})
            taken = frozenset(orjson.loads(response.content)["taken"]) if response.status_code == 200 else None
        except (httpx2.HTTPError, ValueError, KeyError, TypeError):
            taken = None
        if taken is None:
            return dict.fromkeys(references, Outcome.UNKNOWN)
        return {each: Outcome.SENT if each in taken else Outcome.NOT_SENT for each in references}

    async def _post(self, path: str, content: dict[str, Any]) -> httpx2.Response:
        body = orjson.dumps(content)
        headers = {"Signature": signature(self._key, body), "Content-Type": "application/json"}
        return await self._client.post(self._url + path, content=body, headers=headers)

    async def close(self) -> None:
        await self._client.aclose()


def signature(key: bytes, signed: bytes) -> str:
    """HMAC-SHA256 of a body in hexadecimal."""
    return hmac.new(key, signed, hashlib.sha256).hexdigest()


def _told(references: Sequence[str], response: httpx2.Response) -> dict[str, Outcome]:
    """What the gateway says of each; of what it does not name nobody knows."""
    outcome = _of_call(response.status_code)
    if outcome is not Outcome.SENT:
        return dict.fromkeys(references, outcome)
    try:
        statuses = orjson.loads(response.content)["statuses"]
        return {each: _of_letter(int(statuses.get(each, 0))) for each in references}
    except (ValueError, KeyError, TypeError, AttributeError):
        return dict.fromkeys(references, Outcome.UNKNOWN)


def _of_call(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.SENT
    if status in REFUSED:
        return Outcome.FAILED
    return Outcome.NOT_SENT if status in MISROUTED or 400 <= status < 500 else Outcome.UNKNOWN


def _of_letter(status: int) -> Outcome:
    if status in BUSY:
        return Outcome.NOT_SENT
    return Outcome.FAILED if 400 <= status < 500 else _of_call(status)
