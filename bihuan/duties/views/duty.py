"""One duty: its text, who signed it, and signing it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.duties import queries
from bihuan.duties.actions import signing
from bihuan.duties.models import Duty
from bihuan.duties.views.frame import done, seen
from bihuan.files import attachments
from bihuan.orgs.choices import holders
from bihuan.orgs.http import SignedInRequest
from bihuan.sites import queries as sites
from bihuan.web import timeline


@require_safe
@never_cache
def duty(request: SignedInRequest, pk: int) -> HttpResponse:
    now, user = timezone.now(), request.user
    on = localdate(now)
    found = seen(request, pk, now)
    state = queries.with_state(Duty.objects.filter(pk=pk), on).get()
    may_change = found.ended_at is None and sites.may_change(user, found.site, now)
    is_own = any(post.pk == found.post_id for post in queries.own_posts(user, now))
    context = {
        "duty": found,
        "state": state,
        "holder": holders([found.post_id], on).get(found.post_id, ""),
        "may_change": may_change and found.site.closed_at is None,
        "may_sign": is_own and not state.is_signed and found.ended_at is None,
        "texts": list(found.texts.exclude(number=found.number).order_by("-number")),
        "signatures": list(queries.signatures_of(found)),
        "attachments": attachments.known(found.subject, may_add=may_change),
        "timeline": timeline.of(found.subject),
    }
    return render(request, "duties/duty.html", context)


class SignForm(forms.Form):
    """The version that was read."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_767)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read the text, and sign it as the holder of the post."""
    now = timezone.now()
    posts = [post.pk for post in queries.own_posts(request.user, now)]
    rows = Duty.objects.filter(post__in=posts, ended_at=None)
    found = get_object_or_404(rows.select_related("site__unit", "post__unit"), pk=pk)
    if not queries.to_sign(request.user, now).filter(pk=pk).exists():
        return redirect(found)
    form = SignForm(request.POST or None, initial={"number": found.number})
    if form.is_valid() and done(
        form,
        lambda: signing.sign(
            duty=found, number=form.cleaned_data["number"], actor=request.user, now=now
        ),
    ):
        messages.success(request, _("Signed."))
        return redirect("duties:mine")
    if form.is_bound:
        form.data = {"number": str(found.number)}
    context = {
        "duty": found,
        "form": form,
        "heading": _("Sign duty"),
        "submit": _("I have read it and sign"),
        "crumbs": [(_("My responsibilities"), reverse("duties:mine"))],
        "cancel_url": reverse("duties:mine"),
    }
    return render(request, "duties/sign.html", context)
