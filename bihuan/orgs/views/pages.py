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
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.orgs import access, queries
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.wording import explain


@dataclass(frozen=True)
class FormPage:
    """A page with one form: its texts, and where it leads."""

    heading: str
    submit: str
    cancel_url: str
    done: str
    consequences: Sequence[str] = ()
    danger: bool = False
    # The pages above it: what each is called, and where it is.
    crumbs: Sequence[tuple[str, str]] = ()


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
