import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

import aiosmtplib

from services.notify.ports import Guarantee, Letter, Outcome

TIMEOUT = 10.0  # seconds; a time-out means unknown
PERMANENT = 500  # reply codes from here on are final (RFC 5321, section 4.2.1); 4xx may be tried again


@dataclass(frozen=True, slots=True)
class Server:
    """Where e-mail is handed in. ``security``: none, starttls (demanded) or tls from the first byte."""

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)


class Smtp:
    """One connection for the letters of a call. The Message-ID is made of the reference. It cannot be asked."""

    channel = "email"
    promise: Guarantee | None = None

    def __init__(self, server: Server, sender: str, wall: Callable[[], datetime], *, timeout: float = TIMEOUT) -> None:
        self._server, self._sender, self._wall, self._timeout = server, sender, wall, timeout
        self._domain = parseaddr(sender)[1].rpartition("@")[2] or server.host

    async def send(self, letters: Sequence[Letter]) -> dict[str, Outcome]:
        """FAILED when refused for good, NOT_SENT when refused for now or not handed over, UNKNOWN when the line broke
        after the text had gone out and before the server said what became of it.

        Once the line is closed the other letters of the call wait: a server that is frozen costs one time-out, not one
        a letter, and one that hangs up after a 421 or 452 gets the rest later.
        """
        client = self._client()
        outcomes = dict.fromkeys((letter.reference for letter in letters), Outcome.NOT_SENT)
        with suppress(aiosmtplib.SMTPException, OSError):  # nor may they go where TLS is demanded and missing
            await client.connect()
            for letter in letters:
                if not client.is_connected:
                    break
                outcomes[letter.reference] = await self._submit(client, letter)
            await client.quit()
        return outcomes

    async def _submit(self, client: "_Line", letter: Letter) -> Outcome:
        client.unanswered = False
        try:
            await client.send_message(self._message(letter))
        except (ValueError, MessageError, aiosmtplib.SMTPNotSupported):
            return Outcome.FAILED  # an address that is none, or not here
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return _by_code(max(each.code for each in refused.recipients))
        except aiosmtplib.SMTPResponseException as refused:
            return Outcome.UNKNOWN if client.unanswered else _by_code(refused.code)
        except (aiosmtplib.SMTPException, OSError):
            client.close()  # what broke is not used again: a late answer would be taken for that to another letter
            return Outcome.UNKNOWN if client.unanswered else Outcome.NOT_SENT
        return Outcome.SENT

    async def look_up(self, references: Sequence[str]) -> dict[str, Outcome]:
        return dict.fromkeys(references, Outcome.UNKNOWN)

    async def close(self) -> None:
        """Each message had a connection of its own."""

    def _client(self) -> "_Line":
        server = self._server
        return _Line(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            timeout=self._timeout,
        )

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["Message-ID"] = f"<{letter.reference}@{self._domain}>"
        message["Date"] = format_datetime(self._wall())
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notice answers it
        message["From"], message["To"] = self._sender, letter.address
        message["Subject"] = letter.subject
        message.set_content(letter.text)
        return message


class _Line(aiosmtplib.SMTP):
    """A connection that knows whether a text went out of which nothing was heard: only then is its fate unknown."""

    unanswered = False

    async def data(self, message: str | bytes, /, **_given: Any) -> aiosmtplib.SMTPResponse:
        """DATA and the text, in two steps: whoever hangs up at the first has not got it."""
        asked = await self.execute_command(b"DATA")
        if asked.code != aiosmtplib.SMTPStatus.start_input:
            raise aiosmtplib.SMTPDataError(asked.code, asked.message)
        if self.protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("hung up when it had asked for the text")
        self.unanswered = True
        self.protocol.write(_as_sent(message.encode("ascii") if isinstance(message, str) else message))
        answer = await self.protocol.read_response(timeout=self.timeout)
        self.unanswered = not 200 <= answer.code < 600
        if not 200 <= answer.code < 300:
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)
        return answer


def _as_sent(text: bytes) -> bytes:
    """A text with line ends, doubled dots and its end as they go over the line (RFC 5321, section 4.5.2)."""
    lines = re.split(rb"\r\n|\r|\n", text.rstrip(b"\r\n"))
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines) + b".\r\n"


def _by_code(code: int) -> Outcome:
    return Outcome.FAILED if code >= PERMANENT else Outcome.NOT_SENT
