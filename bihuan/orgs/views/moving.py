"""A post is moved into another unit: chosen, checked, and carried out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan import formats
from bihuan.core.refusal import Refusal
from bihuan.orgs import holdings, naming, queries
from bihuan.orgs.actions import moving
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Post, Tenure, Unit
from bihuan.orgs.structure_forms import MovePostForm
from bihuan.orgs.views.pages import administered_post, crumbs_to_unit
from bihuan.orgs.views.posts import until_confirmed
from bihuan.orgs.wording import explain


@require_http_methods(["GET", "POST"])
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a post with its holder and open work into another unit, after a check."""
    now = timezone.now()
    on = localdate(now)
    post = administered_post(request, pk, now)
    units = queries.administered(request.user, on).open().exclude(pk=post.unit_id)
    form = MovePostForm(request.POST or None, units=units)
    if form.is_valid() and "again" not in request.POST:
        act = moving.move_post if "sure" in request.POST else moving.try_move
        try:
            moved = act(post=post, actor=request.user, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
        else:
            if moved is None:
                return _check(request, post, form, on)
            messages.success(request, _moved(moved, on))
            return redirect("orgs:unit", moved.unit.code)
    context = _page(post) | {
        "submit": _("Continue"),
        "consequences": [*_what_moves(post, on), *until_confirmed(post)],
        "form": form,
    }
    return render(request, "web/confirm.html", context)


def _page(post: Post) -> dict[str, object]:
    return {
        "heading": _("Move %(post)s") % {"post": naming.seat_of(post)},
        "cancel_url": reverse("orgs:unit", args=[post.unit.code]),
        "crumbs": crumbs_to_unit(post.unit),
    }


def _check(request: SignedInRequest, post: Post, form: MovePostForm, on: date) -> HttpResponse:
    """Name what will move, from where and to where; nothing has happened yet."""
    given: dict[str, Any] = form.cleaned_data
    context = _page(post) | {
        "consequences": [*_what_will_be(post, given["unit"], on), *until_confirmed(post)],
        "given": [("unit", given["unit"].pk), ("reason", given["reason"])],
    }
    return render(request, "orgs/move_check.html", context)


def _what_will_be(post: Post, unit: Unit, on: date) -> list[str]:
    places = {
        "post": naming.title_of(post),
        "old": naming.name_of(post.unit),
        "new": naming.name_of(unit),
    }
    return [
        _("%(post)s moves from %(old)s to %(new)s.") % places,
        *_holder_and_work(post, on),
        _(
            "This cannot be undone: the old post ends today, and its title cannot be used again "
            "in the old unit."
        ),
    ]


def _moved(moved: Post, on: date) -> str:
    """Say what moved and where to, with its holder and the work that it has now."""
    held, work = _holder(moved, on), holdings.of_post(moved, on)
    details = {
        "post": naming.title_of(moved),
        "unit": naming.name_of(moved.unit),
        "member": held.member.name if held else "",
        "work": formats.clauses(work),
    }
    who = (
        _("%(post)s (%(member)s) is now in %(unit)s.")
        if held
        else _("%(post)s, which is vacant, is now in %(unit)s.")
    )
    what = _("Open work that moved with it: %(work)s.") if work else _("It had no open work.")
    return " ".join([who % details, what % details])


def _holder(post: Post, on: date) -> Tenure | None:
    return post.tenures.in_force(on).filter(holder_tenure=None).select_related("member").first()


def _holder_and_work(post: Post, on: date) -> list[str]:
    held, work = _holder(post, on), holdings.of_post(post, on)
    holder = (
        _("%(member)s holds it in the new unit from today, and leaves the old unit tonight.")
        if held
        else _("The post is vacant, and stays vacant in the new unit.")
    )
    moved = (
        _("Its open work moves to the new unit immediately: %(work)s. Deadlines continue.")
        % {"work": formats.clauses(work)}
        if work
        else _("It has no open work.")
    )
    return [holder % {"member": held.member if held else ""}, moved]


def _what_moves(post: Post, on: date) -> list[str]:
    """Say what moves with the post, and what stays."""
    return [
        *_holder_and_work(post, on),
        _(
            "Confidential cases, and cases from which the new unit is excluded, stay with the old "
            "unit for its coordinators."
        ),
        _("Its powers then cover the new unit and all units below it. Stand-ins end."),
    ]
