"""One act on many cases of the ledger: choose, carry out, and read the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.core.numerals import whole
from bihuan.desk import batching, dossier, effects, listing, ordering
from bihuan.desk.actions import batches
from bihuan.desk.actions.batches import Chosen, Order
from bihuan.desk.batching import BatchAct, Sorted
from bihuan.desk.forms import MoveForm
from bihuan.desk.listing import Filters
from bihuan.desk.models import Batch, BatchItem
from bihuan.desk.pages import EACH, Proposed
from bihuan.desk.way_back import LEDGER, LONGEST, WayBack
from bihuan.orgs.forms import PostField
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Post

MOST = 300  # cases of one batch
MOST_WITH_PHOTOS = 20  # whose photos are viewed on one page
EVERY = "all"
State = BatchItem.State


@dataclass(frozen=True)
class Selection:
    """The cases that were chosen in the ledger, and the way back to it."""

    cases: list[Case]
    back: WayBack
    # More cases match than can be chosen at once.
    is_cut: bool

    @classmethod
    def of(cls, request: SignedInRequest, now: datetime, most: int = MOST) -> Selection:
        data = request.POST if request.method == "POST" else request.GET
        query = data.get("query", "").replace("\x00", "")[:LONGEST]
        numbers = _matching(request, query, now, most + 1) if data.get(EVERY) else _numbers(data)
        cases = batching.chosen(request.user, numbers[:most], now)
        found = {case.number: case for case in cases}
        ordered = [found[number] for number in numbers[:most] if number in found]
        return cls(ordered, WayBack(query or LEDGER), len(numbers) > most)


def _numbers(data: QueryDict) -> list[str]:
    """Return the numbers that were ticked in the ledger, or all that the form of a plan listed."""
    return list(dict.fromkeys(data.getlist("listed") or data.getlist("case")))


def _matching(request: SignedInRequest, query: str, now: datetime, most: int) -> list[str]:
    """Return what the filters of the ledger select, on all of its pages, in its order."""
    filters = Filters.of(dict(parse_qsl(query)))
    cases = ordering.sorted_by(listing.narrowed(request.user, filters, now), filters.order)
    return list(cases.values_list("number", flat=True)[:most])


# ------------------------------------------------------------------------ choosing
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedInRequest, act: str) -> HttpResponse:
    """Show which of the chosen cases allow the act, with one plan; then carry it out."""
    now, known = timezone.now(), batching.BY_NAME.get(act)
    if known is None:
        raise Http404
    if (before := _ordered(request)) is not None:
        return redirect("desk:batch-report", before.pk)
    selection = Selection.of(request, now)
    if not selection.cases:
        return redirect(selection.back.url)
    found = batching.sort_out(act, selection.cases, request.user, now)
    if found.move is None:
        return render(request, "desk/batch.html", _context(known, selection, found))
    page = found.move.page
    filled = page.fill_in(request.POST or None, case=None, user=request.user, now=now)
    proposed = found.move.propose(found.able[:MOST], request.user, now)
    earlier = dict.fromkeys(each.number for each in proposed.values() if each.number)
    filled.form.plan_for(found.able, [*earlier])
    warnings: list[tuple[Case, str]] = []
    if filled.form.is_valid():
        ticked = _ticked(request.POST, found.able)
        field = filled.form.fields.get("post")
        posts = field.offered if isinstance(field, PostField) else {}
        warnings = _warnings(found, ticked, request.POST, posts)
        if ticked and (request.POST.get("sure") or not warnings):
            return _carry_out(request, act, selection.back, ticked, now)
    context = {
        **_context(known, selection, found),
        **_plan(request, found, filled.form, proposed, now),
        "warnings": warnings,
        "is_empty": filled.form.is_bound and not _ticked(request.POST, found.able),
    }
    return render(request, "desk/batch.html", context)


def _context(act: BatchAct, selection: Selection, found: Sorted) -> dict[str, Any]:
    return {
        "act": act,
        "heading": _("%(act)s: many cases") % {"act": act.label},
        "left_out": found.left_out,
        "is_cut": selection.is_cut,
        "most": MOST,
        "query": "" if selection.back.back == LEDGER else selection.back.back,
        "back_url": selection.back.url,
        "back_label": selection.back.label,
        "cancel_url": selection.back.url,
    }


def _plan(
    request: SignedInRequest,
    found: Sorted,
    form: MoveForm[object],
    proposed: Mapping[str, Proposed],
    now: datetime,
) -> dict[str, Any]:
    """Return the cases as the form lists them, and the fields of the plan."""
    assert found.move is not None
    most = MOST_WITH_PHOTOS if found.move.shows_fix else MOST
    ticked = {each.number for each in _ticked(request.POST, found.able)}
    is_ticked = form.is_bound or found.move.shows_fix
    rows = [
        {
            "case": case,
            "stage": kinds.stage_words(case.kind, case.stage),
            "is_ticked": case.number in ticked if is_ticked else True,
            "proposed": proposed.get(case.number),
            "photos": dossier.pictures(case, request.user, now) if found.move.shows_fix else None,
        }
        for case in found.able[:most]
    ]
    return {
        "rows": rows,
        "later": len(found.able) - len(rows),
        "form": form,
        "form_key": _key(request.POST.get("form_key", "")) or uuid4(),
        "shows_fix": found.move.shows_fix,
        "effects": effects.of_each(
            found.able[0],
            found.move.page,
            kinds.by_name(found.kind).lifecycle.transition(found.move.move),
            now,
        ),
        "danger": found.move.page.danger,
        "submit": _("%(act)s (all that are ticked)") % {"act": found.move.page.label},
    }


def _ticked(data: QueryDict, able: Iterable[Case]) -> list[Chosen]:
    """Return the ticked cases, each as the officer saw it."""
    known = {case.number for case in able}
    chosen: dict[str, Chosen] = {}
    for each in data.getlist("case"):
        number, _at, version = each.partition("@")
        if number in known:
            seen = data.get(f"seen-{number}", "")
            chosen[number] = Chosen(number, whole(version) or 0, seen)
    return list(chosen.values())


def _warnings(
    found: Sorted, ticked: list[Chosen], data: QueryDict, posts: Mapping[int, Post]
) -> list[tuple[Case, str]]:
    """Return what should be confirmed; only about posts that the officer may choose."""
    assert found.move is not None
    chosen = whole(data.get("post", ""))
    each_post = {
        each.number: chosen or whole(data.get(f"post{EACH}{each.number}", "")) for each in ticked
    }
    said = (
        (case, str(found.move.warn(case, posts.get(each_post[case.number] or 0))))
        for case in found.able
        if case.number in each_post
    )
    return [(case, warning) for case, warning in said if warning]


def _carry_out(
    request: SignedInRequest, act: str, back: WayBack, ticked: list[Chosen], now: datetime
) -> HttpResponseRedirect:
    plan = request.POST.copy()
    for name in list(plan):
        if name in ("case", "csrfmiddlewaretoken", "query", EVERY) or name.startswith("seen-"):
            del plan[name]
    order = Order(
        act=act,
        plan=plan.urlencode(),
        language=get_language() or "",
        back=back.back,
        form_key=_key(request.POST.get("form_key", "")) or uuid4(),
        chosen=ticked,
    )
    batch = batches.order(order=order, actor=request.user, now=now)
    if batch.ended_at is None:
        batching.carry_out(batch, now, most=batching.AT_ONCE)
    return redirect("desk:batch-report", batch.pk)


def _ordered(request: SignedInRequest) -> Batch | None:
    """Return the batch of a form that was sent before."""
    key = _key(request.POST.get("form_key", ""))
    return Batch.objects.filter(member=request.user, form_key=key).first() if key else None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# ------------------------------------------------------------------------- report
@require_safe
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what was done, and what was refused and why; until then, the progress."""
    batch = get_object_or_404(Batch, pk=pk, member=request.user)
    items, now = list(batch.items.order_by("pk")), timezone.now()
    titles = dict(
        batching.chosen(request.user, [item.number for item in items], now)
        .values_list("number", "title")
    )  # fmt: skip
    by_state = {
        state: [(i, titles.get(i.number, "")) for i in items if i.state == state] for state in State
    }
    waiting = len(by_state[State.WAITING]) + len(by_state[State.UNDOING])
    way = WayBack(batch.back)
    context = {
        "batch": batch,
        "act": batching.BY_NAME[batch.act],
        "heading": _("Report: %(act)s") % {"act": batching.BY_NAME[batch.act].label},
        "refused": by_state[State.REFUSED],
        "done": by_state[State.DONE],
        "undone": by_state[State.UNDONE],
        "undoable": batching.undoable(batch, items, now),
        "waiting": waiting,
        "total": len(items),
        "over": len(items) - waiting,
        "back_url": way.url,
        "back_label": way.label,
    }
    again = request.headers.get("HX-Request") == "true"
    if again and batch.ended_at is not None:
        response = HttpResponse(headers={"HX-Refresh": "true"})
    else:
        template = "desk/batch_progress.html" if again else "desk/batch_report.html"
        response = render(request, template, context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


@require_POST
def undo(request: SignedInRequest, pk: int) -> HttpResponseRedirect:
    """Undo what can still be undone of a batch, each case as its own act."""
    batch = get_object_or_404(Batch, pk=pk, member=request.user)
    batching.undo(batch, timezone.now())
    return redirect("desk:batch-report", batch.pk)
