"""Shared by the pages that perform one action."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.orgs import access, naming, queries
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.wording import explain

Crumb = tuple[str, str]
"""A page above: its name, and its address."""


def crumbs_to_unit(unit: Unit) -> list[Crumb]:
    """Return the pages above a page about a unit or one of its posts."""
    return [
        (_("Organisation"), reverse("orgs:organisation")),
        (naming.name_of(unit), reverse("orgs:unit", args=[unit.code])),
    ]


def crumbs_to_members() -> list[Crumb]:
    return [
        (_("Organisation"), reverse("orgs:organisation")),
        (_("Officers"), reverse("orgs:members")),
    ]


def crumbs_to_member(member: User) -> list[Crumb]:
    """Return the pages above a page about an officer's account."""
    return [*crumbs_to_members(), (member.name, reverse("orgs:member", args=[member.username]))]


@dataclass(frozen=True)
class FormPage:
    """A page with one form: its texts, and where it leads."""

    heading: str
    submit: str
    cancel_url: str
    done: str
    consequences: Sequence[str] = ()
    danger: bool = False
    # The pages above it.
    crumbs: Sequence[Crumb] = ()


def perform(
    request: SignedInRequest,
    form: forms.Form,
    act: Callable[..., object],
    page: FormPage,
    now: datetime,
    *,
    explain: Callable[[Refusal], str] = explain,
) -> HttpResponse:
    """Run the action and redirect, or show the form again with the errors."""
    if form.is_valid():
        try:
            act(actor=request.user, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
        else:
            messages.success(request, page.done)
            return redirect(page.cancel_url)
    template = "web/confirm.html" if page.consequences else "web/form_page.html"
    return render(request, template, {**asdict(page), "form": form})


def administered_unit(request: SignedInRequest, code: str, now: datetime) -> Unit:
    """Return the unit with this code, for its administrators only."""
    unit = get_object_or_404(Unit.objects.select_related("parent"), code=code)
    if not access.has(request.user, Power.ADMINISTER, unit=unit, now=now):
        raise PermissionDenied
    return unit


def administered_post(request: SignedInRequest, pk: int, now: datetime) -> Post:
    """Return the post with this id, for the administrators of its unit only."""
    post = get_object_or_404(Post.objects.select_related("unit"), pk=pk)
    if not access.has(request.user, Power.ADMINISTER, unit=post.unit, now=now):
        raise PermissionDenied
    return post


def administered_tenure(request: SignedInRequest, pk: int, now: datetime) -> Tenure:
    """Return the tenure with this id, for the administrators of its post's unit only."""
    tenure = get_object_or_404(Tenure.objects.select_related("member", "post__unit"), pk=pk)
    if not access.has(request.user, Power.ADMINISTER, unit=tenure.post.unit, now=now):
        raise PermissionDenied
    return tenure


def administered_member(request: SignedInRequest, username: str, now: datetime) -> User:
    """Return the officer, for administrators of one of the officer's units; else 404."""
    return get_object_or_404(queries.members_under(request.user, localdate(now)), username=username)
