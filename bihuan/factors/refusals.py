"""What the rules of the second factor answer when something may not be done."""

from bihuan.core.refusal import Refusal


class WrongCode(Refusal):
    """The code is not the one that the app shows now, or was used already."""


class NotProven(Refusal):
    """Neither the password nor a code was right."""


class SetUpTooSlow(Refusal):
    """The page of the set-up was open too long, or in another window; it begins again."""


class PasskeyRefused(Refusal):
    """What the browser sent is no answer of a passkey that is known here."""


class PasskeyCopied(Refusal):
    """The passkey did not count on from its last use: there may be a copy of it."""


class NameTaken(Refusal):
    """Another passkey of the officer has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class FactorThere(Refusal):
    """The officer has a second factor already; nobody sets up another with the password alone."""


class NoFactor(Refusal):
    """There is no second factor that could be removed."""


class RemovalGone(Refusal):
    """The request was confirmed or withdrawn already, or it is too old."""


class SubjectTaken(Refusal):
    """Another officer comes in by this subject of the sign-in service."""


class UnknownSubject(Refusal):
    """Nobody here comes in by this subject, or not yet."""


class LastFactor(Refusal):
    """One of the officer's powers needs a second factor, and this is the last."""
