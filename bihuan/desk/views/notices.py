"""An officer's notices, new and earlier; opening one marks it as read and leads on."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bihuan.core.numerals import whole
from bihuan.notices import actions, queries, voices
from bihuan.notices.models import Notice
from bihuan.orgs.http import SignedInRequest
from bihuan.web import paging


@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    """List the officer's notices, newest first: the unread ones, or all."""
    now, is_all = timezone.now(), request.GET.get("show") == "all"
    found = Notice.objects.filter(member=request.user)
    listed = found if is_all else found.filter(read_at=None)
    page = paging.requested(request, listed, by="created_at")
    context = {
        "notices": list(voices.say(request.user, page.rows, now)),
        "is_all": is_all,
        "unread": queries.count_unread(request.user, now),
        "newest": max((row.pk for row in page.rows), default=0),
        **page.links("show=all" if is_all else ""),
        "now": now,
    }
    return render(request, "desk/notices.html", context)


@require_safe
def notice(request: SignedInRequest, pk: int) -> HttpResponseRedirect:
    """Read a notice, and go to what it is about."""
    now = timezone.now()
    row = get_object_or_404(Notice, pk=pk, member=request.user)
    shown = next(voices.say(request.user, [row], now), None)
    if shown is None:
        raise Http404
    if request.method == "GET":
        actions.mark_read(request.user, [row.pk], now=now)
    return redirect(shown.url)


@require_POST
def read(request: SignedInRequest) -> HttpResponseRedirect:
    """Mark a notice as read, or all up to the newest one that was shown."""
    now = timezone.now()
    one, until = (whole(request.POST.get(name, "")) for name in ("notice", "until"))
    if one is not None:
        actions.mark_read(request.user, [one], now=now)
    elif until is not None:
        actions.mark_all_read(request.user, until=until, now=now)
    on_today = request.POST.get("from") == "today"
    return redirect("desk:today" if on_today else "desk:notices")
