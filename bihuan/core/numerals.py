"""Numbers as a stranger may have written them into an address or a form."""

from __future__ import annotations

LARGEST = 2**63 - 1  # the last key that a database gives out


def whole(said: str, *, most: int = LARGEST) -> int | None:
    """The number in these plain digits, or nothing where it is none or larger than any of ours."""
    if not (said.isascii() and said.isdecimal() and len(said) <= len(str(LARGEST))):
        return None
    number = int(said)
    return number if number <= most else None
