"""What the organisation's own rules answer when something may not be done."""

from datetime import date

from bihuan.core.refusal import Refusal


class NotADivisionCode(Refusal):
    """A division code has 2, 4, 6, 9 or 12 digits and nothing else."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DivisionElsewhere(Refusal):
    """The division code does not lie within that of the nearest unit above."""

    def __init__(self, code: str, above: str) -> None:
        super().__init__(code, above)
        self.code, self.above = code, above


class AlreadyThere(Refusal):
    """Another record has this code, title or user name."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


class UnderItself(Refusal):
    """A unit would come to lie below itself."""


class UnitClosed(Refusal):
    """Nothing is added to a closed unit; its successor takes what it would have taken."""

    def __init__(self, unit: str = "", successor: str = "") -> None:
        super().__init__(unit, successor)
        self.unit, self.successor = unit, successor


class OpenWork(Refusal):
    """There is open work, and nobody was named who goes on with it."""

    def __init__(self, *what: str) -> None:
        super().__init__(*what)
        self.what = what


class NobodyMayTake(Refusal):
    """Some cases are shut to every unit that could go on with them."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class NoPost(Refusal):
    """No post of that unit could see to what has to have one."""

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit = unit


class DaysToCome(Refusal):
    """Days on which people are expected have to be cancelled first."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class NoSuccessor(Refusal):
    """The unit named as the successor is closed, the unit itself, or lies below it."""


class UnitInUse(Refusal):
    """A unit with open units below it or with posts that somebody holds cannot be closed."""


class PostEnded(Refusal):
    """Nobody is appointed to a post after its last day."""


class PostHeld(Refusal):
    """Somebody holds the post in these days already."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class DatesOutOfOrder(Refusal):
    """An end would come before its start."""

    def __init__(self, start_date: date) -> None:
        super().__init__(start_date)
        self.start_date = start_date


class MemberInactive(Refusal):
    """Somebody who cannot sign in is not appointed."""


class LastAdministrator(Refusal):
    """Nobody would be left to administer the unit."""


class WrongPassword(Refusal):
    """The present password that was given is not the officer's."""


class PasswordExpired(Refusal):
    """The temporary password is right, but was not used in time."""


class Busy(Refusal):
    """So many passwords are being checked that this one has to come again in a moment."""


class TooManyTries(Refusal):
    """So many sign-ins failed from one place that the next has to wait."""
