"""How a reader wants the pages to look: dark or light, and the size of the type.

A link with `?look=` sets it without a form or a script; this browser keeps the choice in a cookie.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

PARAMETER = "look"
THEME, TYPE = "bihuan_theme", "bihuan_type"
KEPT = timedelta(days=365)
# The cookie of each choice; "auto" follows the device.
CHOICES: Mapping[str, str] = {
    "auto": THEME,
    "light": THEME,
    "dark": THEME,
    "large": TYPE,
    "normal": TYPE,
}


def theme(cookies: Mapping[str, str]) -> str:
    """Return "light" or "dark" if the reader chose one, otherwise "auto"."""
    chosen = cookies.get(THEME, "")
    return chosen if CHOICES.get(chosen) == THEME else "auto"


def is_large(cookies: Mapping[str, str]) -> bool:
    return cookies.get(TYPE) == "large"
