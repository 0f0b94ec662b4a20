"""A public form in progress: where each button leads, and its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from bihuan.core.refusal import Refusal
from bihuan.files import unsent
from bihuan.files.unsent import Unsent, UnsentForm
from bihuan.portal import drafts, guard, tokens, wording
from bihuan.portal.actions import reporting
from bihuan.portal.actions.reporting import Matter
from bihuan.portal.drafts import Gathered
from bihuan.portal.forms.fields import TRAP
from bihuan.portal.forms.report import STEPS, ReportForm, forget
from bihuan.portal.guard import Tried
from bihuan.portal.queries import published
from bihuan.portal.tokens import FormKey
from bihuan.portal.views import choosing, receipt
from bihuan.web.cookies import let_keep

# An extra page: whether to discard everything.
THROW = "throw"
# The button there that does it.
GONE = "gone"
# The part of a URL that opens what came with the first step, once.
ONCE = "once"
# The part of a URL, and the field, of a step to which the check led, and which returns there.
EDIT = "edit"


def address(matter: str, aside: Unsent, step: str) -> str:
    return reverse("portal:report-step", args=[matter, aside.name, step])


def _folder(matter: str, aside: Unsent) -> str:
    """Return the path of the cookie for this form alone."""
    return address(matter, aside, STEPS[0]).removesuffix(f"{STEPS[0]}/")


@dataclass
class Filling:
    """One form in progress."""

    request: HttpRequest
    matter: str
    now: datetime
    form: ReportForm
    token: str
    data: QueryDict
    aside: Unsent
    # Nothing of it was stored before.
    is_new: bool = False
    # The browser accepts no cookies, so the pages carry everything and are sent to one URL.
    carries: bool = False
    # The step was opened from the check.
    edits: bool = False
    # The secret in the next URL, while it is unknown whether cookies are accepted.
    once: str = ""
    photos: Gathered = field(default_factory=lambda: drafts.gather((), (), ()))

    def gather(self) -> None:
        """Return the photos of earlier steps that were not removed, and the new ones."""
        data = self.data
        came = [] if "photos" in self.form.errors else self.form.cleaned_data["photos"]
        self.photos = drafts.gather(
            data.getlist("kept"),
            data.getlist("drop"),
            came,
            takes_documents=self.form.takes_documents,
        )
        for text in wording.photos_missing(self.photos):
            self.form.add_error(None, str(text))

    # --------------------------------------------------------------------- navigation
    def go(self) -> HttpResponse:
        """Do what the button that was pressed leads to."""
        pressed, step = self.data.get("go", ""), self.request.POST.get("step", "")
        order = self.form.order
        if step not in order:
            step = order[0]
        if pressed == THROW:
            return self.turn_to(THROW)
        if pressed == GONE:
            return self.throw_away()
        if pressed in ("next", "send") and not self.request.POST.get("language"):
            return self._on(pressed, step)
        if pressed == "back":
            step = order[-1] if self.edits else self.form.before(step)
        self.edits = self.edits or (step == order[-1] and pressed in order)
        return self.turn_to(pressed if pressed in order else step)

    def _on(self, pressed: str, step: str) -> HttpResponse:
        """Go one step further, or send it, unless there is an error up to here."""
        last = self.form.order[-1]
        if wrong := self.form.first_wrong(last if pressed == "send" else step):
            return self.turn_to(wrong, with_errors=True)
        if self.form.non_field_errors():
            return self.turn_to(step, with_errors=True)
        if pressed == "send":
            return self.send()
        return self.turn_to(last if self.edits else self.form.after(step))

    def turn_to(self, step: str, *, with_errors: bool = False) -> HttpResponse:
        """Redirect to a step; show the page itself if nothing can be stored."""
        told = self._told()
        if not self._lay_aside(told):
            has_wrong_photos = "photos" in self.form.errors
            return self.page(step, with_errors=with_errors or has_wrong_photos)
        query = {ONCE: self.once} if self.once else {}
        if step == THROW:
            query["from"] = self._from()
        elif told or with_errors:
            query["wrong"] = "1"
        if self.edits and step != self.form.order[-1]:
            query[EDIT] = "1"
        to = address(self.matter, self.aside, step)
        response = redirect(f"{to}?{urlencode(query)}" if query else to)
        path = _folder(self.matter, self.aside)
        let_keep(response, unsent.COOKIE, self.aside.secret, path=path, lasts=unsent.LASTS)
        return receipt.try_cookies(response)

    def _told(self) -> list[tuple[str, str]]:
        """Return errors that are not visible in the fields alone: photos, and the whole form."""
        errors = self.form.errors
        told = [(name, errors.get(name, ())) for name in ("photos", NON_FIELD_ERRORS)]
        return [(name, str(text)) for name, texts in told for text in texts]

    def _lay_aside(self, told: list[tuple[str, str]]) -> bool:
        """Whether everything was stored for the next page."""
        keeps = receipt.KEEPS in self.request.COOKIES or bool(self.aside.secret)
        if "carry" in self.request.POST and not keeps:
            return False
        if self.is_new and self._has_too_many():
            return False
        self.data = self.data.copy()
        laid = self.photos.lay_aside()
        if self.photos.full:
            told.append((NON_FIELD_ERRORS, str(wording.PHOTOS_FULL)))
        self.data.setlist("kept", [draft.signed() for draft in laid])
        self.data["form"] = self.token
        words = {n: self.data.getlist(n) for n in (*self.form.names(), "form") if n in self.data}
        self.aside = Unsent(self.aside.name, self.aside.secret or unsent.new_secret())
        self.once = "" if keeps else unsent.new_secret()
        lies = Unsent(self.aside.name, self.once) if self.once else self.aside
        return lies.keep(UnsentForm(words, told), self.now)

    def _has_too_many(self) -> bool:
        """Drafts are limited like photos; the form continues without them."""
        try:
            guard.admit(Tried.FORM, self.request, self.now)
        except guard.TooMany:
            return True
        return False

    def send(self) -> HttpResponse:
        """Send the report, or explain why not, with everything preserved."""
        try:
            key = self._require_decent()
            taken = reporting.send(
                report=self.form.report,
                form_key=key.key,
                photos=self.photos.checked(),
                now=self.now,
                site=self.form.posted_site,
            )
        except Refusal as refusal:
            self.form.add_error(None, wording.explain(refusal))
            if not isinstance(refusal, guard.TooMany):
                return self.turn_to("check")
            response = self.page("check")
            response.status_code = 429
            return response
        return self._leave_nothing(receipt.give(self.request, taken, self.token, self.now))

    def throw_away(self) -> HttpResponse:
        """Delete everything that was filled in, photos included."""
        for draft in self.photos.kept:
            drafts.drop(draft)
        return self._leave_nothing(redirect(f"{reverse('portal:report')}?thrown=1"))

    def _leave_nothing(self, response: HttpResponse) -> HttpResponse:
        self.aside.drop()
        if self.aside.secret:
            path = _folder(self.matter, self.aside)
            response.delete_cookie(unsent.COOKIE, path=path, samesite="Strict")
        return response

    def _require_decent(self) -> FormKey:
        """Return the key of a form that no robot sent: see `bihuan.portal.guard`."""
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
    def _from(self) -> str:
        """Return the step from which the discard page was opened."""
        said = self.request.POST.get("step") or self.request.GET.get("from", "")
        return said if said in STEPS else self.form.order[0]

    def page(self, step: str, *, with_errors: bool = False) -> HttpResponse:
        about = self._about(step)
        drafts_shown = self.photos.lay_aside()
        if drafts_shown and "photos" in self.form.fields:
            # After Back, a browser would also name the file that it sent before.
            forget([self.form.fields["photos"]])
        self.form.show(step, with_errors=with_errors)
        context = {
            "form": self.form,
            "matter": wording.MATTERS[self.matter],
            "step": step,
            "number": (*self.form.order, THROW).index(step) + 1,
            "is_first": step == self.form.order[0],
            "edits": self.edits and step != self.form.order[-1],
            "from": self._from(),
            "is_begun": bool(self.data),
            "is_private": self.matter == Matter.ACCUSATION,
            "token": self.token,
            "drafts": drafts_shown,
            "trap": TRAP,
            "action": reverse("portal:report-form", args=[self.matter]) if self.carries else "",
            **about,
        }
        response = render(self.request, "portal/report/step.html", context)
        # Visitors who only look get no cookie.
        return receipt.try_cookies(response) if self.request.method == "POST" else response

    def _about(self, step: str) -> dict[str, Any]:
        match step:
            case "place":
                return choosing.context(self.form, self.data)
            case "check":
                return self._check()
        return {}

    def _check(self) -> dict[str, Any]:
        """Return all answers, the destination, and similar publications."""
        form = self.form
        context: dict[str, Any] = {
            "answers": wording.answers(form),
            "position": choosing.position(self.data),
            "posted_site": form.posted_site,
            "is_whole": not form.first_wrong(form.order[-2]),
        }
        if not context["is_whole"]:
            return context
        try:
            made = form.report
            context["goes_to"] = reporting.destination(report=made, now=self.now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
            return {**context, "is_whole": False}
        account = made.account
        context["account"] = account
        context["alike"] = published.like(account.title, account.place, account.point)
        context["is_unplaced"] = form.is_unplaced
        return context
