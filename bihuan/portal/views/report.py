"""The report form: photo, place, description, a check of the answers, and the receipt.

Each step has its own URL. What a page sends is stored as a draft (`bihuan.files.unsent`), and the
response redirects to the next step, so that Back and reload find every step as it was left. A
browser that accepts no cookies gets the next step as the response itself.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.refusal import Refusal
from bihuan.files import unsent
from bihuan.files.fields import is_busy
from bihuan.files.unsent import Unsent, UnsentForm
from bihuan.portal import admission, tokens, wording
from bihuan.portal.actions import reporting
from bihuan.portal.actions.reporting import Matter
from bihuan.portal.admission import Files
from bihuan.portal.forms.fields import with_office
from bihuan.portal.forms.report import FORMS, STEPS, ReportForm
from bihuan.portal.middleware import LANGUAGES, remember, speak
from bihuan.portal.queries import posters
from bihuan.portal.views import choosing, receipt
from bihuan.portal.views.filling import EDIT, ONCE, THROW, Filling, address
from bihuan.portal.views.public import public, public_words
from bihuan.receipts import accounts
from bihuan.receipts.accounts import IntakeResult
from bihuan.receipts.actions import intake
from bihuan.web.origins import is_sent_from_elsewhere


@public
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the subject. Each choice has its own form."""
    context = {
        "matters": wording.MATTERS,
        "is_thrown_away": "thrown" in request.GET,
        "posted": posters.posted(request.GET.dict(), localdate(timezone.now())),
    }
    return render(request, "portal/report/choose.html", context)


@public_words
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, matter: str) -> HttpResponse:
    """Redirect to a new form for one subject, at its own URL."""
    if matter not in FORMS:
        raise Http404
    aside = Unsent(unsent.new_name(), "")
    if request.method != "POST":
        to = address(matter, aside, FORMS[matter].order[0])
        posted = posters.posted(request.GET.dict(), localdate(timezone.now()))
        # A complaint about an office says nothing that its author did not write.
        has_place = bool(posted.query) and matter != Matter.ACCUSATION
        return redirect(f"{to}?{posted.query}" if has_place else to)
    return _posted(request, matter, aside, timezone.now())


@public_words
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, matter: str, name: str, step: str) -> HttpResponse:
    """Show one step as it was left. After a POST, redirect to the next one, or from the last
    one to the receipt.
    """
    now = timezone.now()
    aside = Unsent(name, request.COOKIES.get(unsent.COOKIE, ""))
    if matter not in FORMS or step not in (*STEPS, THROW) or not aside.is_ours:
        raise Http404
    if request.method == "POST":
        if is_sent_from_elsewhere(request):
            # What this browser filled in at this URL does not change.
            aside = Unsent(unsent.new_name(), "")
        return _posted(request, matter, aside, now)
    said = _laid_aside(request, aside, now)
    if said is not None:
        return _shown(request, matter, aside, said, now).page(step, with_errors=_is_wrong(request))
    if step != FORMS[matter].order[0]:
        return render(request, "portal/report/gone.html", {"matter": matter}, status=404)
    posted = posters.posted(request.GET.dict(), localdate(now))
    initial = {} if matter == Matter.ACCUSATION else posted.initial
    fresh = FORMS[matter](now=now, initial=initial)
    return Filling(request, matter, now, fresh, tokens.new(now), QueryDict(), aside).page(step)


def _is_wrong(request: HttpRequest) -> bool:
    """Whether this is the response to a form with an error."""
    return "wrong" in request.GET


# ----------------------------------------------------------------------- shown
def _laid_aside(request: HttpRequest, aside: Unsent, now: datetime) -> UnsentForm | None:
    """Return the draft of this browser.

    What came with the photos is stored under a secret in the URL, because it was unknown whether
    cookies are accepted, and can be read once. If they are, the cookie opens it from here on. An
    attacker may have stored it to trick another person into using it, so it continues under a new
    key: the key of a form opens its receipt.
    """
    if said := aside.read(now):
        return said
    first = Unsent(aside.name, request.GET.get(ONCE, ""))
    said = first.read(now)
    if said is not None:
        first.drop()
        said.words["form"] = [tokens.new(now)]
        if aside.secret:
            aside.keep(said, now)
    return said


