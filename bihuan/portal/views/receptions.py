"""Reception days: free slots for anyone, cancelled by code; planned and cancelled by staff."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan import languages
from bihuan.core import codes as code_rules
from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Unit
from bihuan.portal import guard, tokens, wording
from bihuan.portal.actions import receptions as actions
from bihuan.portal.forms.fields import TRAP
from bihuan.portal.forms.receptions import CancelForm, CodeForm, PlanForm
from bihuan.portal.guard import Tried
from bihuan.portal.models import Booking
from bihuan.portal.queries import offices, receptions
from bihuan.portal.queries.receptions import Day, ReceptionTime
from bihuan.portal.refusals import FormExpired
from bihuan.portal.views.public import public
from bihuan.receipts import codes

BOOK = "book"


# ------------------------------------------------------------------- the public
@public
@require_safe
def coming(request: HttpRequest) -> HttpResponse:
    """Show the days on which leaders meet people, with their free slots."""
    now = timezone.now()
    code = request.GET.get("unit", "")[:32]
    unit: Unit | None = None
    if code:
        unit = offices.public_units(localdate(now)).filter(code=code).first()
    context = {"days": receptions.coming(now, unit), "unit": unit}
    return render(request, "portal/receptions/coming.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, pk: int, at: str) -> HttpResponse:
    """Show one slot, and book it. Its code is shown once."""
    now = timezone.now()
    day = receptions.day(pk, now)
    slot = (
        next((each for each in day.slots if f"{each.starts_at:%H%M}" == at), None) if day else None
    )
    if day is None or slot is None or day.reception.date < localdate(now):
        raise Http404
    if request.method != "POST":
        return _slot_page(request, day, slot, tokens.new(now, BOOK))
    token = request.POST.get("form", "")
    try:
        booked = actions.book(
            reception=day.reception,
            starts_at=slot.starts_at,
            form_key=_decent_key(request, token, now),
            now=now,
        )
    except Refusal as refusal:
        status = 429 if isinstance(refusal, guard.TooMany) else 200
        error = wording.explain(refusal)
        # What made it fail may have changed the day.
        day = receptions.day(pk, now) or day
        return _slot_page(request, day, slot, tokens.new(now, BOOK), error, status)
    if booked.is_new:
        guard.note(Tried.BOOK, request, now)
    return _slip(request, booked, day, token)


def _decent_key(request: HttpRequest, token: str, now: datetime) -> str:
    """Return the key of a form that no robot filled in: see `bihuan.portal.guard`."""
    key = tokens.read(token, BOOK)
    if request.POST.get(TRAP):
        raise guard.Trapped
    if key is None or key.is_expired(now):
        raise FormExpired
    guard.require_room(Tried.BOOK, request, now)
    return key.key


def _slot_page(
    request: HttpRequest,
    day: Day,
    slot: ReceptionTime,
    token: str,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "day": day,
        "slot": slot,
        "token": token,
        "trap": TRAP,
        "error": error,
        "is_open": slot in day.free,
        "back_url": reverse("portal:receptions"),
        "back_label": _("All reception days"),
    }
    return render(request, "portal/receptions/slot.html", context, status=status)


def _slip(request: HttpRequest, booked: actions.Booked, day: Day, token: str) -> HttpResponse:
    context = {
        "carried": {"form": token},
        "booking": booked.booking,
        "reception": day.reception,
        "code": code_rules.written(booked.code),
        "phrase": codes.phrase(booked.code, languages.current()),
    }
    return render(request, "portal/receptions/slip.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Show what was booked with a code: whether it takes place, and a button to cancel it."""
    now = timezone.now()
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return _code_page(request, form)
    try:
        guard.require_guess(request, now)
    except Refusal as refusal:
        form.add_error(None, wording.explain(refusal))
        return _code_page(request, form, 429, challenge=guard.challenge(now))
    code = form.cleaned_data["code"]
    booking = receptions.booking(code)
    if booking is None:
        guard.note_guess(code, request, now)
        form.add_error("code", _("There is no booking with this code."))
        return _code_page(request, form)
    if request.POST.get("go") == "give-back":
        actions.give_back(booking=booking, now=now)
        return render(request, "portal/receptions/given_back.html", _about(booking, now))
    # If showing it needed proof of work, so does cancelling it.
    again = guard.challenge(now) if request.POST.get("challenge") else ""
    context = {**_about(booking, now), "code": code, "challenge": again, "carried": {"code": code}}
    return render(request, "portal/receptions/mine.html", context)


def _about(booking: Booking, now: datetime) -> dict[str, Any]:
    begins = receptions.begins_at(booking.reception, booking.starts_at)
    return {"booking": booking, "reception": booking.reception, "is_over": begins <= now}


def _code_page(
    request: HttpRequest, form: CodeForm, status: int = 200, challenge: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "challenge": challenge,
        "back_url": reverse("portal:receptions"),
        "back_label": _("All reception days"),
    }
    return render(request, "portal/receptions/code.html", context, status=status)


# --------------------------------------------------------------------- the desk
@require_safe
def planned(request: SignedInRequest) -> HttpResponse:
    """Show what the officer's units have planned, and how many slots are taken; not by whom."""
    now = timezone.now()
    context = {
        "days": receptions.planned_by(request.user, now),
        "today": localdate(now),
        "may_plan": bool(receptions.leaders(request.user, localdate(now))),
    }
    return render(request, "portal/receptions/planned.html", context)


@require_http_methods(["GET", "POST"])
def plan(request: SignedInRequest) -> HttpResponse:
    """Plan one day of a leader's post, or a series of them."""
    now = timezone.now()
    first = {"starts_at": time(9), "ends_at": time(11, 30), "first": localdate(now)}
    holdings = receptions.leaders(request.user, localdate(now))
    form = PlanForm(request.POST or None, holdings=holdings, initial=first)
    if form.is_valid():
        try:
            made = actions.plan(
                post=form.cleaned_data["post"],
                dates=form.dates(),
                hours=form.hours(),
                actor=request.user,
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Planned: %(count)d.") % {"count": len(made)})
            return redirect("portal:planned-receptions")
    context = {
        "form": form,
        "heading": _("Plan reception days"),
        "submit": _("Publish"),
        "cancel_url": reverse("portal:planned-receptions"),
    }
    return render(request, "web/form_page.html", context)


@require_http_methods(["GET", "POST"])
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cancel a day."""
    now = timezone.now()
    reception = get_object_or_404(receptions.kept_by(request.user, localdate(now)), pk=pk)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        try:
            actions.cancel(
                reception=reception,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("The reception day is cancelled."))
            return redirect("portal:planned-receptions")
    context = {
        "form": form,
        "heading": _("Cancel a reception day"),
        "consequences": [
            _("The page of reception days immediately shows it as cancelled."),
            _("The person who booked sees it with the booking code; no one knows who they are."),
        ],
        "submit": _("Cancel the day"),
        "cancel_url": reverse("portal:planned-receptions"),
        "danger": True,
    }
    return render(request, "web/confirm.html", context)


@require_safe
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the slots of one day for printing: which are taken, and space to write."""
    now = timezone.now()
    get_object_or_404(receptions.kept_by(request.user, localdate(now)), pk=pk)
    context = {"day": receptions.day(pk, now)}
    return render(request, "portal/receptions/sheet.html", context)
