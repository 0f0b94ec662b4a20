"""Texts for deadlines, their derivation, and refusals by the rules of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bihuan import formats, languages
from bihuan.calendars.refusals import NoCalendar
from bihuan.core import clocks, holidays, rules
from bihuan.core.clocks import Clock
from bihuan.core.deadlines import Due
from bihuan.core.explain import Day, DayKind, Explanation, Role
from bihuan.core.holidays import PublishedDay
from bihuan.core.plausible import Difference, Doubt, Doubtful
from bihuan.core.refusal import Refusal
from bihuan.core.rules import Confidence, Unit
from bihuan.core.workdays import YearNotLoaded
from bihuan.web.templatetags.bihuan import instant, uncertain

START_EVENTS: dict[str, str | Promise] = {
    "accepted": pgettext_lazy("start of a clock", "Accepted"),
    "acknowledged": pgettext_lazy("start of a clock", "Acknowledged"),
    "act_known": pgettext_lazy("start of a clock", "Act became known"),
    "agreed": pgettext_lazy("start of a clock", "Agreed"),
    "answer_received": pgettext_lazy("start of a clock", "Written answer received"),
    "amendment_asked": pgettext_lazy("start of a clock", "Correction or erasure requested"),
    "agreement_effective": pgettext_lazy("start of a clock", "Agreement took effect"),
    "answered": pgettext_lazy("start of a clock", "Answered"),
    "judged_major": pgettext_lazy("start of a clock", "Judged to be major"),
    "listed": pgettext_lazy("start of a clock", "Listed for supervision"),
    "more_time_asked": pgettext_lazy("start of a clock", "Later deadline requested"),
    "ordered": pgettext_lazy("start of a clock", "Ordered"),
    "applied": pgettext_lazy("start of a clock", "Applied for"),
    "approved": pgettext_lazy("start of a clock", "Approved"),
    "assigned": pgettext_lazy("start of a clock", "Assigned"),
    "breach_found": pgettext_lazy("start of a clock", "Breach found"),
    "brought": pgettext_lazy("start of a clock", "Brought"),
    "closed": pgettext_lazy("start of a clock", "Closed"),
    "confirmed": pgettext_lazy("start of a clock", "Confirmed"),
    "contested": pgettext_lazy("start of a clock", "Assignment disputed"),
    "control_set": pgettext_lazy("start of a clock", "Interim control set"),
    "decided": pgettext_lazy("start of a clock", "Decided"),
    "dispatched": pgettext_lazy("start of a clock", "Dispatched"),
    "extension_asked": pgettext_lazy("start of a clock", "Extension requested"),
    "head_told": pgettext_lazy("start of a clock", "Head of the unit informed"),
    "hotspot_received": pgettext_lazy("start of a clock", "Hot spot received"),
    "incident": pgettext_lazy("start of a clock", "Incident happened"),
    "last_report": pgettext_lazy("start of a clock", "Last report sent"),
    "letter_issued": pgettext_lazy("start of a clock", "Transfer letter issued"),
    "mediation_started": pgettext_lazy("start of a clock", "Mediation begun"),
    "message_received": pgettext_lazy("start of a clock", "Message received"),
    "noticed": pgettext_lazy("start of a clock", "Noticed"),
    "notice_given": pgettext_lazy("start of a clock", "Notice given"),
    "paper_runs_out": pgettext_lazy("start of a clock", "60 days before the paper expires"),
    "quarter_ended": pgettext_lazy("start of a clock", "Quarter ended"),
    "round_began": pgettext_lazy("start of a clock", "Inspections began"),
    "received": pgettext_lazy("start of a clock", "Received"),
    "report_received": pgettext_lazy("start of a clock", "Report received"),
    "reported": pgettext_lazy("start of a clock", "Reported"),
    "request_received": pgettext_lazy("start of a clock", "Request received"),
    "review_asked": pgettext_lazy("start of a clock", "Review requested"),
    "said_not_solved": pgettext_lazy("start of a clock", "Rated “not solved”"),
    "submitted": pgettext_lazy("start of a clock", "Submitted"),
    "transferred_in": pgettext_lazy("start of a clock", "Transfer received"),
    "verified": pgettext_lazy("start of a clock", "Verified"),
    "year_ended": pgettext_lazy("start of a clock", "Year ended"),
}

CONFIDENCES: dict[Confidence, str | Promise] = {
    Confidence.READ: gettext_lazy("Law; checked against the text"),
    Confidence.SECOND_HAND: gettext_lazy("Law, from a secondary source"),
    Confidence.RECALLED: gettext_lazy("Unverified: do not show to the public as a right"),
    Confidence.PROJECT_DEFAULT: gettext_lazy("Default of this system, not law"),
}

_HOLIDAYS: dict[str, str | Promise] = {
    "元旦": gettext_lazy("New Year"),
    "春节": gettext_lazy("Spring Festival"),
    "清明节": gettext_lazy("Qingming Festival"),
    "劳动节": gettext_lazy("Labour Day"),
    "端午节": gettext_lazy("Dragon Boat Festival"),
    "中秋节": gettext_lazy("Mid-Autumn Festival"),
    "国庆节": gettext_lazy("National Day"),
}

_FAULTS: dict[holidays.Fault, str | Promise] = {
    holidays.Fault.NOT_AN_OBJECT: gettext_lazy("not a year of holidays"),
    holidays.Fault.YEAR: gettext_lazy("“year” is missing or not a year"),
    holidays.Fault.DAYS: gettext_lazy("“days” is missing or not a list"),
    holidays.Fault.DAY: gettext_lazy("day %(where)s has no proper name, date or isOffDay"),
    holidays.Fault.OTHER_YEAR: gettext_lazy("day %(where)s belongs to another year"),
    holidays.Fault.TWICE: gettext_lazy("a day is listed twice"),
}

_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    NoCalendar: lambda: _("No holidays are known for “%(jurisdiction)s”."),
    YearNotLoaded: lambda: _(
        "The holidays of %(year)s are not loaded, so this deadline cannot be calculated. Load "
        "them with “bihuan load-calendar”."
    ),
    holidays.YearNotPublished: lambda: _(
        "The holidays of %(year)s are not published yet: the file lists no days off."
    ),
    rules.RuleNotInForce: lambda: _("No version of rule %(rule_id)s was in force on %(on)s."),
    clocks.ClockStopped: lambda: _("The clock has already stopped."),
    clocks.NotInTurn: lambda: _("This does not match the earlier history of the clock."),
    clocks.NotSuspendable: lambda: _("The law does not allow %(rule_id)s to be suspended."),
    clocks.ExtensionTooLong: lambda: _("%(rule_id)s may be extended by %(longest)s at most."),
    clocks.LongerThanLaw: lambda: _("%(rule_id)s allows %(longest)s; a case may only have less."),
    clocks.DueDateNeeded: lambda: _(
        "Only rules whose date is set for each case need a due date: see %(rule_id)s."
    ),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal by the rules of time in a sentence for the reader."""
    match refusal:
        case rules.UnknownRule(near=near) if near:
            return _("There are several: %(near)s.") % {"near": ", ".join(near)}
        case rules.UnknownRule(rule_id=rule_id):
            return _("There is no rule “%(rule_id)s”.") % {"rule_id": rule_id}
        case clocks.NotExtendable(times=0, rule_id=rule_id):
            return _("The law does not allow %(rule_id)s to be extended.") % {"rule_id": rule_id}
        case clocks.NotExtendable():
            return _("No extensions remain: %(rule_id)s allows %(times)s.") % vars(refusal)
        case holidays.BadHolidayFile(fault=fault, where=where):
            what = str(_FAULTS.get(fault, fault)) % {"where": where}
            return _("This is not a holiday file: %(what)s.") % {"what": what}
    sentence = _SENTENCES.get(type(refusal))
    return sentence() % vars(refusal) if sentence else ""


