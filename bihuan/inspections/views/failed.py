"""What follows from the failed items: all of them in one form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bihuan.core.inspection import Outcome
from bihuan.core.refusal import Refusal
from bihuan.files.fields import is_busy
from bihuan.inspections import queries, shown, wording
from bihuan.inspections.actions import settling
from bihuan.inspections.decision_forms import DecisionForm, regulators_of, units_of
from bihuan.inspections.forms import SureForm
from bihuan.inspections.models import Inspection, Photo, Settlement
from bihuan.inspections.queries import Record
from bihuan.inspections.views.found import crumbs, inspected
from bihuan.orgs.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def failed(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide about all failed items that are not decided yet."""
    now = timezone.now()
    found = inspected(request, pk, now, Inspection.Stage.BEGUN)
    record = queries.record_of(found)
    is_sent = request.method == "POST"
    data = (request.POST, request.FILES) if is_sent else (None, None)
    regulators = regulators_of(found.site, record.unsettled)
    units = units_of(found, request.user, now, regulators.values())
    forms = [
        DecisionForm(*data, item=item, record=record, units=units, regulators=regulators, now=now)
        for item in record.unsettled
    ]
    refusal_words = ""
    if is_sent and all([form.is_valid() for form in forms]):
        decisions = [form.decision() for form in forms]
        try:
            made = settling.settle(
                inspection=found, decisions=decisions, actor=request.user, now=now
            )
        except Refusal as refusal:
            refusal_words = wording.explain(refusal)
        else:
            _say(request, made)
            return redirect("inspections:end" if not record.unanswered else found, pk)
    context = {
        **_of_items(record, forms),
        "inspection": found,
        "heading": _("Failed items"),
        "refusal_words": refusal_words,
        "is_wrong": any(form.errors for form in forms),
        "end_url": reverse("inspections:end", args=[pk]),
        "walk_url": reverse("inspections:walk", args=[pk]),
        "crumbs": crumbs(found),
    }
    status = 503 if any(is_busy(form) for form in forms if form.is_bound) else 200
    return render(request, "inspections/failed.html", context, status=status)


def _of_items(record: Record, forms: list[DecisionForm]) -> dict[str, object]:
    """Return the rows of the page: failed items with their forms, and those that are decided."""
    named = zip(forms, shown.named(record, record.unsettled), strict=True)
    return {
        "rows": [
            (form, text, [shown.picture(each) for each in record.photos_of(key)], answer)
            for form, (key, text) in named
            for answer in [record.answers[key]]
        ],
        "settled": [
            (text, record.settlements[key], _photos_of_fix(record, key))
            for key, text in shown.named(record, record.failed)
            if key in record.settlements
        ],
    }


def _photos_of_fix(record: Record, key: str) -> list[dict[str, Any]]:
    return [shown.picture(each) for each in record.photos_of(key, Photo.Purpose.FIXED)]


def _say(request: SignedInRequest, made: list[Settlement]) -> None:
    numbers = [row.case_number for row in made if row.case_number]
    if numbers:
        words = ngettext("Reported as %(numbers)s.", "Reported as %(numbers)s.", len(numbers))
        messages.success(request, words % {"numbers": " ".join(numbers)})
    else:
        messages.success(request, _("Recorded."))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, pk: int, settlement: int) -> HttpResponse:
    """Take back a fix or a reason, to decide again."""
    now = timezone.now()
    found = inspected(request, pk, now, Inspection.Stage.BEGUN)
    rows = Settlement.objects.select_related("inspection").exclude(outcome=Outcome.HAZARD)
    row = get_object_or_404(rows, pk=settlement, inspection=found)
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            settling.withdraw(settlement=row, actor=request.user, now=now)
        except Refusal as refusal:
            raise Http404 from refusal
        return redirect("inspections:failed", pk)
    context = {
        "form": form,
        "heading": _("Take the decision back"),
        "submit": _("Take the decision back"),
        "consequences": [_("The failed item waits for another decision. Its photos stay.")],
        "cancel_url": reverse("inspections:failed", args=[pk]),
        "crumbs": crumbs(found),
    }
    return render(request, "web/confirm.html", context)
