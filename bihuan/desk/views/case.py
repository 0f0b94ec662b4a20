"""The page of one case, and its moves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.calendars import wording as clock_words
from bihuan.cases import holding, kinds, likeness, queries, stands
from bihuan.cases.actions import withholding
from bihuan.cases.models import Case, Evidence
from bihuan.clocks.explaining import explained
from bihuan.core import lifecycle
from bihuan.core.eyes import HeldPost
from bihuan.core.numerals import whole
from bihuan.core.places import Point
from bihuan.core.postponing import OwnDeadline
from bihuan.core.refusal import NotAllowed, Refusal, SamePerson, SameUnit, Stale
from bihuan.desk import dossier, effects, pages, panels, undo_offers, why_not
from bihuan.desk import timeline as case_timeline
from bihuan.desk.decided import decided
from bihuan.desk.forms import ComparingForm, MoveForm, SeeingForm
from bihuan.desk.move_pages import AnyMovePage
from bihuan.desk.views import after_act
from bihuan.desk.views.panel import page_or_panel
from bihuan.desk.way_back import WayBack
from bihuan.files.media import neutral_name
from bihuan.files.views import send
from bihuan.notices import actions as notices
from bihuan.orgs.http import SignedInRequest
from bihuan.sheets.ledger.types import title_of

THE_LEDGER = WayBack()


def case_or_404(request: SignedInRequest, number: str, now: datetime) -> Case:
    """Return the case; 404 if the officer may not see it."""
    try:
        return dossier.case_for(request.user, number, now)
    except Case.DoesNotExist as nothing:
        raise Http404 from nothing


@require_safe
def case(request: SignedInRequest, number: str) -> HttpResponse:
    """Show the problem, its photos, its clocks, its timeline, and what this person may do now."""
    now = timezone.now()
    found = case_or_404(request, number, now)
    if request.method == "GET":
        notices.note_seen(request.user, found.number, now=now)
    shown = sheet_context(request, found, now)
    context = {
        **shown,
        **_way_back(request, found),
        "after_act": after_act.take(request),
        **panels.context(found, request.user, now),
        "undo": undo_offers.offer(found, request.user, now, WayBack.of(request).back),
        # An open case is not disposed of, whether or not it is on hold.
        "is_held_back": bool(found.ended_at) and holding.is_known_to(request.user, found, now),
        "may_turn": shown["dossier"].buttons.offer("attach"),
        "may_keep_back": shown["dossier"].pictures.are_shown
        and withholding.may_keep_back(found, request.user, now),
        "checked_date": pages.of(found).checked_date(found),
        "officer_title": title_of(found.kind, "resolver_name"),
    }
    return render(request, "desk/case.html", context)


@require_safe
def sheet(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one A4 page for the file: the problem, the fix, and who verified it."""
    now = timezone.now()
    found = case_or_404(request, number, now)
    return render(request, pages.of(found).sheet, sheet_context(request, found, now))


def sheet_context(request: SignedInRequest, case: Case, now: datetime) -> dict[str, Any]:
    """Return the context of the page of a case and of its printed sheet."""
    return {
        "dossier": dossier.dossier(case, request.user, now),
        "case": case,
        "named_officer": stands.named_officer(case),
        "complained_of": dossier.complained_of(case, now),
        **pages.of(case).context(case, now),
        "now": now,
    }


@require_safe
def timeline(request: SignedInRequest, number: str) -> HttpResponse:
    """Show earlier entries of the timeline."""
    now = timezone.now()
    found = case_or_404(request, number, now)
    before = whole(request.GET.get("before", ""))
    if before is None:
        raise Http404
    entries, _shut = case_timeline.timeline(found, request.user, now, before=before)
    context = {"case": found, "timeline": entries, "heading": _("Timeline"), **crumbs_to(found)}
    return page_or_panel(request, "web/timeline.html", "web/timeline_entries.html", context)


