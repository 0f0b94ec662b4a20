"""Parse the dates and times in cells, in all formats that offices use.

Times have no zone unless the cell names one: they are local wall-clock times.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from bihuan.sheets.reader import Cell
from bihuan.sheets.refusals import CellFault, CellRefused
from bihuan.sheets.values import NOTHING, REMEMBERED, short, whole, written


class Term(StrEnum):
    """What offices write in a date column instead of a date."""

    AT_ONCE = "at_once"
    LONG = "long"


class Reading(NamedTuple):
    """How the dates of one column are interpreted."""

    month_first: bool = False
    near: date | None = None
    """A date without a year gets the year that places it nearest to this date."""
    epoch_1904: bool = False
    """Whether serial numbers count from 1904, as in old Mac workbooks."""
    day_first: bool = False
    """If neither is set, the order is known only if one number is greater than 12."""
    months: bool = True
    """Whether a month means its last day, as in a deadline."""


PLAIN = Reading()

_AT_ONCE = re.compile("立行立改|立整立改|即知即改|即时|(立即|当场|现场)(整改)?")
_LONG = re.compile("长期(坚持|整改)?|常态化|持续(推进|整改)?")
_THIRDS = {"上旬": 10, "中旬": 20}
_EPOCH = datetime.combine(date(1899, 12, 30), time())
_SERIALS = range(18264, 73415)  # 1950 to 2100
_FROM_1900_TO_1904 = 1462
_SPACES = re.compile(r"\s*([-/.:,年月日号时点分秒])\s*")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?")
_TEN = re.compile(r"(\d?)十(\d?)")
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_ENDING = re.compile(
    r"(?:(?:之前|以前|前)(?:完成|整改|整改完成|完成整改|整改到位|整改完毕)?|止|截止|为止|底前)$"
)
_YEAR_FIRST = re.compile(
    r"(\d{4}|\d\d)([-/.年])(\d{1,2})[-/.月](\d{1,2})(?!\d)[日号]?(?:T|\s*)(.*)"
)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\s*(\d\d)(\d\d)(\d\d)?)?")
_MONTH = re.compile(r"(?:(\d{4}|\d\d(?=年))[-/.年])?(\d{1,2})(月?)(份?|底|末|上旬|中旬|下旬)")
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d),?\s*(.*)")
_CLOCK = re.compile(
    r"(上午|下午|晚上|中午|凌晨)?(\d{1,2})[:时点](?:(\d{1,2})[:分]?)?(?:(\d{1,2})(?:\.\d+)?秒?)?"
    r"\s*([AaPp]\.?[Mm]\.?)?"
)


def moment(cell: Cell, reading: Reading = PLAIN) -> datetime | Term | None:
    """Return the date and time in the cell, midnight if it names only a day; None if blank."""
    if type(cell) is datetime:
        return cell
    if type(cell) is str:
        return _moment(cell, reading)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _moment_of_number(cell, reading)
    raise CellRefused(CellFault.NOT_A_DATE, written(whole(cell)))


def day(cell: Cell, reading: Reading = PLAIN) -> date | Term | None:
    """Return the day in the cell; None if blank."""
    if type(cell) is date:
        return cell
    found = moment(cell, reading)
    return found.date() if isinstance(found, datetime) else found


def with_order(cells: Iterable[Cell], reading: Reading) -> Reading:
    """Return the interpretation with the order shown by the column's own dates, such as
    13/2/2026.
    """
    if reading.month_first or reading.day_first:
        return reading
    pairs = [
        (int(found[1]), int(found[2]))
        for cell in cells
        if isinstance(cell, str) and (found := _YEAR_LAST.fullmatch(_without_ornament(cell)))
    ]
    day_first = any(first > 12 >= second for first, second in pairs)
    month_first = any(second > 12 >= first for first, second in pairs)
    # A column that shows both orders shows neither.
    if day_first is month_first:
        return reading
    return reading._replace(day_first=day_first, month_first=month_first)


_NAMED_MONTH = re.compile(r"(20\d\d)年(?:(?:第?[一二三四1-4]季度)|(1[0-2]|[1-9])月)?")


def named_in(words: Iterable[Cell]) -> date | None:
    """Return the middle of the month or year that the lines above a table name."""
    for cell in words:
        found = isinstance(cell, str) and _NAMED_MONTH.search(_close(cell))
        if found:
            year, month = int(found[1]), found[2]
            return date(year, int(month), 15) if month else date(year, 7, 2)
    return None


def _close(found: str) -> str:
    """Normalise letters and digits to their usual width, without spaces."""
    return "".join(unicodedata.normalize("NFKC", found).split())


def _moment_of_number(number: float, reading: Reading) -> datetime:
    """Convert a serial number of the workbook's calendar, or eight digits without separators."""
    days = int(number) if abs(number) < 1e9 else 0
    since_1900 = days + _FROM_1900_TO_1904 if reading.epoch_1904 else days
    if since_1900 in _SERIALS:
        seconds = round((number - days) * 86_400)
        return _EPOCH + timedelta(days=since_1900, seconds=seconds)
    digits = _DIGITS.fullmatch(str(days))
    if digits is None or days != number:
        raise CellRefused(CellFault.NOT_A_DATE, written(number))
    return _made(written(number), int(digits[1]), int(digits[2]), int(digits[3]))


