"""The questions of an import about its rows, and its changes: page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.files.views import workbook
from bihuan.ledgers import folders, forms
from bihuan.ledgers import given as givens
from bihuan.ledgers.actions import answering, changing, findings, jobs
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.questions import changes_said, sort_said
from bihuan.ledgers.wording import explain, speaking
from bihuan.orgs.http import SignedInRequest
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.rows import Doubt

QUESTIONS, CHANGES = 20, 50


@dataclass(frozen=True)
class Tab:
    """The questions of one type: their label, their number and how many are open."""

    title: str
    url: str
    open: int
    count: int
    is_current: bool


@dataclass(frozen=True)
class QuestionPage:
    """A page of the questions of one type, starting after `start`."""

    job: ImportJob
    sort: Doubt
    start: int

    @property
    def kind(self) -> str:
        return str(self.job.result["kind"])

    @property
    def count(self) -> int:
        return int(self.job.result["doubts"][self.sort])

    @property
    def given(self) -> givens.Given:
        return givens.from_json(self.job.answers)

    def url(self, start: int) -> str:
        return _url(self.job, self.sort, start)


def _url(job: ImportJob, sort: Doubt, start: int = 0) -> str:
    query = {"sort": sort.value, **({"from": start} if start else {})}
    return f"{reverse('ledgers:import-questions', args=[job.pk])}?{urlencode(query)}"


# ------------------------------------------------------------------------- asking
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show which rows may be existing cases; answers are stored with the import."""
    job = _job(request, pk)
    if job.state != ImportJob.State.TRIED or not job.result.get("doubts"):
        return redirect("ledgers:import-job", job.pk)
    page = _asked(request, job)
    if request.method == "POST" and "every" in request.POST:
        return _answer_all(request, page)
    form = _form(request, page)
    if request.method == "POST" and form.is_valid():
        return _answer(request, page, form)
    return _never_kept(render(request, "ledgers/questions.html", _context(page, form)))


def _asked(request: SignedInRequest, job: ImportJob) -> QuestionPage:
    """Return the type and page in the URL; else the first type with open questions."""
    doubts = job.result["doubts"]
    named = request.GET.get("sort", "")
    if named in doubts:
        sort = Doubt(named)
    else:
        still = givens.from_json(job.answers).open(doubts)
        sort = next((each for each, count in still.items() if count), next(iter(still)))
    start = min(whole(request.GET.get("from", "")) or 0, doubts[sort] - 1)
    return QuestionPage(job, sort, start - start % QUESTIONS)


def _form(request: SignedInRequest, asked: QuestionPage) -> forms.QuestionsForm:
    folder, name = folders.place(asked.job.folder), findings.asked_in(asked.sort)
    page = findings.page_of(folder, name, asked.start, QUESTIONS)
    return forms.QuestionsForm(
        request.POST if request.method == "POST" else None,
        sort=asked.sort,
        kind=asked.kind,
        questions=page,
        given=asked.given,
        seen=_seen(request, asked.job, page),
    )


def _context(page: QuestionPage, form: forms.QuestionsForm) -> dict[str, Any]:
    job, given = page.job, page.given
    still = given.open(job.result["doubts"])
    heading, common = sort_said(page.sort, page.kind)
    last = min(page.start + QUESTIONS, page.count)
    return {
        "job": job,
        "form": form,
        "all_form": forms.AllAlikeForm(sort=page.sort, kind=page.kind, given=given),
        "tabs": [
            Tab(
                sort_said(sort, page.kind)[0],
                _url(job, sort),
                still[sort],
                job.result["doubts"][sort],
                sort is page.sort,
            )
            for sort in still
        ],
        "sort_heading": heading,
        "common": common,
        "here": page.url(page.start),
        "first": page.start + 1,
        "last": last,
        "count": page.count,
        "open": still[page.sort],
        "all_open": sum(still.values()),
        "is_first": page.start == 0,
        "is_last": last == page.count,
        "heading": _("Rows that may be existing cases"),
        **_back(job),
    }


