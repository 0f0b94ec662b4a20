"""The list of a post (责任清单): one's own, to sign; and of any post, to print and export."""

from __future__ import annotations

from datetime import datetime
from tempfile import TemporaryFile

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.duties import exported, queries, wording
from bihuan.duties.actions import signing
from bihuan.duties.models import Duty, DutyQuerySet
from bihuan.files.views import workbook
from bihuan.orgs.choices import holders
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Post
from bihuan.orgs.naming import title_of
from bihuan.web import paging

MOST = 500


@require_safe
@never_cache
def mine(request: SignedInRequest) -> HttpResponse:
    """Show what the officer's posts answer for, what waits for a signature first."""
    now = timezone.now()
    on, posts = localdate(now), queries.own_posts(request.user, now)
    found = Duty.objects.in_force(on).filter(post__in=[post.pk for post in posts])
    page = paging.requested(
        request, queries.with_state(found, on).select_related("site__unit", "post__unit")
    )
    waiting = queries.to_sign(request.user, now)
    context = {
        "rows": page.rows,
        "to_sign": waiting.count(),
        "posts": posts,
        **page.links(),
    }
    return render(request, "duties/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign(request: SignedInRequest) -> HttpResponse:
    """Read all texts that wait for a signature, and sign those that are ticked."""
    now = timezone.now()
    waiting = queries.to_sign(request.user, now).select_related("site__unit", "post__unit")
    rows = list(waiting.order_by("pk")[:MOST])
    if not rows and request.method != "POST":
        return redirect("duties:mine")
    error = ""
    if request.method == "POST":
        read = _read(request.POST.getlist("duty"))
        try:
            n = signing.sign_many(read=read, actor=request.user, now=now)
        except Refusal as refusal:
            error = wording.explain(refusal)
        else:
            said = ngettext("%(n)d duty signed.", "%(n)d duties signed.", n)
            messages.success(request, said % {"n": n})
            return redirect("duties:mine")
    context = {
        "heading": _("Sign duties"),
        "rows": rows,
        "error": error,
        "crumbs": [(_("My responsibilities"), reverse("duties:mine"))],
    }
    return render(request, "duties/sign_many.html", context)


def _read(values: list[str]) -> dict[int, int]:
    """Return the versions that were read by duty: "duty:version"; others are ignored."""
    read = {}
    for value in values[:MOST]:
        duty, _colon, number = value.partition(":")
        key, version = whole(duty), whole(number)
        if key and version:
            read[key] = version
    return read


@require_safe
@never_cache
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the list of a post to print: one's own, or that of a post at sites one sees."""
    now = timezone.now()
    post, found = _list(request, pk, now)
    rows = list(found[: MOST + 1])
    context = {
        "post": post,
        "holder": holders([post.pk], localdate(now)).get(post.pk, ""),
        "rows": rows[:MOST],
        "is_cut": len(rows) > MOST,
        "most": MOST,
        "now": now,
    }
    return render(request, "duties/sheet.html", context)


@require_safe
@never_cache
def export(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Download the list of a post as a workbook."""
    now = timezone.now()
    post, found = _list(request, pk, now)
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    exported.write(out, found)
    out.seek(0)
    name = _("responsibilities %(post)s") % {"post": title_of(post)}
    return workbook(out, name)


def _list(request: SignedInRequest, pk: int, now: datetime) -> tuple[Post, DutyQuerySet]:
    """Return the post and its duties that the officer sees, by site; 404 if there is neither."""
    post = get_object_or_404(Post.objects.select_related("unit"), pk=pk)
    own = any(each.pk == pk for each in queries.own_posts(request.user, now))
    found = queries.of_post(post, localdate(now))
    if not own:
        found = found.filter(pk__in=queries.visible_to(request.user, now).values("pk"))
        if not found.exists():
            raise Http404
    return post, found.select_related("site__unit", "post__unit").order_by("site__name", "pk")
