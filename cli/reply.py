"""``duban reply``: answer by SMS, as the gateway of the running installation would hand it on."""

import asyncio
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import httpx2
import orjson
import typer

from deploy.local.plan import api_ports
from runtime.clock import system_wall
from runtime.process.settings import load
from services.notify.adapters.sms import signature
from services.notify.settings import NotifySettings

WITHIN = 10.0  # seconds
OUTCOMES: Mapping[str, str] = {
    "evaluated": "taken as a vote",
    "unclear": "not understood: the phone is told once how one evaluates",
    "ambiguous": "the phone is asked about several matters: it is told once how one evaluates",
    "nobody": "no question stands open to this phone",
}


def reply(
    phone: Annotated[str, typer.Argument(help="Who answers; who was asked to evaluate, by SMS.")],
    text: Annotated[str, typer.Argument(help="What they write, as 5 or 不满意.")],
) -> None:
    """Answer an SMS that asked for an evaluation, signed with the gateway's key, and say what came of it."""
    key, where = load(NotifySettings).sms_key, f"http://127.0.0.1:{api_ports()['notify']}"
    try:
        typer.echo(OUTCOMES[asyncio.run(_asked(where, key, phone, text))])
    except (httpx2.HTTPError, ReplyRefused) as why:
        typer.echo(f"notify at {where} does not take it ({why}): `make up` starts it here", err=True)
        raise typer.Exit(1) from None


class ReplyRefused(Exception):
    """The door did not take it; its words."""


async def _asked(where: str, key: str, phone: str, text: str) -> str:
    async with httpx2.AsyncClient(base_url=where, timeout=WITHIN) as http:
        return await handed_on(http, key, system_wall(), phone, text)


async def handed_on(http: httpx2.AsyncClient, key: str, now: datetime, phone: str, text: str) -> str:
    """What became of one reply, an SMS of its own each time. Raises ReplyRefused, httpx2.HTTPError."""
    body = orjson.dumps({"replies": [{"id": secrets.token_hex(16), "from": phone, "text": text}]})
    at = str(int(now.timestamp()))
    signed = {"Timestamp": at, "Signature": signature(key.encode(), f"{at}.".encode() + body)}
    answer = await http.post("/v1/replies/sms", content=body, headers=signed)
    if answer.status_code != httpx2.codes.OK:
        raise ReplyRefused(answer.text)
    counts: Mapping[str, int] = answer.json()
    return next(outcome for outcome, count in counts.items() if count)
