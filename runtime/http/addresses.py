"""Where a request comes from: the nearest hop that is no proxy of ours."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request

Network = IPv4Network | IPv6Network
HOUSEHOLD = 64  # bits of an IPv6 address that one customer has: whoever has one address has all of that network


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, separated by commas. Raises ValueError."""
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


def nearest(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The last hop before our proxies; ``peer`` unless it is one of them. ``forwarded``: X-Forwarded-For.

    Every proxy writes who asked it at the end, so whoever asks can only invent what stands before that.
    """
    hop = peer
    for before in reversed(forwarded.split(",")):
        if not _is_of(hop, trusted) or not _is_address(before.strip()):
            break
        hop = before.strip()
    return _household(hop)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_of(hop: str, trusted: Sequence[Network]) -> bool:
    return _is_address(hop) and any(ip_address(hop) in network for network in trusted)


def _household(hop: str) -> str:
    if not _is_address(hop) or not isinstance(address := ip_address(hop), IPv6Address):
        return hop
    return str(address.ipv4_mapped or ip_network((int(address) >> HOUSEHOLD << HOUSEHOLD, HOUSEHOLD)))


def address_of(request: Request) -> str:
    """Where a request comes from; the app's ``state.trusted_proxies`` are passed over."""
    peer = request.client.host if request.client else ""
    trusted: Sequence[Network] = getattr(request.app.state, "trusted_proxies", ())
    return nearest(peer, ",".join(request.headers.getlist("x-forwarded-for")), trusted)


async def _address(request: Request) -> str:
    return address_of(request)


Address = Annotated[str, Depends(_address)]
"""Where the request comes from."""
