"""What grievances refuse beyond the shared rules."""

from __future__ import annotations

from bihuan.core.refusal import Refusal


class AboutThem(Refusal):
    """A complaint is passed to no unit in which whoever it is about sits, nor to one below."""


class HasItAlready(Refusal):
    """The unit that answers for the case needs no transfer to have it."""


class PostElsewhere(Refusal):
    """The person answers from a post in the unit that answers for the case."""


class NobodyToReview(Refusal):
    """No unit above this one has anybody who may review the answer."""
