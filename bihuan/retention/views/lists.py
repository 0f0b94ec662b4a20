"""Cases that need not be kept any longer, and the lists for their disposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.cases.wording import in_language
from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.core.rules import Confidence
from bihuan.orgs import choices
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import User
from bihuan.orgs.queries import units_in_reach
from bihuan.retention import queries, wording
from bihuan.retention.actions import disposals, holds, lists
from bihuan.retention.forms import ProposeForm, WhyForm
from bihuan.retention.models import Disposal, Item

SIZE = 50


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """Show the retention periods, what is due, the lists, and the holds."""
    now, listed = timezone.now(), queries.schedule()
    tops = queries.reach(request.user, queries.PROPOSES, now)
    context = {
        "heading": _("Retention"),
        "list_name": in_language(listed.name),
        "list_source": in_language(listed.source),
        "list_version": listed.version,
        "entries": [
            (
                kinds.label(each.kind),
                in_language(each.name),
                wording.term_name(each.term),
                each.term.hand_over_after,
                in_language(each.source),
                wording.CONFIDENCES.get(each.confidence, ""),
            )
            for each in listed.entries
        ],
        "has_recalled": any(each.confidence is Confidence.RECALLED for each in listed.entries),
        "due": queries.due(request.user, tops, listed, now),
        "proposes": bool(tops),
        "lists": [_row(each) for each in queries.lists(request.user, now)],
        "holds": [
            (each, holds.may_lift(each, request.user, now))
            for each in queries.holds(request.user, now)
        ],
        "may_hold": bool(units_to_hold(request.user, now)),
        "hand_overs": [
            (each.row, wording.counted(each.cases, is_more=each.is_more))
            for each in queries.hand_overs(request.user, now)
        ],
        "entry_names": {each.id: in_language(each.name) for each in listed.entries},
    }
    return render(request, "retention/overview.html", context)


def units_to_hold(user: User, now: datetime) -> list[Any]:
    return units_in_reach(user, queries.HOLDS, now)


def _row(row: Disposal) -> Mapping[str, Any]:
    return {"row": row, "name": wording.list_name(row), "state": wording.state(row)}


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedInRequest) -> HttpResponse:
    """Put cases that are due on a list."""
    now = timezone.now()
    tops = queries.reach(request.user, queries.PROPOSES, now)
    if not tops:
        raise PermissionDenied
    due = queries.due(request.user, tops, queries.schedule(), now)
    form = ProposeForm(request.POST or None, initial={"what": request.GET.get("what", "")})
    form.offer(due)
    if form.is_valid():
        chosen = form.cleaned_data["what"]
        try:
            row = lists.propose(
                unit=chosen.unit,
                entry=chosen.entry,
                year=chosen.year,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("The list is waiting for a second officer."))
            return redirect("retention:disposal", row.pk)
    context = {
        "form": form,
        "heading": _("Propose cases for disposal"),
        "intro": _(
            "Review the cases first. Place a hold on any that a court, audit or inquiry may "
            "need; cases on the list are permanently destroyed once a second officer agrees."
        ),
        "submit": _("Create list"),
        **_above(),
    }
    return render(request, "web/form_page.html", context)


def _above() -> dict[str, object]:
    there = reverse("retention:retention")
    return {"crumbs": [(_("Retention"), there)], "cancel_url": there}


def _crumbs(row: Disposal) -> list[tuple[str, str]]:
    here = reverse("retention:disposal", args=[row.pk])
    return [(_("Retention"), reverse("retention:retention")), (wording.list_name(row), here)]


def disposal_or_404(request: SignedInRequest, pk: int, now: datetime) -> Disposal:
    row = queries.list_for(request.user, pk, now)
    if row is None:
        raise Http404
    return row


@require_safe
def disposal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one list: its reason, its officers, and the cases that the reader may see."""
    now = timezone.now()
    row = disposal_or_404(request, pk, now)
    waiting = queries.waiting_items(row, request.user, now)
    gone = queries.gone(row)
    shown, next_url = _page(request, waiting if not row.done_at else gone)
    left = waiting.filter(state=Item.State.LEFT).order_by("pk")
    context = {
        "row": row,
        "heading": wording.list_name(row),
        "state": wording.state(row),
        "count": waiting.filter(state=Item.State.WAITING).count(),
        "items": [] if row.done_at else _items(shown, request.user, now),
        "may_hold": bool(units_to_hold(request.user, now)),
        "gone": shown if row.done_at else [],
        "left": list(left[:SIZE]) if row.done_at else [],
        "gone_count": gone.count(),
        "next_url": next_url,
        "carried_out_at": row.confirmed_at and row.confirmed_at + disposals.GRACE,
        "may_confirm": _may_confirm(row, request.user, now),
        "is_own": row.proposed_by_id == request.user.pk,
        "may_withdraw": not (row.withdrawn_at or row.done_at)
        and lists.may_withdraw(row, request.user, now),
        "crumbs": [(_("Retention"), reverse("retention:retention"))],
    }
    return render(request, "retention/disposal.html", context)


