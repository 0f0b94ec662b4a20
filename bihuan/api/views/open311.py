"""Open311 GeoReport v2: one view per URL, each answer in JSON or XML as requested."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt

from bihuan.api import catalogue, georeport, queries, reading, wording, writing
from bihuan.api.actions import keys, receiving
from bihuan.api.actions.receiving import Received, Sending
from bihuan.api.catalogue import Names, UnknownService
from bihuan.api.forms import ReportForm, WantedForm, lines
from bihuan.api.models import ApiKey
from bihuan.core.refusal import Missing, Refusal
from bihuan.files.fields import is_busy
from bihuan.receipts.queries.promises import promised

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, str, P], HttpResponse]

READ = ("GET", "HEAD")
REQUESTS = "service_requests"
KEY_HEADER = "X-Api-Key"
BUSY = 503
STATUSES: dict[type[Refusal], int] = {
    keys.WrongKey: 403,
    UnknownService: 404,
    keys.TooOften: 429,
}
# What Django raises while it parses a form.
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError)


def answering(*methods: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Wrap a public view so that refusals are answered in the format of the URL."""

    def wrap(view: View[P]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def wrapped(
            request: HttpRequest, suffix: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if request.method not in methods:
                return _wrong_method(suffix, methods)
            request.encoding = "utf-8"
            try:
                return view(request, suffix, *args, **kwargs)
            except Refusal as refusal:
                status = STATUSES.get(type(refusal), 400)
                return _errors(suffix, status, [_explained(refusal)])
            except UNREADABLE:
                return _errors(suffix, 400, [wording.unreadable()])

        return wrapped

    return wrap


# ------------------------------------------------------------------- services
@answering(*READ)
def discovery(request: HttpRequest, suffix: str) -> HttpResponse:
    """Describe the endpoints and the contact."""
    content = georeport.discovery(
        urls={
            georeport.PRODUCTION: request.build_absolute_uri(reverse("api:open311")).rstrip("/"),
            georeport.TEST: request.build_absolute_uri(reverse("api:open311-test")).rstrip("/"),
        },
        contact=wording.contact(),
        key_service=wording.key_service(),
        changed_at=queries.services_changed_at(),
    )
    return writing.respond(suffix, "discovery", content)


@login_not_required
def root(request: HttpRequest) -> HttpResponse:
    """Describe the interface at its root URL."""
    return HttpResponseRedirect(reverse("api:open311-discovery", args=[writing.XML]))


@csrf_exempt
@login_not_required
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer 404 in the requested format for any other URL below."""
    suffix = writing.XML if rest.endswith(f".{writing.XML}") else writing.JSON
    return _errors(suffix, 404, [wording.no_address()])


@answering(*READ)
def services(request: HttpRequest, suffix: str) -> HttpResponse:
    """List the services."""
    return writing.respond(suffix, "services", georeport.services(catalogue.offered()))


@answering(*READ)
def service(request: HttpRequest, suffix: str, code: str) -> HttpResponse:
    """Show the service definition: the questions that a client may ask."""
    content = georeport.definition(catalogue.offering(code))
    return writing.respond(suffix, "service_definition", content)


# -------------------------------------------------------------------- requests
@answering(*READ, "POST")
def requests(request: HttpRequest, suffix: str, *, is_test: bool = False) -> HttpResponse:
    """List published requests, or receive a report, which the test endpoint only validates."""
    if request.method == "POST":
        return _take_in(request, suffix, is_test=is_test)
    now = timezone.now()
    form = WantedForm(request.GET, now=now)
    if not form.is_valid():
        return _errors(suffix, 400, lines(form))
    names = Names.now()
    numbers = form.cleaned_data["service_request_id"]
    if numbers:
        found = queries.numbered(numbers, _key(request))
    else:
        found = queries.published(form.wanted(), names, now)
    rows = [georeport.request(case, names) for case in queries.as_the_public_sees(found, now)]
    return writing.respond(suffix, REQUESTS, rows)


@answering(*READ)
def request_by_number(request: HttpRequest, suffix: str, number: str) -> HttpResponse:
    """Show one request: everything public, or its status only."""
    case = queries.numbered([writing.plain(number)], _key(request)).first()
    if case is None:
        return _errors(suffix, 404, [wording.no_request(number)])
    return writing.respond(suffix, REQUESTS, [georeport.request(case, Names.now())])


@answering(*READ)
def token(request: HttpRequest, suffix: str, number: str) -> HttpResponse:
    """Return the request number of a token; both are the same."""
    if not queries.numbered([writing.plain(number)], _key(request)).exists():
        return _errors(suffix, 404, [wording.no_request(number)])
    return writing.respond(suffix, REQUESTS, georeport.token(number))


def _key(request: HttpRequest) -> ApiKey | None:
    """Return the key of a reading system, if it sent one; not from the URL, which servers may
    log.
    """
    key = request.headers.get(KEY_HEADER) or request.GET.get("api_key", "")
    return keys.known(key, timezone.now()) if key else None


def _take_in(request: HttpRequest, suffix: str, *, is_test: bool) -> HttpResponse:
    now = timezone.now()
    data = reading.said(request)
    key = keys.known(data.get("api_key", ""), now)
    sent = _everything(data, request.FILES)
    sending = Sending.of(key, sent, request.headers.get("Idempotency-Key", "").strip())
    made = None if is_test else receiving.before(sending, now)
    if made is not None:
        return _receipt(suffix, made)
    keys.require_seldom(key, now)
    asked_for = catalogue.offering(data.get("service_code", "").strip())
    keys.require_few_photos(key, len(request.FILES.getlist("media")), now)
    form = ReportForm(data, request.FILES, service=asked_for)
    if not form.is_valid():
        return _errors(suffix, BUSY if is_busy(form) else 400, lines(form))
    report = form.report()
    if is_test:
        return writing.respond(suffix, REQUESTS, georeport.checked(wording.only_checked()))
    return _receipt(suffix, receiving.receive(report=report, sending=sending, now=now))


def _everything(data: QueryDict, files: MultiValueDict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return everything in the body except the key; for files, their digests."""
    words = [(name, values) for name, values in data.lists() if name != "api_key"]
    return words + [(name, [_digest(file) for file in sent]) for name, sent in files.lists()]


def _digest(file: File[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()


def _receipt(suffix: str, received: Received) -> HttpResponse:
    notice = wording.notice(
        due=promised(received.case), code=received.code, left_out=received.left_out
    )
    return writing.respond(suffix, REQUESTS, georeport.received(received.case.number, notice))


# ---------------------------------------------------------------------- errors
def _errors(suffix: str, status: int, descriptions: Iterable[str]) -> HttpResponse:
    content = georeport.errors(status, descriptions)
    response = writing.respond(suffix, "errors", content, status=status)
    if status in (STATUSES[keys.TooOften], BUSY):
        response["Retry-After"] = "60"
    return response


def _explained(refusal: Refusal) -> str:
    if isinstance(refusal, Missing):
        return f"{', '.join(refusal.what)}: {wording.missing()}"
    return wording.explain(refusal)


def _wrong_method(suffix: str, methods: Iterable[str]) -> HttpResponse:
    allowed = ", ".join(methods)
    response = _errors(suffix, 405, [wording.wrong_method(allowed)])
    response["Allow"] = allowed
    return response