_DOUBTS: dict[Doubt, Callable[[], str]] = {
    Doubt.FESTIVAL_WORKED: lambda: _("%(day)s (%(name)s) is a statutory holiday but not a day off"),
    Doubt.WEEKDAY_WORKED: lambda: _("%(day)s (%(name)s) is a make-up workday but not on a weekend"),
    Doubt.FEW_DAYS_OFF: lambda: _("%(count)d days off; no known year has less than %(usual)d"),
    Doubt.MANY_DAYS_OFF: lambda: _("%(count)d days off; no known year has more than %(usual)d"),
    Doubt.MANY_WEEKENDS_WORKED: lambda: _(
        "%(count)d make-up workdays; no known year has more than %(usual)d"
    ),
}


def doubtful(each: Doubtful) -> str:
    """Explain why a year of holidays is implausible."""
    return _DOUBTS[each.doubt]() % vars(each)


def difference(each: Difference) -> str:
    """Describe a day that differs between two versions of a year, as a line of a comparison."""
    details = {"day": each.day, "before": _role(each.before), "after": _role(each.after)}
    return _("%(day)s: %(before)s before, now %(after)s") % details


def _role(day: PublishedDay | None) -> str:
    if day is None:
        return _("not listed")
    text = _("off (%(name)s)") if day.is_off else _("make-up workday (%(name)s)")
    return text % {"name": day.name}


