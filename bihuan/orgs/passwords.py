"""What a password must be, and passwords that are good for one sign-in."""

from __future__ import annotations

import secrets

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# No 0 and o, no 1 and l: the password is read from paper or over the telephone.
_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_DIGITS = "23456789"


class TwoKindsOfCharacter:
    """At least two of: small letters, capitals, digits, other characters (GB/T 22239)."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len({_kind(character) for character in password}) < 2:
            raise ValidationError(self.get_help_text(), code="password_one_kind")

    def get_help_text(self) -> str:
        return _(
            "Use at least two of these: small letters, capital letters, digits, other characters."
        )


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.islower():
        return "small"
    return "capital" if character.isupper() else "other"


def temporary() -> str:
    """A password to hand over on paper: four groups of four, 72 bits."""
    groups = ["".join(secrets.choice(_LETTERS + _DIGITS) for _n in range(4)) for _g in range(3)]
    last = "".join(secrets.choice(_DIGITS) for _n in range(4))
    return "-".join([*groups, last])
