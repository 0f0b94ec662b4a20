"""Pages that belong to no one subject: health, and what went wrong."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.orgs.http import SignedInRequest
from bihuan.web import finding, outages, readiness
from bihuan.web.context import PageFrame


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("web/favicon.svg"))


@login_not_required
@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether work can be done here, and if not, why not."""
    now = timezone.now()
    reasons = readiness.reasons_not_ready(now=now)
    # A reminder leaves the status alone, or a load balancer would take a working site away.
    said = {"ready": not reasons, "reasons": reasons, "reminders": readiness.reminders(now=now)}
    return JsonResponse(said, status=503 if reasons else 200)


@require_safe
def find(request: SignedInRequest) -> HttpResponse:
    """Pages, cases by their number and units; a list for the box that asks while one types."""
    now = timezone.now()
    chrome, typed = PageFrame(request, now), request.GET.get("q", "")
    groups = finding.find(request.user, typed, chrome.all, now)
    context = {"groups": groups, "typed": typed.strip()}
    if "HX-Request" in request.headers:
        return render(request, "web/found.html", context)
    if place := finding.only(groups):
        return redirect(place.url)
    return render(request, "web/find.html", context)


def failed(request: HttpRequest) -> HttpResponse:
    """The page for a fault: 503 where waiting helps, else 500; asks the database nothing."""
    outage = outages.outage(sys.exc_info()[1])
    if outage is None:
        return HttpResponse(loader.render_to_string("500.html"), status=500)
    page = loader.render_to_string("503.html", {"disk_full": outage is outages.Outage.DISK})
    return HttpResponse(page, status=503, headers={"Retry-After": "60"})