@require_safe
def clock(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Show the derivation of a deadline, day by day."""
    found = case_or_404(request, number, timezone.now())
    row = get_object_or_404(found.clocks, pk=pk)
    derived = explained(row)
    rule = derived.clock.rule
    context = {
        "case": found,
        "clock": dossier.Running(row, rule),
        "sentence": clock_words.sentence(derived),
        "ends": list(clock_words.ends(derived)),
        "confidence": clock_words.CONFIDENCES[rule.confidence],
        "days": [(day, clock_words.why(day)) for day in derived.days],
        "heading": _("How this deadline was calculated"),
        **crumbs_to(found),
    }
    return page_or_panel(request, "desk/clock.html", "desk/clock_days.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: SignedInRequest, number: str, pk: int) -> HttpResponse | FileResponse:
    """Send a photo or document to readers who may see the case."""
    found = case_or_404(request, number, timezone.now())
    row = get_object_or_404(Evidence.objects.on(found.pk), pk=pk)
    is_nameless = row.added_by_id is None and not row.file.own_name
    name = neutral_name(row.file.media_type, row.pk) if is_nameless else ""
    context = {"row": row, "cancel_url": found.get_absolute_url(), **crumbs_to(found)}
    return send(request, row.file, context, name=name, turns=row.turns)


@require_safe
def similar(request: SignedInRequest) -> HttpResponse:
    """Show similar cases nearby, while a user describes one."""
    now = timezone.now()
    title, place = request.GET.get("title", "").strip(), request.GET.get("place", "").strip()
    found: list[Case] = []
    beside: list[str] = []
    if len(title) > 1 and len(place) > 1:
        user, title, place, point = request.user, title[:200], place[:200], _point(request)
        found = likeness.similar(user=user, now=now, title=title, place=place, point=point)
        beside = likeness.reported_beside(user=user, now=now, title=title, place=place, point=point)
    rows = [(each, kinds.stage_words(each.kind, each.stage)) for each in found]
    return render(request, "desk/similar.html", {"rows": rows, "beside": beside, "now": now})


def _point(request: SignedInRequest) -> Point | None:
    try:
        return Point(float(request.GET["latitude"]), float(request.GET["longitude"]))
    except (KeyError, ValueError):
        return None


# ----------------------------------------------------------------------- moves
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedInRequest, number: str, move: str) -> HttpResponse:
    """Show the short form of one move: a page, or a panel of the case's page."""
    now = timezone.now()
    found = case_or_404(request, number, now)
    kind = kinds.of(found)
    page = pages.of(found).moves.get(move)
    if page is None:
        raise Http404
    if request.method != "POST" and move not in _permitted(found, request, now):
        return _refused(request, found, kind, move, now)
    files = request.FILES if request.method == "POST" else None
    filled = page.fill_in(request.POST or None, files, case=found, user=request.user, now=now)
    form = filled.form
    form.start_from(request.GET)
    if form.is_valid():
        try:
            moved = filled.make(
                {"case": found, "actor": request.user, "now": now, "version": form.seen_version}
            )
        except Refusal as refusal:
            _explain(form, refusal, found)
        else:
            return _done(request, moved, move, page, now)
    context = _move_context(request, found, move, page, form, now)
    return page_or_panel(request, "desk/move.html", "desk/move_form.html", context)


def _permitted(case: Case, request: SignedInRequest, now: datetime) -> set[str]:
    return {row.move for row in dossier.permitted(case, request.user, now)}


def _explain(form: MoveForm[object], refusal: Refusal, case: Case) -> None:
    day = "deadline_date" if isinstance(refusal, OwnDeadline) else ""
    form.add_error(day if day in form.fields else None, why_not.explain(case, refusal))
    if isinstance(refusal, Stale):
        form.refresh_version(case.version)


def _refused(
    request: SignedInRequest, case: Case, kind: kinds.Kind, move: str, now: datetime
) -> HttpResponse:
    """Explain the refusal, on a page that may have been reached by an old link."""
    seen, person = queries.situation(case), queries.person(request.user, now)
    why, status = "", 409
    try:
        lifecycle.require(kind.lifecycle, move, seen, person)
    except Refusal as refusal:
        why = why_not.explain(case, refusal)
        status = 403 if isinstance(refusal, NotAllowed | SamePerson | SameUnit | HeldPost) else 409
    context = {
        "case": case,
        "why": why,
        "heading": pages.of(case).moves[move].label,
        **crumbs_to(case),
    }
    response = page_or_panel(request, "desk/refused.html", "desk/refusal.html", context)
    response.status_code = status
    return response


def _move_context(
    request: SignedInRequest,
    case: Case,
    move: str,
    page: AnyMovePage,
    form: MoveForm[object],
    now: datetime,
) -> dict[str, Any]:
    way, row = WayBack.of(request), kinds.of(case).lifecycle.transition(move)
    shown = decided(case, request.user, now, move) if page.decides else None
    instead = dossier.instead_of(move, case, request.user, now) if row.target else []
    if isinstance(form, SeeingForm) and shown is not None:
        form.show(shown.fix)
    return {
        "case": case,
        "page": page,
        "form": form,
        "heading": page.label,
        "submit": page.submit or page.label,
        "danger": page.danger,
        "decided": shown,
        "effects": effects.effects(case, page, row, now),
        "instead": instead,
        "duplicate_url": _duplicate_url(case, form, instead, way),
        "back": way.query,
        "action": reverse("desk:move", args=[case.number, move]) + way.query,
        "cancel_url": case.get_absolute_url() + way.query,
        "stage": kinds.stage_words(case.kind, case.stage),
        "now": now,
        **pages.of(case).context(case, now),
        **crumbs_to(case, way),
    }


def _duplicate_url(
    case: Case, form: MoveForm[object], instead: list[dossier.Button], way: WayBack
) -> str:
    """Return the form that ends the case as a duplicate, without the number of the other case."""
    move = form.duplicate_move if isinstance(form, ComparingForm) else ""
    if move not in {button.move for button in instead}:
        return ""
    url = reverse("desk:move", args=[case.number, move]) + way.query
    return f"{url}{'&' if way.query else '?'}duplicate_of="


# ---------------------------------------------------------- redirects and pages
def _way_back(request: SignedInRequest, case: Case) -> dict[str, Any]:
    """Return to the list that led here, at this row."""
    way = WayBack.of(request)
    return {"back_url": f"{way.url}#{case.number}", "back_label": way.label, "back": way.query}


def _done(
    request: SignedInRequest, case: Case, move: str, page: AnyMovePage, now: datetime
) -> HttpResponseRedirect:
    """Return to the list that led here, or to the case, or to Today if the act closed it to the
    actor.
    """
    way = WayBack.of(request)
    after_act.note(request, case, move, after_act.result(case, page, now), way, now)
    if way.back:
        return HttpResponseRedirect(way.url)
    try:
        dossier.case_for(request.user, case.number, now)
    except Case.DoesNotExist:
        return HttpResponseRedirect(reverse("desk:today"))
    return HttpResponseRedirect(case.get_absolute_url())


def crumbs_to(case: Case, way: WayBack = THE_LEDGER) -> dict[str, Any]:
    """Return the pages above a page about one case, as context; forms about a confidential one are
    not kept in the browser.
    """
    crumbs = [(way.label, way.url), (case.number, case.get_absolute_url() + way.query)]
    return {"unkept": case.is_confidential, "crumbs": crumbs}
