"""The subject tree: visible to all officers with a post, edited by those who maintain it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.grievances import categories
from bihuan.grievances.actions import category as acts
from bihuan.grievances.category_forms import CategoryForm, ConfirmForm, MoveForm, RetireForm
from bihuan.grievances.models import Category
from bihuan.grievances.wording import explain
from bihuan.orgs import access
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.views.pages import Crumb, FormPage, perform


@require_safe
def tree(request: SignedInRequest) -> HttpResponse:
    """Show the whole tree, or search results in it."""
    now = timezone.now()
    if not access.seats(request.user, localdate(now)):
        raise PermissionDenied
    words = request.GET.get("q", "").strip()
    context = {
        "words": words,
        "found": categories.search(words) if words else [],
        "nodes": [] if words else categories.tree(),
        "edits": acts.may_edit(request.user, now),
    }
    return render(request, "grievances/categories.html", context)


@require_safe
def category(request: SignedInRequest, code: str) -> HttpResponse:
    """Show one category: its parent, its kind of case, and those below it."""
    now = timezone.now()
    if not access.seats(request.user, localdate(now)):
        raise PermissionDenied
    shown = _category(code)
    over = categories.above(shown)
    context = {
        "category": shown,
        "heading": categories.name_of(shown),
        "crumbs": [*_crumbs_to(None), *((categories.name_of(each), _to(each)) for each in over)],
        "below": [
            (each, categories.name_of(each)) for each in categories.ordered().filter(parent=shown)
        ],
        "may_have_below": len(over) + 1 < categories.LEVELS,
        "edits": acts.may_edit(request.user, now),
    }
    return render(request, "grievances/category.html", context)


@require_http_methods(["GET", "POST"])
def load(request: SignedInRequest) -> HttpResponse:
    """Add the tree of the release."""
    now = _editing(request)
    page = FormPage(
        heading=_("Load the default categories"),
        submit=_("Load"),
        cancel_url=reverse("grievances:categories"),
        crumbs=_crumbs_to(None),
        done=_("Categories loaded."),
        consequences=[
            _("Missing categories are added, about 260 in three levels."),
            _("Categories that your office changed or retired stay as they are."),
        ],
    )
    return _perform(request, _confirmed(request), acts.load, page, now)


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest, code: str = "") -> HttpResponse:
    """Add a category below this one, or at the top."""
    now = _editing(request)
    parent = _category(code) if code else None
    page = FormPage(
        heading=_("Add a category below %(name)s") % {"name": categories.name_of(parent)}
        if parent
        else _("Add a top-level category"),
        submit=_("Add category"),
        cancel_url=_to(parent),
        crumbs=_crumbs_to(parent),
        done=_("Category added."),
    )
    form = CategoryForm(request.POST or None, initial={"kind": parent.kind} if parent else {})
    return _perform(request, form, partial(acts.add, parent=parent), page, now)


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, code: str) -> HttpResponse:
    """Change a category's name, kind, or whether it is offered."""
    now = _editing(request)
    changed = _category(code)
    page = FormPage(
        heading=_("Change %(name)s") % {"name": categories.name_of(changed)},
        submit=_("Save"),
        cancel_url=_to(changed),
        crumbs=_crumbs_to(changed),
        done=_("Category changed."),
    )
    form = CategoryForm(request.POST or None, initial=CategoryForm.first_values(changed))
    return _perform(request, form, partial(acts.change, category=changed), page, now)


@require_http_methods(["GET", "POST"])
def move(request: SignedInRequest, code: str) -> HttpResponse:
    """Move a category under another one."""
    now = _editing(request)
    moved = _category(code)
    page = FormPage(
        heading=_("Move %(name)s") % {"name": categories.name_of(moved)},
        submit=_("Move it"),
        cancel_url=_to(moved),
        crumbs=_crumbs_to(moved),
        done=_("Category moved."),
        consequences=[_("Its subcategories move with it; cases keep their categories.")],
    )
    form = MoveForm(request.POST or None, category=moved)
    return _perform(request, form, partial(acts.move, category=moved), page, now)


@require_http_methods(["GET", "POST"])
def retire(request: SignedInRequest, code: str) -> HttpResponse:
    """Retire a category."""
    now = _editing(request)
    retired = _category(code)
    page = FormPage(
        heading=_("Retire %(name)s") % {"name": categories.name_of(retired)},
        submit=_("Retire it"),
        cancel_url=_to(retired),
        crumbs=_crumbs_to(retired),
        done=_("Category retired."),
        consequences=[
            _("It and its subcategories can no longer be chosen."),
            _("Cases keep it; it can be restored."),
        ],
        danger=True,
    )
    form = RetireForm(request.POST or None)
    return _perform(request, form, partial(acts.retire, category=retired), page, now)


@require_http_methods(["GET", "POST"])
def restore(request: SignedInRequest, code: str) -> HttpResponse:
    """Restore a category."""
    now = _editing(request)
    restored = _category(code)
    page = FormPage(
        heading=_("Restore %(name)s") % {"name": categories.name_of(restored)},
        submit=_("Restore category"),
        cancel_url=_to(restored),
        crumbs=_crumbs_to(restored),
        done=_("Category restored."),
        consequences=[
            _("It can be chosen again; its subcategories stay retired until you restore them.")
        ],
    )
    return _perform(
        request, _confirmed(request), partial(acts.restore, category=restored), page, now
    )


def _editing(request: SignedInRequest) -> datetime:
    """Return the time of the request; refuse officers who do not maintain the tree."""
    now = timezone.now()
    if not acts.may_edit(request.user, now):
        raise PermissionDenied
    return now


def _category(code: str) -> Category:
    return get_object_or_404(Category.objects.select_related("parent__parent"), code=code)


def _to(category: Category | None) -> str:
    return (
        reverse("grievances:category", args=[category.code])
        if category
        else reverse("grievances:categories")
    )


def _crumbs_to(category: Category | None) -> list[Crumb]:
    tree = (_("Categories"), reverse("grievances:categories"))
    return [tree, (categories.name_of(category), _to(category))] if category else [tree]


def _confirmed(request: SignedInRequest) -> forms.Form:
    return ConfirmForm(request.POST if request.method == "POST" else None)


_perform = partial(perform, explain=explain)
