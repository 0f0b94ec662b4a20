"""Pages without a subject: health, and error pages."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.core.numerals import whole
from bihuan.orgs.actions import members
from bihuan.orgs.http import SignedInRequest
from bihuan.web import finding, handbook, outages, readiness, subjects, timeline
from bihuan.web.context import PageFrame


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("web/favicon.svg"))


@login_not_required
@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is checked."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether work can be done here, and if not, why not."""
    now = timezone.now()
    reasons = readiness.reasons_not_ready(now=now)
    # A reminder does not change the status, or a load balancer would remove a working site.
    details = {"ready": not reasons, "reasons": reasons, "reminders": readiness.reminders(now=now)}
    return JsonResponse(details, status=503 if reasons else 200)


@require_safe
def find(request: SignedInRequest) -> HttpResponse:
    """Find pages, cases by number, units and officers; returns a list for the search box while
    the user types.
    """
    now = timezone.now()
    chrome, typed = PageFrame(request, now), request.GET.get("q", "")
    groups = finding.find(request.user, typed, chrome.all, now)
    home = next((each for each in chrome.all if each.url == chrome.home), None)
    context: dict[str, object] = {"groups": groups, "typed": typed.strip()}
    if home is not None:
        context |= {"back_url": home.url, "back_label": home.label}
    if "HX-Request" in request.headers:
        return render(request, "web/found.html", context)
    if place := finding.only(groups):
        return redirect(place.url)
    return render(request, "web/find.html", context)


@require_safe
def history(request: SignedInRequest, kind: str, key: str) -> HttpResponse:
    """The timeline of a subject, for officers who may see what belongs to it."""
    subject = f"{kind}/{key}"
    seen = subjects.seen(request.user, subject, timezone.now())
    if seen is None:
        raise Http404
    before = whole(request.GET.get("before", ""))
    context = {
        "timeline": timeline.of(subject, before=before),
        "heading": _("Change history") if kind in ("unit", "post") else _("Timeline"),
        "back_url": seen.url,
        "back_label": seen.name,
    }
    is_panel = request.headers.get("HX-Request") == "true"
    template = "web/timeline_entries.html" if is_panel else "web/timeline.html"
    response = render(request, template, context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


@require_safe
def show_help(request: SignedInRequest, section: str = "") -> HttpResponse:
    """A section of the officer's handbook, with the list of all sections."""
    known = handbook.sections()
    shown = known.get(section or next(iter(known)))
    if shown is None:
        raise Http404
    return render(request, "web/help.html", {"section": shown, "sections": known.values()})


@require_safe
def tour(request: SignedInRequest) -> HttpResponse:
    """The tour of the first day, also after it was ended."""
    return render(request, "web/tour_page.html", {"heading": _("Your first day")})


@require_POST
def end_tour(request: SignedInRequest) -> HttpResponse:
    """Stop showing the tour to this officer."""
    members.end_tour(member=request.user, now=timezone.now())
    return redirect(settings.LOGIN_REDIRECT_URL)


def failed(request: HttpRequest) -> HttpResponse:
    """The error page: 503 if waiting helps, else 500; does not query the database."""
    outage = outages.outage(sys.exc_info()[1])
    if outage is None:
        return HttpResponse(loader.render_to_string("500.html"), status=500)
    page = loader.render_to_string("503.html", {"disk_full": outage is outages.Outage.DISK})
    return HttpResponse(page, status=503, headers={"Retry-After": "60"})
