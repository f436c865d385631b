"""Where media may come from and go to: the addresses that a server names are not believed."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from ..errors import DownloadError
from .hosts import Hosts, origin_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]
NAT64 = ipaddress.ip_network("64:ff9b::/96")
LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")
"""Reaches a network's own IPv4 addresses; older versions of `ipaddress` call it global."""
IPV4_COMPATIBLE = ipaddress.ip_network("::/96")
DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
"""What names in other scripts are divided by; resolvers take them for dots."""
FREE_AGAIN = "The clip was made and waits at fal: downloading it again is free."


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet's: not this machine's, network's or provider's.

    Source:
        The IANA registries of special-purpose addresses, as Python's `ipaddress` has them.
    """
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast and address not in LOCAL_NAT64


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64 or (address in IPV4_COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(address.packed[-4:])
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour


def literal_address(host: str) -> Address | None:
    """The address that a host is written as, in any form that a resolver takes; else `None`."""
    host = _plain(host)
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:  # decimal, octal, hexadecimal and short forms: 2130706433, 0x7f.1, 127.1
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def _plain(host: str) -> str:
    """A host without the ways of writing that do not change where it leads."""
    return host.translate(DOTS).rstrip(".").lower()


class Places:
    """The places that server-given URLs may lead to.

    Args:
        hosts: When these are configured ones (a simulator, `QCUT_NB_FAL_URL`), their origins are
            taken as they are; anything else has to be https, at a public address.
    """

    def __init__(self, hosts: Hosts) -> None:
        urls = (hosts.queue, hosts.cdn, hosts.rest, hosts.api) if hosts.configured else ()
        self._configured = frozenset(origin_of(url) for url in urls)
        parts = [urlsplit(url) for url in urls]
        self._own = frozenset(
            (part.hostname, part.port or {"http": 80, "https": 443}[part.scheme]) for part in parts
        )

    def allow(self, url: str) -> bool:
        """Whether a URL is on a configured host, or https and not at a private address."""
        try:
            httpx.URL(url)
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except (httpx.InvalidURL, ValueError):
            return False
        if origin_of(url) in self._configured:
            return True
        literal = literal_address(host or "")
        # Known without a look-up: behind a proxy there is none.
        here = f".{_plain(host or '')}".endswith(".localhost")
        public = not here if literal is None else is_public(literal)
        return parts.scheme == "https" and bool(host) and port != 0 and public

    def check(self, url: str) -> None:
        """Refuse to fetch from a URL that is not allowed.

        Raises:
            DownloadError: Says where it leads.
        """
        if not self.allow(url):
            raise _refusal(origin_of(url))

    def addresses(self, host: str, port: int, resolve: Resolver) -> list[str]:
        """Where to connect to for a host: looked up once, so that nothing changes after the check.

        Raises:
            DownloadError: One of its addresses is not public.
            httpx.ConnectError: It cannot be looked up.
        """
        if (host, port) in self._own:
            return [host]
        literal = literal_address(host)
        found = [str(literal)] if literal else resolve(host, port)
        private = [a for a in found if not is_public(ipaddress.ip_address(a.partition("%")[0]))]
        if private:
            raise _refusal(f"{host} ({private[0]})")
        return found


def _refusal(place: str) -> DownloadError:
    return DownloadError(
        f"fal's answer points to {place}, which is not a place for media.",
        money=FREE_AGAIN,
        remedy="Tell fal's support; nothing was fetched from there.",
    )
