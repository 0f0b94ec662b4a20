"""The temporary password that a form issued: shown for an hour, and printed as a slip."""

from __future__ import annotations

import json
from datetime import datetime
from secrets import token_hex

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.orgs import naming, queries
from bihuan.orgs.actions.once import Issued, issued
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Post, Tenure
from bihuan.orgs.views.pages import (
    administered_member,
    administered_unit,
    crumbs_to_member,
    crumbs_to_unit,
)


def number_of(request: SignedInRequest) -> str:
    """Return the number of a form as it was sent: a repeated request has the same one. Another
    page, other values or another officer give another number.
    """
    if not request.POST.get("form_key"):
        return token_hex(12)
    sent = sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")
    said = json.dumps([request.user.pk, request.path, sent])
    return salted_hmac("bihuan.form", said, algorithm="sha256").hexdigest()[:24]


@never_cache
@require_safe
def shown(request: SignedInRequest, number: str) -> HttpResponse:
    """Show what a form created: the temporary password, and the new unit if there is one."""
    now = timezone.now()
    found = _found(request, number, now)
    words = _words(found.post, now) if found.post else ""
    if found.member is None:
        if found.post is None:
            raise Http404
        messages.success(request, words)
        return redirect("orgs:unit", found.post.unit.code)
    context = {
        "found": found,
        "member": found.member,
        "heading": _("Temporary password"),
        "number": number,
        "words": words,
        "crumbs": crumbs_to_unit(found.post.unit) if found.post else crumbs_to_member(found.member),
    }
    return render(request, "orgs/issued.html", context)


@never_cache
@require_safe
def slip(request: SignedInRequest, number: str) -> HttpResponse:
    """Print the temporary password as a slip."""
    now = timezone.now()
    found = _found(request, number, now)
    if found.member is None:
        raise Http404
    tenures = queries.held_by(found.member).not_over(localdate(now))
    site = request.build_absolute_uri("/")
    context = {"found": found, "tenures": tenures, "site": site, "number": number}
    return render(request, "orgs/issued_slip.html", context)


def _found(request: SignedInRequest, number: str, now: datetime) -> Issued:
    """Return what the officer's form created; 404 for other officers, and for those who no longer
    administer it.
    """
    found = issued(number, request.user, now)
    if found is None:
        raise Http404
    if found.member is not None:
        administered_member(request, found.member.username, now)
    if found.post is not None:
        administered_unit(request, found.post.unit.code, now)
    return found


def _words(post: Post, now: datetime) -> str:
    held = Tenure.objects.not_over(localdate(now)).filter(post=post).select_related("member")
    details = {"unit": naming.name_of(post.unit), "post": naming.title_of(post)}
    tenure = held.first()
    if tenure is None:
        return _("%(unit)s added, with the vacant post %(post)s.") % details
    details["member"] = tenure.member.name
    return _("%(unit)s added, with the post %(post)s held by %(member)s.") % details
