"""Template tags and filters for times, money, deadlines and icons. Builtin in every template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext, pgettext

from bihuan import formats, languages
from bihuan.core.deadlines import Due, due_on
from bihuan.orgs import naming
from bihuan.orgs.models import Post, Unit
from bihuan.web.complaints import Complaint
from bihuan.web.complaints import of as complaints_of

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite `web/icons.svg`, to be used with a text."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def language_tag() -> str:
    """Return the reader's language as HTML names it."""
    return languages.tag()


@register.filter
def day(value: date | datetime | Due | None) -> str:
    """Format a date: 2026年11月22日, or 22 Nov 2026; empty for None."""
    if value is None:
        return ""
    if isinstance(value, Due):
        return day(value.at) + uncertain(value)
    return formats.day(value)


# Service numbers; those of three digits only where the text says that they are numbers.
_PHONES = re.compile(
    r"(?<![0-9A-Za-z.-])(?:12345|12348|12388"
    r"|(?<=[打话：:、或者 ])(?:110|119|120|122)(?=报警|\s?[（(]|[。，,；;、]|\.? |\.?$))"
    r"(?![0-9A-Za-z-])"
)


@register.filter
def phones(text: str) -> SafeString:
    """Turn emergency and service numbers in a text into links that a telephone dials."""
    return mark_safe(_PHONES.sub(r'<a href="tel:\g<0>">\g<0></a>', conditional_escape(text)))  # noqa: S308


@register.filter
def moment(value: datetime | Due | None) -> str:
    """Format an instant: 2026年11月22日 15:00, or 22 Nov 2026 15:00."""
    if value is None:
        return ""
    if isinstance(value, Due):
        return moment(instant(value)) + uncertain(value)
    return formats.moment(value)


@register.filter
def stamp(value: datetime) -> str:
    """Format as 2026-11-22 15:00 in every language, for records that others read."""
    return formats.stamp(value)


@register.filter
def hour(value: datetime) -> str:
    """Format the local time of a moment of today: 15:00."""
    return formats.hour(value)


@register.filter
def short_day(value: date | datetime | None, now: datetime) -> str:
    """Format a date without the year if it is the current one: for narrow columns."""
    if value is None:
        return ""
    on = localtime(value) if isinstance(value, datetime) else value
    return formats.day(on) if on.year != localtime(now).year else formats.short_day(on)


@register.filter
def relative(value: datetime | None, now: datetime) -> SafeString:
    """Format how long ago or how far ahead, with the exact time on hover."""
    if value is None:
        return SafeString()
    seconds = int((value - now).total_seconds())
    if abs(seconds) < 60:
        words = gettext("just now")
    elif seconds < 0:
        words = gettext("%(span)s ago") % {"span": formats.between(value, now)}
    else:
        words = gettext("in %(span)s") % {"span": formats.between(value, now)}
    return _time(value, words)


def uncertain(value: Due) -> str:
    """The mark after a date that holidays may still move: in lists, letters and slips."""
    if not value.is_provisional:
        return ""
    return gettext(" (provisional)")


@register.filter
def due(value: Due | None, now: datetime) -> SafeString:
    """Show a deadline as a chip: late, soon (today or tomorrow) or later, as text and icon.

    It accepts only a `Due`, so that no page can omit that one is provisional.
    """
    if value is None:
        return SafeString()
    chip = _chip(instant(value), now)
    return chip + provisional(value) if value.is_provisional else chip


@register.filter
def provisional(value: Due | None) -> SafeString:
    """The mark of a deadline that holidays may still move; empty for a certain one."""
    if value is None or not value.is_provisional:
        return SafeString()
    why = gettext(
        "The holidays concerned are not loaded yet. It will be recalculated when they are."
    )
    return format_html(
        ' <span class="chip tone-warn" title="{}">{}</span>',
        why,
        pgettext("deadline", "provisional"),
    )


def instant(value: Due) -> datetime:
    """Return the end as an instant; a day ends with its last second."""
    if isinstance(value.at, datetime):
        return value.at
    return due_on(value.at, get_current_timezone())


def _chip(value: datetime, now: datetime) -> SafeString:
    span = formats.between(value, now)
    if value <= now:
        words = gettext("%(span)s late") % {"span": span}
        return _due(" due-late", icon("late"), _time(value, words))
    time = _time(value, gettext("%(span)s left") % {"span": span})
    if localtime(value).date() - localtime(now).date() <= timedelta(days=1):
        return _due(" due-soon", icon("clock"), time)
    return _due("", "", time)


# Both parts are our own translations and numbers, so the fast way of joining is safe.
def _due(tone: str, picture: str, time: str) -> SafeString:
    return mark_safe(f'<span class="due{tone}">{picture}{time}</span>')  # noqa: S308


def _time(value: datetime, words: str) -> SafeString:
    shown = f'<time datetime="{value.isoformat()}" title="{moment(value)}">{words}</time>'
    return mark_safe(shown)  # noqa: S308


@register.filter
def unit_name(unit: Unit | None) -> str:
    """Return the unit's name in the reader's language; empty for None."""
    return naming.name_of(unit) if unit else ""


@register.filter
def post_title(post: Post | None) -> str:
    """Return the post's title in the reader's language; empty for None."""
    return naming.title_of(post) if post else ""


@register.filter
def money(value: Decimal | int | None) -> str:
    """Format an amount in yuan; fen only if there are any."""
    return "" if value is None else formats.money(value)


@dataclass(frozen=True)
class Section:
    """A titled group of fields."""

    legend: str | Promise
    fields: list[BoundField]
    # The name of a field and the values with which this group applies: "way=request other".
    when: str = ""


@register.filter
def sections(form: BaseForm) -> Iterator[Section]:
    """Return the visible fields in the groups of the form's `fieldsets`; ungrouped ones come
    first, and what a group depends on is the third part of it.
    """
    groups = getattr(form, "fieldsets", ())
    grouped = {name for _, names, *_when in groups for name in names}
    yield Section("", [field for field in form.visible_fields() if field.name not in grouped])
    for legend, names, *when in groups:
        yield Section(legend, [form[name] for name in names], *when)


@register.filter
def introduced(label: str | Promise) -> str:
    """Add a colon to a label, unless it is a question."""
    words = str(label)
    if words.endswith("？"):
        return words
    return f"{words} " if words.endswith("?") else words + gettext(": ")


@register.filter
def complaints(field: BoundField) -> list[Complaint]:
    """Return the errors of a field, with the names of fields that are missing or unreadable."""
    return list(complaints_of(field))


@register.filter
def error_target(field: BoundField) -> str:
    """Return the id of the control that an error links to: the first one of a group of choices."""
    return field.id_for_label or f"{field.auto_id}_0"
