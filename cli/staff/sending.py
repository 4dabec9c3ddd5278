"""Sends the rows of a file to staff's API, several at once, each under its own key, until each has its outcome."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpx2

from cli.staff.rows import AppointmentFile, AppointmentRow
from cli.staff.session import ConfigurerSession

AT_ONCE = 8
TRIES = 20  # of one call: while nobody answers, and until what is pending is decided
LONGEST_PAUSE = 5.0  # seconds
LATER = (httpx2.codes.TOO_MANY_REQUESTS, httpx2.codes.SERVICE_UNAVAILABLE)
THERE = "there_already"
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What came of a row: ``done``, now or before; else ``said`` says why not."""

    line: int
    account: str
    done: bool
    said: str


class AppointmentSender:
    """``proposing`` or, by a second configurer with the same file, confirming what the first proposed."""

    def __init__(self, file: AppointmentFile, session: ConfigurerSession, pause: Pause = asyncio.sleep) -> None:
        self._file, self._session, self._pause = file, session, pause

    async def propose(self, line: int, row: AppointmentRow) -> RowOutcome:
        """One appointment proposed; one that is there already is as good."""
        path = f"/v1/accounts/{row.account}/appointments"
        answer = await self._decided("POST", path, self._file.key_of(line, "propose"), row.sent)
        told = answer.json()
        done = answer.status_code == httpx2.codes.OK or told.get("type") == THERE
        return RowOutcome(line, row.account, done, _said(told))

    async def confirm(self, line: int, row: AppointmentRow) -> RowOutcome:
        """What the row says confirmed, where it waits for that."""
        answer = await self._decided("GET", f"/v1/accounts/{row.account}")
        if not answer.is_success:
            return RowOutcome(line, row.account, done=False, said=_said(answer.json()))
        found = next((each for each in reversed(answer.json()["appointments"]) if _is_of(each, row)), None)
        if found is None or found["state"] == "ended":
            return RowOutcome(line, row.account, done=False, said="Not proposed: import the file first.")
        if found["state"] == "made":
            return RowOutcome(line, row.account, done=True, said="made")
        path = f"/v1/accounts/{row.account}/appointments/{found['index']}/confirmation"
        confirmed = await self._decided("POST", path, self._file.key_of(line, f"confirm/{found['index']}"))
        done = confirmed.status_code == httpx2.codes.OK
        return RowOutcome(line, row.account, done, _said(confirmed.json()))

    async def _decided(self, method: str, path: str, key: str = "", body: Any = None) -> httpx2.Response:
        """The answer, once there is one. Raises httpx2.HTTPError, NotSignedIn."""
        for tried in range(1, TRIES + 1):
            try:
                answer = await self._session.ask(method, path, key, body)
            except httpx2.TransportError:
                if tried == TRIES:
                    raise
            else:
                if tried == TRIES or answer.status_code not in (*LATER, httpx2.codes.ACCEPTED):
                    return answer
            await self._pause(min(0.1 * 2**tried, LONGEST_PAUSE))
        raise AssertionError("the last try returns or raises")


async def send_all(
    rows: Iterable[tuple[int, AppointmentRow]],
    act: Callable[[int, AppointmentRow], Awaitable[RowOutcome]],
    tell: Callable[[RowOutcome], None],
) -> None:
    """Each row once, AT_ONCE at a time; what came of it is told as it comes. Raises what the first one raised."""
    left = iter(rows)

    async def work() -> None:
        for line, row in left:
            tell(await act(line, row))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())
    except ExceptionGroup as several:
        raise several.exceptions[0] from None


def _is_of(shown: dict[str, Any], row: AppointmentRow) -> bool:
    return (shown["role"], shown["unit"], shown["division"]) == (row.role, row.unit, row.division)


def _said(told: dict[str, Any]) -> str:
    named = "; ".join(f"{each['pointer']}: {each['en']}" for each in told.get("errors", ()))
    return named or str(told.get("state") or told.get("en") or told.get("status", ""))
