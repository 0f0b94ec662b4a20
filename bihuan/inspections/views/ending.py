"""The end of an inspection, and the record sheet to print."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core import strokes
from bihuan.core.refusal import Refusal
from bihuan.inspections import queries, shown, wording
from bihuan.inspections.actions import ending
from bihuan.inspections.ending_forms import EndForm
from bihuan.inspections.models import Inspection
from bihuan.inspections.queries import Record
from bihuan.inspections.views.found import crumbs, inspected, seen
from bihuan.orgs.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End the inspection: the result, and how both sides sign."""
    now = timezone.now()
    found = inspected(request, pk, now, Inspection.Stage.BEGUN, Inspection.Stage.DONE)
    if found.stage == Inspection.Stage.DONE:
        return redirect(found)  # sent twice
    record = queries.record_of(found)
    own = queries.own_post(request.user, found, now)
    assert own is not None, "the officer inspects it"
    form = EndForm(
        request.POST or None,
        own=own,
        others=[post for post in record.inspectors if post != own],
        witnesses=queries.witnesses(found, request.user, now),
    )
    if form.is_valid():
        try:
            ending.end(
                inspection=found,
                result=form.cleaned_data["result"],
                signatures=form.signatures(),
                actor=request.user,
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("The inspection has ended."))
            return redirect(found)
    context = {
        "form": form,
        "inspection": found,
        "heading": _("End and sign"),
        "missing": _missing(record),
        "failed": shown.named(record, record.failed),
        "crumbs": crumbs(found),
    }
    return render(request, "inspections/end.html", context)


def _missing(record: Record) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return what must be done before it may end: the words, the page, and the items."""
    pk = record.inspection.pk
    walk, failed = (reverse(f"inspections:{name}", args=[pk]) for name in ("walk", "failed"))
    groups = (
        (_("Not answered yet"), walk, record.unanswered),
        (_("A photo is still needed"), walk, record.without_photo),
        (_("Failed items that are not decided"), failed, record.unsettled),
    )
    return [(words, url, shown.named(record, items)) for words, url, items in groups if items]


@require_safe
@never_cache
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the record of an inspection (现场检查记录), to print."""
    now = timezone.now()
    found = seen(request, pk, now)
    if found.version is None:
        raise Http404
    record = queries.record_of(found)
    context = {
        "inspection": found,
        "inspectors": record.inspectors,
        "sections": [each for each in shown.sections(record) if each.is_asked],
        "failed": [
            (text, record.answers[key], record.settlements.get(key), len(record.photos_of(key)))
            for key, text in shown.named(record, record.failed)
        ],
        "pictured": shown.pictured(record),
        "score": wording.score_words(record.score) if found.done_at else "",
        "signatures": [(each, strokes.path(each.drawing)) for each in record.signatures],
        "now": now,
    }
    return render(request, "inspections/sheet.html", context)
