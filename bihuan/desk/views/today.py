"""The first page after sign-in: what waits for this officer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan import formats
from bihuan.calendars import reminding
from bihuan.calendars import wording as clock_words
from bihuan.cases import kinds
from bihuan.cases.kinds import Words
from bihuan.core.powers import Power
from bihuan.desk import pages, strip
from bihuan.desk.views import after_act
from bihuan.desk.way_back import TODAY, from_today
from bihuan.notices import queries, voices
from bihuan.notices.models import Notice
from bihuan.orgs import access, naming, stand_ins
from bihuan.orgs.http import SignedInRequest
from bihuan.web import agenda, timekeeping
from bihuan.web.agenda import Duty
from bihuan.web.context import address
from bihuan.web.cookies import let_keep
from bihuan.web.wording import explain

# The page of notices has the others.
NOTICES = 3
# The cookie of a reminder of the calendar that was put off, and for how long.
LATER, LATER_BY = "bihuan_calendar_later", timedelta(days=3)


@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """Show what the officer must do; each row links to its next step."""
    if request.GET.get("later") == "calendar":
        return let_keep(redirect("desk:today"), LATER, "1", path="/desk/", lasts=LATER_BY)
    now = timezone.now()
    sections, rows = from_today(agenda.sections(request.user, now))
    own = [section for section in sections if section.duty is Duty.OWN]
    waiting = sum(len(section.items) for section in own)
    context = {
        "sections": sections,
        "strips": strip.strips(request.user, now),
        "waiting": f"{waiting}+" if any(section.is_cut for section in own) else waiting,
        "after_act": after_act.take(request, TODAY, rows),
        "reminders": _reminders(request, now),
        "calendar": _calendar(request, now),
        **_unread(request, now),
        **_report(request, now),
        "now": now,
    }
    return render(request, "desk/today.html", context)


def _report(request: SignedInRequest, now: datetime) -> dict[str, Words]:
    """Return the page for reporting something, of the first kind that the officer may report."""
    may_report = (
        each.report
        for each in pages.every()
        if each.report and _may_report(request, kinds.by_name(each.kind), now)
    )
    found = next(may_report, None)
    if found is None:
        return {"report_url": ""}
    name, label = found
    return {"report_url": address(name), "report_label": label}


def _may_report(request: SignedInRequest, kind: kinds.Kind, now: datetime) -> bool:
    powers = kind.lifecycle.powers_of(kind.lifecycle.birth)
    return access.has_somewhere(request.user, powers, localdate(now))


def _reminders(request: SignedInRequest, now: datetime) -> list[str]:
    """Return whom the officer represents, who represents the officer, and what an administrator
    must do apart from cases.
    """
    on = localdate(now)
    names = formats.names(each.name for each in access.represented(request.user, on))
    said = [_("You are the stand-in for %(names)s.") % {"names": names}] if names else []
    said += [
        _("%(name)s is your stand-in until %(day)s: %(post)s.")
        % {
            "name": each.member.name,
            "day": formats.day(each.end_date),
            "post": naming.seat_of(each.post),
        }
        for each in stand_ins.now_and_later(on).filter(
            holder_tenure__member=request.user, start_date__lte=on
        )
        if each.end_date is not None
    ]
    if not access.units_with(request.user, Power.ADMINISTER, on):
        return said
    held = timekeeping.held(now=now)
    return said + ([explain(held)] if held is not None else [])


def _calendar(request: SignedInRequest, now: datetime) -> list[str]:
    """Remind the administrators of the whole district of years that are not loaded, unless they
    put it off in this browser.
    """
    administered = access.units_with(request.user, Power.ADMINISTER, localdate(now))
    if LATER in request.COOKIES or all(unit.parent_id is not None for unit in administered):
        return []
    return [clock_words.missing(year) for _place, year in reminding.missing_years(now=now)]


def _unread(request: SignedInRequest, now: datetime) -> dict[str, object]:
    """Return the newest unread notices, and how many there are."""
    unread = queries.unread(request.user, now)
    if not unread:
        return {"notices": []}
    first = [each.pk for each in unread[:NOTICES]]
    rows = Notice.objects.filter(pk__in=first).order_by("-created_at", "-pk")
    newest = max(each.pk for each in unread)
    return {"notices": [*map(voices.rendered, rows)], "unread": len(unread), "newest": newest}