def derivation(explanation: Explanation) -> Iterator[str]:
    """Return the whole arithmetic as lines of text: the rule, the sentence, every day, both
    ends.
    """
    rule = explanation.clock.rule
    yield f"{rule.id} {languages.of(rule.name)}"
    yield _("Source: %(source)s (version %(version)s). %(confidence)s.") % {
        "source": languages.of(rule.source),
        "version": rule.version,
        "confidence": CONFIDENCES[rule.confidence],
    }
    yield sentence(explanation)
    for day in explanation.days:
        yield f"  {long_date(day.date)}  {why(day)}"
    yield from ends(explanation)


def ends(explanation: Explanation) -> Iterator[str]:
    """Return both ends, and why one of them is provisional."""
    if explanation.target:
        yield _("Internal target: %(when)s") % {"when": _moment(explanation.target)}
    if explanation.due:
        yield _("Due: %(when)s") % {"when": _moment(explanation.due)}
    if explanation.is_provisional:
        yield provisional()


def provisional() -> str:
    """Explain what a provisional time is, and how it becomes final."""
    return _(
        "Provisional: the holidays concerned are not published or not loaded yet. Two dates were "
        "calculated: one with only the statutory festivals off, one with the longest breaks of "
        "the last five years. The internal target is the earlier date, the last day of a "
        "person's right the later one. It will be recalculated when the holidays are loaded."
    )


def missing(year: int) -> str:
    """Say that a year should be loaded by now, for the administrators of the whole district."""
    return _(
        "The holidays of %(year)d are not loaded yet. Deadlines that reach into that year are "
        "provisional. Ask the operator of the server to load them as soon as the State Council's "
        "notice is published; the operator's handbook says how: “Every year: the calendar”."
    ) % {"year": year}


def sentence(explanation: Explanation, events: Mapping[str, str | Promise] | None = None) -> str:
    """Return the arithmetic in one sentence: start, length, exceptions, end; `events` has other
    names of what starts a clock.
    """
    clock = explanation.clock
    starts = {**START_EVENTS, **(events or {})}
    event = starts.get(clock.rule.start_event, clock.rule.start_event)
    parts = [f"{event} {long_date(clock.start_date)}", length(clock)]
    if clock.extended_by:
        parts.append(
            _("extended by %(length)s") % {"length": amount(clock.rule.unit, clock.extended_by)}
        )
    parts += _peculiarities(explanation.days)
    end = explanation.due or explanation.target
    parts.append(
        _("due %(when)s") % {"when": _moment(end)}
        if end
        else _("suspended, so the end is not known")
    )
    return formats.clauses(parts)


def length(clock: Clock) -> str:
    """Return the length of the clock's term, without extensions."""
    if clock.rule.unit is Unit.DATE:
        return _("date set for this case")
    return amount(clock.rule.unit, clock.length)


