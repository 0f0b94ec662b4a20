"""Untrusted numbers in URLs and forms."""

from __future__ import annotations

LARGEST = 2**63 - 1  # the largest key of the database


def whole(text: str, *, most: int = LARGEST) -> int | None:
    """Parse plain digits; None if it is not a number or larger than any key."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))):
        return None
    number = int(text)
    return number if number <= most else None
