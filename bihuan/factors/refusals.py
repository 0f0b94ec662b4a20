"""Refusals by the rules of the second factor."""

from bihuan.core.refusal import Refusal


class WrongCode(Refusal):
    """The code is not the app's current one, or was used already."""


class NotProven(Refusal):
    """Neither the password nor a code was right."""


class SetUpTooSlow(Refusal):
    """The set-up page was open too long, or in another window; start again."""


class PasskeyRefused(Refusal):
    """The browser's answer does not come from a known passkey."""


class PasskeyCopied(Refusal):
    """The signature counter of the passkey did not increase: there may be a copy of it."""


class NameTaken(Refusal):
    """Another passkey of the officer has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class FactorThere(Refusal):
    """The officer already has a second factor; another cannot be set up with the password alone."""


class NoFactor(Refusal):
    """There is no second factor to remove."""


class RemovalGone(Refusal):
    """The request was already confirmed or withdrawn, or is too old."""


class SubjectTaken(Refusal):
    """The subject of the identity provider is assigned to another officer."""


class UnknownSubject(Refusal):
    """The subject is assigned to no officer, or does not take effect yet."""


class LastFactor(Refusal):
    """One of the officer's powers requires a second factor, and this is the last."""
