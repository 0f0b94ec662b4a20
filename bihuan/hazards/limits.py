"""The limits that the local pack sets for supervision listings; without a pack there are none."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils.timezone import localdate

from bihuan.calendars.queries import outlook
from bihuan.core import local_pack
from bihuan.core.deadlines import months_after
from bihuan.core.local_pack import LocalPack
from bihuan.core.refusal import Refusal
from bihuan.core.workdays import ONE_DAY, YearNotLoaded


class TooLong(Refusal):
    """The local pack does not allow a listing to last until that day."""

    def __init__(self, latest: date) -> None:
        super().__init__(latest)
        self.latest = latest


def pack() -> LocalPack:
    """Return the local pack of this installation."""
    return local_pack.named(settings.LOCAL_PACK)


def latest(listed_at: datetime) -> date | None:
    """Return the last day until which a listing may last; None without a limit."""
    limits = pack().listing
    return months_after(localdate(listed_at), limits.longest_months) if limits else None


def require(until_date: date, listed_at: datetime) -> None:
    last = latest(listed_at)
    if last is not None and until_date > last:
        raise TooLong(last)


def ask_by(until_date: date) -> date | None:
    """Return the last day on which a later deadline is to be requested; None without a rule, or
    while the holidays are not known.
    """
    found = pack()
    if found.listing is None:
        return None
    calendar, left, day = outlook(found.place).short, found.listing.ask_before_workdays, until_date
    try:
        while left:
            left -= calendar.is_workday(day)
            day -= ONE_DAY
    except YearNotLoaded:
        return None
    return day
