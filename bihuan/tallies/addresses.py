"""The address that a request comes from, as our own proxies report it, and faults in their set-up.

Each proxy appends the address of its client to `X-Forwarded-For`, so anything left of the last
`BIHUAN_PROXIES` addresses was sent by the client and is ignored.
"""

from __future__ import annotations

import re
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from bihuan.core.once import PerObject

_WITH_PORT = re.compile(r"\[(?P<new>[^\]]+)\](?::\d+)?|(?P<old>[\d.]+):\d+")
_HERE = re.compile(r"(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?", re.IGNORECASE)


class Fault(StrEnum):
    """Why visitors cannot be distinguished by address."""

    # There are fewer addresses than configured proxies.
    UNNAMED = "unnamed"
    # There is a proxy, but BIHUAN_PROXIES says that there is none.
    UNBELIEVED = "unbelieved"


def network_of(request: HttpRequest) -> str:
    """Return where a request comes from, only to be hashed: the address, or the /64 network of an
    IPv6 one.
    """
    return _network_of(request)


_network_of: PerObject[HttpRequest, str] = PerObject(
    "network", lambda request: _network(_told(request))
)


def fault_of(request: HttpRequest) -> Fault | None:
    """Return the fault that a request reveals; a request to localhost bypassed all proxies."""
    if _HERE.fullmatch(request.META.get("HTTP_HOST", "")):
        return None
    if settings.PROXIES:
        return None if _named(request) else Fault.UNNAMED
    remote = _parsed(request.META.get("REMOTE_ADDR", ""))
    if remote is None or not remote.is_private:
        return None  # headers from other networks prove nothing about proxies
    is_passed_on = "HTTP_X_FORWARDED_FOR" in request.META or remote.is_loopback
    return Fault.UNBELIEVED if is_passed_on else None


def _told(request: HttpRequest) -> str:
    return _named(request) or str(request.META.get("REMOTE_ADDR", ""))


def _named(request: HttpRequest) -> str:
    """Return the address that the outermost of our proxies reports; empty if it is missing."""
    if not settings.PROXIES:
        return ""
    passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(passed) < settings.PROXIES:
        return ""
    address = passed[-settings.PROXIES].strip()
    if found := _WITH_PORT.fullmatch(address):
        address = found["new"] or found["old"]
    return address if _parsed(address) else ""


def _network(text: str) -> str:
    address = _parsed(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address or "")


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address
