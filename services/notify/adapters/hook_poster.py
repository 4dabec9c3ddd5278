"""Posts a webhook: five seconds in all, no redirects, 64 kB of an answer, to the address that was looked at."""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import SOCK_STREAM
from urllib.parse import SplitResult

import httpx2

from services.notify.domain.hook_addresses import AddressRefused, Network, chosen, literal, parsed_url
from services.notify.domain.hooks import HookAnswer

WITHIN = 5.0  # seconds for everything
READ = 64 * 1024  # bytes of an answer; what follows is left
LANES = 8  # connections to one receiver
CLIENTS = 500  # receivers whose connections are kept; the one asked longest ago goes first
Addresses = Sequence[IPv4Address | IPv6Address]
Resolve = Callable[[str, int], Awaitable[Addresses]]


async def resolved(host: str, port: int) -> Addresses:
    """What the name leads to now; empty where nobody knows it."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
    except OSError:
        return []
    return [ip_address(each[4][0]) for each in found]


class HookPoster:
    """One for all subscriptions. ``networks``: private ones that an operator named."""

    def __init__(
        self, networks: Sequence[Network], resolve: Resolve = resolved, trusted: ssl.SSLContext | None = None
    ) -> None:
        self._networks, self._resolve = networks, resolve
        self._trusted = trusted or ssl.create_default_context()
        self._clients: OrderedDict[str, httpx2.AsyncClient] = OrderedDict()

    async def post(self, subscription: str, url: str, headers: Mapping[str, str], content: bytes) -> HookAnswer:
        """What the receiver answers; a status of 0 with a reason where it does not."""
        try:
            async with asyncio.timeout(WITHIN):
                return await self._post(subscription, parsed_url(url), headers, content)
        except AddressRefused as refused:
            return HookAnswer(0, refused.code)
        except TimeoutError:
            return HookAnswer(0, "timed_out")
        except ssl.SSLError:
            return HookAnswer(0, "certificate_refused")
        except (httpx2.HTTPError, OSError) as why:
            return HookAnswer(0, "certificate_refused" if "CERTIFICATE" in str(why).upper() else "not_reached")

    async def _post(
        self, subscription: str, url: SplitResult, headers: Mapping[str, str], content: bytes
    ) -> HookAnswer:
        name, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
        written = literal(name)
        addresses = [written] if written is not None else await self._resolve(name, port)
        address = chosen(addresses, self._networks, is_plain=url.scheme == "http")
        host = f"[{address}]" if address.version == 6 else str(address)
        there = httpx2.URL(url._replace(netloc=f"{host}:{port}").geturl())
        said = {**headers, "Host": url.netloc}
        request = self._client(subscription).stream(
            "POST", there, headers=said, content=content, extensions={"sni_hostname": name}
        )
        async with request as answer:
            await _read_some(answer)
        await self._forget_oldest()
        return HookAnswer(answer.status_code)

    def _client(self, subscription: str) -> httpx2.AsyncClient:
        """One for each subscription: connections to one address under two names are never shared."""
        client = self._clients.pop(subscription, None) or httpx2.AsyncClient(
            verify=self._trusted,
            timeout=WITHIN,
            follow_redirects=False,
            trust_env=False,
            limits=httpx2.Limits(max_connections=LANES, max_keepalive_connections=LANES, keepalive_expiry=30),
        )
        self._clients[subscription] = client
        return client

    async def _forget_oldest(self) -> None:
        while len(self._clients) > CLIENTS:
            _, client = self._clients.popitem(last=False)
            await client.aclose()

    async def close(self) -> None:
        clients, self._clients = list(self._clients.values()), OrderedDict()
        for client in clients:
            await client.aclose()


async def _read_some(answer: httpx2.Response) -> None:
    read = 0
    async for part in answer.aiter_raw():
        read += len(part)
        if read >= READ:
            return
