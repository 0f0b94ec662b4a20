"""The list of checklists, one of them with its versions, and a version to read and to print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.checklists import kinds, queries, shown, wording
from bihuan.checklists.actions import lists
from bihuan.checklists.forms import MakeForm, ReasonForm, RenameForm
from bihuan.checklists.models import Checklist, Version
from bihuan.core.refusal import Refusal
from bihuan.orgs.choices import name_of
from bihuan.orgs.http import SignedInRequest
from bihuan.web import forms as web_forms
from bihuan.web import paging

Acting = Callable[[], object]


# ------------------------------------------------------------------ the register
@require_safe
@never_cache
def register(request: SignedInRequest) -> HttpResponse:
    """List the checklists that the officer sees, by state, and by words of the title."""
    now = timezone.now()
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    states = {"open": _("Offered"), "draft": _("With a draft"), "retired": _("Retired")}
    chosen = request.GET.get("state", "open")
    chosen = chosen if chosen in states else "open"
    found = queries.listed(request.user, chosen, words, now)
    page = paging.requested(request, found)
    about = queries.about(page.rows)
    query = {"q": words} if words else {}
    context = {
        "rows": [(row, name_of(row.unit), about[row.pk]) for row in page.rows],
        "tabs": [
            (f"?{urlencode({'state': name, **query})}", label, name == chosen)
            for name, label in states.items()
        ],
        "chosen": chosen,
        "words": words,
        "may_make": queries.keeps_any(request.user, now),
        **page.links(urlencode({"state": chosen, **query})),
    }
    return render(request, "checklists/register.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: SignedInRequest) -> HttpResponse:
    """Make a list, empty or with the items of another one."""
    now = timezone.now()
    if not queries.keeps_any(request.user, now):
        raise Http404
    form = MakeForm(request.POST or None, user=request.user, now=now)
    if form.is_valid():
        given = form.arguments()
        copied = given.pop("copied")
        try:
            made = lists.make(
                **given,
                content=copied.read() if copied else None,
                origin=Checklist.Origin.COPIED if copied else Checklist.Origin.MADE,
                actor=request.user,
                now=now,
                form_key=form.mark(str(request.user.pk)),
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            return redirect("checklists:draft", made.pk)
    context = {
        "form": form,
        "heading": _("New checklist"),
        "submit": pgettext("a checklist", "Create"),
        "cancel_url": reverse("checklists:checklists"),
        "crumbs": [(_("Checklists"), reverse("checklists:checklists"))],
    }
    return render(request, "web/form_page.html", context)


# ---------------------------------------------------------------------- one list
def seen(request: SignedInRequest, pk: int, now: datetime) -> Checklist:
    """Return a list that the officer may see; else 404."""
    return get_object_or_404(queries.visible_to(request.user, now), pk=pk)


def kept(request: SignedInRequest, pk: int, now: datetime) -> Checklist:
    """Return a list that the officer may change; else 404."""
    return get_object_or_404(queries.kept_by(request.user, now), pk=pk)


def crumbs(checklist: Checklist) -> list[tuple[str, str]]:
    return [
        (_("Checklists"), reverse("checklists:checklists")),
        (str(checklist), checklist.get_absolute_url()),
    ]


@require_safe
@never_cache
def checklist(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a list: where it is used, what may be done with it, and all of its versions."""
    now = timezone.now()
    found = seen(request, pk, now)
    versions = queries.versions_seen(request.user, found, now).defer("content", "previous")
    page = paging.requested(request, versions)
    context = {
        "checklist": found,
        "heading": str(found),
        "unit": name_of(found.unit),
        "site_kinds": kinds.named(found.site_kinds),
        "versions": page.rows,
        "in_use": queries.in_use(found),
        "draft": queries.draft_of(found),
        "may_keep": queries.may_keep(request.user, found, now),
        "crumbs": crumbs(found)[:1],
        **page.links(),
    }
    return render(request, "checklists/checklist.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the title, and the kinds of sites that the list is for."""
    now = timezone.now()
    found = kept(request, pk, now)
    form = RenameForm(request.POST or None, checklist=found)
    if form.is_valid():
        given = form.arguments()

        def act() -> object:
            return lists.rename(checklist=found, **given, actor=request.user, now=now)

        if done(form, act):
            messages.success(request, _("Saved."))
            return redirect(found)
    context = {
        "form": form,
        "heading": _("Title and kinds of sites"),
        "submit": _("Save"),
        "cancel_url": found.get_absolute_url(),
        "crumbs": crumbs(found),
    }
    return render(request, "web/form_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Offer the list no longer, with a reason."""
    now = timezone.now()
    found = kept(request, pk, now)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]

        def act() -> object:
            return lists.retire(checklist=found, reason=reason, actor=request.user, now=now)

        if done(form, act):
            messages.success(request, _("The checklist is retired."))
            return redirect(found)
    context = {
        "form": form,
        "heading": _("Retire checklist"),
        "submit": pgettext("a checklist", "Retire"),
        "danger": True,
        "cancel_url": found.get_absolute_url(),
        "crumbs": crumbs(found),
        "consequences": [
            _("It is no longer offered for new inspections."),
            _("Inspections with it stay as they are, and those that have begun can be finished."),
            _("It can be brought back."),
        ],
    }
    return render(request, "web/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bring_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Offer a retired list again."""
    now = timezone.now()
    found = kept(request, pk, now)
    form = forms.Form(request.POST or None)
    if request.method == "POST" and done(
        form, lambda: lists.bring_back(checklist=found, actor=request.user, now=now)
    ):
        messages.success(request, _("The checklist is offered again."))
        return redirect(found)
    context = {
        "form": form,
        "heading": _("Bring back checklist"),
        "submit": pgettext("a checklist", "Bring back"),
        "cancel_url": found.get_absolute_url(),
        "crumbs": crumbs(found),
        "consequences": [_("It is offered for inspections again.")],
    }
    return render(request, "web/confirm.html", context)


def done(form: forms.Form, act: Acting) -> bool:
    """Whether the action succeeded; if not, the form shows why."""
    form.is_valid()
    return web_forms.done(form, act, wording.explain)


# ------------------------------------------------------------------- one version
def version_seen(request: SignedInRequest, pk: int, number: int, now: datetime) -> Version:
    """Return a version of a visible list that the officer may see; else 404."""
    found = queries.versions_seen(request.user, seen(request, pk, now), now)
    return get_object_or_404(found.select_related("checklist__unit"), number=number)


@require_safe
@never_cache
def version(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Show a version as the inspector will see it."""
    now = timezone.now()
    found = version_seen(request, pk, number, now)
    context = {
        "version": found,
        "checklist": found.checklist,
        "heading": _("Version %(number)s") % {"number": found.number},
        "sections": shown.sections(found.read()),
        "crumbs": crumbs(found.checklist),
    }
    return render(request, "checklists/version.html", context)


@require_safe
@never_cache
def sheet(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Show a blank sheet to print, for an inspection on paper."""
    now = timezone.now()
    found = version_seen(request, pk, number, now)
    content = found.read()
    context = {
        "version": found,
        "checklist": found.checklist,
        "unit": name_of(found.checklist.unit),
        "sections": shown.sections(content),
        "has_scores": content.has_scores,
    }
    return render(request, "checklists/sheet.html", context)
