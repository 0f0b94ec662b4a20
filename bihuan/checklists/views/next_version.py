"""The next version of a checklist from an XLSForm, compared before it is kept as its draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.checklists import queries, wording
from bihuan.checklists.actions import versions
from bihuan.checklists.comparing import differences
from bihuan.checklists.forms import ImportForm, NextForm
from bihuan.checklists.models import Checklist
from bihuan.checklists.refusals import ChangedMeanwhile
from bihuan.checklists.views.exchange import notes_of, read_file
from bihuan.checklists.views.lists import crumbs
from bihuan.core import checklist_json, checklist_keys
from bihuan.core.checklist import Content
from bihuan.core.checklist_xlsform import Reading
from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bring_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read an XLSForm: show all that is refused, or how it differs from the version in use."""
    now = timezone.now()
    kept = queries.kept_by(request.user, now).filter(retired_at=None)
    found = get_object_or_404(kept, pk=pk)
    form = ImportForm(request.POST or None, request.FILES or None)
    reading, refused = read_file(form)
    if reading and not refused:
        content = _with_keys(found, reading.content)
        draft = queries.draft_of(found)
        begun = {
            "content": checklist_json.dump(content),
            "revision": draft.revision if draft else 0,
        }
        return _preview(request, found, NextForm(initial=begun), content, reading)
    context = {
        "form": form,
        "refused": refused,
        "checklist": found,
        "heading": _("Import next version"),
        "submit": _("Read file"),
        "cancel_url": found.get_absolute_url(),
        "crumbs": crumbs(found),
    }
    return render(request, "checklists/import.html", context)


@require_POST
@never_cache
def keep(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what was previewed as the draft of the next version."""
    now = timezone.now()
    kept = queries.kept_by(request.user, now).filter(retired_at=None)
    found = get_object_or_404(kept, pk=pk)
    form = NextForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The file was refused. Import it again."))
        return redirect("checklists:import-next", found.pk)
    try:
        versions.bring_in(checklist=found, **form.cleaned_data, actor=request.user, now=now)
    except ChangedMeanwhile as refusal:
        form.add_error(None, wording.explain(refusal))
        form.data = {**request.POST.dict(), "revision": str(refusal.revision)}
        return _preview(request, found, form, form.cleaned_data["content"], None)
    except Refusal as refusal:
        messages.error(request, wording.explain(refusal))
        return redirect("checklists:import-next", found.pk)
    messages.success(request, _("Imported as a draft. Check it, then put it to use."))
    return redirect("checklists:draft", found.pk)


def _with_keys(checklist: Checklist, content: Content) -> Content:
    """Return the content with the keys of the draft and of the version in use, which come first:
    answers were given under them.
    """
    for version in (queries.draft_of(checklist), queries.in_use(checklist)):
        content = checklist_keys.kept(version.read(), content) if version else content
    return content


def _preview(
    request: SignedInRequest,
    checklist: Checklist,
    form: NextForm,
    content: Content,
    reading: Reading | None,
) -> HttpResponse:
    draft, current = queries.draft_of(checklist), queries.in_use(checklist)
    compared = current or draft
    context: dict[str, Any] = {
        "form": form,
        "checklist": checklist,
        "draft": draft,
        "current": current,
        "differences": differences(compared.read() if compared else Content(), content),
        "count": len(content.items),
        "faults": bool(versions.faults_of(content)),
        "notes": notes_of(reading),
        "heading": _("Preview"),
        "submit": _("Keep as a draft"),
        "action": reverse("checklists:keep-next", args=[checklist.pk]),
        "cancel_url": reverse("checklists:import-next", args=[checklist.pk]),
        "crumbs": crumbs(checklist),
    }
    return render(request, "checklists/import_next.html", context)
