"""Checklists from and to XLSForm: a file is previewed before it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.checklists import exported, queries, reader, shown, wording
from bihuan.checklists.actions import lists, versions
from bihuan.checklists.forms import ImportForm, KeepForm
from bihuan.checklists.models import Checklist
from bihuan.checklists.refusals import NotAForm
from bihuan.checklists.views.lists import version_seen
from bihuan.core import checklist_json
from bihuan.core.checklist import Content
from bihuan.core.checklist_xlsform import Reading
from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest
from bihuan.sheets import wording as sheet_wording
from bihuan.sheets.refusals import SheetRefused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bring_in(request: SignedInRequest) -> HttpResponse:
    """Read an XLSForm: show all that is refused, or the list that it gives."""
    now = timezone.now()
    if not queries.keeps_any(request.user, now):
        raise Http404
    form = ImportForm(request.POST or None, request.FILES or None)
    reading, refused = read_file(form)
    if reading and not refused:
        return _preview(request, _begun(request, reading, now), reading.content, reading)
    context = {
        "form": form,
        "refused": refused,
        "heading": _("Import XLSForm"),
        "submit": _("Read file"),
        "cancel_url": reverse("checklists:checklists"),
        "crumbs": _crumbs(),
    }
    return render(request, "checklists/import.html", context)


@require_POST
@never_cache
def keep(request: SignedInRequest) -> HttpResponse:
    """Make a list from what was previewed; its first version is a draft."""
    now = timezone.now()
    if not queries.keeps_any(request.user, now):
        raise Http404
    form = KeepForm(request.POST, user=request.user, now=now)
    if form.is_valid():
        try:
            made = lists.make(
                **form.arguments(),
                origin=Checklist.Origin.IMPORTED,
                actor=request.user,
                now=now,
                form_key=form.mark(str(request.user.pk)),
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Imported as a draft. Check it, then put it to use."))
            return redirect("checklists:draft", made.pk)
    content = form.cleaned_data.get("content")
    if content is None:
        messages.error(request, _("The file was refused. Import it again."))
        return redirect("checklists:import")
    return _preview(request, form, content, None)


@require_safe
@never_cache
def export(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Hand out a version as an XLSForm."""
    now = timezone.now()
    found = version_seen(request, pk, number, now)
    key = f"checklist_{pk}"
    try:
        data = exported.xlsform(
            found.read(), title=found.checklist.title, key=key, version=found.number
        )
    except Refusal as refusal:
        messages.error(request, wording.explain(refusal))
        return redirect(found)
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{key}_v{found.number}.xlsx"'
    return answer


def read_file(form: ImportForm) -> tuple[Reading | None, list[tuple[str, str]]]:
    """Read the file of a form, and return everything that is refused by the name that the file
    gives it; the form says what is wrong with the file as a whole.
    """
    if not form.is_valid():
        return None, []
    try:
        reading = reader.read(form.cleaned_data["file"].read())
    except SheetRefused as refusal:
        form.add_error("file", sheet_wording.explain(refusal))
    except NotAForm as refusal:
        form.add_error("file", wording.explain(refusal))
    else:
        return reading, _refused(reading)
    return None, []


def _refused(reading: Reading) -> list[tuple[str, str]]:
    said = [(each.name, wording.refused(each)) for each in reading.refused]
    if said:
        return said
    found = versions.kept_out(reading.content)
    return [(each.item or each.section, wording.fault(each)) for each in found]


def notes_of(reading: Reading | None) -> list[tuple[object, str]]:
    """Return what was read in another sense, with the names that it is about."""
    notes = reading.notes if reading else ()
    return [(wording.REMARKS[each.remark], ", ".join(each.names)) for each in notes]


def _begun(request: SignedInRequest, reading: Reading, now: datetime) -> KeepForm:
    """Return the form that keeps what was read."""
    begun = {
        "title": reading.title.zh[:80],
        "title_en": reading.title.en[:80],
        "content": checklist_json.dump(reading.content),
    }
    return KeepForm(user=request.user, now=now, initial=begun)


def _preview(
    request: SignedInRequest, form: KeepForm, content: Content, reading: Reading | None
) -> HttpResponse:
    found = versions.faults_of(content)
    context: dict[str, Any] = {
        "form": form,
        "sections": shown.sections(content, found),
        "count": len(content.items),
        "faults": bool(found),
        "notes": notes_of(reading),
        "heading": _("Preview"),
        "submit": _("Keep as a draft"),
        "action": reverse("checklists:keep-import"),
        "cancel_url": reverse("checklists:import"),
        "crumbs": [*_crumbs(), (_("Import XLSForm"), reverse("checklists:import"))],
    }
    return render(request, "checklists/import_preview.html", context)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Checklists"), reverse("checklists:checklists"))]
