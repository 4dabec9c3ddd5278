"""A configurer's session with staff's API: signed in once, a token of five minutes whenever one is needed."""

from typing import Any

import httpx2

CONFIGURER = "configurer"


class NotSignedIn(Exception):
    """Nobody is signed in, or not as a configurer. The argument says what to do."""


class ConfigurerSession:
    """``http``: staff's API. ``secret``: of the session, which acts by an appointment as configurer."""

    def __init__(self, http: httpx2.AsyncClient, secret: str) -> None:
        self._http, self._secret, self._token = http, secret, ""

    async def ask(self, method: str, path: str, key: str = "", body: Any = None) -> httpx2.Response:
        """One call; where the token has run out, again with another one. Raises NotSignedIn, httpx2.HTTPError."""
        answer = await self._sent(method, path, key, body)
        if answer.status_code != httpx2.codes.UNAUTHORIZED:
            return answer
        self._token = ""
        return await self._sent(method, path, key, body)

    async def _sent(self, method: str, path: str, key: str, body: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {await self._bearer()}"} | ({"Idempotency-Key": key} if key else {})
        return await self._http.request(method, path, headers=headers, json=body)

    async def _bearer(self) -> str:
        if not self._token:
            answer = await self._http.post("/v1/sessions/token", headers={"Session": self._secret})
            self._token = str(_told(answer)["token"])
        return self._token


async def sign_in(http: httpx2.AsyncClient, account: str, password: str, code: str) -> ConfigurerSession:
    """A session that acts as a configurer, in the widest division. Raises NotSignedIn, httpx2.HTTPError."""
    sent = {"account": account, "password": password, "code": code}
    told = _told(await http.post("/v1/sessions", json=sent))
    configuring = [each for each in told["appointments"] if each["role"] == CONFIGURER]
    if not configuring:
        raise NotSignedIn(f"{account} is no configurer: only configurers appoint")
    widest = min(configuring, key=lambda each: len(each["division"]))
    chosen = {"appointment": widest["index"]}
    answer = await http.post("/v1/sessions/appointment", headers={"Session": told["session"]}, json=chosen)
    return ConfigurerSession(http, str(_told(answer)["session"]))


def _told(answer: httpx2.Response) -> Any:
    if answer.is_success:
        return answer.json()
    raise NotSignedIn(str(answer.json().get("en", answer.status_code)))