@lru_cache(REMEMBERED)
def _moment(found: str, reading: Reading) -> datetime | Term | None:
    commonest = _year_last if reading.month_first else _iso
    made = commonest(short(found), found, reading)
    if made is not None:
        return made
    plain = _without_ornament(found)
    if NOTHING.fullmatch(plain):
        return None
    if _AT_ONCE.fullmatch(plain):
        return Term.AT_ONCE
    if _LONG.fullmatch(plain):
        return Term.LONG
    if "十" in plain or "〇" in plain or "月" in plain:
        plain = _TEN.sub(_tens, plain.translate(_CHINESE_DIGITS))
    plain = _ENDING.sub("", plain)
    for form in _FORMS:
        made = form(short(found), plain, reading)
        if made is not None:
            return made
    raise CellRefused(CellFault.NOT_A_DATE, short(found))


def _without_ornament(found: str) -> str:
    plain = unicodedata.normalize("NFKC", found).strip()
    return _SPACES.sub(r"\1", _WEEKDAY.sub("", plain)).rstrip("。,;")


def _tens(found: re.Match[str]) -> str:
    return f"{found[1] or 1}{found[2] or 0}"


def _year_last(shown: str, plain: str, reading: Reading) -> datetime | None:
    found = _YEAR_LAST.fullmatch(plain)
    is_short = found is not None and len(found[3]) == 2
    if found is None or (is_short and not (reading.month_first or reading.day_first)):
        return None
    if is_short and reading.day_first and "/" not in plain:
        # 25.3.26 can also be a day of 2025.
        raise CellRefused(CellFault.AMBIGUOUS_DATE, shown)
    first, second, year = int(found[1]), int(found[2]), _full_year(found[3])
    month, of_month = _ordered(shown, first, second, reading)
    return _made(shown, year, month, of_month, found[4])


def _ordered(shown: str, first: int, second: int, reading: Reading) -> tuple[int, int]:
    """Return which number is the month, and which the day."""
    if reading.month_first or reading.day_first:
        return (first, second) if reading.month_first else (second, first)
    if first <= 12 and second <= 12 and first != second:
        raise CellRefused(CellFault.AMBIGUOUS_DATE, shown)
    return (first, second) if first <= 12 else (second, first)


def _iso(shown: str, plain: str, reading: Reading) -> datetime | None:
    if len(plain) < 10 or plain[4] != "-":
        return None
    with suppress(ValueError):
        found = datetime.fromisoformat(plain)
        return found if _is_near(found.year) else None
    return None


def _year_first(shown: str, plain: str, reading: Reading) -> datetime | None:
    found = _YEAR_FIRST.fullmatch(plain)
    is_short = found is not None and len(found[1]) == 2
    if found is None or (is_short and (reading.month_first or reading.day_first)):
        return None
    # A two-digit year below 13 could also be a month.
    if len(found[1]) == 2 and found[2] != "年" and int(found[1]) <= 12:
        raise CellRefused(CellFault.AMBIGUOUS_DATE, shown)
    return _made(shown, _full_year(found[1]), int(found[3]), int(found[4]), found[5])


