"""Posting a webhook to receivers of all kinds: it takes five seconds at most, and goes where it was looked at."""

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_network
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notify.adapters import hook_poster
from services.notify.adapters.hook_poster import READ, HookPoster
from services.notify.domain.hooks import HookAnswer
from tests.receiver import BROKEN, GONE, HANG, OK, HookReceiver, receiver

HERE = (ip_network("127.0.0.0/8"),)
NAME = "hooks.example.org"


async def posted(there: HookReceiver, url: str = "") -> HookAnswer:
    poster = HookPoster(HERE)
    answer = await poster.post("s", url or there.url, {"webhook-id": "1"}, b"{}")
    await poster.close()
    return answer


@pytest.mark.parametrize("status", [OK, 204, 302, 400, GONE, BROKEN])
async def test_what_a_receiver_answers_is_told(status: int) -> None:
    async with receiver(lambda _: status) as there:
        assert await posted(there) == HookAnswer(status)
    assert [each.headers["webhook-id"] for each in there.received] == ["1"]


async def test_one_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_poster, "WITHIN", 0.2)
    async with receiver(lambda _: HANG) as there:
        assert await posted(there) == HookAnswer(0, "timed_out")


async def test_one_that_is_not_there_is_not_reached() -> None:
    async with receiver() as there:
        pass
    assert await posted(there) == HookAnswer(0, "not_reached")


async def test_a_redirect_is_not_followed() -> None:
    async with receiver() as inside, receiver(lambda _: 307) as there:
        there.more = (f"location: {inside.url}\r\n", b"")
        assert await posted(there) == HookAnswer(307)
    assert inside.received == []


async def test_an_endless_answer_is_read_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0

    async def counted(answer: httpx2.Response) -> None:
        nonlocal read
        before = answer.num_bytes_downloaded
        await _read_some(answer)
        read = answer.num_bytes_downloaded - before

    _read_some = hook_poster._read_some
    monkeypatch.setattr(hook_poster, "_read_some", counted)
    async with receiver() as there:
        there.more = ("", b"x" * 10_000_000)
        assert await posted(there) == HookAnswer(OK)
    assert READ <= read <= 3 * READ


async def leading_to(*addresses: str) -> HookAnswer:
    """What comes of a name that leads there."""

    async def resolve(_host: str, _port: int) -> Sequence[IPv4Address]:
        return [IPv4Address(each) for each in addresses]

    return await HookPoster((), resolve).post("s", f"https://{NAME}/", {}, b"{}")


@pytest.mark.parametrize("addresses", [("10.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("127.0.0.1",), ("169.254.169.254",)])
async def test_a_name_that_leads_inside_is_not_written_to(addresses: tuple[str, ...]) -> None:
    assert await leading_to(*addresses) == HookAnswer(0, "address_refused")


async def test_a_name_that_leads_nowhere_is_said_to() -> None:
    assert await leading_to() == HookAnswer(0, "name_unknown")


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a receiver of this name shows, and what trusts it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "receiver.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    shows = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shows.load_cert_chain(file)
    trusts = ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
    return shows, trusts


@pytest.mark.parametrize(("called", "wanted"), [(NAME, HookAnswer(OK)), ("other.example.org", None)])
async def test_by_tls_the_name_is_checked_at_the_address_that_was_looked_at(
    tmp_path: Path, called: str, wanted: HookAnswer | None
) -> None:
    shows, trusts = certificate(tmp_path, NAME)
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> Sequence[IPv4Address]:
        asked.append(host)
        return [IPv4Address("127.0.0.1")]

    async with receiver(tls=shows) as there:
        poster = HookPoster(HERE, resolve, trusts)
        answer = await poster.post("s", f"https://{called}:{there.port}/hooks", {}, b"{}")
        await poster.close()
    assert answer == (wanted or HookAnswer(0, "certificate_refused"))
    assert asked == [called]
    assert [each.headers["host"] for each in there.received] == ([f"{called}:{there.port}"] if wanted else [])


async def test_no_more_connections_are_kept_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_poster, "CLIENTS", 2)
    poster = HookPoster(HERE)
    async with receiver() as there:
        for nth in range(5):
            assert await poster.post(str(nth), there.url, {}, b"{}") == HookAnswer(OK)
    assert list(poster._clients) == ["3", "4"]
    await poster.close()


async def test_connections_to_one_address_under_two_names_are_not_shared() -> None:
    poster = HookPoster(HERE)
    assert poster._client("one") is poster._client("one")
    assert poster._client("one") is not poster._client("two")
    await poster.close()
    await asyncio.sleep(0)
