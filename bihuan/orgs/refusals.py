"""Refusals by the rules of the organisation."""

from datetime import date

from bihuan.core.refusal import Refusal


class NotADivisionCode(Refusal):
    """A division code must have 2, 4, 6, 9 or 12 digits and nothing else."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DivisionElsewhere(Refusal):
    """The division code is outside that of the nearest unit above."""

    def __init__(self, code: str, above: str) -> None:
        super().__init__(code, above)
        self.code, self.above = code, above


class AlreadyThere(Refusal):
    """Another record has this code, title or user name."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


class DecidedAbove(Refusal):
    """The kind of a unit, and that it is not for the public, is decided above it."""


class UnderItself(Refusal):
    """The move would place a unit below itself."""


class UnitClosed(Refusal):
    """Nothing is added to a closed unit; use its successor."""

    def __init__(self, unit: str = "", successor: str = "") -> None:
        super().__init__(unit, successor)
        self.unit, self.successor = unit, successor


class OpenWork(Refusal):
    """There is open work, and no successor was named."""

    def __init__(self, *what: str) -> None:
        super().__init__(*what)
        self.what = what


class NobodyMayTake(Refusal):
    """Some cases are closed to every unit that could take over."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class NoPost(Refusal):
    """No post of that unit can take work that needs one."""

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit = unit


class DaysToCome(Refusal):
    """Days on which people are expected must be cancelled first."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class NoSuccessor(Refusal):
    """The successor is closed, is the unit itself, or is below it."""


class UnitInUse(Refusal):
    """A unit with open units below it or with held posts cannot be closed."""


class PostEnded(Refusal):
    """No appointment is possible after the last day of a post."""


class PostHeld(Refusal):
    """The post is held by another officer in this period."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class DatesOutOfOrder(Refusal):
    """The end would be before the start."""

    def __init__(self, start_date: date) -> None:
        super().__init__(start_date)
        self.start_date = start_date


class MemberInactive(Refusal):
    """An officer whose account is closed cannot be appointed."""


class PostElsewhere(Refusal):
    """The officer also holds a post in a unit that the appointing administrator does not
    administer.
    """

    def __init__(self, member: str, unit: str) -> None:
        super().__init__(member, unit)
        self.member, self.unit = member, unit


class NotAnnullable(Refusal):
    """The appointment is confirmed, too old, backdated, or represented by a stand-in; or it is the
    acting administrator's own.
    """


class ActedSinceAppointed(Refusal):
    """The officer has acted since the appointment was entered."""

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member


class LastAdministrator(Refusal):
    """The change would leave the unit without an administrator."""


class SameUnit(Refusal):
    """The post is already in this unit."""


class DayPast(Refusal):
    """The period of a stand-in would begin or end in the past."""


class StandInTooLong(Refusal):
    """A stand-in is for a leave; for longer, the post is handed over."""

    def __init__(self, days: int) -> None:
        super().__init__(days)
        self.days = days


class StandInTooEarly(Refusal):
    """A stand-in is arranged for a day that is near enough to be known."""

    def __init__(self, days: int) -> None:
        super().__init__(days)
        self.days = days


class LeavesBefore(Refusal):
    """The holder leaves the post before the stand-in would end."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class AlreadyStoodIn(Refusal):
    """Another officer is the stand-in on one of these days."""

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member


class NotAnOperatorsPost(Refusal):
    """The power of an operator of sites stays alone, in a unit that operates sites."""


class OwnStandIn(Refusal):
    """An officer may not name themselves as the stand-in for another."""


class AlreadyAsked(Refusal):
    """Another officer was asked for one of these days, and has not answered."""

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member


class OfferGone(Refusal):
    """The question was answered or withdrawn, or its days are over."""


class LosesOwnWork(Refusal):
    """Cases that the officer works on are closed to the holder, and would be to the officer."""

    def __init__(self, holder: str, numbers: tuple[str, ...]) -> None:
        super().__init__(holder, numbers)
        self.holder, self.numbers = holder, numbers


class AwayMeanwhile(Refusal):
    """One of the two is absent, or acts for another absent officer, on one of these days."""

    def __init__(self, member: str, holder: str) -> None:
        super().__init__(member, holder)
        self.member, self.holder = member, holder


class NotEqualPowers(Refusal):
    """The officer does not hold every power of the post in a unit nearby."""

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member


class NothingToStandInFor(Refusal):
    """The post has no powers over cases: administration and audit are never passed on."""


class WrongPassword(Refusal):
    """The current password is wrong."""


class PasswordExpired(Refusal):
    """The temporary password is right but has expired."""


class Busy(Refusal):
    """Too many passwords are being checked; try again in a moment."""


class TooManyTries(Refusal):
    """Too many sign-ins failed from one place; the next one must wait."""
