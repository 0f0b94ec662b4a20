"""Fetching a picture from another host, without letting its address lead anywhere else.

The address comes from a stranger. So it must name one of the hosts that the installation allows,
by https; the host must not resolve to an address inside a network; the connection goes to the
very address that was looked at; and a redirect may only stay on the host.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

REDIRECTS = 2
SECONDS = 15.0
PAUSE = 5.0
HEADERS = {"Accept": "image/*", "Connection": "close"}
_PIECE = 64 * 1024


class Forbidden(Exception):
    """The address is none that may be fetched; trying again helps nothing."""


class Unreachable(Exception):
    """It could not be fetched this time."""


def _resolve(host: str) -> list[str]:
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _connect(host: str, address: str) -> http.client.HTTPConnection:
    return _Pinned(host, address)


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was looked at, and checks the certificate of the host."""

    def __init__(self, host: str, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, 443, timeout=PAUSE, context=self._tls)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


@dataclass(frozen=True)
class Network:
    """The way out; tests put a fake in its place."""

    resolve: Callable[[str], list[str]] = _resolve
    connect: Callable[[str, str], http.client.HTTPConnection] = _connect


INTERNET = Network()


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether the address is one of https, on one of these hosts, and says nothing more."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and (parts.hostname or "") in hosts
        and port in (None, 443)
        and parts.username is None
        and parts.password is None
        and url.isascii()
        and url.isprintable()
        and " " not in url
    )


def fetch(url: str, *, hosts: Collection[str], most: int, network: Network = INTERNET) -> bytes:
    """The bytes at the address, at most so many; `Forbidden` or `Unreachable` otherwise."""
    end = monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        if not is_allowed(url, hosts):
            raise Forbidden
        found = _get(urlsplit(url), most, end, network)
        if isinstance(found, bytes):
            return found
        moved = urljoin(url, found)
        if urlsplit(moved).hostname != urlsplit(url).hostname:
            raise Forbidden
        url = moved
    raise Forbidden


def _get(parts: SplitResult, most: int, end: float, network: Network) -> bytes | str:
    """What is there, or where it has moved to."""
    host = parts.hostname or ""
    try:
        connection = network.connect(host, _public_address(host, network))
        try:
            connection.request("GET", _target(parts), headers=HEADERS)
            return _answer(connection.getresponse(), most, end)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable from error


def _public_address(host: str, network: Network) -> str:
    addresses = network.resolve(host)
    if not addresses or not all(is_public(address) for address in addresses):
        raise Forbidden
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether the address lies in the open internet, however it is written."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _answer(response: http.client.HTTPResponse, most: int, end: float) -> bytes | str:
    if response.status in (301, 302, 303, 307, 308):
        return response.headers.get("Location", "")
    if response.status >= 500 or response.status == 429:
        raise Unreachable
    if response.status != 200 or (response.length or 0) > most:
        raise Forbidden
    return _read(response, most, end)


def _read(response: http.client.HTTPResponse, most: int, end: float) -> bytes:
    data, said = bytearray(), response.length
    while len(data) != said and (piece := response.read1(_PIECE)):
        data += piece
        if len(data) > most:
            raise Forbidden
        if monotonic() > end:
            raise Unreachable
    if said is not None and len(data) < said:
        raise Unreachable
    return bytes(data)
