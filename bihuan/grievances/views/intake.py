"""Desk intake: write down what is told, read it back, take it in, hand out the slip."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bihuan.cases import choices, codes, slips
from bihuan.cases import queries as cases
from bihuan.cases.actions.intake import Taken
from bihuan.cases.models import Case
from bihuan.core import codes as digits
from bihuan.core.refusal import Refusal
from bihuan.grievances.actions import intake as acts
from bihuan.grievances.intake_forms import IntakeForm, PhotosForm
from bihuan.grievances.wording import explain
from bihuan.orgs.http import SignedInRequest

CHECK, MAKE, CHANGE = "check", "make", "change"


@cache_control(no_store=True, private=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: SignedInRequest) -> HttpResponse:
    """Three pages under one address, so that nothing that was told stands in any other."""
    now = timezone.now()
    form = IntakeForm(request.POST or None, user=request.user, now=now)
    if not form.is_open:
        raise PermissionDenied
    step = request.POST.get("step", CHECK)
    if step == CHANGE or not form.is_valid():
        return _ask(request, form)
    photos = PhotosForm(request.POST, request.FILES) if step == MAKE else PhotosForm()
    try:
        if photos.is_valid():
            return _take(request, form, photos, now)
        return _read_back(request, form, photos, now)
    except Refusal as refusal:
        form.add_error(None, explain(refusal))
        return _ask(request, form)


def _ask(request: SignedInRequest, form: IntakeForm) -> HttpResponse:
    context = {
        "form": form,
        "heading": _("Desk intake"),
        "intro": _(
            "For somebody who calls, writes or comes. Nothing is kept until you have read it back."
        ),
        "submit": _("Read it back"),
    }
    return render(request, "grievances/intake.html", context)


def _read_back(
    request: SignedInRequest, form: IntakeForm, photos: PhotosForm, now: datetime
) -> HttpResponse:
    """Read it to the person before it is made (PET-24), and say where it goes."""
    told = form.told()
    goes = acts.destination(told=told, actor=request.user, now=now)
    context = {
        "form": photos,
        "rows": list(form.read_back()),
        "again": list(form.again()),
        "goes_to": choices.name_of(goes.unit),
        "stays_in_sight": goes.stays_in_sight,
        "is_sealed": bool(told.account.identity),
        "names_people": told.account.names_people,
        "came_in_person": _came_in_person(told.account.channel),
        "heading": _("Read it back to the person"),
    }
    return render(request, "grievances/intake_check.html", context)


def _take(
    request: SignedInRequest, form: IntakeForm, photos: PhotosForm, now: datetime
) -> HttpResponse:
    came = photos.cleaned_data["photos"]
    taken = acts.take(
        told=form.told(), form_key=form.key(came), actor=request.user, now=now, photos=came
    )
    return _slip(request, taken, now)


def _slip(request: SignedInRequest, taken: Taken, now: datetime) -> HttpResponse:
    """The slip, which no other page shows again."""
    language = get_language() or settings.LANGUAGE_CODE
    context = {
        "case": taken.case if _may_look(request, taken.case, now) else None,
        "code": digits.written(taken.code),
        "phrase": codes.phrase(taken.code, language),
        "slip": taken.slip,
        "picture": slips.picture(taken.slip),
        "day": taken.case.reported_at,
        "due": taken.due,
        "unit": choices.name_of(taken.case.owner),
        "track": f"{settings.PUBLIC_URL or request.build_absolute_uri('/')[:-1]}/track/",
        "came_in_person": _came_in_person(taken.case.channel),
        "heading": _("Slip for the person"),
    }
    return render(request, "grievances/slip.html", context)


def _may_look(request: SignedInRequest, case: Case, now: datetime) -> bool:
    try:
        cases.case_for(request.user, case.number, now)
    except Case.DoesNotExist:
        return False
    return True


def _came_in_person(channel: str) -> bool:
    """Where the law speaks of it: several people who come together (PET-23)."""
    return channel == Case.Channel.VISIT and settings.PROCEDURE == "CN"
