"""The register, one breach, its statements, and documents to print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.breaches import letter, queries, wording
from bihuan.breaches.actions import registration, statements
from bihuan.breaches.forms import FORMS, CorrectForm, FoundForm, StrikeForm
from bihuan.breaches.models import Breach, Step
from bihuan.clocks.models import Clock
from bihuan.core.breach import BreachAct, Known
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.files import attachments
from bihuan.files.queries import attached_to
from bihuan.orgs.choices import name_of
from bihuan.orgs.http import SignedInRequest
from bihuan.web import paging

ACTIONS: Mapping[BreachAct, Callable[..., Breach]] = {
    BreachAct.CONTAIN: statements.contain,
    BreachAct.GRADE: statements.grade,
    BreachAct.TELL: statements.tell,
    BreachAct.TELL_PERSONS: statements.tell_persons,
    BreachAct.SPARE_PERSONS: statements.spare_persons,
    BreachAct.ADD: statements.add,
    BreachAct.ASK_CHECK: statements.ask_check,
    BreachAct.SEND_BACK: statements.send_back,
    BreachAct.CLOSE: statements.close,
    BreachAct.REOPEN: statements.reopen,
}


# ------------------------------------------------------------------ the register
@require_safe
@never_cache
def register(request: SignedInRequest) -> HttpResponse:
    """List all breaches, newest first: open ones, closed ones, or both."""
    now = timezone.now()
    if not queries.reads_any(request.user, now):
        raise Http404
    chosen = request.GET.get("state", "open")
    found = queries.visible_to(request.user, now).select_related("unit")
    if chosen == "closed":
        found = found.filter(stage=Breach.Stage.CLOSED)
    elif chosen != "all":
        chosen, found = "open", found.exclude(stage=Breach.Stage.CLOSED)
    page = paging.requested(request, found)
    clocks = queries.clocks_of(page.rows)
    tabs = (("open", _("Open")), ("closed", _("Closed")), ("all", pgettext("breaches", "All")))
    context = {
        "rows": [
            (row, name_of(row.unit), _shown_clock(clocks.get(row.pk), now)) for row in page.rows
        ],
        "tabs": [(f"?state={name}", label, name == chosen) for name, label in tabs],
        **page.links(f"state={chosen}"),
        "may_record": queries.keeps_any(request.user, now),
        "is_filtered": chosen != "all",
    }
    return render(request, "breaches/register.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def record(request: SignedInRequest) -> HttpResponse:
    """Record a breach; what is not known yet is completed later."""
    now = timezone.now()
    if not queries.keeps_any(request.user, now):
        raise Http404
    form = FoundForm(request.POST or None, user=request.user, now=now)
    if form.is_valid():
        try:
            made = registration.record_breach(
                unit=form.cleaned_data["unit"],
                found=form.found(),
                grade=form.cleaned_data["grade"],
                actor=request.user,
                now=now,
                form_key=form.mark(str(request.user.pk)),
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("Recorded as %(number)s.") % {"number": made.number})
            return redirect("breaches:breach", made.number)
    context = {
        "form": form,
        "heading": _("Record data breach"),
        "intro": _(
            "Stop the leak first. Then record it here, even if little is known: the time limit "
            "runs from discovery, not from recording."
        ),
        "submit": _("Record"),
        "cancel_url": reverse("breaches:breaches"),
    }
    return render(request, "web/form_page.html", context)


# --------------------------------------------------------------------- one breach
def _seen(request: SignedInRequest, number: str, now: datetime) -> Breach:
    """Return a breach that this officer may see; else 404."""
    seen = queries.visible_to(request.user, now).select_related("unit", "recorded_by", "asked_by")
    return get_object_or_404(seen, number=number)


def _to_state(request: SignedInRequest, number: str, act: BreachAct, now: datetime) -> Breach:
    """Return a breach about which this officer may make that statement; else 404."""
    if act not in statements.OF_THE_CHECK:
        return _kept(request, number, now)
    found = _seen(request, number, now)
    if queries.checks_as(request.user, found, now) is None:
        raise Http404
    return found


def _kept(request: SignedInRequest, number: str, now: datetime) -> Breach:
    """Return a breach about which this officer may make statements; else 404."""
    return get_object_or_404(
        queries.kept_by(request.user, now).select_related("unit"), number=number
    )


@dataclass(frozen=True)
class Button:
    """A statement that this officer may make now."""

    url: str
    label: str


@require_safe
@never_cache
def breach(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one breach: the next step, its deadline, and everything that was stated."""
    now = timezone.now()
    found = _seen(request, number, now)
    known = queries.known(found)
    versions = list(found.particulars.select_related("made_by").order_by("-pk"))
    may_state = queries.may_state(request.user, found, now)
    own = found.asked_by_id == request.user.pk
    checks_as = queries.checks_as(request.user, found, now)
    first, others = _buttons(found, known, own, checks_as) if checks_as else (None, [])
    reads = queries.reads_any(request.user, now)
    context = {
        "breach": found,
        "unit": name_of(found.unit),
        "said": versions[0],
        "kinds": wording.kinds(versions[0].kinds),
        "people": wording.people(versions[0].people),
        "cases": queries.cases_of(versions[0], request.user, now),
        "earlier": [
            (each, wording.kinds(each.kinds), wording.people(each.people)) for each in versions[1:]
        ],
        "first_button": first,
        "buttons": others,
        "to_do": [] if known.is_closed else [wording.TO_DO[lack][0] for lack in known.lacks],
        "untold": [] if known.is_closed else wording.untold(known),
        "waits_for": wording.CHECKED_BY[queries.checked_by(found, now)],
        "is_handed_in": known.is_handed_in,
        "clocks": [_shown_clock(each, now) for each in found.clocks.order_by("-pk")],
        "steps": list(queries.steps_of(found).reverse()),
        "may_strike": may_state and known.allows(BreachAct.STRIKE),
        "strikable": statements.STRIKABLE,
        "attachments": attachments.of(found.subject, request.user, now),
        "back_url": reverse("breaches:breaches") if reads else reverse("desk:today"),
        "back_label": _("Data breaches") if reads else _("Today"),
    }
    return render(request, "breaches/breach.html", context)


