"""Draws by lot: the list, one draw from seed to result, and its repetition."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases import queries as cases
from bihuan.core import draw as core
from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import User
from bihuan.plans import queries, wording
from bihuan.plans.actions import draws as actions
from bihuan.plans.forms import ReasonForm
from bihuan.plans.forms.draws import ConflictForm, DrawCasesForm, DrawSitesForm, OpenForm
from bihuan.plans.models import Draw, Round
from bihuan.sheets.writer import Heading, SheetTable, write_tables
from bihuan.web import paging, timeline

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200


@require_safe
def draws(request: SignedInRequest) -> HttpResponse:
    """List every draw, also the cancelled ones, newest first."""
    now = timezone.now()
    page = paging.requested(request, queries.draws_seen_by(request.user, now))
    context = {
        "rows": page.rows,
        "keeps": queries.keeps_any(request.user, now),
        **page.links(),
    }
    return render(request, "plans/draws.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_draw(request: SignedInRequest) -> HttpResponse:
    """Open a draw: its seed is fixed before anything about the pool is known."""
    now = timezone.now()
    if not queries.keeps_any(request.user, now):
        raise Http404
    form = OpenForm(request.POST or None, user=request.user, now=now)
    if form.is_valid():
        try:
            made = actions.open_draw(
                opening=form.opening(),
                actor=request.user,
                now=now,
                form_key=form.mark(str(request.user.pk)),
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("The seed is fixed. Next, say what is drawn."))
            return redirect(made)
    context = {
        "form": form,
        "heading": _("Open a draw"),
        "submit": _("Fix the seed"),
        "cancel_url": reverse("plans:draws"),
    }
    return render(request, "web/form_page.html", context)


@require_safe
def draw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a draw: seed, pool, who and what was left out, and the result, ready to print."""
    now = timezone.now()
    found = get_object_or_404(queries.draws_seen_by(request.user, now), pk=pk)
    conflicts = found.conflicts.select_related("post__unit", "site").order_by("pk")
    context = {
        "draw": found,
        "keeps": found.cancelled_at is None and queries.may_keep(request.user, found.unit, now),
        "conflicts": list(conflicts),
        "round": Round.objects.filter(draw=found).first(),
        "timeline": timeline.of(found.subject),
        **(_protocol(found, request.user, now) if found.drawn_at else {}),
    }
    return render(request, "plans/draw.html", context)


