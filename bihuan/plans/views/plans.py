"""Plans: the list, one plan, and the forms that keep, change and stop one."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit
from bihuan.plans import queries, wording
from bihuan.plans.actions import making
from bihuan.plans.actions import plans as actions
from bihuan.plans.forms import ChangePlanForm, PlanForm, ReasonForm, UnitForm, first_values, named
from bihuan.plans.models import Plan, Round
from bihuan.plans.queries import preview
from bihuan.plans.queries.selection import Selection
from bihuan.web import paging, timeline

# A plan for more sites is made by the worker a moment later.
AT_ONCE = 2_000
COMING, LATEST = 6, 12


@require_safe
def plans(request: SignedInRequest) -> HttpResponse:
    """List plans, newest first: those in force, stopped ones, or both."""
    now = timezone.now()
    chosen = request.GET.get("state", "")
    found = queries.plans_seen_by(request.user, now)
    if chosen == "stopped":
        found = found.exclude(stopped_at=None)
    elif chosen != "all":
        chosen, found = "running", found.filter(stopped_at=None)
    page = paging.requested(request, found)
    latest = queries.latest_rounds([plan.pk for plan in page.rows])
    counts = queries.counts([each.pk for each in latest.values()])
    tabs = (
        ("running", pgettext("plans", "In force")),
        ("stopped", pgettext("plans", "Stopped")),
        ("all", pgettext("plans", "All")),
    )
    context = {
        "rows": [
            (plan, wording.recurrence(plan), round_, counts.get(round_.pk) if round_ else None)
            for plan in page.rows
            for round_ in [latest.get(plan.pk)]
        ],
        "tabs": [(f"?state={name}", label, name == chosen) for name, label in tabs],
        "keeps": queries.keeps_any(request.user, now),
        "is_filtered": chosen != "running",
        **page.links(f"state={chosen}"),
    }
    return render(request, "plans/plans.html", context)


@require_safe
def plan(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one plan: which sites, the coming windows, and the result of each round."""
    now = timezone.now()
    found = get_object_or_404(queries.plans_seen_by(request.user, now), pk=pk)
    rounds = list(Round.objects.filter(plan=found).order_by("-start_date", "-pk")[:LATEST])
    counts = queries.counts([each.pk for each in rounds])
    stopped = found.stopped_at is not None
    coming = [] if stopped else preview.coming(found.recurrence, localdate(now))
    made = {each.start_date for each in rounds}
    context = {
        "plan": found,
        "checklist": named(found.checklist),
        "recurrence": wording.recurrence(found),
        "which": wording.which(found),
        "areas": [each.unit for each in found.areas.select_related("unit").order_by("pk")],
        "posts": [each.post for each in found.posts.select_related("post__unit").order_by("pk")],
        "rounds": [(each, counts[each.pk]) for each in rounds],
        "coming": [window for window in coming if window.start_date not in made][:COMING],
        "unknown_year": 0 if stopped else preview.unknown_year(found.recurrence, localdate(now)),
        "keeps": not stopped and queries.may_keep(request.user, found.unit, now),
        "timeline": timeline.of(found.subject),
    }
    return render(request, "plans/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Make a plan: first the unit, then the rest, with a preview of what it will make."""
    now = timezone.now()
    if not queries.keeps_any(request.user, now):
        raise Http404
    unit = _unit(request, now)
    if unit is None:
        chosen = UnitForm(
            request.GET if "unit" in request.GET else None, user=request.user, now=now
        )
        context = {
            "form": chosen,
            "heading": _("New plan of inspections"),
            "cancel_url": reverse("plans:plans"),
        }
        return render(request, "plans/choose_unit.html", context)
    form = PlanForm(request.POST or None, user=request.user, unit=unit, now=now)
    made = None
    if form.is_valid() and request.POST.get("go") == "keep":
        try:
            made = actions.keep(
                outline=form.outline(),
                actor=request.user,
                now=now,
                form_key=form.mark(str(request.user.pk)),
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
    if made is not None:
        _make_now(made, now)
        messages.success(request, _("Plan kept."))
        return redirect(made)
    return _form_page(request, form, _("New plan of inspections"), reverse("plans:plans"), now)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a plan for the windows that have not begun."""
    now = timezone.now()
    found = _kept(request, pk, now)
    form = ChangePlanForm(
        request.POST or None,
        initial=first_values(found),
        user=request.user,
        unit=found.unit,
        now=now,
    )
    if form.is_valid() and request.POST.get("go") == "keep":
        try:
            actions.change(
                plan=found,
                outline=form.outline(),
                actor=request.user,
                now=now,
                version=form.cleaned_data["version"],
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            _make_now(found, now)
            messages.success(request, _("Plan changed for all windows that have not begun."))
            return redirect(found)
    return _form_page(request, form, _("Change plan"), found.get_absolute_url(), now, found)


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop a plan, with a reason."""
    now = timezone.now()
    found = _kept(request, pk, now)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.stop(plan=found, actor=request.user, now=now, **form.arguments())
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Plan stopped."))
            return redirect(found)
    context = {
        "form": form,
        "heading": _("Stop plan"),
        "intro": _("It makes no more rounds. What is due already stays due."),
        "submit": _("Stop plan"),
        "danger": True,
        "crumbs": _crumbs(found),
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "web/form_page.html", context)


def _form_page(
    request: SignedInRequest,
    form: PlanForm,
    heading: str,
    cancel_url: str,
    now: datetime,
    found: Plan | None = None,
) -> HttpResponse:
    """Show the form; once it is complete, also what the plan will make."""
    shown = None
    if form.is_bound and form.is_valid():
        outline = form.outline()
        shown = preview.of(
            outline.selection, outline.recurrence, outline.kind, outline.posts, localdate(now)
        )
    context = {
        "form": form,
        "heading": heading,
        "preview": shown,
        "unit": form.unit,
        "cancel_url": cancel_url,
        "crumbs": _crumbs(found) if found else None,
    }
    return render(request, "plans/plan_form.html", context)


def _crumbs(found: Plan) -> list[tuple[str, str]]:
    return [
        (_("Plans of inspections"), reverse("plans:plans")),
        (found.title, found.get_absolute_url()),
    ]


def _unit(request: SignedInRequest, now: datetime) -> Unit | None:
    """Return the unit of the address, or the only one that the officer may plan for."""
    units = queries.units_for(request.user, now)
    if len(units) == 1:
        return units[0]
    wanted = whole(request.GET.get("unit", ""))
    return next((unit for unit in units if unit.pk == wanted), None)


def _kept(request: SignedInRequest, pk: int, now: datetime) -> Plan:
    """Return a plan in force that this officer may change; else 404."""
    found = get_object_or_404(queries.plans_seen_by(request.user, now), pk=pk)
    if found.stopped_at is not None or not queries.may_keep(request.user, found.unit, now):
        raise Http404
    return found


def _make_now(made: Plan, now: datetime) -> None:
    """Make what is due today at once, unless it is much: the worker does that."""
    outline = Selection.of(made)
    if len(outline.sites().values("pk")[: AT_ONCE + 1]) <= AT_ONCE:
        making.make_due(plan=made, now=now)
