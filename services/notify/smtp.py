"""E-mail by SMTP."""

from contextlib import suppress
from email.errors import MessageError
from email.message import EmailMessage

import aiosmtplib

from services.notify.ports import Letter, Outcome

TIMEOUT = 10.0  # seconds; a time-out means unknown
PERMANENT = 500  # reply codes from here on are final (RFC 5321, section 4.2.1); 4xx may be tried again


class Smtp:
    """One connection a message: the volume is small beside SMS. The Message-ID is made of the reference."""

    channel = "email"

    def __init__(self, host: str, port: int, sender: str, *, tls: bool = False, timeout: float = TIMEOUT) -> None:
        self._host, self._port, self._sender, self._tls = host, port, sender, tls
        self._timeout = timeout

    async def send(self, letter: Letter) -> Outcome:
        """FAILED when refused for good, NOT_SENT when refused for now or not reached, UNKNOWN when the line broke."""
        client = aiosmtplib.SMTP(hostname=self._host, port=self._port, timeout=self._timeout, start_tls=self._tls)
        try:
            message = self._message(letter)
            await client.connect()
        except (ValueError, MessageError):
            return Outcome.FAILED  # an address that is none
        except (aiosmtplib.SMTPException, OSError):
            return Outcome.NOT_SENT  # nor may it go where TLS is demanded and missing
        outcome = await _submit(client, message)
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit()
        return outcome

    async def look_up(self, reference: str) -> Outcome:
        """SMTP has no look-up."""
        return Outcome.UNKNOWN

    async def close(self) -> None:
        """Each message had a connection of its own."""

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["Message-ID"] = f"<{letter.reference}@duban>"
        message["From"], message["To"] = self._sender, letter.address
        message["Subject"] = letter.subject
        message.set_content(letter.text)
        return message


async def _submit(client: aiosmtplib.SMTP, message: EmailMessage) -> Outcome:
    try:
        await client.send_message(message)
    except (ValueError, aiosmtplib.SMTPNotSupported):
        return Outcome.FAILED  # an address that is none, or not here
    except aiosmtplib.SMTPRecipientsRefused as refused:
        return _by_code(max(each.code for each in refused.recipients))
    except aiosmtplib.SMTPResponseException as refused:
        return _by_code(refused.code)
    except (aiosmtplib.SMTPException, OSError):
        return Outcome.UNKNOWN
    return Outcome.SENT


def _by_code(code: int) -> Outcome:
    return Outcome.FAILED if code >= PERMANENT else Outcome.NOT_SENT
