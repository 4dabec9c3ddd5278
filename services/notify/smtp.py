"""E-mail through SMTP. The Message-ID is the reference; a server cannot be asked for it, so unknown stays unknown."""

from email.message import EmailMessage

import aiosmtplib

from services.notify.ports import Letter, Outcome

TIMEOUT = 10.0  # seconds


class Smtp:
    """One connection a message: the volume is small beside SMS."""

    channel = "email"

    def __init__(self, host: str, port: int, sender: str, *, tls: bool = False) -> None:
        self._host, self._port, self._sender, self._tls = host, port, sender, tls

    async def send(self, letter: Letter) -> Outcome:
        """FAILED when the server refuses for good, UNKNOWN when the line broke after the text had gone."""
        try:
            await aiosmtplib.send(
                self._message(letter),
                hostname=self._host,
                port=self._port,
                timeout=TIMEOUT,
                start_tls=self._tls,
            )
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError):
            return Outcome.FAILED
        except aiosmtplib.SMTPConnectError:
            return Outcome.NOT_SENT
        except (aiosmtplib.SMTPException, OSError):
            return Outcome.UNKNOWN
        return Outcome.SENT

    async def look_up(self, reference: str) -> Outcome:
        """SMTP has no look-up."""
        return Outcome.UNKNOWN

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["Message-ID"] = f"<{letter.reference}@duban>"
        message["From"], message["To"] = self._sender, letter.address
        message["Subject"] = letter.subject
        message.set_content(letter.text)
        return message
