"""What views know about the request of a signed-in officer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import HttpRequest

from bihuan.orgs.models import User

if TYPE_CHECKING:
    from bihuan.orgs.sessions import SessionStore

_BROWSERS = {
    "MicroMessenger": "微信",
    "DingTalk": "钉钉",
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


class SignedInRequest(HttpRequest):
    """A request that passed the sign-in guard."""

    user: User
    session: SessionStore


def device_of(request: HttpRequest) -> str:
    """Describe the browser and system of a request so that its owner recognises them."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for key, name in _BROWSERS.items() if f"{key}/" in agent), "")
    system = next((name for key, name in _SYSTEMS.items() if key in agent), "")
    return " · ".join(filter(None, (browser, system))) or re.sub(r"[^\w ./-]", "", agent)[:60]