def _shown_clock(clock: Clock | None, now: datetime) -> dict[str, Any] | None:
    if clock is None:
        return None
    words, tone = wording.countdown(clock, now), wording.tone(clock, now)
    return {"clock": clock, "words": words, "tone": tone, **wording.rule_of(clock)}


def _buttons(
    breach: Breach, known: Known, own: bool, checks_as: Power
) -> tuple[Button | None, list[Button]]:
    """Return the next step as the one primary button, and the other possible statements.

    A substitute for a second administrator may only make the statements of the review.
    """
    acts = [
        act for act in (*wording.DO,) if known.allows(act) and not (own and act is BreachAct.CLOSE)
    ]
    if checks_as is not queries.KEEPER:
        acts = [act for act in acts if act in statements.OF_THE_CHECK]
    if known.lacks and BreachAct.ASK_CHECK in acts:
        acts.remove(BreachAct.ASK_CHECK)
    preferred = [wording.TO_DO[lack][1] for lack in known.lacks] + [
        BreachAct.ASK_CHECK,
        BreachAct.CLOSE,
    ]
    first = None if known.is_closed else next((act for act in preferred if act in acts), None)
    others = [_button(breach, act) for act in acts if act is not first]
    return (_button(breach, first) if first else None), others


def _button(breach: Breach, act: BreachAct) -> Button:
    if act is BreachAct.CORRECT:
        return Button(
            reverse("breaches:correct-breach", args=[breach.number]), str(wording.DO[act])
        )
    return Button(reverse("breaches:state-breach", args=[breach.number, act]), str(wording.DO[act]))


