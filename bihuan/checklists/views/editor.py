"""The editor of a draft. Every change is saved at once, and the last one can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.checklists import queries, shown, wording
from bihuan.checklists.actions import versions
from bihuan.checklists.forms import FullScoreForm, ItemForm, RevisionForm, SectionForm
from bihuan.checklists.models import Version
from bihuan.checklists.refusals import ChangedMeanwhile
from bihuan.checklists.views.lists import crumbs
from bihuan.core import checklist_edit as edit
from bihuan.core.checklist import Content
from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest

F = TypeVar("F", bound=forms.Form)

# What the buttons of the outline do: their names are "item-up:KEY".
BUTTONS: Mapping[str, Callable[[Content, str], Content]] = {
    "item-up": lambda content, key: edit.move_item(content, key, -1),
    "item-down": lambda content, key: edit.move_item(content, key, 1),
    "item-copy": lambda content, key: edit.copy_item(content, key, new_key("i")),
    "item-delete": edit.remove_item,
    "section-up": lambda content, key: edit.move_section(content, key, -1),
    "section-down": lambda content, key: edit.move_section(content, key, 1),
    "section-delete": edit.remove_section,
}


def new_key(letter: str) -> str:
    """Return a key that no item of any version has."""
    return f"{letter}{uuid4().hex[:10]}"


def _fresh(version: Version) -> Version:
    return Version.objects.select_related("checklist").get(pk=version.pk)


def drafted(request: SignedInRequest, pk: int, now: datetime) -> Version:
    """Return the draft of a list that the officer may change; else 404."""
    kept = queries.kept_by(request.user, now).filter(retired_at=None)
    drafts = Version.objects.filter(checklist__in=kept, state=Version.State.DRAFT)
    return get_object_or_404(drafts.select_related("checklist__unit"), checklist=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the draft with what is wrong with it; its buttons move, copy and delete."""
    now = timezone.now()
    found = drafted(request, pk, now)
    if request.method == "POST":
        return _pressed(request, found, now)
    content = found.read()
    faults = versions.faults_of(content)
    context = {
        "version": found,
        "checklist": found.checklist,
        "heading": _("Draft"),
        "sections": shown.sections(content, faults),
        "faults": shown.of_list(faults) if content.sections else [],
        "count": len(content.items),
        "full_score": content.full_score,
        "has_scores": content.has_scores,
        "may_put_to_use": not faults,
        "has_version_in_use": queries.in_use(found.checklist) is not None,
        "crumbs": crumbs(found.checklist),
    }
    return render(request, "checklists/draft.html", context)


def _pressed(request: SignedInRequest, version: Version, now: datetime) -> HttpResponse:
    """Do what the pressed button says, unless the draft was changed since the page was opened."""
    form = RevisionForm(request.POST)
    button, _colon, key = request.POST.get("do", "").partition(":")
    if not form.is_valid() or (button not in BUTTONS and button != "undo"):
        raise Http404
    revision = form.cleaned_data["revision"]
    try:
        if button == "undo":
            versions.undo_change(version=version, revision=revision, actor=request.user, now=now)
        else:
            content = BUTTONS[button](version.read(), key)
            _save(request, version, content, revision, f"{button}:{key}", now)
    except ChangedMeanwhile as refusal:
        messages.error(request, _changed(version, revision, refusal))
    except Refusal as refusal:
        messages.error(request, wording.explain(refusal))
    else:
        if button.endswith("delete"):
            messages.success(request, _("Deleted. “Undo” brings it back."))
    place = "" if button.endswith("delete") or button == "undo" else f"#{key}"
    return redirect(reverse("checklists:draft", args=[version.checklist_id]) + place)


def _save(
    request: SignedInRequest,
    version: Version,
    content: Content,
    revision: int,
    what: str,
    now: datetime,
) -> None:
    versions.change_draft(
        version=version, content=content, revision=revision, what=what, actor=request.user, now=now
    )


def _changed(version: Version, revision: int, refusal: ChangedMeanwhile) -> str:
    """Explain the refusal with what was changed since the page was opened."""
    content = _fresh(version).read()
    since = queries.changes_since(version, revision)
    said = [shown.touched(each, content) for each in since]
    return " ".join([wording.explain(refusal), *said])


# ------------------------------------------------------------ sections and items
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def section(request: SignedInRequest, pk: int, key: str = "") -> HttpResponse:
    """Add a section, or change its title."""
    now = timezone.now()
    found = drafted(request, pk, now)
    content = found.read()
    there = next((each for each in content.sections if each.key == key), None)
    if key and there is None:
        raise Http404
    initial = {"title": there.title.zh, "title_en": there.title.en} if there else {}
    form = SectionForm(request.POST or None, initial={**initial, "revision": found.revision})

    def change() -> tuple[Content, str]:
        if there:
            return edit.rename_section(content, key, form.read()), f"section:{key}"
        new = new_key("s")
        return edit.add_section(content, new, form.read()), f"section:{new}"

    heading = _("Section") if there else _("New section")
    return _filled_in(request, found, form, change, heading, now)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def item(request: SignedInRequest, pk: int, key: str = "") -> HttpResponse:
    """Add an item, or change any of its properties."""
    now = timezone.now()
    found = drafted(request, pk, now)
    content = found.read()
    there = content.item(key) if key else None
    if (key and there is None) or not content.sections:
        raise Http404
    chosen = request.GET.get("section", "")
    begun = edit.section_of(content, key) if there else chosen or content.sections[-1].key
    form = ItemForm(
        request.POST or None,
        content=content,
        key=key or new_key("i"),
        item=there,
        initial={"revision": found.revision, "section": begun},
    )

    def change() -> tuple[Content, str]:
        return form.changed(), f"item:{form.key}"

    heading = _("Item") if there else _("New item")
    return _filled_in(request, found, form, change, heading, now)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def full_score(request: SignedInRequest, pk: int) -> HttpResponse:
    """Set what a list with everything in order reaches."""
    now = timezone.now()
    found = drafted(request, pk, now)
    content = found.read()
    initial = {"full_score": content.full_score or None, "revision": found.revision}
    form = FullScoreForm(request.POST or None, initial=initial)

    def change() -> tuple[Content, str]:
        full = form.cleaned_data["full_score"] or 0
        return Content(content.sections, full), "full_score:"

    return _filled_in(request, found, form, change, _("Full score"), now)


def _filled_in(
    request: SignedInRequest,
    version: Version,
    form: RevisionForm,
    change: Callable[[], tuple[Content, str]],
    heading: str,
    now: datetime,
) -> HttpResponse:
    """Save what was filled in. A form opened before another change keeps what was typed, and is
    saved when it is sent again.
    """
    back = reverse("checklists:draft", args=[version.checklist_id])
    if form.is_valid():
        content, what = change()
        revision = form.cleaned_data["revision"]
        try:
            _save(request, version, content, revision, what, now)
        except ChangedMeanwhile as refusal:
            form.add_error(None, _changed(version, revision, refusal))
            form.data = {**_typed(form), "revision": str(refusal.revision)}
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            place = what.partition(":")[2]
            return redirect(f"{back}#{place}" if place else back)
    context: dict[str, Any] = {
        "form": form,
        "heading": heading,
        "submit": pgettext("a draft", "Save"),
        "cancel_url": back,
        "crumbs": [*crumbs(version.checklist), (_("Draft"), back)],
    }
    return render(request, "web/form_page.html", context)


def _typed(form: forms.Form) -> dict[str, Any]:
    """Return what was sent, as single values: no field of these forms has several."""
    return {name: form.data.get(name) for name in form.data}