@require_safe
def repeat(request: SignedInRequest, pk: int) -> HttpResponse:
    """Repeat the draw from its seed and the pool that was kept, and compare."""
    now = timezone.now()
    found = get_object_or_404(queries.draws_seen_by(request.user, now), pk=pk)
    if found.drawn_at is None:
        raise Http404
    again = actions.repeated(found)
    protocol = _protocol(found, request.user, now)
    context = {
        "draw": found,
        "again": [
            (key, protocol["names"].get(key, key), [protocol["posts"][each] for each in taken])
            for key, taken in again.items()
        ],
        "is_same": [[key, taken] for key, taken in again.items()] == json.loads(found.result),
        "heading": _("Repeat the draw"),
        "crumbs": _crumbs(found),
        **protocol,
    }
    return render(request, "plans/repeat.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Declare a conflict of interest before the draw."""
    now = timezone.now()
    found = _kept(request, pk, now)
    if not found.is_open:
        raise Http404
    form = ConflictForm(request.POST or None, user=request.user, draw=found, now=now)
    if form.is_valid():
        try:
            actions.declare(draw=found, actor=request.user, now=now, **form.arguments())
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Declared."))
            return redirect(found)
    context = _form(form, found, _("Declare a conflict of interest"), _("Declare"))
    return render(request, "plans/scrolled_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def conduct(request: SignedInRequest, pk: int) -> HttpResponse:
    """Draw: the pool is frozen and kept with the result."""
    now = timezone.now()
    found = _kept(request, pk, now)
    if not found.is_open:
        raise Http404
    looks_back = found.purpose == Draw.Purpose.LOOK_BACK
    of_kind = DrawCasesForm if looks_back else DrawSitesForm
    form = of_kind(request.POST or None, user=request.user, draw=found, now=now)
    if form.is_valid() and _conducted(found, form, request, now):
        messages.success(request, _("Drawn."))
        return redirect(found)
    context = _form(form, found, _("Say what is drawn"), _("Draw now"))
    context["intro"] = _(
        "The draw is made at once and is final. Nothing about the pool is shown before."
    )
    if looks_back:
        context["intro"] = _(
            "Hazards closed in the period are drawn, and each is given to a post that neither "
            "fixed nor verified it. The post goes to the place: the fix holds, with a photo, or "
            "the problem has come back and the case is reopened. The draw is final."
        )
    return render(request, "plans/scrolled_form.html", context)


def _conducted(
    found: Draw, form: DrawSitesForm | DrawCasesForm, request: SignedInRequest, now: datetime
) -> bool:
    extent, actor = form.extent(), request.user
    try:
        if isinstance(form, DrawCasesForm):
            closed = form.closed()
            actions.draw_cases(draw=found, closed=closed, extent=extent, actor=actor, now=now)
        else:
            actions.draw_sites(
                draw=found, inspecting=form.inspecting(), extent=extent, actor=actor, now=now
            )
    except Refusal as refusal:
        form.add_error(None, wording.explain(refusal))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cancel a draw, with a reason."""
    now = timezone.now()
    found = _kept(request, pk, now)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.cancel(draw=found, actor=request.user, now=now, **form.arguments())
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Cancelled."))
            return redirect(found)
    context = _form(form, found, _("Cancel a draw"), _("Cancel the draw"))
    context["intro"] = _(
        "The draw stays in the list, with your reason. Inspections that were not begun are called "
        "off."
    )
    context["danger"] = True
    return render(request, "web/form_page.html", context)


@require_safe
def export(request: SignedInRequest, pk: int) -> HttpResponse:
    """The protocol as a workbook: what was drawn, the pool, and what was left out."""
    now = timezone.now()
    found = get_object_or_404(queries.draws_seen_by(request.user, now), pk=pk)
    if found.drawn_at is None:
        raise Http404
    out = BytesIO()
    write_tables(out, list(_tables(_protocol(found, request.user, now), found)))
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="draw-{found.pk}.xlsx"'
    return response


def _tables(shown: dict[str, Any], found: Draw) -> Iterator[SheetTable]:
    code, name = Heading(_("Code"), 16), Heading(_("Name"), 32)
    why = Heading(_("Reason"), 40)
    yield SheetTable(
        pgettext("a draw", "Drawn"),
        [Heading(pgettext("a draw", "No."), 6), code, name, Heading(_("Posts"), 48)],
        (
            (at, key, title, "；".join(posts))
            for at, (key, title, posts) in enumerate(shown["drawn"], 1)
        ),
    )
    yield SheetTable(_("The pool"), [code, name, Heading(_("Tickets"), 10)], shown["candidates"])
    yield SheetTable(pgettext("a draw", "Left out"), [code, name, why], shown["left_out"])
    yield SheetTable(
        _("Conflicts of interest"),
        [code, name, Heading(_("Post"), 40), why],
        ((key, shown["names"][key], post, reason) for key, post, reason in shown["barred"]),
    )
    yield SheetTable(
        pgettext("a draw", "Seed"),
        [
            Heading(pgettext("a draw", "Seed"), 40),
            Heading("SHA-256", 70),
            Heading(pgettext("a seed", "Source"), 40),
            Heading(_("Number drawn once the pool was fixed"), 40),
            Heading(_("Digest of the pool"), 70),
            Heading(_("Seed of the tickets"), 70),
        ],
        [
            (
                found.seed,
                found.commitment,
                found.source or found.get_origin_display(),
                found.salt,
                shown["pool_digest"],
                found.lots,
            )
        ],
    )


def _protocol(found: Draw, user: User, now: datetime) -> dict[str, Any]:
    """Return what a draw kept, as its pages show it: without the titles of cases that the officer
    may not see.
    """
    pool, excluded = json.loads(found.pool), json.loads(found.excluded)
    names = {key: name for key, name, *_rest in (*pool["candidates"], *excluded["left_out"])}
    if found.purpose == Draw.Purpose.LOOK_BACK:
        seen = cases.seen_among(user, names, now)
        names = {key: name if key in seen else "" for key, name in names.items()}
    posts = dict(pool["posts"])
    result: Sequence[tuple[str, list[str]]] = json.loads(found.result)
    return {
        "conditions": json.loads(found.conditions),
        "names": names,
        "pool_digest": core.commitment(found.pool),
        "posts": posts,
        "candidates": [(key, names[key], weight) for key, _name, weight in pool["candidates"]],
        "drawn": [(key, names[key], [posts[each] for each in taken]) for key, taken in result],
        "left_out": [
            (key, names[key], str(wording.WHY[reason]))
            for key, _name, reason in excluded["left_out"]
        ],
        "barred": [
            (key, posts[post], str(wording.WHY[reason]))
            for key, barred in excluded["conflicts"].items()
            for post, reason in barred.items()
        ],
        "most": SHOWN,
    }


def _form(form: object, found: Draw, heading: str, submit: str) -> dict[str, object]:
    return {
        "form": form,
        "heading": heading,
        "submit": submit,
        "crumbs": _crumbs(found),
        "cancel_url": found.get_absolute_url(),
    }


def _crumbs(found: Draw) -> list[tuple[str, str]]:
    return [(_("Draws"), reverse("plans:draws")), (found.title, found.get_absolute_url())]


def _kept(request: SignedInRequest, pk: int, now: datetime) -> Draw:
    """Return a draw that this officer may continue; else 404."""
    found = get_object_or_404(queries.draws_seen_by(request.user, now), pk=pk)
    if found.cancelled_at is not None or not queries.may_keep(request.user, found.unit, now):
        raise Http404
    return found
