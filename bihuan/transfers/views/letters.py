"""One letter: drafted from a case, shown, printed, and its acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases import queries as cases
from bihuan.cases.models import Case
from bihuan.cases.queries import FROM_PUBLIC
from bihuan.clocks.queries import latest_of
from bihuan.core.refusal import Refusal
from bihuan.files import attachments
from bihuan.files.media import neutral_name
from bihuan.files.views import serve
from bihuan.orgs.http import SignedInRequest
from bihuan.transfers import hooks, queries, wording
from bihuan.transfers.actions import letters
from bihuan.transfers.acts import TRANSITIONS, Act, Stage
from bihuan.transfers.forms import AnswerForm, ContentForm, IssueForm, ReasonForm, ReceiveForm
from bihuan.transfers.models import Letter
from bihuan.web import timeline


def seen(request: SignedInRequest, pk: int, now: datetime) -> Letter:
    """Return a letter that the officer sees; else 404."""
    return get_object_or_404(queries.visible_to(request.user, now), pk=pk)


def _case(request: SignedInRequest, number: str, now: datetime) -> Case | None:
    """Return the case of a letter if the officer may see it."""
    try:
        return cases.case_for(request.user, number, now)
    except Case.DoesNotExist:
        return None


# --------------------------------------------------------------------------- draft
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def draft(request: SignedInRequest, number: str) -> HttpResponse:
    """Write a letter from a case; the form begins with what the case says."""
    now = timezone.now()
    case = _case(request, number, now)
    if case is None or not queries.may_draft(request.user, case, now):
        raise Http404
    begun = hooks.begin(case)
    first = {"title": begun.title, "place": begun.place, "basis": begun.basis}
    if case.channel not in FROM_PUBLIC:
        first["found"] = begun.found
    form = ContentForm(_sent(request), case=case, now=now, initial=first)
    if form.is_valid():
        try:
            letter = letters.draft(
                case=case,
                content=form.content(),
                actor=request.user,
                now=now,
                form_key=form.mark(number, str(request.user.pk)),
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Saved as a draft. Another officer issues it."))
            return redirect(letter)
    context = {
        "form": form,
        "heading": _("Draft a transfer letter"),
        "submit": _("Save draft"),
        "intro": _(
            "Unlawful activity at a place goes to the competent body by letter. The file of its "
            "enforcement stays with that body."
        ),
        "crumbs": [(case.number, case.get_absolute_url())],
        "cancel_url": case.get_absolute_url(),
    }
    return render(request, "web/form_page.html", context)


def _change(request: SignedInRequest, letter: Letter, now: datetime) -> HttpResponse:
    case = _case(request, letter.case_number, now)
    if case is None:
        raise Http404
    chosen = set(letter.enclosures.values_list("file", flat=True))
    photos = [str(row.pk) for row in queries.photos_of(case) if row.file_id in chosen]
    first = {name: getattr(letter, name) for name in ("to_name", *letters.WORDS, "papers")}
    first |= {"to_unit": letter.to_unit_id, "photos": photos}
    form = ContentForm(_sent(request), case=case, now=now, initial=first)
    return _page(
        request,
        letter,
        Act.CHANGE,
        form,
        lambda: letters.change(
            letter=letter, case=case, content=form.content(), actor=request.user, now=now
        ),
    )


# ---------------------------------------------------------------------------- acts
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def act(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Show the form of an act, and carry it out; what is not open now leads to the letter."""
    now = timezone.now()
    letter = seen(request, pk, now)
    if name not in TRANSITIONS or not queries.may(request.user, letter, Act(name), now):
        raise Http404
    here = Act(name)
    if here not in queries.open_acts(request.user, letter, now):
        return _not_now(request, letter, here)
    return _ACTS[here](request, letter, now)


def _not_now(request: SignedInRequest, letter: Letter, here: Act) -> HttpResponse:
    """Lead back to the letter, and say why if the officer wrote it."""
    if here is Act.ISSUE and letter.is_draft:
        messages.warning(request, _("Another officer issues the letter, not the one who wrote it."))
    else:
        messages.info(request, _("The letter has moved on meanwhile."))
    return redirect(letter)


def _issue(request: SignedInRequest, letter: Letter, now: datetime) -> HttpResponse:
    form = IssueForm(_sent(request))
    return _page(
        request, letter, Act.ISSUE, form,
        lambda: letters.issue(letter=letter, actor=request.user, now=now),
    )  # fmt: skip


