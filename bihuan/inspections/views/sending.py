"""What the page of an inspection sends at each tap: answers and photos, each once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.core.inspection import ChangedElsewhere
from bihuan.core.refusal import NotAllowed, Refusal
from bihuan.files import views as files
from bihuan.files.fields import is_busy
from bihuan.inspections import queries, shown, wording
from bihuan.inspections.actions import answering
from bihuan.inspections.forms import PhotoForm, SaveForm, SureForm
from bihuan.inspections.models import Answer, Inspection, Photo
from bihuan.inspections.views.found import crumbs, inspected, seen
from bihuan.orgs.http import SignedInRequest


@require_POST
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save the answer to one item; who may is decided once, by the act."""
    now, found = timezone.now(), Inspection(pk=pk)
    form = SaveForm(request.POST)
    if not form.is_valid():
        return _refused(" ".join(str(error) for errors in form.errors.values() for error in errors))

    def save() -> JsonResponse:
        row = answering.answer(inspection=found, save=form.save(), actor=request.user, now=now)
        return JsonResponse({"outcome": "saved", "revision": row.revision, "state": row.state})

    return _answered(found, form.cleaned_data["item"], save)


@require_POST
def add_photo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep a photo of one item."""
    now, found = timezone.now(), Inspection(pk=pk)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        status = 503 if is_busy(form) else 422
        words = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _refused(words, status)

    def keep() -> JsonResponse:
        photo = answering.add_photo(
            inspection=found, actor=request.user, now=now, **form.arguments()
        )
        given = Answer.objects.filter(inspection=found, item=photo.item, key=photo.key).first()
        revision = given.revision if given else 0
        return JsonResponse(
            {"outcome": "saved", "photo": shown.picture(photo), "revision": revision}
        )

    return _answered(found, form.cleaned_data["item"], keep)


@require_safe
def state(request: SignedInRequest, pk: int) -> HttpResponse:
    """Return the answers as they are now, and a token for a page that the same officer opened
    before.
    """
    found = seen(request, pk, timezone.now())
    record = queries.record_of(found) if found.version else None
    answers = record.answers.items() if record else ()
    return JsonResponse(
        {
            "csrf": get_token(request),
            "who": str(request.user.pk),
            "stage": found.stage,
            "answers": {
                key: {"value": row.value, "revision": row.revision} for key, row in answers
            },
        }
    )


@require_safe
def photo(request: SignedInRequest, pk: int, photo: int) -> HttpResponse | FileResponse:
    """Show a photo to those who see the inspection."""
    found = seen(request, pk, timezone.now())
    row = get_object_or_404(Photo.objects.select_related("file"), pk=photo, inspection=found)
    return files.send(request, row.file, {"row": row})


@require_http_methods(["GET", "HEAD", "POST"])
def remove_photo(request: SignedInRequest, pk: int, photo: int) -> HttpResponse:
    """Remove a photo that was taken by mistake."""
    now = timezone.now()
    found = inspected(request, pk, now, Inspection.Stage.BEGUN)
    row = get_object_or_404(Photo.objects.select_related("inspection"), pk=photo, inspection=found)
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answering.remove_photo(photo=row, actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            return redirect("inspections:walk", pk)
    context = {
        "form": form,
        "heading": _("Remove the photo"),
        "submit": _("Remove the photo"),
        "danger": True,
        "consequences": [_("The photo is deleted. The journal says that it was removed.")],
        "cancel_url": f"{_walk(found)}#item-{row.item}",
        "crumbs": crumbs(found),
    }
    return render(request, "web/confirm.html", context)


def _walk(inspection: Inspection) -> str:
    return f"{inspection.get_absolute_url()}walk/"


def _answered(found: Inspection, item: str, act: Callable[[], JsonResponse]) -> JsonResponse:
    """Return what the act says, or what was changed elsewhere meanwhile, or why it is refused."""
    try:
        return act()
    except (Inspection.DoesNotExist, NotAllowed) as hidden:
        raise Http404 from hidden
    except ChangedElsewhere:
        return JsonResponse({"outcome": "changed", "answer": _theirs(found.pk, item)}, status=409)
    except Refusal as refusal:
        return _refused(wording.explain(refusal))


def _theirs(pk: int, key: str) -> dict[str, Any]:
    record = queries.record_of(Inspection.objects.select_related("version").get(pk=pk))
    row, item = record.answers.get(key), record.content.item(key)
    if row is None or item is None:
        return {"value": "", "note": "", "revision": 0, "text": "", "by": ""}
    return {
        "value": row.value,
        "note": row.note,
        "revision": row.revision,
        "text": wording.answer_words(item, row.value),
        "by": wording.by_whom(row),
    }


def _refused(words: str, status: int = 422) -> JsonResponse:
    return JsonResponse({"outcome": "refused", "message": words}, status=status)