# --------------------------------------------------------------------- statements
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def state(request: SignedInRequest, number: str, act: str) -> HttpResponse:
    """Make one statement, with its own short form."""
    now = timezone.now()
    if act not in ACTIONS:
        raise Http404
    chosen = BreachAct(act)
    found = _to_state(request, number, chosen, now)
    known = queries.known(found)
    form = FORMS[chosen](request.POST or None, breach=found, known=known, now=now)
    mark = form.mark(number, chosen, str(request.user.pk))
    # The form's choices depend on the breach's state, which this form has already changed.
    if statements.has_stated(mark) or (
        form.is_valid()
        and _done(
            form,
            lambda: ACTIONS[chosen](
                breach=found, actor=request.user, now=now, form_key=mark, **form.arguments()
            ),
        )
    ):
        return _back_to(request, found, now)
    consequences = wording.CONSEQUENCES.get(chosen, ())
    context = _form_context(form, found, str(wording.DO[chosen])) | {"consequences": consequences}
    if chosen is BreachAct.TELL_PERSONS:
        context["notice_url"] = reverse("breaches:breach-notice", args=[number])
    return render(request, "breaches/state.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correct(request: SignedInRequest, number: str) -> HttpResponse:
    """Correct the details; earlier versions stay readable."""
    now = timezone.now()
    found = _kept(request, number, now)
    particulars = queries.particulars_of(found)
    form = CorrectForm(request.POST or None, particulars=particulars, user=request.user, now=now)
    if form.is_valid() and _done(
        form,
        lambda: registration.correct(
            breach=found,
            found=form.found(),
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=now,
            form_key=form.mark(number, BreachAct.CORRECT, str(request.user.pk)),
        ),
    ):
        return redirect("breaches:breach", number)
    context = _form_context(form, found, str(wording.DO[BreachAct.CORRECT]))
    return render(request, "breaches/state.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def strike(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Mark a wrong statement as void: it stays readable but no longer counts."""
    now = timezone.now()
    found = _kept(request, number, now)
    step = get_object_or_404(
        Step.objects.select_related("breach"), pk=pk, breach=found, act__in=statements.STRIKABLE
    )
    form = StrikeForm(request.POST or None)
    if form.is_valid() and _done(
        form,
        lambda: statements.strike(
            step=step,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=now,
            form_key=form.mark(str(pk), BreachAct.STRIKE, str(request.user.pk)),
        ),
    ):
        return redirect("breaches:breach", number)
    context = _form_context(form, found, _("Void an entry")) | {
        "step": step,
        "consequences": [
            _("It stays on the record, marked as void, with your reason."),
            _(
                "It no longer counts: if it stopped the time limit, the limit runs again from "
                "its start."
            ),
        ],
    }
    return render(request, "breaches/state.html", context)


def _back_to(request: SignedInRequest, breach: Breach, now: datetime) -> HttpResponse:
    """Redirect to the breach, or to the list if the officer no longer sees it after returning
    it.
    """
    if queries.visible_to(request.user, now).filter(pk=breach.pk).exists():
        return redirect("breaches:breach", breach.number)
    messages.success(request, _("Recorded."))
    return redirect("desk:today")


def _done(form: forms.Form, act: Callable[[], Breach]) -> bool:
    """Whether the action succeeded; if not, the form shows why."""
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, wording.explain(refusal))
        return False
    return True


def _form_context(form: forms.Form, breach: Breach, heading: str) -> dict[str, Any]:
    here = reverse("breaches:breach", args=[breach.number])
    return {
        "form": form,
        "heading": heading,
        "submit": heading,
        "cancel_url": here,
        "crumbs": [(_("Data breaches"), reverse("breaches:breaches")), (breach.number, here)],
    }


# ------------------------------------------------------------------------- papers
@require_safe
@never_cache
def sheet(request: SignedInRequest, number: str) -> HttpResponse:
    """Show the report to the authority, with what the law requires, to print and sign."""
    now = timezone.now()
    found = _seen(request, number, now)
    particulars = queries.particulars_of(found)
    standing = queries.standing_steps(found)
    notifications = (Step.Act.TELL, Step.Act.TELL_PERSONS, Step.Act.SPARE_PERSONS)
    context = {
        "breach": found,
        "unit": name_of(found.unit),
        "said": particulars,
        "kinds": wording.kinds(particulars.kinds),
        "people": wording.people(particulars.people),
        "remedies": letter.remedies(found),
        "told": list(standing.filter(act__in=notifications)),
        "clock": _shown_clock(found.clocks.order_by("-pk").first(), now),
        "cases": queries.cases_of(particulars, request.user, now),
        "attached": attached_to(found.subject),
        "now": now,
    }
    return render(request, "breaches/sheet.html", context)


@require_safe
@never_cache
def notice(request: SignedInRequest, number: str) -> HttpResponse:
    """Show the text for the people affected, to be copied."""
    now = timezone.now()
    found = _seen(request, number, now)
    particulars = queries.particulars_of(found)
    items = letter.items(found, particulars)
    context = {
        "breach": found,
        "text": letter.notice(found, particulars),
        "missing": [item.label for item in items if not item.text],
        "heading": _("Notice to the people affected"),
        "crumbs": [
            (_("Data breaches"), reverse("breaches:breaches")),
            (number, reverse("breaches:breach", args=[number])),
        ],
    }
    return render(request, "breaches/notice.html", context)
