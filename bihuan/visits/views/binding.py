"""Bind sites to a post, one or many, end a binding, and undo what was bound together."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.core.refusal import Refusal
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Post
from bihuan.visits import queries, wording
from bihuan.visits.actions import binding as actions
from bihuan.visits.forms import BindForm, UnbindForm
from bihuan.visits.models import Binding
from bihuan.visits.views.lists import sites_named


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bind(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bind one site, or change its binding."""
    now = timezone.now()
    rows = queries.coordinated(request.user, now).select_related("unit")
    site = get_object_or_404(rows, pk=pk)
    held = queries.of_site(site)
    form = BindForm(request.POST or None, user=request.user, now=now)
    if held is not None:
        form.start_from(held)
    if form.is_valid():
        try:
            actions.bind(site=site, terms=form.terms(), actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("%(site)s is bound.") % {"site": site.name})
            _warn(request, form.terms().post)
            return redirect(site)
    context = {
        "form": form,
        "heading": _("Change the binding") if held else _("Bind to a post"),
        "submit": _("Save") if held else _("Bind"),
        "cancel_url": site.get_absolute_url(),
        "crumbs": [(site.name, site.get_absolute_url())],
    }
    return render(request, "web/form_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bind_many(request: SignedInRequest) -> HttpResponse:
    """Bind the sites that were chosen in the list to one post."""
    now = timezone.now()
    if not queries.binds_any(request.user, now):
        raise Http404
    sites = sites_named(request, now)
    if not sites:
        messages.warning(request, _("Choose at least one site."))
        return redirect("visits:unbound")
    form = BindForm(request.POST if "post" in request.POST else None, user=request.user, now=now)
    if form.is_valid():
        batch = form.mark(str(request.user.pk), *(str(each.pk) for each in sites)) or uuid4()
        try:
            made = actions.bind_many(
                sites=sites, terms=form.terms(), batch=batch, actor=request.user, now=now
            )
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            _say(request, len(made))
            _warn(request, form.terms().post)
            return redirect(f"{reverse('visits:unbound')}?batch={batch}")
    context = {
        "form": form,
        "sites": sites,
        "heading": _("Bind to a post"),
        "submit": _("Bind"),
        "cancel_url": reverse("visits:unbound"),
        "crumbs": [(_("Sites without a post"), reverse("visits:unbound"))],
    }
    return render(request, "visits/bind_many.html", context)


def _say(request: SignedInRequest, count: int) -> None:
    text = ngettext("%(n)d site is bound.", "%(n)d sites are bound.", count)
    messages.success(request, text % {"n": count})


def _warn(request: SignedInRequest, post: Post) -> None:
    """Warn if the post now has more than one post can take."""
    found = queries.loads([post.pk]).get(post.pk)
    if found is not None and (text := wording.over(found)):
        messages.warning(request, text)


@require_POST
def undo(request: SignedInRequest, batch: UUID) -> HttpResponse:
    """End what one form bound together."""
    now = timezone.now()
    rows = Binding.objects.filter(batch=batch, site__in=queries.coordinated(request.user, now))
    if not rows.exists():
        raise Http404
    try:
        count = actions.undo(batch=batch, actor=request.user, now=now)
    except Refusal as refusal:
        messages.error(request, wording.explain(refusal))
    else:
        text = ngettext("%(n)d binding is undone.", "%(n)d bindings are undone.", count)
        messages.success(request, text % {"n": count})
    return redirect("visits:unbound")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unbind(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a binding, with a reason."""
    now = timezone.now()
    rows = Binding.objects.filter(site__in=queries.coordinated(request.user, now))
    found = get_object_or_404(rows.select_related("site__unit", "post__unit"), pk=pk)
    form = UnbindForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.unbind(binding=found, reason=reason, actor=request.user, now=now)
        except Refusal as refusal:
            form.add_error(None, wording.explain(refusal))
        else:
            messages.success(request, _("The binding has ended."))
            return redirect(found.site)
    context = {
        "form": form,
        "heading": _("End the binding"),
        "consequences": [
            _("The site is bound to no post, and is on the list of such sites."),
            _("Its visits stay on record."),
        ],
        "submit": _("End the binding"),
        "danger": True,
        "cancel_url": found.site.get_absolute_url(),
        "crumbs": [(found.site.name, found.site.get_absolute_url())],
    }
    return render(request, "web/confirm.html", context)
