"""A person without a phone uses a code at a desk: an officer enters what they want.

The code is typed once; for half an hour a cookie of this officer alone remembers it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan import languages
from bihuan.core import codes as code_rules
from bihuan.core.refusal import NotAllowed, Refusal
from bihuan.orgs.http import SignedInRequest
from bihuan.portal import amending, at_desk, guard, moves, story, tokens, wording
from bihuan.portal.at_desk import Done
from bihuan.portal.forms.track import DeskCodeForm, ReplaceForm
from bihuan.portal.moves import OF_PARTY
from bihuan.portal.queries import track as queries
from bihuan.portal.queries.track import Holder
from bihuan.portal.views import receipt
from bihuan.portal.wording import Words
from bihuan.receipts import codes, held, sides
from bihuan.receipts.actions import desk_codes
from bihuan.web.cookies import let_forget, let_keep
from bihuan.web.forms import DataForm

COOKIE, COOKIE_PATH = "bihuan_desk_code", "/desk/with-code/"
LASTS = timedelta(minutes=30)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: SignedInRequest) -> HttpResponse:
    """Enter the code on the slip; one that is excluded at this desk looks like an unknown one."""
    now = timezone.now()
    form = DeskCodeForm(request.POST or None)
    if form.is_valid():
        try:
            guard.require_guess(request, now)
            found = queries.find(form.cleaned_data["code"])
            if found.code is not None:
                desk_codes.enter_at_desk(code=found.code, actor=request.user, now=now)
                return _kept(redirect("portal:with-code-case"), request, found.code)
            if found.spent is not None and _may_replace(request, found.spent, now):
                return _kept(redirect("portal:with-code-replace"), request, found.spent)
            if not found.is_disposed:
                guard.note_guess(form.cleaned_data["code"], request, now)
            form.add_error("code", _not_kept() if found.is_disposed else _nothing())
        except NotAllowed:
            form.add_error("code", _nothing())
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
    context = {
        "form": form,
        "heading": _("Use a tracking code at the desk"),
        "intro": _(
            "For people who are here with a slip and have no telephone. The person sees at which "
            "desk the code was entered. Requests that end or weaken the matter are first "
            "confirmed by a higher office."
        ),
        "submit": _("Open case"),
        "cancel_url": "/desk/",
        "unkept": True,
    }
    return render(request, "web/form_page.html", context)


def _not_kept() -> str:
    return _("The report with this code is no longer kept: its retention period has ended.")


def _nothing() -> str:
    return _("There is no report with this code, or it cannot be used at this desk.")


def _kept(response: HttpResponse, request: SignedInRequest, code: int) -> HttpResponse:
    signed = signing.dumps([code, request.user.pk], salt=COOKIE)
    return let_keep(response, COOKIE, signed, path=COOKIE_PATH, lasts=LASTS)


def _holder(request: SignedInRequest, now: datetime) -> Holder | None:
    try:
        code, member = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=LASTS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    who = queries.holder(code) if member == request.user.pk else None
    if who is not None:
        try:
            desk_codes.require_desk(who.row, request.user, now)
        except NotAllowed:
            return None
    return who


@require_POST
def leave(request: SignedInRequest) -> HttpResponse:
    """End the session of the person at this desk; nothing of it remains."""
    return let_forget(redirect("portal:with-code"), COOKIE, path=COOKIE_PATH)


# -------------------------------------------------------------------- the case
@require_safe
def case(request: SignedInRequest) -> HttpResponse:
    """Show the state and the messages, to be read out; and what the person may do."""
    now = timezone.now()
    who = _holder(request, now)
    if who is None or not who.must_renew:
        return redirect("portal:with-code")
    shown = queries.view(who, now)
    told = story.told(who, shown, now)
    acts = moves.open_now(who, now, is_sealed=shown.is_sealed, is_rated=shown.is_rated)
    links = [(act.name, act.label) for act in acts]
    if told.party:
        links += [(f"{OF_PARTY}{o.page.move}", o.page.label) for o in told.party.offers]
    context = {
        "case": who.case,
        "stage": wording.stage(shown.case),
        "story": told,
        "links": links,
        "held": [
            (held.label(row.act), row.held_at)
            for row in desk_codes.waiting(who.case)
            if row.code_id == who.code
        ],
        "told": amending.told(who),
        "against": amending.against(),
        "heading": _("In the presence of the person"),
        "now": now,
    }
    return render(request, "portal/at_desk/case.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: SignedInRequest, name: str) -> HttpResponse:
    """Enter one act for the person."""
    now = timezone.now()
    who = _holder(request, now)
    if who is None or not who.must_renew:
        return redirect("portal:with-code")
    entry = _entry(request, who, name, now)
    form = entry.form
    if form.is_bound:
        key = tokens.read(request.POST.get("form", ""), _bound(request, who))
        if key is None or key.is_expired(now):
            form.add_error(None, wording.OLD_PAGE)
        if key is not None and form.is_valid():
            try:
                done = entry.enter(key.key)
            except Refusal as refusal:
                form.add_error(None, wording.not_recorded(who.case, refusal))
            else:
                return _answer(request, done, now)
    context = {
        "form": form,
        "token": tokens.new(now, _bound(request, who)),
        "heading": entry.label,
        "crumbs": [
            (_("Code at the desk"), reverse("portal:with-code")),
            (_("In the presence of the person"), reverse("portal:with-code-case")),
        ],
        "consequences": entry.consequences,
        "text": entry.text,
        "submit": entry.label,
    }
    return render(request, "portal/at_desk/act.html", context)


@dataclass(frozen=True)
class Entry:
    """What the officer enters: the form, what the page says, and the act."""

    form: DataForm[object]
    label: Words
    consequences: Sequence[Words]
    enter: Callable[[str], Done]
    # The text to be read out where the person accepts or refuses it.
    text: str = ""


def _entry(request: SignedInRequest, who: Holder, name: str, now: datetime) -> Entry:
    data = request.POST if request.method == "POST" else None
    if name.startswith(OF_PARTY):
        return _of_party(request, who, name.removeprefix(OF_PARTY), data, now)
    doing = moves.named(name)
    if doing is None or (data is None and doing.about and doing.about(who) is None):
        raise Http404
    doing = moves.fitted(doing, who.case.kind)
    filled = doing.fill_in(None, data, initial=doing.filled(who))
    filled.form.fields.pop("photos", None)
    told = [_HELD] if doing.may_weaken and name in moves.ACTS else []
    return Entry(
        filled.form,
        doing.label,
        [*doing.consequences, *told],
        lambda key: at_desk.enter(
            who=who, act=doing, filled=filled, form_key=key, actor=request.user, now=now
        ),
    )


def _of_party(
    request: SignedInRequest, who: Holder, move: str, data: QueryDict | None, now: datetime
) -> Entry:
    """Return what is entered for one of several parties: what it may do now, or what was sent."""
    pages = sides.parties_of(who.case.kind)
    page = pages.moves.get(move) if pages else None
    if pages is None or page is None:
        raise Http404
    shown = pages.view(case=who.case, slot=who.slot, now=now)
    blank = next((offer.form for offer in shown.offers if offer.page is page), None)
    filled = page.fill_in(data)
    form = filled.form if data is not None else blank
    if form is None:
        raise Http404
    told = [page.what, _HELD_OF_PARTY if page.is_binding else ""]
    return Entry(
        form,
        page.label,
        [words for words in told if words],
        lambda key: at_desk.enter_for_party(
            who=who, page=page, filled=filled, actor=request.user, now=now
        ),
        shown.words if page.is_about_text else "",
    )


# What the officer tells the person beforehand if the act may need confirmation.
_HELD = gettext_lazy(
    "Requests that end or weaken the matter take effect once a higher office has asked the person."
)
_HELD_OF_PARTY = gettext_lazy("This takes effect once a higher office has asked the person.")


def _answer(request: SignedInRequest, done: Done, now: datetime) -> HttpResponse:
    if done.taken is not None:
        return receipt.page(request, done.taken, now)
    messages.success(
        request,
        _("Recorded. A higher office first asks the person; it is not yet in effect.")
        if done.is_held
        else _("Recorded."),
    )
    return HttpResponseRedirect(COOKIE_PATH + "case/")


def _bound(request: SignedInRequest, who: Holder) -> str:
    return f"/desk/{who.code}/{who.renewals}/{request.user.pk}"


# ------------------------------------------------------------------ replacement
def _may_replace(request: SignedInRequest, code: int, now: datetime) -> bool:
    who = queries.holder(code)
    return who is not None and desk_codes.may_replace(code=code, actor=request.user, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: SignedInRequest) -> HttpResponse:
    """Replace a code that someone else renewed, for the holder of this slip."""
    now = timezone.now()
    who = _holder(request, now)
    if who is None or not _may_replace(request, who.code, now):
        return redirect("portal:with-code")
    form = ReplaceForm(request.POST or None)
    key = tokens.read(request.POST.get("form", ""), _bound(request, who))
    if form.is_valid() and key is not None and not key.is_expired(now):
        try:
            code = desk_codes.replace(
                code=who.code,
                form_key=key.key,
                actor=request.user,
                now=now,
                note=form.cleaned_data["note"],
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            given = {
                "code": code_rules.written(code),
                "phrase": codes.phrase(code, languages.current()),
                "heading": _("Another code for the person"),
            }
            return render(request, "portal/at_desk/given.html", given)
    context = {
        "form": form,
        "token": tokens.new(now, _bound(request, who)),
        "heading": _("Another code for the person"),
        "consequences": [
            _("The code on this slip has been replaced by a new one."),
            _("Only if the person is here with the slip and denies replacing the code."),
            _("The replaced code is no longer valid after that. The person sees your unit."),
        ],
        "submit": _("Give another code"),
    }
    return render(request, "portal/at_desk/act.html", context)