def _shown(
    request: HttpRequest, matter: str, aside: Unsent, said: UnsentForm, now: datetime
) -> Filling:
    """Return the form as it was stored, with its messages."""
    data = QueryDict(mutable=True)
    for name, values in said.words.items():
        data.setlist(name, values)
    form = FORMS[matter](data, None, now=now)
    token, carries = data.get("form", ""), not aside.secret
    edits = EDIT in request.GET
    filling = Filling(request, matter, now, form, token, data, aside, carries=carries, edits=edits)
    filling.gather()
    for name, text in said.messages if _is_wrong(request) else ():
        form.add_error(None if name == NON_FIELD_ERRORS else name, text)
    return filling


# ---------------------------------------------------------------------- posted
def _posted(request: HttpRequest, matter: str, aside: Unsent, now: datetime) -> HttpResponse:
    language = request.POST.get("language", "")
    if language in LANGUAGES:
        speak(request, language)
    response = _answer(request, matter, aside, now)
    return remember(response, language) if language in LANGUAGES else response


def _answer(request: HttpRequest, matter: str, aside: Unsent, now: datetime) -> HttpResponse:
    token = request.POST.get("form", "")
    key = tokens.read(token)
    if key is not None and (taken := intake.taken_before(form_key=key.key)):
        if key.is_expired(now):
            return render(request, "portal/report/no_receipt.html")
        is_sent = request.POST.get("go") in ("next", "send")
        typed = _unsaid(request.POST, taken) if is_sent else ""
        return receipt.give(request, taken, token, now, again=is_sent, typed=typed)
    is_late = key is None or key.is_expired(now)
    if is_late:
        token = tokens.new(now)
    files, held_off = _admitted(request, now)
    said = aside.read(now)
    data = _merged(request.POST, said, FORMS[matter])
    data = choosing.adjusted(data, FORMS[matter], localdate(now))
    form = FORMS[matter](data, files, now=now)
    filling = Filling(
        request, matter, now, form, token, data, aside,
        is_new=said is None, carries="carry" in request.POST, edits=EDIT in request.POST,
    )  # fmt: skip
    if held_off:
        form.add_error(None, held_off)
    filling.gather()
    if is_busy(form):
        return _come_again(filling.page("photo", with_errors=True))
    if is_late and request.POST.get("go") == "send":
        form.add_error(None, wording.EXPIRED)
        return filling.turn_to("check")
    return filling.go()


def _unsaid(came: QueryDict, taken: IntakeResult) -> str:
    """Texts that were changed after the form was sent: after Back, a browser still shows it."""
    words = {name: came.get(name, "") for name in accounts.WORDS}
    words["description"] = with_office(words["description"], came.get("unlisted", ""))
    return reporting.unsaid(taken.case, **words)


def _merged(came: QueryDict, said: UnsentForm | None, form: type[ReportForm]) -> QueryDict:
    """Merge the fields of the page's own step with the last values of the other steps.

    A page in the browser's back cache carries old values of the other steps.
    """
    if said is None:
        return came
    data, own = came.copy(), form.own(came.get("step", ""))
    for name in (name for name in form.names() if name not in own):
        data.pop(name, None)
        if values := said.words.get(name):
            data.setlist(name, values)
    return data


def _admitted(request: HttpRequest, now: datetime) -> tuple[Files | None, str]:
    """Return the photos to process, or why none is processed."""
    try:
        return admission.admitted(request, now), ""
    except Refusal as refusal:
        return None, wording.photos_held_off(refusal)


def _come_again(response: HttpResponse) -> HttpResponse:
    response.status_code = 503
    response["Retry-After"] = "60"
    return response
