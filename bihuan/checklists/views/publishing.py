"""From draft to version in use: begun, compared with the version so far, put to use."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.checklists import queries, wording
from bihuan.checklists.actions import versions
from bihuan.checklists.comparing import differences
from bihuan.checklists.forms import RevisionForm
from bihuan.checklists.refusals import DraftExists
from bihuan.checklists.views.editor import drafted
from bihuan.checklists.views.lists import crumbs, done, kept
from bihuan.core.checklist import Content
from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest


@require_POST
@never_cache
def begin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin the next version from the one in use, and open it."""
    now = timezone.now()
    found = kept(request, pk, now)
    try:
        versions.begin_draft(checklist=found, actor=request.user, now=now)
    except DraftExists:
        pass  # The button was pressed twice, or by another officer: there is one draft to open.
    except Refusal as refusal:
        messages.error(request, wording.explain(refusal))
        return redirect(found)
    return redirect("checklists:draft", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def put_to_use(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the differences to the version in use, and put the draft to use."""
    now = timezone.now()
    found = drafted(request, pk, now)
    current = queries.in_use(found.checklist)
    form = RevisionForm(request.POST or None, initial={"revision": found.revision})
    if form.is_valid():
        revision = form.cleaned_data["revision"]
        if done(
            form,
            lambda: versions.put_to_use(
                version=found, revision=revision, actor=request.user, now=now
            ),
        ):
            messages.success(request, _("Version %(number)s is in use.") % {"number": found.number})
            return redirect(found.checklist)
    content = found.read()
    before = current.read() if current else Content()
    context = {
        "form": form,
        "version": found,
        "current": current,
        "differences": differences(before, content),
        "has_faults": bool(versions.faults_of(content)),
        "heading": _("Put to use"),
        "submit": pgettext("a draft", "Put to use"),
        "cancel_url": reverse("checklists:draft", args=[pk]),
        "crumbs": [*crumbs(found.checklist), (_("Draft"), reverse("checklists:draft", args=[pk]))],
    }
    return render(request, "checklists/put_to_use.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove the draft; the version in use stays."""
    now = timezone.now()
    found = drafted(request, pk, now)
    form = RevisionForm(request.POST or None, initial={"revision": found.revision})
    if form.is_valid():
        revision = form.cleaned_data["revision"]
        if done(
            form,
            lambda: versions.discard_draft(
                version=found, revision=revision, actor=request.user, now=now
            ),
        ):
            messages.success(request, _("The draft was discarded."))
            return redirect(found.checklist)
    context = {
        "form": form,
        "heading": pgettext("version of a checklist", "Discard draft"),
        "submit": pgettext("a draft", "Discard"),
        "danger": True,
        "cancel_url": reverse("checklists:draft", args=[pk]),
        "crumbs": crumbs(found.checklist),
        "consequences": [
            _("What was changed in the draft is lost."),
            _("The version in use stays as it is."),
        ],
    }
    return render(request, "web/confirm.html", context)