def _answer(
    request: SignedInRequest, page: QuestionPage, form: forms.QuestionsForm
) -> HttpResponse:
    """Store the answers of the page and go where the button leads."""
    job, then = page.job, request.POST.get("then", "")
    try:
        answering.answer(job=job, sort=page.sort, answers=form.said)
        if then == "try":
            return _tried(job)
    except Refusal as refusal:
        messages.error(request, explain(refusal))
        return redirect("ledgers:import-job", job.pk)
    if then == "previous":
        return redirect(page.url(max(0, page.start - QUESTIONS)))
    if page.start + QUESTIONS < page.count:
        return redirect(page.url(page.start + QUESTIONS))
    return _after_the_last(page)


def _after_the_last(page: QuestionPage) -> HttpResponse:
    """Redirect to the type with open questions, else back to the import."""
    still = page.given.open(page.job.result["doubts"])
    others = (sort for sort, count in still.items() if count and sort is not page.sort)
    sort = next(others, None)
    return redirect(_url(page.job, sort)) if sort else redirect("ledgers:import-job", page.job.pk)


def _answer_all(request: SignedInRequest, page: QuestionPage) -> HttpResponse:
    form = forms.AllAlikeForm(request.POST, sort=page.sort, kind=page.kind, given=page.given)
    if form.is_valid():
        try:
            answering.answer_all(job=page.job, sort=page.sort, given_answer=form.said)
        except Refusal as refusal:
            messages.error(request, explain(refusal))
            return redirect("ledgers:import-job", page.job.pk)
    return redirect(page.url(page.start))


@require_http_methods(["POST"])
def try_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Run another trial with the answers given since the last."""
    job = _job(request, pk)
    try:
        return _tried(job)
    except Refusal as refusal:
        messages.error(request, explain(refusal))
        return redirect("ledgers:import-job", job.pk)


def _tried(job: ImportJob) -> HttpResponse:
    now = timezone.now()
    jobs.try_out(job=job, language=get_language() or "", now=now, speaking=speaking)
    return redirect("ledgers:import-job", job.pk)


# ----------------------------------------------------------------------- changing
@require_safe
def changes(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show field by field what the import would change, page by page."""
    job = _with_changes(request, pk)
    count = job.result["changed"]
    start = min(whole(request.GET.get("from", "")) or 0, count - 1)
    start -= start % CHANGES
    page = findings.page_of(folders.place(job.folder), findings.CHANGES, start, CHANGES)
    context = {
        "job": job,
        "result": job.result,
        "in_all": changes_said(job.result),
        "changes": list(changing.in_words(page, _seen(request, job, page))),
        "first": start + 1,
        "last": min(start + CHANGES, count),
        "previous_url": f"?from={start - CHANGES}" if start else "",
        "next_url": f"?from={start + CHANGES}" if start + CHANGES < count else "",
        "heading": _("Changes to be made"),
        **_back(job),
    }
    return _never_kept(render(request, "ledgers/changes.html", context))


@require_safe
def changes_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Download the same as a workbook, with the rows that would be new."""
    job = _job(request, pk)
    if job.state != ImportJob.State.TRIED or not (
        job.result.get("changed") or job.result.get("created_rows")
    ):
        raise Http404
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    changing.hand_out(out, job=job, actor=request.user, now=timezone.now())
    out.seek(0)
    return workbook(out, _("changes by %(name)s") % {"name": job.name})


def _with_changes(request: SignedInRequest, pk: int) -> ImportJob:
    job = _job(request, pk)
    if job.state != ImportJob.State.TRIED or not job.result.get("changed"):
        raise Http404
    return job


# ------------------------------------------------------------------------- shared
def _seen(
    request: SignedInRequest, job: ImportJob, page: Sequence[Mapping[str, Any]]
) -> frozenset[str]:
    """Return the cases of the page that the officer may see now, whatever the trial run saw."""
    numbers = {each["number"] for each in page}
    seen = types.of(job.result["kind"]).seen
    return seen(request.user, numbers, timezone.now(), True)


def _job(request: SignedInRequest, pk: int) -> ImportJob:
    """Return an import of this officer; 404 for other officers'."""
    jobs_ = ImportJob.objects.select_related("unit", "member")
    return get_object_or_404(jobs_, pk=pk, member=request.user)


def _back(job: ImportJob) -> dict[str, Any]:
    job_url = reverse("ledgers:import-job", args=[job.pk])
    return {"crumbs": [(_("All imports"), reverse("ledgers:import")), (job.name, job_url)]}


def _never_kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
