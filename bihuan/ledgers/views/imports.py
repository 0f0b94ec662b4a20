"""The import of a ledger: the file, its columns, the trial run, the progress, the result."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.files.views import workbook
from bihuan.ledgers import forms, samples
from bihuan.ledgers.actions import drafts, jobs
from bihuan.ledgers.look import from_json
from bihuan.ledgers.mapping import Mapping, MappingFault
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.sheet import sheet_said
from bihuan.ledgers.views import result, waiting
from bihuan.ledgers.wording import explain, looks_like, speaking
from bihuan.orgs import choices
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.queries import units_in_reach
from bihuan.sheets.ledger import types

PAGE = 20
State = ImportJob.State


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    """List the officer's imports, with the form for the next one."""
    now = timezone.now()
    files = request.FILES if request.method == "POST" else None
    form = forms.UploadForm(request.POST or None, files, user=request.user, now=now)
    if form.is_valid():
        try:
            job = _upload(request, form, now)
        except Refusal as refusal:
            form.add_error("file", explain(refusal))
        else:
            return redirect("ledgers:import-columns", job.pk)
    rows, older = _page_of_jobs(request)
    samples_url = reverse("ledgers:import-sample")
    context = {
        "form": form,
        "may_import": bool(form.units),
        "jobs": rows,
        "next_url": older,
        "samples": [
            (f"{samples_url}?{urlencode({'kind': each.kind})}", each.words.name)
            for each in types.every()
        ],
        "days": jobs.KEPT.days,
        "now": now,
        "heading": _("Import a ledger"),
    }
    return render(request, "ledgers/imports.html", context)


def _upload(request: SignedInRequest, form: forms.UploadForm, now: datetime) -> ImportJob:
    """Upload the file with its mapping; if the saved one does not match, with a guess and a
    message.
    """
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    given = {
        "actor": request.user,
        "unit": form.cleaned_data["unit"],
        "upload": file,
        "language": get_language() or "",
        "now": now,
        "kind": form.cleaned_data["kind"],
    }
    try:
        return drafts.upload(**given, mapping=form.mapping)
    except MappingFault as fault:
        job = drafts.upload(**given, mapping=None)
        messages.warning(request, _misfit(fault))
        return job


def _misfit(fault: MappingFault) -> str:
    return _(
        "The saved settings do not fit this file: %(why)s The columns were detected again."
    ) % {"why": explain(fault)}


def _page_of_jobs(request: SignedInRequest) -> tuple[list[ImportJob], str]:
    """Return the newest imports or those before one, and the URL of the next page."""
    found = ImportJob.objects.filter(member=request.user).select_related("unit").order_by("-pk")
    found = found.defer("answers", "look", "mapping")
    before = whole(request.GET.get("before", ""))
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    older = f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return rows[:PAGE], older


@require_safe
def sample(request: SignedInRequest) -> FileResponse:
    """Download a sample ledger of this kind, which shows the recognised columns."""
    ledger = types.find(request.GET["kind"]) if "kind" in request.GET else types.first()
    if ledger is None:
        raise Http404
    return workbook(samples.sample(ledger), _("sample %(ledger)s") % {"ledger": ledger.sheet})


# ---------------------------------------------------------------------- one job
@require_safe
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the import: to be mapped, tried, in progress, done."""
    found = _job(request, pk)
    if found.state == State.MAPPING:
        return redirect("ledgers:import-columns", found.pk)
    if found.is_under_way:
        heading = _("Trial run") if found.state == State.TRYING else _("Import")
        context = {"heading": heading, "days": jobs.KEPT.days, **result.back()}
        return waiting.under_way(request, found, context)
    return waiting.over(request, "ledgers/result.html", result.context(found, timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose the field of each column."""
    found = _job(request, pk)
    if found.state not in drafts.AT_REST:
        return redirect("ledgers:import-job", found.pk)
    now = timezone.now()
    form = forms.ColumnsForm(request.POST or None, job=found)
    words = forms.WordsForm(request.POST or None, job=found)
    if form.is_valid() and words.is_valid():
        mapping = replace(form.mapping, words=words.mapping.words)
        data = form.cleaned_data
        return _tried(request, found, mapping, data["empty_clears"], data["keep_as"])
    units = units_in_reach(request.user, drafts.IMPORTERS, now)
    context = {
        "job": found,
        "form": form,
        "words": words,
        "seen": form.seen,
        "again": forms.ReadAgainForm(job=found, units=units),
        "units": forms.units_named(found.unit),
        "officers": forms.officers_named(found.unit, now),
        "recalled_at": form.seen.recalled_at and datetime.fromisoformat(form.seen.recalled_at),
        "unit_name": choices.name_of(found.unit),
        "looks_like": looks_like(form.seen.looks_like),
        "sheet_said": list(sheet_said(form.seen.facts)),
        "heading": _("Check the columns"),
        "crumbs": [
            (_("All imports"), reverse("ledgers:import")),
            (found.name, reverse("ledgers:import-job", args=[found.pk])),
        ],
    }
    return render(request, "ledgers/columns.html", context)


