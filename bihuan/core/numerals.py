"""Untrusted numbers in URLs and forms."""

from __future__ import annotations

LARGEST = 2**63 - 1  # the largest key of the database


def whole(said: str, *, most: int = LARGEST) -> int | None:
    """Parse plain digits; None if it is not a number or larger than any key."""
    if not (said.isascii() and said.isdecimal() and len(said) <= len(str(LARGEST))):
        return None
    number = int(said)
    return number if number <= most else None
