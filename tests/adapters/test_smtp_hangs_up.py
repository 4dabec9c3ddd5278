"""A mail server that answers 421 or 452, or nothing, and hangs up in the middle of a batch."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.notify.adapters.smtp import Server, Smtp
from services.notify.ports import Letter, Outcome
from tests.harness import MONDAY

STEPS = ("EHLO", "MAIL", "RCPT", "DATA", "end")
NOT_SENT, UNKNOWN, SENT = Outcome.NOT_SENT, Outcome.UNKNOWN, Outcome.SENT
LETTERS = [Letter(f"{nth:024}", f"reader{nth}@example.org", "督办", ".一行\n.\n查询码 AB。") for nth in range(3)]
ORDINARY = {"EHLO": "250 here", "MAIL": "250 fine", "RCPT": "250 fine", "DATA": "354 go on", "end": "250 taken"}
QUIET = {"RSET": "250 fine", "QUIT": "221 bye", "HELO": "421 closing"}


class HangingUpServer:
    """A mail server that says ``reply`` at ``step`` after some letters and hangs up."""

    def __init__(self, step: str = "", reply: str = "", *, after: int = 0) -> None:
        self.step, self.reply, self.after, self.taken = step, reply, after, list[bytes]()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org\r\n")
        while line := await reader.readline():
            said = line.split()[0].decode().upper()
            if not self._answer(writer, said) or said == "QUIT":
                break
            if said == "DATA":
                text = await reader.readuntil(b"\r\n.\r\n")
                if not self._answer(writer, "end"):
                    break
                self.taken.append(text)
        writer.close()

    def _answer(self, writer: asyncio.StreamWriter, said: str) -> bool:
        is_the_end = said == self.step and len(self.taken) >= self.after
        reply = self.reply if is_the_end else {**ORDINARY, **QUIET}[said]
        writer.write(f"{reply}\r\n".encode() if reply else b"")
        return not is_the_end


@asynccontextmanager
async def listening(peer: HangingUpServer) -> AsyncIterator[Smtp]:
    """A messenger to the peer."""
    server = await asyncio.start_server(peer.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield Smtp(Server("127.0.0.1", port), "督办 <notice@duban.example.cn>", lambda: MONDAY, timeout=30.0)
    server.close()


@pytest.mark.parametrize("reply", ["421 closing", "452 full"])
@pytest.mark.parametrize("step", STEPS)
async def test_what_a_server_refused_for_now_before_it_hung_up_is_sent_to_nobody(step: str, reply: str) -> None:
    peer = HangingUpServer(step, reply)
    async with listening(peer) as smtp:
        assert list((await smtp.send(LETTERS)).values()) == [NOT_SENT, NOT_SENT, NOT_SENT]
    assert peer.taken == []


@pytest.mark.parametrize("step", STEPS[:-1])
async def test_a_server_that_hangs_up_before_it_has_the_text_has_not_got_it(step: str) -> None:
    async with listening(HangingUpServer(step)) as smtp:
        assert list((await smtp.send(LETTERS)).values()) == [NOT_SENT, NOT_SENT, NOT_SENT]


async def test_only_of_a_text_that_went_out_and_was_not_answered_nobody_knows() -> None:
    async with listening(HangingUpServer("end", "what is this")) as smtp:
        assert list((await smtp.send(LETTERS)).values()) == [UNKNOWN, NOT_SENT, NOT_SENT]
    async with listening(HangingUpServer("end")) as smtp:
        assert list((await smtp.send(LETTERS)).values()) == [UNKNOWN, NOT_SENT, NOT_SENT]


@pytest.mark.parametrize("step", STEPS[1:])
async def test_what_was_taken_before_the_server_hung_up_stays_sent(step: str) -> None:
    peer = HangingUpServer(step, "421 closing", after=1)
    async with listening(peer) as smtp:
        assert list((await smtp.send(LETTERS)).values()) == [SENT, NOT_SENT, NOT_SENT]
    assert len(peer.taken) == 1


async def test_a_text_goes_over_the_line_with_its_dots_doubled_and_arrives_once_each() -> None:
    peer = HangingUpServer()
    async with listening(peer) as smtp:
        assert list((await smtp.send(LETTERS)).values()) == [SENT, SENT, SENT]
    assert all(b"\r\n" in text and text.endswith(b"\r\n.\r\n") for text in peer.taken)
    assert len(peer.taken) == 3
