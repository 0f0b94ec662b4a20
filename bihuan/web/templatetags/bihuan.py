"""How times, money, deadlines and pictures are written on a page. Builtin in every template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext, pgettext

from bihuan import formats
from bihuan.core.deadlines import Due, due_on
from bihuan.orgs import naming
from bihuan.orgs.models import Post, Unit

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A picture of the sprite `web/icons.svg`; the words stand beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.filter
def day(value: date | datetime | Due | None) -> str:
    """2026年11月22日, or 22 Nov 2026; nothing for no day."""
    if value is None:
        return ""
    if isinstance(value, Due):
        return day(value.at) + uncertain(value)
    return formats.day(value)


@register.filter
def moment(value: datetime | Due | None) -> str:
    """2026年11月22日 15:00, or 22 Nov 2026 15:00."""
    if value is None:
        return ""
    if isinstance(value, Due):
        return moment(instant(value)) + uncertain(value)
    return formats.moment(value)


@register.filter
def stamp(value: datetime) -> str:
    """2026-11-22 15:00 in every language, for records that are read by others."""
    return formats.stamp(value)


@register.filter
def short_day(value: date | datetime | None, now: datetime) -> str:
    """The day without its year when that is this year: for narrow columns."""
    if value is None:
        return ""
    on = localtime(value) if isinstance(value, datetime) else value
    return formats.day(on) if on.year != localtime(now).year else formats.short_day(on)


@register.filter
def relative(value: datetime | None, now: datetime) -> SafeString:
    """How long ago or how far off, with the moment itself on hover."""
    if value is None:
        return SafeString()
    seconds = int((value - now).total_seconds())
    if abs(seconds) < 60:
        words = gettext("just now")
    elif seconds < 0:
        words = gettext("%(span)s ago") % {"span": formats.span(-seconds)}
    else:
        words = gettext("in %(span)s") % {"span": formats.span(seconds)}
    return _time(value, words)


def uncertain(value: Due) -> str:
    """What stands behind a day that holidays may still move: in lists, letters and slips."""
    if not value.is_provisional:
        return ""
    return gettext(" (provisional)")


@register.filter
def due(value: Due | None, now: datetime) -> SafeString:
    """A deadline as a chip: late, soon (today or tomorrow) or later, in words and a picture.

    It takes only a `Due`, so that no page can leave out that one is provisional.
    """
    if value is None:
        return SafeString()
    chip = _chip(instant(value), now)
    return chip + provisional(value) if value.is_provisional else chip


@register.filter
def provisional(value: Due | None) -> SafeString:
    """The mark of a deadline that holidays may still move; nothing beside a certain one."""
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
    """The end as an instant; a day alone ends with its last second."""
    if isinstance(value.at, datetime):
        return value.at
    return due_on(value.at, get_current_timezone())


def _chip(value: datetime, now: datetime) -> SafeString:
    seconds = int((value - now).total_seconds())
    if seconds <= 0:
        words = gettext("%(span)s late") % {"span": formats.span(-seconds)}
        return _due(" due-late", icon("late"), _time(value, words))
    time = _time(value, gettext("%(span)s left") % {"span": formats.span(seconds)})
    if localtime(value).date() - localtime(now).date() <= timedelta(days=1):
        return _due(" due-soon", icon("clock"), time)
    return _due("", "", time)


# The parts of both are our own translations and numbers, so the fast way of joining is safe.
def _due(tone: str, picture: str, time: str) -> SafeString:
    return mark_safe(f'<span class="due{tone}">{picture}{time}</span>')  # noqa: S308


def _time(value: datetime, words: str) -> SafeString:
    shown = f'<time datetime="{value.isoformat()}" title="{moment(value)}">{words}</time>'
    return mark_safe(shown)  # noqa: S308


@register.filter
def unit_name(unit: Unit | None) -> str:
    """The unit's name in the reader's language; nothing for no unit."""
    return naming.name_of(unit) if unit else ""


@register.filter
def post_title(post: Post | None) -> str:
    """The post's title in the reader's language; nothing for no post."""
    return naming.title_of(post) if post else ""


@register.filter
def money(value: Decimal | int | None) -> str:
    """An amount in yuan; fen only where there are any."""
    return "" if value is None else formats.money(value)


@dataclass(frozen=True)
class Section:
    """A titled group of fields."""

    legend: str | Promise
    fields: list[BoundField]


@register.filter
def sections(form: BaseForm) -> Iterator[Section]:
    """The visible fields in the groups that the form's `fieldsets` names; the others come first."""
    groups = getattr(form, "fieldsets", ())
    grouped = {name for _, names in groups for name in names}
    yield Section("", [field for field in form.visible_fields() if field.name not in grouped])
    for legend, names in groups:
        yield Section(legend, [form[name] for name in names])


@register.filter
def introduced(label: str | Promise) -> str:
    """A label as it stands before what is said of it: a question has its mark already."""
    words = str(label)
    if words.endswith("？"):
        return words
    return f"{words} " if words.endswith("?") else words + gettext(": ")


@register.filter
def error_target(field: BoundField) -> str:
    """The id of the control that an error leads to: the first one of a group of choices."""
    return field.id_for_label or f"{field.auto_id}_0"
