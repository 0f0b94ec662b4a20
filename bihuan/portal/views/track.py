"""Follow a report by its code: the office's own timeline, without internal entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.refusal import Refusal
from bihuan.files.actions import Checked
from bihuan.files.fields import is_busy
from bihuan.files.views import serve_neutrally
from bihuan.portal import admission, drafts, guard, moves, story, tokens, wording
from bihuan.portal.actions import reporting
from bihuan.portal.drafts import Gathered
from bihuan.portal.forms.track import ActForm, CodeForm
from bihuan.portal.guard import Tried
from bihuan.portal.middleware import LANGUAGES, remember, speak
from bihuan.portal.public_act import AnyPublicAct, Doing, FilledAct
from bihuan.portal.queries import track as queries
from bihuan.portal.queries.track import Holder
from bihuan.portal.views import receipt, renewing
from bihuan.portal.views.holding import COOKIE, COOKIE_PATH, entered, entered_by, holder_of
from bihuan.portal.views.public import public, public_act
from bihuan.portal.wording import Words
from bihuan.receipts import sides
from bihuan.receipts.actions import desk_codes, intake
from bihuan.receipts.actions import public as dialogue
from bihuan.receipts.models import Message
from bihuan.receipts.party_moves import AnyPartyMove, PartyRequest
from bihuan.web.forms import DataForm
from bihuan.web.origins import is_sent_from_elsewhere

KEY = "csrfmiddlewaretoken"
# What the page that requests the code carries on, so that nothing typed is lost.
CARRIED = ("text", "note", "solved", "stars", "move", "words", "is_shown")
PARTY = "party"
TAB = "bihuan.portal.tab"


# -------------------------------------------------------------------- the code
@public
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Request the code. A wrong one takes equally long, and gets the same response, whatever it
    was.
    """
    now = timezone.now()
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return _ask_code(request, form)
    try:
        guard.require_guess(request, now)
    except guard.TooMany as refusal:
        form.add_error(None, wording.explain(refusal))
        return _ask_code(request, form, status=429, challenge=guard.challenge(now))
    found = queries.find(form.cleaned_data["code"])
    if found.code is None and found.spent is not None:
        return renewing.spent(request, now)
    if found.is_disposed:
        return render(request, "portal/track/disposed.html")
    if found.code is None:
        guard.note_guess(form.cleaned_data["code"], request, now)
        form.add_error("code", wording.UNKNOWN_CODE)
        return _ask_code(request, form)
    return _let_in(request, found.code, now)


def _ask_code(
    request: HttpRequest,
    form: CodeForm,
    *,
    status: int = 200,
    then: str = "",
    photos: Gathered | None = None,
    missing: Sequence[Words] = (),
    words: str = "",
    challenge: str = "",
) -> HttpResponse:
    then = then or request.POST.get("then", "")
    carried = {name: request.POST[name] for name in CARRIED if name in request.POST}
    if words:
        carried["words"] = words
    if photos is None:
        photos = _carried_photos(request)
    context = {
        "form": form,
        "then": then,
        "carried": carried if then else {},
        "drafts": photos.lay_aside(),
        "challenge": challenge,
        "missing": [*missing, *wording.photos_missing(photos)],
    }
    return render(request, "portal/track/enter.html", context, status=status)


def _let_in(request: HttpRequest, code: int, now: datetime) -> HttpResponse:
    """Set a short-lived cookie that records which code was entered, and nothing else."""
    who = queries.holder(code)
    if who is not None and who.must_renew:
        return entered(redirect("portal:track-renew"), who)
    then, move = request.POST.get("then", ""), request.POST.get("move", "")
    act = moves.named(then)
    response: HttpResponse = redirect("portal:track-case")
    if who is not None and act is not None:
        act = moves.fitted(act, who.case.kind)
        form = act.fill_in(who, initial=request.POST.dict()).form
        response = _form(request, who, act, form, now, photos=_carried_photos(request, who))
    elif who is not None and then == PARTY and (page := _of_party(who, move)):
        typed = page.fill_in(initial={"words": request.POST.get("words", "")}).form
        response = _show(request, who, now, {move: typed})
    return response if who is None else entered(response, who)


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave no trace on a shared phone; another site's page cannot end the session."""
    response = redirect("portal:track")
    if not is_sent_from_elsewhere(request):
        response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")
        receipt.forget(response)
    return response


# -------------------------------------------------------------------- the case
@public
@require_safe
def case(request: HttpRequest) -> HttpResponse:
    """Show the state, the messages, and what may be done now."""
    who = entered_by(request)
    if who is None:
        return redirect("portal:track")
    if who.must_renew:
        return redirect("portal:track-renew")
    return _show(request, who, timezone.now())


