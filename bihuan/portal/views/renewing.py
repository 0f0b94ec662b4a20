"""A code that an officer has seen can be used once: its holder must replace it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from bihuan import languages
from bihuan.core import codes as code_rules
from bihuan.core.refusal import Refusal
from bihuan.portal import guard, tokens, wording
from bihuan.portal.forms.track import LastGroupForm
from bihuan.portal.guard import Tried
from bihuan.portal.middleware import LANGUAGES, remember, speak
from bihuan.portal.queries import outlets
from bihuan.portal.queries import track as queries
from bihuan.portal.queries.track import Holder
from bihuan.portal.views.holding import entered, entered_by
from bihuan.portal.views.public import public
from bihuan.receipts import codes
from bihuan.receipts.actions import desk_codes


@public
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest) -> HttpResponse:
    """Show the new code, and a field for its last group; until that is right the old one works."""
    now, who = timezone.now(), entered_by(request)
    if who is None:
        return redirect("portal:track")
    key = tokens.read(request.POST.get("form", ""), _bound(who))
    if request.method != "POST":
        return redirect("portal:track-case") if not who.must_renew else _page(request, who, now)
    language = request.POST.get("language", "")
    if language in LANGUAGES:
        speak(request, language)
        return remember(_page(request, who, now, token=request.POST.get("form", "")), language)
    form = LastGroupForm(request.POST)
    if key is None or key.is_expired(now):
        form.add_error(None, wording.OLD_PAGE)
    if key is None or not form.is_valid():
        return _page(request, who, now, form, request.POST.get("form", ""))
    try:
        guard.require_room_with_code(Tried.SAY, request, now, code=who.code)
        guard.note(Tried.SAY, request, now, code=who.code)
        desk_codes.renew(code=who.code, form_key=key.key, last=form.cleaned_data["last"], now=now)
    except desk_codes.AlreadyRenewed:
        return _to_case("renewed")
    except Refusal as refusal:
        form.add_error(None, wording.explain(refusal))
        return _page(request, who, now, form, request.POST["form"])
    own = queries.holder(who.code)
    assert own is not None, "it was renewed just now"
    return entered(_to_case("renew"), own)


def spent(request: HttpRequest, now: datetime) -> HttpResponse:
    """For a person whose code was already replaced by someone else: explain what happened and
    whom to contact, the same for every such code, and nothing of the case.
    """
    context = {"outlets": outlets.highest(localdate(now))}
    return render(request, "portal/track/spent.html", context)


def _page(
    request: HttpRequest,
    who: Holder,
    now: datetime,
    form: LastGroupForm | None = None,
    token: str = "",
) -> HttpResponse:
    """Show the same code again after a mistake or in another language: the person may have
    written it down.
    """
    key = tokens.read(token, _bound(who))
    if key is None or key.is_expired(now):
        token = tokens.new(now, _bound(who))
        key = tokens.read(token, _bound(who))
    assert key is not None, "it was made just now"
    code = codes.code_for(key.key, who.slot)
    context = {
        "form": form or LastGroupForm(),
        "token": token,
        "code": code_rules.written(code),
        "phrase": codes.phrase(code, languages.current()),
    }
    return render(request, "portal/track/renew.html", context)


def _to_case(done: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('portal:track-case')}?done={done}")


def _bound(who: Holder) -> str:
    return f"/renew/{who.code}"
