"""What is outside of the system: the local SMS gateway, and a mail server that can refuse or drop the line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any, Literal

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope

from deploy.local.sms_gateway import Gateway, build_app
from deploy.local.state import free_port
from runtime.process.serve import http
from runtime.workers import run_workers

SMS_KEY = "acceptance-sms-key"


@dataclass
class Mailbox:
    """What arrived by e-mail: (address, message id, text)."""

    mode: Literal["accept", "refuse", "hang_up"] = "accept"
    letters: list[tuple[str, str, str]] = field(default_factory=list)
    hung_up: int = 0

    async def handle_DATA(self, server: Any, _session: Any, envelope: Envelope) -> str:
        """Take a letter, or not."""
        if self.mode == "refuse":
            return "550 no such mailbox"
        if self.mode == "hang_up":
            self.hung_up += 1
            asyncio.get_running_loop().call_soon(server.transport.close)
            return "421 closing"
        assert isinstance(envelope.content, bytes)
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        text = str(parsed.get_content())
        self.letters += [(to, str(parsed["Message-ID"]), text) for to in envelope.rcpt_tos]
        return "250 taken"

    def texts(self, address: str) -> list[str]:
        """What an address got, oldest first."""
        return [text for to, _, text in self.letters if to == address]


@dataclass(frozen=True, slots=True)
class OutsideProviders:
    """Both, and the settings with which the system finds them."""

    gateway: Gateway
    mailbox: Mailbox
    settings: dict[str, str]


@asynccontextmanager
async def outside() -> AsyncIterator[OutsideProviders]:
    """Both programs on free ports, for as long as the context lasts."""
    sms_port, smtp_port, mailbox, app = free_port(), free_port(), Mailbox(), build_app(SMS_KEY)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    gateway = asyncio.create_task(run_workers([http("sms-gateway", app, "127.0.0.1", sms_port)], stop))
    smtp = await loop.create_server(lambda: SMTP(mailbox, loop=loop), "127.0.0.1", smtp_port)
    settings = {
        "DUBAN_SMS_URL": f"http://127.0.0.1:{sms_port}",
        "DUBAN_SMS_KEY": SMS_KEY,
        "DUBAN_SMS_DEADLINE": "5",
        "DUBAN_SMS_REPLIES": "true",
        "DUBAN_SMTP_HOST": "127.0.0.1",
        "DUBAN_SMTP_PORT": str(smtp_port),
    }
    try:
        yield OutsideProviders(app.state.gateway, mailbox, settings)
    finally:
        stop.set()
        await gateway
        smtp.close()
        await smtp.wait_closed()


@asynccontextmanager
async def on_its_port(app: Any, port: int) -> AsyncIterator[None]:
    """The API on the port where the pages look for it; whoever made it runs its workers."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server._serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving
