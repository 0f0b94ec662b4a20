"""Fetch a picture from another host, safe against server-side request forgery.

The URL is untrusted. So it must use https and name one of the hosts that the installation allows;
the host must not resolve to a private address; the connection goes to the address that was checked;
and a redirect may only stay on the host.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from threading import Event, Thread
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

REDIRECTS = 2
# For the whole fetch: name resolution, handshakes, redirects and the body.
SECONDS = 15.0
PAUSE = 5.0
HEADERS = {"Accept": "image/*", "Connection": "close"}
_PIECE = 64 * 1024
_AGAIN = 0.1  # it may have been between two sockets when it was to be closed


class Forbidden(Exception):
    """The URL may not be fetched; a retry cannot help."""


class Unreachable(Exception):
    """It could not be fetched this time."""


def _resolve(host: str) -> list[str]:
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _connect(host: str, address: str) -> http.client.HTTPConnection:
    return _Pinned(host, address)


class _Pinned(http.client.HTTPSConnection):
    """Connects to the checked address, and verifies the certificate of the host."""

    def __init__(self, host: str, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, 443, timeout=PAUSE, context=self._tls)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        # Before the handshake, so that a slow handshake can be interrupted as well.
        tls = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = tls
        tls.do_handshake()


@dataclass(frozen=True)
class Network:
    """Network access; tests replace it by a fake."""

    resolve: Callable[[str], list[str]] = _resolve
    connect: Callable[[str, str], http.client.HTTPConnection] = _connect


INTERNET = Network()


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether the URL is an https URL on one of these hosts, with nothing unusual in it."""
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
    """Return the bytes at the URL, up to the limit; raise `Forbidden` or `Unreachable`."""
    end = monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        if not is_allowed(url, hosts):
            raise Forbidden
        if monotonic() > end:
            raise Unreachable
        found = _get(urlsplit(url), most, end, network)
        if isinstance(found, bytes):
            return found
        moved = urljoin(url, found)
        if urlsplit(moved).hostname != urlsplit(url).hostname:
            raise Forbidden
        url = moved
    raise Forbidden


def _get(parts: SplitResult, most: int, end: float, network: Network) -> bytes | str:
    """Return the response, or where it redirects to."""
    host = parts.hostname or ""
    try:
        connection = network.connect(host, _public_address(host, network))
        with _cut_off(connection, end):
            connection.request("GET", _target(parts), headers=HEADERS)
            return _answer(connection.getresponse(), most, end)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable from error


@contextmanager
def _cut_off(connection: http.client.HTTPConnection, end: float) -> Iterator[None]:
    """A connection that is closed at the deadline, whatever is being read at that moment.

    Timeouts apply to single reads only: a host that sends one byte before each timeout could block
    for ever, in the handshake, in the headers or in the body.
    """
    done = Event()
    # The connection releases its socket once the response has begun.
    opened: list[socket.socket] = []

    def watch() -> None:
        wait = max(end - monotonic(), 0)
        while not done.wait(wait):
            for each in filter(None, (connection.sock, *opened)):
                with suppress(OSError):
                    # Bypass TLS: a read in the other thread then ends.
                    socket.socket.shutdown(each, socket.SHUT_RDWR)
            wait = _AGAIN

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        connection.connect()
        opened.append(connection.sock)
        yield
    finally:
        done.set()
        watcher.join()
        connection.close()


def _public_address(host: str, network: Network) -> str:
    addresses = network.resolve(host)
    if not addresses or not all(is_public(address) for address in addresses):
        raise Forbidden
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether the address is on the public internet, in any notation."""
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
    data, declared = bytearray(), response.length
    while len(data) != declared and (piece := response.read1(_PIECE)):
        data += piece
        if len(data) > most:
            raise Forbidden
    # A response without a length that was cut off at the deadline would look complete.
    if monotonic() > end or (declared is not None and len(data) < declared):
        raise Unreachable
    return bytes(data)
