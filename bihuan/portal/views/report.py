"""Reporting something: photo, place, words, a look at the answers, and the receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.cases.actions import intake
from bihuan.core.refusal import Refusal
from bihuan.orgs.models import Unit
from bihuan.portal import drafts, guard, tokens, wording
from bihuan.portal.actions import reporting
from bihuan.portal.drafts import Gathered
from bihuan.portal.forms.fields import TRAP
from bihuan.portal.forms.report import FORMS, STEPS, AccusationForm, ReportForm
from bihuan.portal.guard import Tried
from bihuan.portal.middleware import LANGUAGES, remember, speak
from bihuan.portal.queries import offices, published
from bihuan.portal.tokens import FormKey
from bihuan.portal.views import receipt
from bihuan.portal.views.public import public


@public
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """What is it about? Each answer is a form of its own."""
    return render(request, "portal/report/choose.html", {"matters": wording.MATTERS})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, matter: str) -> HttpResponse:
    """The form of one matter, step by step; sent, it answers with the receipt."""
    if matter not in FORMS:
        raise Http404
    now = timezone.now()
    if request.method != "POST":
        opened = Filling(request, matter, now, FORMS[matter](now=now), tokens.new(now))
        return opened.page("photo")
    language = request.POST.get("language", "")
    if language in LANGUAGES:
        speak(request, language)
    response = _answer(request, matter, now)
    return remember(response, language) if language in LANGUAGES else response


def _answer(request: HttpRequest, matter: str, now: datetime) -> HttpResponse:
    token = request.POST.get("form", "")
    key = tokens.read(token)
    if key is not None and (taken := intake.taken_before(form_key=key.key)):
        if key.is_expired(now):
            return render(request, "portal/report/no_receipt.html")
        return receipt.give(request, taken, token, now, again=request.POST.get("go") == "send")
    is_late = key is None or key.is_expired(now)
    if is_late:
        token = tokens.new(now)
    files = None
    full = _too_many_photos(request, now)
    if not full:
        files = request.FILES
    form = FORMS[matter](request.POST, files, now=now)
    filling = Filling(request, matter, now, form, token)
    if full:
        form.add_error(None, wording.explain(guard.TooMany()))
    filling.gather()
    if is_late and request.POST.get("go") == "send":
        form.add_error(None, wording.EXPIRED)
        return filling.page("check")
    return filling.go()


def _too_many_photos(request: HttpRequest, now: datetime) -> bool:
    """Looking a photo over costs a second; not for whoever sends hundreds."""
    if not request.FILES:
        return False
    try:
        guard.admit(Tried.PHOTO, request, now)
    except guard.TooMany:
        return True
    return False


@dataclass
class Filling:
    """One form on its way through the steps."""

    request: HttpRequest
    matter: str
    now: datetime
    form: ReportForm
    token: str
    photos: Gathered = field(default_factory=lambda: drafts.gather((), (), ()))

    def gather(self) -> None:
        """The photos of earlier steps that were not taken out again, and those that just came."""
        post = self.request.POST
        came = [] if "photos" in self.form.errors else self.form.cleaned_data["photos"]
        self.photos = drafts.gather(post.getlist("kept"), post.getlist("drop"), came)
        if self.photos.lost:
            self.form.add_error(None, wording.PHOTOS_GONE)

    # ------------------------------------------------------------------- going
    def go(self) -> HttpResponse:
        """Where the button that was pressed leads to."""
        pressed, step = self.request.POST.get("go", ""), self.request.POST.get("step", "")
        if step not in STEPS:
            step = STEPS[0]
        if pressed in ("next", "send") and not self.request.POST.get("language"):
            return self.page(step) if self._seeks() else self._on(pressed, step)
        if pressed == "back":
            step = STEPS[max(STEPS.index(step) - 1, 0)]
        return self.page(pressed if pressed in STEPS else step)

    def _on(self, pressed: str, step: str) -> HttpResponse:
        """One step on, or off with it, unless something is wrong up to here."""
        if wrong := self.form.first_wrong(STEPS[-1] if pressed == "send" else step):
            return self.page(wrong, with_errors=True)
        if self.form.non_field_errors():
            return self.page(step, with_errors=True)
        if pressed == "send":
            return self.send()
        return self.page(STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)])

    def _seeks(self) -> bool:
        """Enter in the search for an office searches, where none is chosen yet."""
        sought = self.request.POST.get("find", "").strip()
        return bool(sought) and not self._chosen()

    def send(self) -> HttpResponse:
        """Send the report, or say why not, with everything still there."""
        try:
            key = self._require_decent()
            taken = reporting.send(
                report=self.form.report,
                form_key=key.key,
                photos=self.photos.checked(),
                now=self.now,
            )
        except Refusal as refusal:
            self.form.add_error(None, wording.explain(refusal))
            response = self.page("check")
            response.status_code = 429 if isinstance(refusal, guard.TooMany) else 200
            return response
        return receipt.give(self.request, taken, self.token, self.now)

    def _require_decent(self) -> FormKey:
        """The key of a form that no robot sent: see `bihuan.portal.guard`."""
        post, key = self.request.POST, tokens.read(self.token)
        if post.get(TRAP):
            raise guard.Trapped
        if key is None or self.now - key.opened_at < guard.SHORTEST:
            raise guard.TooFast
        worked = guard.is_worked(self.token, post.get("work", ""))
        share = 1 if worked else guard.WITHOUT_WORK
        guard.admit(Tried.REPORT, self.request, self.now, share=share)
        return key

    # -------------------------------------------------------------------- page
    def page(self, step: str, *, with_errors: bool = False) -> HttpResponse:
        about = self._about(step)
        self.form.show(step, with_errors=with_errors)
        context = {
            "form": self.form,
            "matter": wording.MATTERS[self.matter],
            "step": step,
            "number": STEPS.index(step) + 1,
            "token": self.token,
            "drafts": self.photos.lay_aside(),
            "trap": TRAP,
            **about,
        }
        response = render(self.request, "portal/report/step.html", context)
        # Whoever only looks is given no cookie.
        return receipt.try_cookies(response) if self.request.method == "POST" else response

    def _about(self, step: str) -> dict[str, Any]:
        match step:
            case "place":
                return self._offices()
            case "check":
                return self._check()
        return {}

    def _chosen(self) -> list[Unit]:
        name = "about" if "about" in self.form.fields else "unit"
        return offices.named(self.request.POST.getlist(name), self.form.on)

    def _offices(self) -> dict[str, Any]:
        """The offices to choose from: what is chosen, and what the search finds."""
        words = self.request.POST.get("find", "").strip()[:60]
        chosen = self._chosen()
        found = offices.found(words, self.form.on)
        about = {unit.pk for unit in chosen}
        context: dict[str, Any] = {
            "find": words,
            "units": [*chosen, *(unit for unit in found if unit.pk not in about)],
            "chosen": about,
            "several": isinstance(self.form, AccusationForm),
            "nothing": bool(words) and not found,
        }
        if isinstance(self.form, AccusationForm):
            context["seats"] = self.form.seats_offered(chosen)
            context["chosen_seats"] = set(self.request.POST.getlist("seats"))
        return context

    def _check(self) -> dict[str, Any]:
        """Everything that was said, where it goes, and what is published and alike."""
        form = self.form
        if form.first_wrong(STEPS[-2]):
            return {"answers": wording.answers(form), "is_whole": False}
        made = form.report
        context: dict[str, Any] = {"answers": wording.answers(form), "is_whole": True}
        try:
            context["goes_to"] = reporting.destination(report=made, now=self.now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
            context["is_whole"] = False
        account = made.account
        point = (
            (account.latitude, account.longitude)
            if account.latitude is not None and account.longitude is not None
            else None
        )
        context["account"] = account
        context["alike"] = published.like(account.title, account.place, point)
        return context