@public_act("portal:track-case")
@require_POST
def party(request: HttpRequest) -> HttpResponse:
    """Handle what one of several parties does with its own code."""
    now, who = timezone.now(), holder_of(request)
    move = request.POST.get("move", "")
    if who is None:
        words = request.POST.get(f"{move}-words", "")
        return _ask_code(request, CodeForm(), then=PARTY, words=words)
    page = _of_party(who, move)
    if page is None:
        raise Http404
    filled = page.fill_in(request.POST)
    form = filled.form
    key = tokens.read(request.POST.get(KEY, ""), _bound(who))
    if key is None or key.is_expired(now):
        form.add_error(None, wording.OLD_PAGE)
    if form.is_valid():
        try:
            if page.is_binding and desk_codes.is_wary(who.row, who.case):
                name = f"{moves.OF_PARTY}{move}"
                desk_codes.hold(code=who.code, act=name, values=filled.said(), now=now)
                return _done("held")
            filled.make(PartyRequest(case=who.case, slot=who.slot, now=now))
        except Refusal as refusal:
            form.add_error(None, wording.not_recorded(who.case, refusal))
        else:
            return _done(move)
    return _show(request, who, now, {move: form})


def _of_party(who: Holder, move: str) -> AnyPartyMove | None:
    pages = sides.parties_of(who.case.kind)
    return pages.moves.get(move) if pages else None


def _show(
    request: HttpRequest,
    who: Holder,
    now: datetime,
    tried: Mapping[str, DataForm[object]] | None = None,
) -> HttpResponse:
    shown = queries.view(who, now)
    if shown.unseen:
        dialogue.seen(case=who.case, slot=who.slot, now=now)
        # A letter that is read for the first time starts what counts from its receipt.
        who = queries.holder(who.code) or who
        shown = queries.view(who, now)
    context = {
        "case": who.case,
        "story": story.told(who, shown, now, tried),
        "acts": moves.open_now(who, now, is_sealed=shown.is_sealed, is_rated=shown.is_rated),
        "done": moves.done(request.GET.get("done", "")),
        # The forms of a party carry our own key where Django's would need a lasting cookie.
        "csrf_token": tokens.new(now, _bound(who)),
        "party_action": reverse("portal:track-party"),
        "now": now,
    }
    return render(request, "portal/track/case.html", context)


@public
@require_safe
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """Send a picture of the case to the holder of its code."""
    who = holder_of(request)
    row = queries.photo(who, pk, timezone.now()) if who else None
    if row is None:
        raise Http404
    is_small = request.GET.get("size") == "small"
    return serve_neutrally(row.file, row.pk, thumbnail=is_small, turns=row.turns)


