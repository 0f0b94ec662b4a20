"""What grievances refuse beyond the shared rules."""

from __future__ import annotations

from datetime import date

from bihuan.core.refusal import Refusal


class AboutThem(Refusal):
    """A complaint is passed to no unit in which those sit whom it is about, nor to one below."""


class HasItAlready(Refusal):
    """The unit that answers for the case needs no transfer to have it."""


class PostElsewhere(Refusal):
    """The person answers from a post in the unit that answers for the case."""


class NobodyToReview(Refusal):
    """No unit above this one has anybody who may review the answer."""


class NotServedThen(Refusal):
    """A letter is served between the day of its issue and today."""

    def __init__(self, issued_date: date) -> None:
        super().__init__(issued_date)
        self.issued_date = issued_date


class UnknownService(Refusal):
    """The procedure knows no service of that kind."""