def _digits(shown: str, plain: str, reading: Reading) -> datetime | None:
    found = _DIGITS.fullmatch(plain)
    if found is None:
        return None
    clock = f"{found[4]}:{found[5]}:{found[6] or 0}" if found[4] else ""
    return _made(shown, int(found[1]), int(found[2]), int(found[3]), clock)


def _month(shown: str, plain: str, reading: Reading) -> datetime | None:
    """Return the last day of a month, or of a third of one, which is what a deadline means by
    it.
    """
    made = _end_of_month(shown, plain, reading)
    if made is not None and not reading.months:
        raise CellRefused(CellFault.ONLY_A_MONTH, shown)
    return made


def _end_of_month(shown: str, plain: str, reading: Reading) -> datetime | None:
    if plain.endswith(("年底", "年末")) and plain[:-2].isdecimal():
        return _made(shown, _full_year(plain[:-2]), 12, 31)
    found = _MONTH.fullmatch(plain)
    if found is None or not 1 <= int(found[2]) <= 12 or not (found[1] or found[3]):
        return None
    month, third = int(found[2]), _THIRDS.get(found[4])
    if found[1] is None:
        return _in_nearest_year(shown, reading, month, third)
    year = _full_year(found[1])
    return _made(shown, year, month, third or monthrange(year, month)[1])


def _month_day(shown: str, plain: str, reading: Reading) -> datetime | None:
    found = _MONTH_DAY.fullmatch(plain)
    if found is None:
        return None
    month, of_month = int(found[1]), int(found[2])
    if reading.day_first and "月" not in plain:
        month, of_month = of_month, month
    return _in_nearest_year(shown, reading, month, of_month)


def _in_nearest_year(
    shown: str, reading: Reading, month: int, of_month: int | None
) -> datetime | None:
    """Return that day, or the month's last, in the year nearest to the reference date."""
    if reading.near is None:
        raise CellRefused(CellFault.NO_YEAR, shown)
    near, possible = reading.near, []
    for year in (near.year - 1, near.year, near.year + 1):
        with suppress(ValueError):
            possible.append(date(year, month, of_month or monthrange(year, month)[1]))
    # 29 February does not exist in the years in between, however near the next leap year is.
    possible = [one for one in possible if abs(one - near) <= timedelta(days=366)]
    if not possible:
        raise CellRefused(CellFault.NO_SUCH_DAY, shown)
    return datetime.combine(min(possible, key=lambda one: abs(one - near)), time())


_FORMS: tuple[Callable[[str, str, Reading], datetime | None], ...] = (
    _iso,
    _year_first,
    _digits,
    _year_last,
    _month,
    _month_day,
)


def _is_near(year: int) -> bool:
    return 1950 <= year <= 2100


def _full_year(digits: str) -> int:
    """Return the four-digit year; 0, which is near no year, if there are too many digits."""
    if len(digits) > 4:
        return 0
    return int(digits) if len(digits) > 2 else 2000 + int(digits)


def _made(shown: str, year: int, month: int, of_month: int, clock: str = "") -> datetime:
    if not _is_near(year):
        raise CellRefused(CellFault.NO_SUCH_DAY, shown)
    hour, minute, second = _clock(shown, clock)
    try:
        return datetime.combine(date(year, month, of_month), time(hour, minute, second))
    except ValueError:
        raise CellRefused(CellFault.NO_SUCH_DAY, shown) from None


def _clock(shown: str, clock: str) -> tuple[int, int, int]:
    clock = clock.strip()
    if not clock:
        return 0, 0, 0
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise CellRefused(CellFault.NOT_A_DATE, shown)
    hour, half = int(found[2]), (found[5] or "")[:1].lower()
    if hour < 12 and (half == "p" or found[1] in ("下午", "晚上")):
        hour += 12
    elif hour == 12 and (half == "a" or found[1] == "凌晨"):
        hour = 0
    return hour, int(found[3] or 0), int(found[4] or 0)
