"""Refusals of grievances beyond the shared rules."""

from __future__ import annotations

from datetime import date

from bihuan.core.refusal import Refusal


class AboutThem(Refusal):
    """A complaint is never transferred to a unit of those it is about, nor to one below."""


class HasItAlready(Refusal):
    """The responsible unit already has the case, so no transfer is needed."""


class PostElsewhere(Refusal):
    """The officer holds a post elsewhere, not in the responsible unit."""


class NobodyToReview(Refusal):
    """No unit above this one has an officer who may review the answer."""


class NotServedThen(Refusal):
    """The date of service must be between the day of issue and today."""

    def __init__(self, issued_date: date) -> None:
        super().__init__(issued_date)
        self.issued_date = issued_date


class UnknownService(Refusal):
    """The procedure has no such type of service."""
