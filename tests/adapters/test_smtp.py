"""The e-mail port over a real SMTP peer that refuses, greylists, drops the line and hangs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from deploy.local.state import free_port
from services.notify.adapters.smtp import Server, Smtp
from services.notify.ports import Letter, Outcome
from tests.harness import MONDAY
from tests.unit.notify.matters import found, sent

PATIENT = 30.0  # seconds: on a busy machine an answer takes its time
IMPATIENT = 2.0  # seconds: for a server that never answers
SENDER = "督办 <notice@duban.example.cn>"


@dataclass
class MailServer:
    """A mail server: ``reply`` to the recipient and to the text; "" hangs, "drop" cuts the line."""

    rcpt: str = "250 fine"
    data: str = "250 taken"
    taken: list[Any] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient, or not."""
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        """Take the text, or misbehave."""
        if self.data == "":
            await self.released.wait()
            return "421 too late"
        if self.data == "drop":
            assert server.transport is not None
            server.transport.close()
            return "421 gone"
        if self.data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.data


@dataclass(frozen=True, slots=True)
class SmtpLine:
    """The messenger and the server at its other end."""

    smtp: Smtp
    hurried: Smtp
    peer: MailServer
    port: int


@pytest.fixture
async def line() -> AsyncIterator[SmtpLine]:
    """A mail server on a free port."""
    peer, port, loop = MailServer(), free_port(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(peer, loop=loop), "127.0.0.1", port)
    there = Server("127.0.0.1", port)
    smtp, hurried = (Smtp(there, SENDER, lambda: MONDAY, timeout=each) for each in (PATIENT, IMPATIENT))
    yield SmtpLine(smtp, hurried, peer, port)
    peer.released.set()
    server.close()


LETTER = Letter("0123456789abcdef01234567", "reader@example.org", "督办 431226", "您反映的事项已登记。\n查询码 AB。")


async def test_a_letter_arrives_with_its_reference_as_message_id(line: SmtpLine) -> None:
    assert await sent(line.smtp, LETTER) is Outcome.SENT
    (got,) = line.peer.taken
    assert (got["Message-ID"], got["To"], got["Subject"]) == (
        f"<{LETTER.reference}@duban.example.cn>",
        LETTER.address,
        "督办 431226",
    )
    assert (got["Date"], got["Auto-Submitted"]) == ("Mon, 02 Mar 2026 01:00:00 +0000", "auto-generated")
    assert got.get_content().split() == LETTER.text.split()


@pytest.mark.parametrize(
    ("rcpt", "data", "outcome"),
    [
        ("550 no such user", "250 taken", Outcome.FAILED),
        ("451 greylisted, come again", "250 taken", Outcome.NOT_SENT),
        ("250 fine", "554 refused", Outcome.FAILED),
        ("250 fine", "452 full", Outcome.NOT_SENT),
        ("250 fine", "drop", Outcome.UNKNOWN),
        ("250 fine", "", Outcome.UNKNOWN),
    ],
)
async def test_what_a_server_does_is_told_apart(line: SmtpLine, rcpt: str, data: str, outcome: Outcome) -> None:
    line.peer.rcpt, line.peer.data = rcpt, data
    assert await sent(line.smtp if data else line.hurried, LETTER) is outcome
    assert line.peer.taken == []


async def test_a_server_that_is_away_got_nothing() -> None:
    smtp = Smtp(Server("127.0.0.1", free_port()), SENDER, lambda: MONDAY, timeout=PATIENT)
    assert await sent(smtp, LETTER) is Outcome.NOT_SENT


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_where_tls_is_demanded_it_waits_until_there_is_some(line: SmtpLine, security: str) -> None:
    smtp = Smtp(Server("127.0.0.1", line.port, security), SENDER, lambda: MONDAY, timeout=PATIENT)
    assert await sent(smtp, LETTER) is Outcome.NOT_SENT
    assert line.peer.taken == []


@pytest.mark.parametrize("address", ["a@example.org\nBcc: all@example.org", "", "张三@example.org"])
async def test_an_address_that_is_none_has_failed_and_adds_no_header(line: SmtpLine, address: str) -> None:
    odd = Letter("r" * 24, address, "s", "t")
    assert await sent(line.smtp, odd) is Outcome.FAILED
    assert line.peer.taken == []


async def test_nobody_can_ask_smtp_what_became_of_a_letter(line: SmtpLine) -> None:
    assert await found(line.smtp, LETTER.reference) is Outcome.UNKNOWN


async def test_letters_of_one_call_share_a_line_and_a_bad_address_costs_the_others_nothing(line: SmtpLine) -> None:
    bad = Letter("b" * 24, "张三@example.org", "s", "t")
    last = Letter("c" * 24, LETTER.address, "s", "t")
    outcomes = await line.smtp.send([LETTER, bad, last])
    assert list(outcomes.values()) == [Outcome.SENT, Outcome.FAILED, Outcome.SENT]
    assert len(line.peer.taken) == 2


async def test_after_a_line_broke_the_other_letters_of_the_call_wait(line: SmtpLine) -> None:
    line.peer.data = "drop"
    outcomes = await line.smtp.send([LETTER, Letter("d" * 24, LETTER.address, "s", "t")])
    assert list(outcomes.values()) == [Outcome.UNKNOWN, Outcome.NOT_SENT]


@pytest.mark.filterwarnings("ignore:Session.login_data is deprecated")  # aiosmtpd sets it itself
async def test_a_server_that_wants_a_user_gets_one_and_a_wrong_one_waits(line: SmtpLine) -> None:
    def authenticate(*given: Any) -> AuthResult:
        asked.append((as_text(given[-1].login), as_text(given[-1].password)))
        return AuthResult(success=asked[-1] == ("duban", "right"), handled=False)

    asked: list[tuple[str, str]] = []
    port, loop = free_port(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(line.peer, loop=loop, authenticator=authenticate, auth_require_tls=False), "127.0.0.1", port
    )
    for password, outcome in (("wrong", Outcome.NOT_SENT), ("right", Outcome.SENT)):
        there = Server("127.0.0.1", port, user="duban", password=password)
        assert await sent(Smtp(there, SENDER, lambda: MONDAY, timeout=PATIENT), LETTER) is outcome
    assert {password for _, password in asked} == {"wrong", "right"}
    assert len(line.peer.taken) == 1
    server.close()


def as_text(given: str | bytes) -> str:
    return given if isinstance(given, str) else given.decode()


async def test_the_password_is_in_no_representation() -> None:
    assert "secret" not in repr(Server("mail", 25, "tls", "duban", "secret"))


async def test_lines_that_begin_with_a_dot_arrive_as_they_were_written(line: SmtpLine) -> None:
    dotted = Letter("e" * 24, LETTER.address, "s", ".\n..\n.code\nAB\n")
    assert await sent(line.smtp, dotted) is Outcome.SENT
    assert line.peer.taken[0].get_content().splitlines() == [".", "..", ".code", "AB"]