def _receive(request: SignedInRequest, letter: Letter, now: datetime) -> HttpResponse:
    form = ReceiveForm(_sent(request), now=now, initial={"received_date": timezone.localdate(now)})
    return _page(
        request, letter, Act.RECEIVE, form,
        lambda: letters.receive(
            letter=letter, actor=request.user, now=now, **form.arguments()
        ),
    )  # fmt: skip


def _answer(request: SignedInRequest, letter: Letter, now: datetime) -> HttpResponse:
    form = AnswerForm(_sent(request), now=now, initial={"answer_date": timezone.localdate(now)})
    return _page(
        request, letter, Act.ANSWER, form,
        lambda: letters.answer(letter=letter, actor=request.user, now=now, **form.arguments()),
    )  # fmt: skip


def _end(by: Act) -> Callable[[SignedInRequest, Letter, datetime], HttpResponse]:
    def ended(request: SignedInRequest, letter: Letter, now: datetime) -> HttpResponse:
        form = ReasonForm(_sent(request))
        return _page(
            request, letter, by, form,
            lambda: letters.withdraw(
                letter=letter, act=by, actor=request.user, now=now, **form.arguments()
            ),
        )  # fmt: skip

    return ended


_ACTS: Mapping[Act, Callable[[SignedInRequest, Letter, datetime], HttpResponse]] = {
    Act.CHANGE: _change,
    Act.ISSUE: _issue,
    Act.DISCARD: _end(Act.DISCARD),
    Act.RECEIVE: _receive,
    Act.ANSWER: _answer,
    Act.WITHDRAW: _end(Act.WITHDRAW),
}


def _sent(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(
    request: SignedInRequest,
    letter: Letter,
    here: Act,
    form: forms.Form,
    carry_out: Callable[[], object],
) -> HttpResponse:
    """Carry the act out if the form is complete; else show it with what will happen."""
    if form.is_valid():
        try:
            carry_out()
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, str(wording.DONE[here]))
            return redirect(letter)
    consequences = wording.CONSEQUENCES.get(here, ())
    context = {
        "form": form,
        "heading": wording.DO[here],
        "submit": _("Save draft") if here is Act.CHANGE else wording.DO[here],
        "consequences": consequences,
        "danger": here in (Act.DISCARD, Act.WITHDRAW),
        "crumbs": [
            (_("Transfer letters"), reverse("transfers:letters")),
            (str(letter), letter.get_absolute_url()),
        ],
        "cancel_url": letter.get_absolute_url(),
    }
    return render(request, "web/confirm.html" if consequences else "web/form_page.html", context)


# ---------------------------------------------------------------------------- shown
@require_safe
@never_cache
def letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what the letter says, its photos, its receipt and its answer."""
    now = timezone.now()
    found = seen(request, pk, now)
    acts = queries.open_acts(request.user, found, now)
    clock = latest_of([found.subject]).get(found.subject)
    may_attach = bool(found.number) and queries.may_attach(request.user, str(found.pk), now)
    context = {
        "letter": found,
        "case": _case(request, found.case_number, now),
        "enclosures": list(found.enclosures.order_by("rank")),
        "acts": [(name, wording.DO[name]) for name in acts],
        "due": clock.due if clock and clock.stopped_at is None else None,
        "waits": found.stage == Stage.DRAFT and Act.ISSUE not in acts,
        "attachments": attachments.known(found.subject, may_add=may_attach),
        "timeline": timeline.of(found.subject),
        "now": now,
    }
    return render(request, "transfers/letter.html", context)


@require_safe
@never_cache
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the letter as an A4 page with its receipt slip."""
    now = timezone.now()
    found = seen(request, pk, now)
    clock = latest_of([found.subject]).get(found.subject)
    context = {
        "letter": found,
        "count": found.enclosures.count(),
        "papers": list(filter(None, found.papers.splitlines())),
        "due": clock.due if clock else None,
        "now": now,
    }
    return render(request, "transfers/sheet.html", context)


@require_safe
@never_cache
def photo(request: SignedInRequest, pk: int, rank: int) -> FileResponse:
    """Send an enclosed photo to an officer who sees the letter, under a neutral name."""
    found = seen(request, pk, timezone.now())
    rows = found.enclosures.select_related("file")
    row = get_object_or_404(rows, rank=rank)
    small = request.GET.get("size") == "small"
    name = neutral_name(row.file.media_type, row.rank)
    return serve(row.file, thumbnail=small, name=name, turns=row.turns)
