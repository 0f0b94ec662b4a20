"""The page on which an inspection is walked, with one hand; without scripts it is a plain form."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.core.checklist import Item
from bihuan.core.inspection import ChangedElsewhere
from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.core.resent import mark_of
from bihuan.inspections import queries, shown, wording
from bihuan.inspections.actions import answering
from bihuan.inspections.actions.answering import Save
from bihuan.inspections.forms import PhotosOfItemForm
from bihuan.inspections.models import Inspection, Photo
from bihuan.inspections.queries import Record
from bihuan.inspections.views.found import crumbs, inspected
from bihuan.orgs.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def walk(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer the items; a plain form saves everything that was changed in it."""
    now = timezone.now()
    found = inspected(request, pk, now, Inspection.Stage.BEGUN)
    record = queries.record_of(found)
    typed: dict[str, dict[str, str]] = {}
    if request.method == "POST":
        typed = _save_all(request, record, now)
        if not typed:
            messages.success(request, _("Saved."))
            return redirect("inspections:walk", pk)
        record = queries.record_of(found)
    context = {
        "inspection": found,
        "heading": found.site.name,
        "sections": shown.sections(record, typed),
        "wrong": [item for item in record.content.items if "error" in typed.get(item.key, {})],
        "failed": shown.named(record, record.failed),
        "unanswered": shown.named(record, record.unanswered),
        "without_photo": shown.named(record, record.without_photo),
        "answered_count": sum(1 for item in record.shown if item.key in record.values),
        "shown_count": len(record.shown),
        "form_key": uuid4(),
        "crumbs": crumbs(found),
    }
    return render(request, "inspections/walk.html", context)


# ---------------------------------------------------------------------- plain form
def _save_all(request: SignedInRequest, record: Record, now: datetime) -> dict[str, dict[str, str]]:
    """Save the items that differ; return what could not be saved, with the reasons."""
    wrong: dict[str, dict[str, str]] = {}
    form_key = request.POST.get("form_key", "")
    for item in record.content.items:
        reasons = [
            *_saved(request, record, item, form_key, now),
            *_photographed(request, record, item, form_key, now),
        ]
        if reasons:
            given = {
                "value": _value(request, item),
                "note": request.POST.get(f"note_{item.key}", ""),
            }
            wrong[item.key] = {**given, "error": " ".join(reasons)}
    return wrong


def _value(request: SignedInRequest, item: Item) -> str:
    typed = request.POST.get(f"typed_{item.key}", "").strip()
    return typed or request.POST.get(f"value_{item.key}", "")


def _saved(
    request: SignedInRequest, record: Record, item: Item, form_key: str, now: datetime
) -> list[str]:
    stored = record.answers.get(item.key)
    value = _value(request, item)
    note = request.POST.get(f"note_{item.key}", "").strip()[: answering.LONGEST_NOTE]
    if (value, note) == ((stored.value, stored.note) if stored else ("", "")):
        return []
    if f"revision_{item.key}" not in request.POST:
        return []  # the form did not have it
    based_on = whole(request.POST.get(f"revision_{item.key}", "")) or 0
    key = mark_of(form_key, item.key, value, note)
    save = Save(item.key, value, note, based_on, key)
    try:
        answering.answer(inspection=record.inspection, save=save, actor=request.user, now=now)
    except ChangedElsewhere:
        return [_changed(record.inspection, item)]
    except Refusal as refusal:
        return [wording.explain(refusal)]
    return []


def _changed(inspection: Inspection, item: Item) -> str:
    row = inspection.answers.select_related("post__unit").get(item=item.key)
    return _("Answered elsewhere meanwhile: “%(theirs)s” (%(post)s). Save again to replace it.") % {
        "theirs": wording.answer_words(item, row.value),
        "post": wording.by_whom(row),
    }


def _photographed(
    request: SignedInRequest, record: Record, item: Item, form_key: str, now: datetime
) -> list[str]:
    form = PhotosOfItemForm.of(item.key, request.FILES)
    if form is None:
        return []
    if not form.is_valid():
        return [str(error) for errors in form.errors.values() for error in errors]
    for upload in form.cleaned_data["photos"]:
        key: UUID = mark_of(form_key, item.key, upload.sha256)
        try:
            answering.add_photo(
                inspection=record.inspection,
                item=item.key,
                purpose=Photo.Purpose.FOUND,
                upload=upload,
                actor=request.user,
                now=now,
                key=key,
            )
        except Refusal as refusal:
            return [wording.explain(refusal)]
    return []
