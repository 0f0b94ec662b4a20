"""One round: what is due in it, and what is done with each row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases import queries as cases
from bihuan.clocks.queries import latest_of
from bihuan.core.refusal import Refusal
from bihuan.desk import decided
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.queries import posts_of
from bihuan.plans import queries, wording
from bihuan.plans.actions import course, reviews
from bihuan.plans.forms import GiveForm, JudgeForm, ReasonForm
from bihuan.plans.models import Kind, Planned, Review, Round
from bihuan.visits import operating
from bihuan.web import paging


@require_safe
def round_(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a round: how far it is, and its rows by state."""
    now = timezone.now()
    found = get_object_or_404(queries.rounds_seen_by(request.user, now), pk=pk)
    looks_back = found.kind == Kind.LOOK_BACK
    counted = queries.verdicts if looks_back else queries.counts
    chosen = request.GET.get("state", "")
    states = dict(Review.Verdict.choices if looks_back else Planned.State.choices)
    if chosen not in states:
        chosen = ""
    tabs = [("", pgettext("planned inspections", "All")), *states.items()]
    context = {
        "round": found,
        "counts": counted([found.pk])[found.pk],
        "clock": latest_of([found.subject]).get(found.subject),
        "tabs": [(f"?state={name}", label, name == chosen) for name, label in tabs],
        "chosen": chosen,
        "is_past": found.is_past(localdate(now)),
        "keeps": queries.may_keep(request.user, found.unit, now),
        "mine": posts_of(request.user, now),
        "heading": found.title,
        "crumbs": _crumbs(found),
    }
    rows = _reviews if looks_back else _planned
    context.update(rows(request, found, chosen, now))
    return render(request, "plans/round.html", context)


def _planned(
    request: SignedInRequest, found: Round, chosen: str, now: datetime
) -> dict[str, object]:
    rows = queries.planned_seen_by(request.user, now).filter(round=found)
    if chosen:
        rows = rows.filter(state=chosen)
    page = paging.requested(request, rows.prefetch_related("posts__post__unit"))
    own = {row.pk for row in page.rows if queries.begins(request.user, row, now)}
    shown = [
        (row, [each.post for each in row.posts.all()], wording.reason(row), row.pk in own)
        for row in page.rows
    ]
    return {"planned": shown, **page.links(f"state={chosen}")}


def _reviews(
    request: SignedInRequest, found: Round, chosen: str, now: datetime
) -> dict[str, object]:
    rows = Review.objects.filter(round=found).select_related("post__unit", "round")
    if chosen:
        rows = rows.filter(verdict=chosen)
    page = paging.requested(request, rows)
    numbers = [row.case_number for row in page.rows]
    seen = {
        case.number: case for case in cases.visible_to(request.user, now).filter(number__in=numbers)
    }
    shown = [(row, seen.get(row.case_number)) for row in page.rows]
    return {"reviews": shown, **page.links(f"state={chosen}")}


def _crumbs(found: Round) -> list[tuple[str, str]]:
    source = found.plan or found.draw
    assert source is not None, "a round comes from a plan or a draw"
    if found.plan is not None:
        top = (_("Plans of inspections"), reverse("plans:plans"))
    else:
        top = (_("Draws"), reverse("plans:draws"))
    return [top, (source.title, source.get_absolute_url())]


