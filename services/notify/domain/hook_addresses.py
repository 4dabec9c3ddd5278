"""Where a webhook may be sent: never into the network that this process stands in, unless an operator names the net."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Network = IPv4Network | IPv6Network
LONGEST = 500  # characters of a URL
MAPPING = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 networks that stand for IPv4 addresses (NAT64, 6to4, Teredo): what they lead to cannot be seen here."""


class AddressRefused(ValueError):
    """Nothing is sent there. ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parsed_url(text: str) -> SplitResult:
    """A URL that a webhook may have, as far as it can be told without asking anybody. Raises AddressRefused."""
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise AddressRefused("url_malformed") from None
    if len(text) > LONGEST or not text.isprintable() or " " in text or not url.hostname or port == 0:
        raise AddressRefused("url_malformed")
    if url.username is not None or url.fragment:
        raise AddressRefused("url_malformed")
    if url.scheme not in ("https", "http"):
        raise AddressRefused("https_needed")
    return url


def refuse_by_name(url: SplitResult, networks: Sequence[Network]) -> None:
    """What a URL says before its name is looked up. Raises AddressRefused."""
    if url.scheme == "http" and not networks:
        raise AddressRefused("https_needed")
    address = literal(url.hostname or "")
    if address is not None:
        chosen([address], networks, is_plain=url.scheme == "http")


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is written as; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def chosen(
    addresses: Sequence[IPv4Address | IPv6Address], networks: Sequence[Network], *, is_plain: bool
) -> IPv4Address | IPv6Address:
    """The address to connect to: the first, where every one of them is allowed. Raises AddressRefused.

    All, because a name that leads to two places may lead to the other one next time.
    """
    if not addresses:
        raise AddressRefused("name_unknown")
    plain = [getattr(each, "ipv4_mapped", None) or each for each in addresses]
    named = [any(each in network for network in networks) for each in plain]
    if is_plain and not all(named):
        raise AddressRefused("https_needed")
    if not all(is_named or _is_public(each) for each, is_named in zip(plain, named, strict=True)):
        raise AddressRefused("address_refused")
    return plain[0]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    mapping = any(address in network for network in MAPPING)
    return address.is_global and not address.is_multicast and not mapping
