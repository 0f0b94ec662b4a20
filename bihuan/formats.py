"""Format days, times, durations, money, sizes and lists for a reader, with Babel.

This is the only place for it; a test forbids other formats. Values for programs (ISO 8601, keys,
form values) are formatted where they are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import get_language

MINUTE, HOUR, DAY = 60, 3600, 86400
_ENGLISH, _CHINESE = Locale("en"), Locale("zh", "CN", script="Hans")
# Where the patterns below differ from those of Babel, which apply to every other language.
_OFFICE = {"en": _ENGLISH, "zh-hans": _CHINESE}
# Dates are in the office's order in both languages, with month names in English.
_DAYS: Mapping[str, Mapping[Locale, str]] = {
    "day": {_ENGLISH: "d MMM y", _CHINESE: "y年M月d日"},
    "short": {_ENGLISH: "d MMM", _CHINESE: "M月d日"},
    "long": {_ENGLISH: "EEE d MMM y", _CHINESE: "y年M月d日 EEEE"},
    "month": {_ENGLISH: "MMMM y", _CHINESE: "y年M月"},
}
# For other languages.
_OTHERWISE = {"day": "medium", "short": "d MMM", "long": "full", "month": "LLLL y"}
_YUAN = {_ENGLISH: "¥#,##0", _CHINESE: "#,##0 元"}
_YUAN_AND_FEN = {_ENGLISH: "¥#,##0.00", _CHINESE: "#,##0.00 元"}
_BETWEEN_NAMES = {_ENGLISH: ", ", _CHINESE: "、"}
_BETWEEN_SENTENCES = {_ENGLISH: " ", _CHINESE: ""}
_BETWEEN_CLAUSES = {_ENGLISH: "; ", _CHINESE: "；"}
# Chinese is separated from digits by a space on every page.
_NUMBER_AND_WORD = re.compile(r"(?<=\d)(?=[\u4e00-\u9fff])")


def _locale() -> Locale:
    return _locale_of(get_language() or settings.LANGUAGE_CODE)


@lru_cache(64)
def _locale_of(language: str) -> Locale:
    try:
        return _OFFICE.get(language) or Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return _ENGLISH


# ----------------------------------------------------------------- days and times
def day(on: date) -> str:
    """Format a date, 2026年11月22日, or 22 Nov 2026; of an instant, the local day."""
    return _day(_date(on), "day", _locale())


def short_day(on: date) -> str:
    """Format a date without the year: 11月22日, or 22 Nov."""
    return _day(_date(on), "short", _locale())


def long_day(on: date) -> str:
    """Format a date with the weekday: 2026年11月22日 星期日, or Sun 22 Nov 2026."""
    return _day(_date(on), "long", _locale())


def month(on: date) -> str:
    """Format a month: 2026年11月, or November 2026."""
    return _day(_date(on), "month", _locale())


def hour(at: time | datetime, *, seconds: bool = False) -> str:
    """Format a time, 15:00 or 15:00:00; a time unchanged, an instant in local time."""
    if isinstance(at, datetime):
        at = localtime(at).time()
    return _hour(at.replace(microsecond=0), "HH:mm:ss" if seconds else "HH:mm")


def moment(at: datetime) -> str:
    """Format an instant: 2026年11月22日 15:00, or 22 Nov 2026 15:00."""
    return f"{day(at)} {hour(at)}"


def stamp(at: datetime) -> str:
    """Format local date and time, 2026-11-22 15:00, the same in every language."""
    return localtime(at).replace(tzinfo=None).isoformat(" ", "minutes")


def _date(on: date) -> date:
    return localtime(on).date() if isinstance(on, datetime) else on


@lru_cache(4096)
def _day(on: date, form: str, locale: Locale) -> str:
    return format_date(on, _DAYS[form].get(locale, _OTHERWISE[form]), locale)


@lru_cache(4096)
def _hour(at: time, pattern: str) -> str:
    return format_time(at, pattern, locale=_ENGLISH)


# -------------------------------------------------------------- lengths and amounts
def span(seconds: int) -> str:
    """Format a duration in its largest whole unit: 3 hours, or 3 小时."""
    if seconds < HOUR:
        return length(max(1, seconds // MINUTE), "minute")
    if seconds < DAY:
        return length(seconds // HOUR, "hour")
    return length(seconds // DAY, "day")


def between(one: datetime, other: datetime) -> str:
    """Format how far apart two instants are: below 24 hours in hours, else in calendar days.

    This is the one rule for the time that is left, has passed or is exceeded.
    """
    earlier, later = sorted((one, other))
    seconds = int((later - earlier).total_seconds())
    if seconds < DAY:
        return span(seconds)
    return length((localtime(later).date() - localtime(earlier).date()).days, "day")


def length(count: int, unit: str) -> str:
    """Format a number of minutes, hours, days or months."""
    return _length(count, unit, _locale())


@lru_cache(4096)
def _length(count: int, unit: str, locale: Locale) -> str:
    form: Literal["long", "short"] = "short" if locale is _CHINESE else "long"
    text = format_unit(count, f"duration-{unit}", form, locale=locale)
    return _NUMBER_AND_WORD.sub(" ", text)


def money(yuan: Decimal | int) -> str:
    """Format an amount in yuan; fen only if there are any."""
    locale = _locale()
    patterns = _YUAN if yuan == int(yuan) else _YUAN_AND_FEN
    return format_decimal(yuan, patterns.get(locale, patterns[_ENGLISH]), locale)


def file_size(size: int) -> str:
    """Format a number of bytes in the largest suitable unit."""
    unit, count = "byte", float(size)
    for larger in ("kilobyte", "megabyte", "gigabyte", "terabyte"):
        if count < 1024:
            break
        unit, count = larger, count / 1024
    return format_unit(round(count, 1), f"digital-{unit}", "short", locale=_locale())


# -------------------------------------------------------------------------- lists
def names(items: Iterable[object]) -> str:
    """Join short items: a, b, c."""
    return _BETWEEN_NAMES.get(_locale(), ", ").join(map(str, items))


def clauses(items: Iterable[object]) -> str:
    """Join items that may contain commas: a; b; c."""
    return _BETWEEN_CLAUSES.get(_locale(), "; ").join(map(str, items))


def sentences(items: Iterable[object]) -> str:
    """Join whole sentences, which Chinese writes without a space between them."""
    return _BETWEEN_SENTENCES.get(_locale(), " ").join(map(str, items))


def either(items: Iterable[object]) -> str:
    """Join alternatives: a, b, or c."""
    return format_list([str(item) for item in items], "or", _locale())
