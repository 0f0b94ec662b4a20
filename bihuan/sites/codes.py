"""The public code of a site: ten characters that cannot be mistaken for one another in print."""

from __future__ import annotations

import secrets

# Without 0, 1, I, L, O and U.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10


def new() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal(typed: str) -> str:
    """Return the code as stored, from one that was typed with spaces, hyphens or small letters."""
    return "".join(each for each in typed.upper() if each.isascii() and each.isalnum())