# -------------------------------------------------------------------- the acts
@public
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Show the form of one act, and carry it out."""
    doing = moves.named(name)
    if doing is None:
        raise Http404
    return _act(request, doing, None)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, question: int) -> HttpResponse:
    """Answer one question of the office."""
    return _act(request, moves.ANSWER, question)


def _act(request: HttpRequest, doing: AnyPublicAct, question: int | None) -> HttpResponse:
    now, who = timezone.now(), holder_of(request)
    if who is None and request.method != "POST":
        return redirect("portal:track")
    if who is None:
        then = moves.ADD.name if question else doing.name
        photos, missing = _chosen(request, doing, now)
        return _ask_code(request, CodeForm(), then=then, photos=photos, missing=missing)
    doing = moves.fitted(doing, who.case.kind)
    asked = queries.question(who, question) if question else None
    if request.method != "POST":
        if doing.about and doing.about(who) is None:
            raise Http404
        form = doing.fill_in(who, initial=doing.filled(who)).form
        return _form(request, who, doing, form, now, asked=asked)
    language = request.POST.get("language", "")
    if language in LANGUAGES:
        speak(request, language)
    if receipt_again := _receipt_again(request, who, now):
        return receipt_again
    if language not in LANGUAGES:
        return _do(request, who, doing, asked, now)
    filled, photos = _filled_in(request, doing, who, now)
    filled.form.forgive()
    shown = _form(request, who, doing, filled.form, now, asked=asked, photos=photos)
    return remember(shown, language)


def _receipt_again(request: HttpRequest, who: Holder, now: datetime) -> HttpResponse | None:
    """Show the receipt of a case that this form has created before: reloaded, or in another
    language.
    """
    token = request.POST.get("form", "")
    key = tokens.read(token, _bound(who))
    if key is None or key.is_expired(now):
        return None
    taken = intake.taken_before(form_key=key.key)
    if taken is None:
        return None
    typed = reporting.unsaid(taken.case, description=request.POST.get("text", ""))
    return receipt.page(request, taken, now, token=token, again=bool(typed), typed=typed)


def _chosen(
    request: HttpRequest, doing: AnyPublicAct, now: datetime
) -> tuple[Gathered, Sequence[Words]]:
    """Return the photos of a form whose half hour is over, and why others were refused."""
    filled, photos = _filled_in(request, doing, None, now)
    form = filled.form
    told = (*form.errors.get("photos", ()), *form.errors.get(NON_FIELD_ERRORS, ()))
    return photos, [str(each) for each in told]


def _filled_in(
    request: HttpRequest, doing: AnyPublicAct, who: Holder | None, now: datetime
) -> tuple[FilledAct, Gathered]:
    """Return the form with its photos; those that are not admitted are left out."""
    held_off = ""
    try:
        filled = doing.fill_in(who, request.POST, admission.admitted(request, now, who))
    except Refusal as refusal:
        filled = doing.fill_in(who, request.POST)
        held_off = wording.photos_held_off(refusal)
    photos = _photos(request, filled.form, who)
    if held_off:
        filled.form.add_error(None, held_off)
    return filled, photos


def _carried_photos(request: HttpRequest, who: Holder | None = None) -> Gathered:
    """Return the stored ones."""
    return _gathered(request, (), who)


def _gathered(request: HttpRequest, came: Sequence[Checked], who: Holder | None) -> Gathered:
    """Return the stored and the new ones; of documents those that the case takes, once its code is
    known.
    """
    kept, dropped = request.POST.getlist("kept"), request.POST.getlist("drop")
    takes = who is None or sides.takes_documents(who.case)
    return drafts.gather(kept, dropped, came, takes_documents=takes)


def _photos(request: HttpRequest, form: ActForm[object], who: Holder | None) -> Gathered:
    """Return the stored and the new ones; the form reports which are missing."""
    form.full_clean()
    photos = _gathered(request, form.cleaned_data.get("photos") or (), who)
    for text in wording.photos_missing(photos):
        form.add_error(None, str(text))
    return photos


def _do(
    request: HttpRequest, who: Holder, doing: AnyPublicAct, asked: Message | None, now: datetime
) -> HttpResponse:
    key = tokens.read(request.POST.get("form", ""), _bound(who))
    filled, photos = _filled_in(request, doing, who, now)
    form = filled.form
    if key is None or key.is_expired(now):
        form.add_error(None, wording.OLD_PAGE)
    if form.is_valid() and key is not None:
        try:
            guard.require_room_with_code(Tried.SAY, request, now, code=who.code)
            if filled.weakens() and desk_codes.is_wary(who.row, who.case):
                desk_codes.hold(code=who.code, act=doing.name, values=filled.said(), now=now)
                return _done("held", doing.page)
            made = filled.do(Doing(who, now, key.key, photos.checked(), asked))
        except Refusal as refusal:
            form.add_error(None, wording.not_recorded(who.case, refusal))
        else:
            guard.note(Tried.SAY, request, now, code=who.code)
            if made is not None:
                return receipt.page(request, made, now, token=request.POST["form"])
            return _done(doing.name, doing.page)
    return _form(request, who, doing, form, now, asked=asked, photos=photos)


def _form(
    request: HttpRequest,
    who: Holder,
    doing: AnyPublicAct,
    form: ActForm[object],
    now: datetime,
    *,
    asked: Message | None = None,
    photos: Gathered | None = None,
) -> HttpResponse:
    laid = photos.lay_aside() if photos else []
    if photos and photos.full and form.is_bound:
        form.add_error(None, str(wording.PHOTOS_FULL))
    context = {
        "case": who.case,
        "act": doing,
        "form": form,
        "question": asked,
        "about": doing.about(who) if doing.about else None,
        "token": tokens.new(now, _bound(who)),
        "tab_key": _tab_key(who, doing),
        "drafts": laid,
        "missing": wording.photos_missing(photos) if photos and not form.is_bound else [],
    }
    status = 503 if is_busy(form) else 200
    return render(request, "portal/track/act.html", context, status=status)


def _bound(who: Holder) -> str:
    """A key made for one holder is not valid for another case, nor after the code was replaced."""
    return f"/{who.code}/{who.renewals}" if who.renewals else f"/{who.code}"


def _tab_key(who: Holder, doing: AnyPublicAct) -> str:
    """Return the name under which a tab keeps what is typed: nothing of one code comes to
    another.
    """
    return salted_hmac(TAB, f"{_bound(who)}/{doing.name}", algorithm="sha256").hexdigest()[:20]


def _done(name: str, page: str = "portal:track-case") -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(page)}?done={name}")
