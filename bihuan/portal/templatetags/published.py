"""Formats of days, times, places and names on the published pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from django import template
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.calendars.wording import long_date
from bihuan.orgs import choices
from bihuan.portal import plain
from bihuan.portal.models import Outlet
from bihuan.receipts.models import Publication

register = template.Library()

register.filter("day_of_week", long_date)
register.filter("people", plain.me_too)


@register.filter
def outlet_name(outlet: Outlet) -> str:
    return choices.in_language(outlet.name, outlet.name_en)


@register.filter
def dialled(number: str) -> str:
    """Return the first number of a text as a telephone dials it."""
    digits = "".join(c for c in number.split("/")[0].split(",")[0] if c in "+0123456789")
    return digits[:20]


@register.filter
def clock_time(at: time) -> str:
    return formats.hour(at)


@register.filter
def clock_digits(at: time) -> str:
    """Format a time for a URL."""
    return f"{at:%H%M}"


@register.filter
def month(at: datetime) -> str:
    return plain.month(localtime(at).date())


@register.filter
def is_fixed(publication: Publication) -> bool:
    return publication.case.stage in ("closed", "rechecked")


@register.filter
def distance(metres: int) -> str:
    if metres < 1000:
        return _("%(n)s m") % {"n": metres}
    return _("%(n)s km") % {"n": f"{metres / 1000:g}"}


@register.filter
def at(numbers: Mapping[int, int], key: int) -> int | None:
    return numbers.get(key)


@register.filter
def beside(cells: Iterable[str], columns: Iterable[object]) -> Iterable[tuple[str, object]]:
    """Return each cell of a row with its column heading, which a narrow screen shows next to it."""
    return zip(cells, columns, strict=True)