def _page(request: SignedInRequest, rows: Any) -> tuple[list[Any], str]:
    after = whole(request.GET.get("after", "")) or 0
    found = list(rows.filter(pk__gt=after).order_by("pk")[: SIZE + 1])
    more = len(found) > SIZE
    return found[:SIZE], f"?after={found[SIZE - 1].pk}" if more else ""


def _items(shown: list[Item], user: User, now: datetime) -> list[tuple[Case, str, str, str, bool]]:
    """Return the cases, each with its unit, its stage, why it was kept, and whether it is on
    hold.
    """
    held = queries.held_among([each.case for each in shown], user, now)
    return [
        (
            each.case,
            choices.name_of(each.case.owner),
            str(kinds.stage_words(each.case.kind, each.case.stage)),
            each.get_why_display() if each.why else "",
            each.case_id in held,
        )
        for each in shown
    ]


def _may_confirm(row: Disposal, user: User, now: datetime) -> bool:
    is_open = not (row.confirmed_at or row.withdrawn_at)
    return is_open and any(
        row.unit.is_within(top) for top in queries.reach(user, queries.CONFIRMS, now)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm as the second officer."""
    now = timezone.now()
    row = disposal_or_404(request, pk, now)
    if not _may_confirm(row, request.user, now):
        raise Http404
    form = forms.Form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lists.confirm(row=row, actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Confirmed. It can be withdrawn for seven days."))
            return redirect("retention:disposal", row.pk)
    count = queries.waiting_items(row, request.user, now).count()
    context = {
        "form": form,
        "heading": _("Confirm the disposal"),
        "consequences": [
            f"{wording.list_name(row)} · {wording.counted(count)}",
            _("After seven days the text, photos, documents, messages and codes of these cases "
"are permanently destroyed. Until then any coordinator, leader or auditor of the "
"unit can withdraw the list."),
            _("What remains: number, kind, unit, dates and the journal, which proves what was "
"done, by whom, and that no other case was destroyed."),
            _("Cases that are on hold, reopened or not visible to you are left out."),
        ],
        "submit": _("Confirm the disposal"),
        "danger": True,
        "cancel_url": reverse("retention:disposal", args=[row.pk]),
        "crumbs": _crumbs(row),
    }  # fmt: skip
    return render(request, "web/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Withdraw the rest of the list."""
    now = timezone.now()
    row = disposal_or_404(request, pk, now)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        try:
            lists.withdraw(row=row, note=form.cleaned_data["reason"], actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Withdrawn. Its cases are kept."))
            # Its page has no case left that would make it visible to anyone but its two officers.
            return redirect("retention:retention")
    there = reverse("retention:disposal", args=[row.pk])
    context = {
        "form": form,
        "heading": _("Withdraw the list"),
        "consequences": [
            _("No more of its cases are destroyed. They are kept and can be proposed again."),
            _("The reason is recorded with your name."),
        ],
        "submit": _("Withdraw the list"),
        "cancel_url": there,
        "crumbs": _crumbs(row),
    }
    return render(request, "web/confirm.html", context)
