"""SMS through an HTTP gateway that refuses a reference twice and can be asked for one."""

import hashlib
import hmac

import httpx2
import orjson

from services.notify.ports import Letter, Outcome

TIMEOUT = 5.0  # seconds; a time-out means unknown
ENDED = (500, 503)  # the gateway itself gave up: what it says about the reference now is final


class HttpSms:
    """``POST /messages`` with the reference as key; ``GET /messages/{reference}`` looks it up."""

    channel = "sms"

    def __init__(
        self, url: str, key: str, client: httpx2.AsyncClient | None = None, *, timeout: float = TIMEOUT
    ) -> None:
        self._url, self._key = url.rstrip("/"), key.encode()
        self._client = client or httpx2.AsyncClient(timeout=timeout)

    async def send(self, letter: Letter) -> Outcome:
        """SENT on 2xx, FAILED on 4xx, NOT_SENT when it was not reached or is busy, UNKNOWN when it is silent."""
        body = orjson.dumps({"reference": letter.reference, "to": letter.address, "text": letter.text})
        headers = {"Signature": signature(self._key, body), "Content-Type": "application/json"}
        try:
            response = await self._client.post(f"{self._url}/messages", content=body, headers=headers)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout):
            return Outcome.NOT_SENT
        except httpx2.HTTPError:
            return Outcome.UNKNOWN
        return await self.look_up(letter.reference) if response.status_code in ENDED else _read(response.status_code)

    async def look_up(self, reference: str) -> Outcome:
        """SENT, NOT_SENT or UNKNOWN."""
        headers = {"Signature": signature(self._key, reference.encode())}
        try:
            response = await self._client.get(f"{self._url}/messages/{reference}", headers=headers)
        except httpx2.HTTPError:
            return Outcome.UNKNOWN
        if response.status_code == 404:
            return Outcome.NOT_SENT
        return Outcome.SENT if response.status_code == 200 else Outcome.UNKNOWN

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def signature(key: bytes, signed: bytes) -> str:
    """HMAC-SHA256 of a body, or of the reference that is looked up, in hexadecimal."""
    return hmac.new(key, signed, hashlib.sha256).hexdigest()


def _read(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.SENT
    if status in (408, 429):
        return Outcome.NOT_SENT
    return Outcome.FAILED if 400 <= status < 500 else Outcome.UNKNOWN