def why(day: Day) -> str:
    """Say whether a day is counted, and if not, why."""
    if day.role is Role.COUNTED:
        text = _why_counted(day)
    elif day.role is Role.POSSIBLE:
        text = _("the latest possible end, if the holidays are longer")
    else:
        named = {"holiday": holiday_name(day.holiday), "time": _running(day.running)}
        text = _why_not(day) % named
    return _("%(why)s (not published yet)") % {"why": text} if day.is_open else text


def _why_not(day: Day) -> str:
    match day.role:
        case Role.START:
            return _("start day, not counted")
        case Role.RUNNING:
            return _("%(time)s counted: hours run through nights and holidays")
        case Role.SUSPENDED:
            return _("suspended, not counted")
        case Role.NOT_A_WORKDAY if day.holiday:
            return _("%(holiday)s, not counted")
        case Role.NOT_A_WORKDAY:
            return _("weekend, not counted")
        case Role.ROLLED_OVER if day.holiday:
            return _("%(holiday)s: the term does not end on a holiday")
        case Role.ROLLED_OVER:
            return _("weekend: the term does not end on a weekend")
    return _("the next day: the term ends")


def _why_counted(day: Day) -> str:
    details = {
        DayKind.WORKDAY: lambda: _("day %(number)d"),
        DayKind.UNKNOWN: lambda: _("day %(number)d"),
        DayKind.MAKEUP_WORKDAY: lambda: _("day %(number)d: make-up workday"),
        DayKind.WEEKEND: lambda: _("day %(number)d: weekend, but calendar days count"),
        DayKind.HOLIDAY: lambda: _("day %(number)d: %(holiday)s, but calendar days count"),
    }[day.kind]()
    return details % {"number": day.number, "holiday": holiday_name(day.holiday)}


def holiday_name(published: str) -> str:
    """Return the name of a holiday as published, or both names if two coincide."""
    names = [str(_HOLIDAYS.get(name, name)) for name in published.split("、")]
    return formats.names(names)


def long_date(day: date) -> str:
    return formats.long_day(day)


def _moment(end: Due) -> str:
    at = instant(end)
    text = f"{long_date(at.date())} {formats.hour(at, seconds=True)}"
    return text + uncertain(end)


def _running(running: timedelta | None) -> str:
    minutes = int((running or timedelta()).total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


def amount(unit: Unit, count: int) -> str:
    """Format a number of units that a rule counts."""
    match unit:
        case Unit.MINUTES:
            return formats.length(count, "minute")
        case Unit.HOURS:
            return formats.length(count, "hour")
        case Unit.WORKING_DAYS:
            text = ngettext("%(count)d working day", "%(count)d working days", count)
        case Unit.MONTHS:
            return formats.length(count, "month")
        case _:
            text = ngettext("%(count)d calendar day", "%(count)d calendar days", count)
    return text % {"count": count}


def _peculiarities(days: tuple[Day, ...]) -> Iterator[str]:
    """Return what a reader would not expect, period by period."""
    for (role, kind), stretch in groupby(days, key=lambda day: (day.role, day.kind)):
        text = _peculiarity(role, kind)
        if text:
            yield text % {"span": _span(list(stretch))}


def _peculiarity(role: Role, kind: DayKind) -> str:
    match role, kind:
        case Role.COUNTED, DayKind.HOLIDAY:
            return _("%(span)s: holiday, but calendar days count")
        case Role.NOT_A_WORKDAY, DayKind.HOLIDAY:
            return _("%(span)s: holiday, not counted")
        case Role.COUNTED, DayKind.MAKEUP_WORKDAY:
            return _("%(span)s: make-up workday")
        case Role.SUSPENDED, _kind:
            return _("%(span)s: suspended")
        case Role.ROLLED_TO, _kind:
            return _("the term does not end on a holiday and moves to %(span)s")
    return ""


def _span(days: list[Day]) -> str:
    first, last = (formats.short_day(day.date) for day in (days[0], days[-1]))
    if first == last:
        return first
    return _("%(first)s to %(last)s") % {"first": first, "last": last}
