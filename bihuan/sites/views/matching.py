"""Which sites the places of imported cases are: chosen, previewed, carried out, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest
from bihuan.sites import likeness, queries, wording
from bihuan.sites.actions import matching
from bihuan.sites.actions.matching import PlaceChoice
from bihuan.sites.likeness import TypedPlace

NONE = "none"
# For how long what was matched in bulk can be taken back in bulk.
UNDO_SECONDS = 3_600
_SALT = "sites.matching"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def places(request: SignedInRequest) -> HttpResponse:
    """Show places and the sites that they may be; carry out what was chosen after a preview."""
    now = timezone.now()
    if not queries.keeps_any(request.user, now):
        raise Http404
    after = request.GET.get("after", "").replace("\x00", "")[:200]
    rows, following = likeness.typed_places(request.user, now, after=after)
    choices = list(_chosen(request, rows)) if request.method == "POST" else []
    if choices and request.POST.get("step") == "match":
        return _matched(request, choices, after, now)
    context = {
        "rows": rows,
        "choices": choices,
        "cases": {row.place: len(row.cases) for row in rows},
        "is_preview": bool(choices),
        "nothing_chosen": request.method == "POST" and not choices,
        "next_url": f"?{urlencode({'after': following})}" if following else "",
        "previous_url": reverse("sites:places") if after else "",
        "crumbs": [(_("Sites"), reverse("sites:sites"))],
        "heading": _("Places in imported cases"),
        "undo": request.GET.get("undo", ""),
    }
    return render(request, "sites/places.html", context)


def _chosen(request: SignedInRequest, rows: list[TypedPlace]) -> Iterator[PlaceChoice]:
    """Yield what was said of each place that is still shown; only its suggestions can be chosen."""
    said = dict(zip(request.POST.getlist("place"), request.POST.getlist("choice"), strict=False))
    for row in rows:
        answer = said.get(row.place, "")
        offered = [each.site for each in row.suggestions]
        if answer == NONE and offered:
            yield PlaceChoice(row.place, offered, is_refused=True)
        elif site := next((each for each in offered if each.pk == whole(answer)), None):
            yield PlaceChoice(row.place, [site])


def _matched(
    request: SignedInRequest, choices: list[PlaceChoice], after: str, now: datetime
) -> HttpResponse:
    try:
        done = matching.match(choices=choices, actor=request.user, now=now)
    except Refusal as refusal:
        messages.error(request, wording.explain(refusal))
        return redirect("sites:places")
    sites = sorted({site.pk for choice in choices for site in choice.sites})
    token = signing.dumps([request.user.pk, now.isoformat(), sites], salt=_SALT, compress=True)
    said = _("%(linked)d cases added to sites; %(refused)d suggestions refused.")
    messages.success(request, said % {"linked": done.linked, "refused": done.refused})
    query = urlencode({"after": after, "undo": token} if after else {"undo": token})
    return redirect(f"{reverse('sites:places')}?{query}")


@require_POST
@never_cache
def undo(request: SignedInRequest) -> HttpResponse:
    """Take back what was matched in bulk, within the hour and by the officer who did it."""
    try:
        token = request.POST.get("undo", "")
        member, at, sites = signing.loads(token, salt=_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        member, at, sites = None, "", []
    if member != request.user.pk:
        said = _("This can no longer be undone here; do so on the page of each site.")
        messages.error(request, said)
        return redirect("sites:places")
    try:
        count = matching.take_back(
            sites=sites,
            at=datetime.fromisoformat(at),
            reason=_("Matching undone"),
            actor=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, wording.explain(refusal))
    else:
        messages.success(request, _("Undone: %(count)d.") % {"count": count})
    return redirect("sites:places")