@require_POST
def words(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer the questions of the trial run: the meaning of words, and rows; then run another
    one.
    """
    found = _job(request, pk)
    form = forms.WordsForm(request.POST, job=found)
    answers = forms.AnswersForm(request.POST, job=found, unit_name=choices.name_of(found.unit))
    if form.is_valid() and answers.is_valid():
        mapping = replace(answers.mapping, words=form.mapping.words)
        return _tried(request, found, mapping, answers.empty_clears)
    shown = result.context(found, timezone.now(), form, answers)
    return render(request, "ledgers/result.html", shown)


def _tried(
    request: SignedInRequest,
    job: ImportJob,
    mapping: Mapping,
    empty_clears: bool,
    keep_as: str = "",
) -> HttpResponse:
    """Save the mapping, run a trial, and redirect to its result."""
    now = timezone.now()
    try:
        drafts.correct(job=job, mapping=mapping, empty_clears=empty_clears, now=now)
        if keep_as:
            drafts.keep_mapping(
                unit=job.unit, name=keep_as, mapping=mapping, actor=request.user, now=now
            )
        jobs.try_out(job=job, language=get_language() or "", now=now, speaking=speaking)
    except Refusal as refusal:
        messages.error(request, explain(refusal))
    return redirect("ledgers:import-job", job.pk)


@require_POST
def read_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read another sheet, as another type of ledger, or with another saved mapping."""
    found = _job(request, pk)
    units = units_in_reach(request.user, drafts.IMPORTERS, timezone.now())
    form = forms.ReadAgainForm(request.POST, job=found, units=units)
    if form.is_valid():
        sheet = form.cleaned_data.get("sheet") or from_json(found.look).sheet or None
        try:
            drafts.look_again(
                job=found,
                mapping=form.mapping,
                sheet=sheet,
                header_row=form.said_row,
                kind=form.cleaned_data["kind"],
                now=timezone.now(),
            )
        except Refusal as refusal:
            messages.error(request, explain(refusal))
    else:
        messages.error(request, _("There is no such sheet or row."))
    return redirect("ledgers:import-columns", found.pk)


@require_POST
def next_sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Import another sheet of the same file separately."""
    found = _job(request, pk)
    name = request.POST.get("sheet", "")
    sheet = next((each for each in result.other_sheets(found) if each["sheet"] == name), None)
    if sheet is None:
        messages.error(request, _("There is no such sheet or row."))
        return redirect("ledgers:import-job", found.pk)
    try:
        made = drafts.read_next(
            job=found,
            sheet=name,
            kind=sheet["kind"],
            language=get_language() or "",
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, explain(refusal))
        return redirect("ledgers:import-job", found.pk)
    return redirect("ledgers:import-columns", made.pk)


@require_POST
def go(request: SignedInRequest, pk: int) -> HttpResponse:
    """Start the import."""
    found = _job(request, pk)
    form = forms.GoForm(request.POST)
    if form.is_valid():
        try:
            jobs.go(
                job=found,
                whole=form.whole,
                leave_rest=form.cleaned_data["leave_rest"],
                language=get_language() or "",
                now=timezone.now(),
            )
        except Refusal as refusal:
            messages.error(request, explain(refusal))
    return redirect("ledgers:import-job", found.pk)


@require_POST
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete the file and its findings."""
    found = _job(request, pk)
    try:
        drafts.discard(job=found)
    except Refusal as refusal:
        messages.error(request, explain(refusal))
        return redirect("ledgers:import-job", found.pk)
    messages.success(request, _("“%(name)s” and its result were deleted.") % {"name": found.name})
    return redirect("ledgers:import")


@require_safe
def refused(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Download the refused rows as a workbook, with the reasons, ready to be corrected."""
    found = _job(request, pk)
    if not found.result.get("refused") or found.is_under_way:
        raise Http404
    rows = jobs.refused_rows(found, get_language() or "")
    return workbook(rows, _("refused rows of %(name)s") % {"name": found.name})


def _job(request: SignedInRequest, pk: int) -> ImportJob:
    """Return an import of this officer; 404 for other officers'."""
    jobs_ = ImportJob.objects.select_related("unit", "member")
    return get_object_or_404(jobs_, pk=pk, member=request.user)