# ------------------------------------------------------------------- one inspection
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what is inspected and by which list; then begin, and open the items."""
    now = timezone.now()
    found = _begun_by(request, pk, now)
    if found.inspection is not None and found.state not in queries.AHEAD:
        return redirect(found.inspection)
    if request.method != "POST" and not queries.begins(request.user, found, now):
        raise Http404
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            inspection = course.begin(planned=found, actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            return redirect("inspections:walk", inspection.pk)
    page = operating.page_of(found.site, request.user, now)
    context = {
        "form": form,
        "heading": _("Begin the inspection"),
        "submit": _("Begin the inspection"),
        "consequences": wording.before_it_begins(found),
        "cancel_url": page,
        "crumbs": [(found.site.name, page)],
    }
    return render(request, "web/confirm.html", context)


def _begun_by(request: SignedInRequest, pk: int, now: datetime) -> Planned:
    """Return a row that waits for the officer; also of the operator's own self-checks."""
    seen = queries.planned_seen_by(request.user, now).filter(pk=pk).first()
    own = queries.waiting_for(request.user, now).filter(pk=pk).first()
    found = seen or own or queries.self_checks_for(request.user, now).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """Call off one inspection, with a reason."""
    now = timezone.now()
    found = _kept(request, pk, now)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and _done(
        form,
        lambda: course.call_off(planned=found, actor=request.user, now=now, **form.arguments()),
    ):
        messages.success(request, _("Called off."))
        return redirect(found.round)
    context = {
        "form": form,
        "heading": _("Call off an inspection"),
        "intro": str(found.site),
        "submit": _("Call off"),
        "danger": True,
        "crumbs": [*_crumbs(found.round), (found.round.title, found.round.get_absolute_url())],
        "cancel_url": found.round.get_absolute_url(),
    }
    return render(request, "web/form_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: SignedInRequest, pk: int) -> HttpResponse:
    """Have other posts inspect."""
    now = timezone.now()
    found = _kept(request, pk, now)
    if found.round.draw_id is not None or found.round.kind == Kind.SELF_CHECK:
        raise Http404
    form = GiveForm(
        request.POST or None,
        unit=found.round.unit,
        now=now,
        initial={"posts": [str(key) for key in found.posts.values_list("post", flat=True)]},
    )
    if form.is_valid() and _done(
        form, lambda: course.give(planned=found, actor=request.user, now=now, **form.arguments())
    ):
        messages.success(request, _("Given to other posts."))
        return redirect(found.round)
    context = {
        "form": form,
        "heading": _("Choose who inspects"),
        "intro": str(found.site),
        "submit": _("Save"),
        "crumbs": [*_crumbs(found.round), (found.round.title, found.round.get_absolute_url())],
        "cancel_url": found.round.get_absolute_url(),
    }
    return render(request, "plans/scrolled_form.html", context)


def _kept(request: SignedInRequest, pk: int, now: datetime) -> Planned:
    """Return a row of a round that the officer keeps; else 404."""
    found = get_object_or_404(queries.planned_seen_by(request.user, now), pk=pk)
    open_row = found.state in queries.AHEAD
    if not open_row or not queries.may_keep(request.user, found.round.unit, now):
        raise Http404
    return found


# ----------------------------------------------------------------------- looking back
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: SignedInRequest, pk: int) -> HttpResponse:
    """State whether the fix of a closed case holds."""
    now = timezone.now()
    found = get_object_or_404(queries.reviews_for(request.user, now), pk=pk)
    form = JudgeForm(request.POST or None, request.FILES or None)
    if form.is_valid() and _done(form, lambda: _judge(found, form, request, now)):
        holds = form.cleaned_data["holds"]
        messages.success(request, _("Recorded.") if holds else _("The case was reopened."))
        return redirect(found.round)
    seen = cases.visible_to(request.user, now).filter(number=found.case_number).first()
    context = {
        "form": form,
        "case": seen,
        "decided": decided.decided(seen, request.user, now) if seen else None,
        "review": found,
        "heading": _("Look back at %(number)s") % {"number": found.case_number},
        "submit": _("Record"),
        "crumbs": [*_crumbs(found.round), (found.round.title, found.round.get_absolute_url())],
        "cancel_url": found.round.get_absolute_url(),
    }
    return render(request, "plans/judge.html", context)


def _judge(found: Review, form: JudgeForm, request: SignedInRequest, now: datetime) -> None:
    data = form.cleaned_data
    if data["holds"]:
        reviews.find_holding(
            review=found, note=data["note"], photos=data["photos"], actor=request.user, now=now
        )
    else:
        reviews.find_rebound(review=found, note=data["note"], actor=request.user, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
def call_off_review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Look back at a case no more, with a reason."""
    now = timezone.now()
    rounds = queries.rounds_seen_by(request.user, now)
    found = get_object_or_404(
        Review.objects.select_related("round__unit", "round__plan", "round__draw"),
        pk=pk,
        round__in=rounds.values("pk"),
        verdict=Review.Verdict.DUE,
    )
    if not queries.may_keep(request.user, found.round.unit, now):
        raise Http404
    form = ReasonForm(request.POST or None)
    if form.is_valid() and _done(
        form,
        lambda: reviews.call_off(review=found, actor=request.user, now=now, **form.arguments()),
    ):
        messages.success(request, _("Called off."))
        return redirect(found.round)
    context = {
        "form": form,
        "heading": _("Look back no more at %(number)s") % {"number": found.case_number},
        "submit": _("Call off"),
        "danger": True,
        "crumbs": [*_crumbs(found.round), (found.round.title, found.round.get_absolute_url())],
        "cancel_url": found.round.get_absolute_url(),
    }
    return render(request, "web/form_page.html", context)


def _done(form: ReasonForm | GiveForm | JudgeForm, act: Callable[[], object]) -> bool:
    """Do it; a refusal is an error of the form."""
    try:
        act()
    except ObjectDoesNotExist:
        form.add_error(None, _("You can no longer see this case."))
    except Refusal as refusal:
        form.add_error(None, wording.explain(refusal))
    else:
        return True
    return False
