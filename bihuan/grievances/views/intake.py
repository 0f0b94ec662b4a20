"""Desk intake: record what is said, read it back, create the case, hand out the slip.

Each form has its own address, and what is written is stored as a draft as for the public
(`bihuan.files.unsent`), so that Back and reload find every page as it was left. It can be opened
only with the cookie of the form and by the same officer, not by the next one at the same desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bihuan.cases import queries as cases
from bihuan.cases.models import Case
from bihuan.core import codes as digits
from bihuan.core.refusal import Refusal
from bihuan.files import unsent
from bihuan.files.unsent import Unsent, UnsentForm
from bihuan.grievances.actions import intake as acts
from bihuan.grievances.intake_forms import IntakeForm, PhotosForm
from bihuan.grievances.wording import explain
from bihuan.orgs import choices
from bihuan.orgs.http import SignedInRequest
from bihuan.receipts import codes, printed
from bihuan.receipts.accounts import IntakeResult
from bihuan.web.cookies import let_forget, let_keep

CHECK, MAKE, CHANGE = "check", "make", "change"
WORDS = "words"
PAGES = (WORDS, CHECK)
COOKIE = "bihuan_intake"


@cache_control(no_store=True, private=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: SignedInRequest) -> HttpResponse:
    """Redirect to a new form at its own address."""
    filling = Filling(request, unsent.new_name(), timezone.now())
    return filling.sent() if request.method == "POST" else filling.begin()


@cache_control(no_store=True, private=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedInRequest, name: str, page: str) -> HttpResponse:
    """Show one page of a form as it was left; after a POST, redirect to the next one."""
    filling = Filling(request, name, timezone.now(), request.COOKIES.get(COOKIE, ""))
    if page not in PAGES or not filling.aside.is_ours:
        raise Http404
    return filling.sent() if request.method == "POST" else filling.shown(page)


@dataclass
class Filling:
    """One form in progress."""

    request: SignedInRequest
    name: str
    now: datetime
    secret: str = ""

    @property
    def aside(self) -> Unsent:
        return Unsent(self.name, f"{self.request.user.pk}/{self.secret}" if self.secret else "")

    def _form(self, data: QueryDict | None = None, **options: Any) -> IntakeForm:
        form = IntakeForm(data, user=self.request.user, now=self.now, **options)
        if not form.is_open:
            raise PermissionDenied
        return form

    def begin(self) -> HttpResponse:
        self._form()
        return redirect("grievances:intake-page", self.name, WORDS)

    # ------------------------------------------------------------------ shown
    def shown(self, page: str) -> HttpResponse:
        draft = self.aside.read(self.now) if self.secret else None
        if draft is None:
            form = self._form()
            if page == WORDS:
                return _ask(self.request, form)
            return render(self.request, "grievances/intake_gone.html", status=404)
        data = QueryDict(mutable=True)
        for name, values in draft.words.items():
            data.setlist(name, values)
        messages = draft.messages if "wrong" in self.request.GET else ()
        if page == CHECK:
            return self._checked(data, [text for _field, text in messages])
        if "wrong" not in self.request.GET:
            return _ask(self.request, self._form(initial=data.dict()))
        form = self._form(data)
        for _field, text in messages:
            form.add_error(None, text)
        return _ask(self.request, form)

    def _checked(self, data: QueryDict, wrong: Sequence[str] = ()) -> HttpResponse:
        form = self._form(data)
        if not form.is_valid():
            return _ask(self.request, form)
        photos = PhotosForm(data if wrong else None)
        for text in wrong:
            photos.add_error("photos", text)
        try:
            return _read_back(self.request, form, photos, self.now)
        except Refusal as refusal:
            form.add_error(None, explain(refusal))
            return _ask(self.request, form)

    # ------------------------------------------------------------------- sent
    def sent(self) -> HttpResponse:
        """Do what the button that was pressed leads to."""
        data = self.request.POST
        form, step = self._form(data), data.get("step", CHECK)
        if step == CHANGE and self.secret and self.aside.read(self.now):
            # The last stored draft counts, whatever an old page after Back still contains.
            return redirect("grievances:intake-page", self.name, WORDS)
        if step == CHANGE or not form.is_valid():
            return self._turn_to(WORDS, form, is_wrong=step != CHANGE)
        if step != MAKE:
            return self._turn_to(CHECK, form)
        photos = PhotosForm(data, self.request.FILES)
        if not photos.is_valid():
            return self._turn_to(CHECK, form, messages=list(map(str, photos.errors["photos"])))
        try:
            response = _take(self.request, form, photos, self.now)
        except Refusal as refusal:
            return self._turn_to(WORDS, form, messages=[explain(refusal)])
        return self._leave_nothing(response)

    def _turn_to(
        self, page: str, form: IntakeForm, *, messages: Sequence[str] = (), is_wrong: bool = False
    ) -> HttpResponse:
        """Redirect to a page; show the form itself if it is too long to be stored."""
        assert isinstance(form.data, QueryDict)
        words = {name: form.data.getlist(name) for name in form.fields if name in form.data}
        self.secret = self.secret or unsent.new_secret()
        if not self.aside.keep(UnsentForm(words, [("", str(text)) for text in messages]), self.now):
            return _ask(self.request, form)
        to = reverse("grievances:intake-page", args=[self.name, page])
        response = redirect(f"{to}?wrong=1" if messages or is_wrong else to)
        return let_keep(response, COOKIE, self.secret, path=self._folder, lasts=unsent.LASTS)

    def _leave_nothing(self, response: HttpResponse) -> HttpResponse:
        self.aside.drop()
        return let_forget(response, COOKIE, path=self._folder)

    @property
    def _folder(self) -> str:
        """Return the path of the cookie for this form alone."""
        return reverse("grievances:intake-page", args=[self.name, WORDS]).removesuffix(f"{WORDS}/")


def _ask(request: SignedInRequest, form: IntakeForm) -> HttpResponse:
    context = {
        "form": form,
        "heading": _("Desk intake"),
        "intro": _(
            "For people who call, write or visit. The report is registered only after you have "
            "read it back; until then it is encrypted, visible only to you, and kept for two "
            "hours at most."
        ),
        "submit": _("Read back"),
        "unkept": True,
    }
    return render(request, "grievances/intake.html", context)


def _read_back(
    request: SignedInRequest, form: IntakeForm, photos: PhotosForm, now: datetime
) -> HttpResponse:
    """Read it to the person before it is created (PET-24), and show where it goes."""
    statement = form.told()
    goes = acts.destination(statement=statement, actor=request.user, now=now)
    context = {
        "form": photos,
        "rows": list(form.read_back()),
        "again": list(form.again()),
        "goes_to": choices.name_of(goes.unit),
        "stays_in_sight": goes.stays_in_sight,
        "is_sealed": bool(statement.account.identity),
        "names_people": statement.account.names_people,
        "came_in_person": _came_in_person(statement.account.channel),
        "heading": _("Read it back to the reporter"),
    }
    return render(request, "grievances/intake_check.html", context)


def _take(
    request: SignedInRequest, form: IntakeForm, photos: PhotosForm, now: datetime
) -> HttpResponse:
    came = photos.cleaned_data["photos"]
    taken = acts.take(
        statement=form.told(), form_key=form.key(came), actor=request.user, now=now, photos=came
    )
    return _slip(request, taken, now)


def _slip(request: SignedInRequest, taken: IntakeResult, now: datetime) -> HttpResponse:
    """Show the slip, which no other page shows again."""
    language = get_language() or settings.LANGUAGE_CODE
    context = {
        "case": taken.case if _may_look(request, taken.case, now) else None,
        "code": digits.written(taken.code),
        "phrase": codes.phrase(taken.code, language),
        "slip": taken.slip,
        "picture": printed.picture(taken.slip),
        "day": taken.case.reported_at,
        "due": taken.due,
        "unit": choices.name_of(taken.case.owner),
        "track": printed.address(request),
        "came_in_person": _came_in_person(taken.case.channel),
        "heading": _("Slip for the reporter"),
    }
    return render(request, "grievances/slip.html", context)


def _may_look(request: SignedInRequest, case: Case, now: datetime) -> bool:
    try:
        cases.case_for(request.user, case.number, now)
    except Case.DoesNotExist:
        return False
    return True


def _came_in_person(channel: str) -> bool:
    """As regulated by law: several people who come together (PET-23)."""
    return channel == Case.Channel.VISIT and settings.PROCEDURE == "CN"
