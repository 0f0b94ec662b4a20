"""Posts and appointments."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan import formats
from bihuan.core import grants
from bihuan.orgs import holdings, naming, officers, queries
from bihuan.orgs.actions import annulling, posts
from bihuan.orgs.forms import EndForm, EndPostForm, PostForm, ReasonForm, first_values
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Post, Tenure, User
from bihuan.orgs.structure_forms import AppointForm, HandOverForm
from bihuan.orgs.views.pages import (
    FormPage,
    administered_post,
    administered_tenure,
    administered_unit,
    crumbs_to_unit,
    perform,
)


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest, code: str) -> HttpResponse:
    """Create a post in the unit."""
    now = timezone.now()
    unit = administered_unit(request, code, now)
    page = FormPage(
        heading=_("Add a post in %(unit)s") % {"unit": naming.name_of(unit)},
        submit=_("Add post"),
        cancel_url=_unit_url(unit.code),
        crumbs=crumbs_to_unit(unit),
        done=_("Post added."),
    )
    form = PostForm(request.POST or None)
    return perform(request, form, partial(posts.add_post, unit=unit), page, now)


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a post's title or powers."""
    now = timezone.now()
    post = administered_post(request, pk, now)
    page = FormPage(
        heading=_("Change post %(post)s") % {"post": naming.seat_of(post)},
        submit=_("Save"),
        cancel_url=_unit_url(post.unit.code),
        crumbs=crumbs_to_unit(post.unit),
        done=_("Post changed."),
    )
    form = PostForm(request.POST or None, initial=first_values(post, PostForm))
    return perform(request, form, partial(posts.change_post, post=post), page, now)


@require_http_methods(["GET", "POST"])
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close a post."""
    now = timezone.now()
    post = administered_post(request, pk, now)
    page = FormPage(
        heading=_("End post %(post)s") % {"post": naming.seat_of(post)},
        submit=_("End post"),
        cancel_url=_unit_url(post.unit.code),
        crumbs=crumbs_to_unit(post.unit),
        done=_("Post ended."),
        consequences=[
            _("The holder leaves the post on that day and loses its powers."),
            *_what_is_left(post, localdate(now)),
        ],
        danger=True,
    )
    form = EndPostForm(
        request.POST or None,
        initial={"end_date": localdate(now)},
        posts=queries.other_posts(post, localdate(now)),
        has_work=bool(holdings.of_post(post, localdate(now))),
    )
    return perform(request, form, partial(posts.end_post, post=post), page, now)


@require_http_methods(["GET", "POST"])
def appoint(request: SignedInRequest, pk: int) -> HttpResponse:
    """Appoint a holder for a vacant post."""
    now = timezone.now()
    on, post = localdate(now), administered_post(request, pk, now)
    page = FormPage(
        heading=_("Appoint to %(post)s") % {"post": naming.seat_of(post)},
        submit=_("Appoint"),
        cancel_url=_unit_url(post.unit.code),
        crumbs=crumbs_to_unit(post.unit),
        done=_("Officer appointed."),
        consequences=until_confirmed(post),
    )
    form = AppointForm(
        request.POST or None,
        initial={"start_date": on},
        offer=officers.appointable(queries.appointable(request.user, on), on),
    )
    return perform(request, form, partial(posts.appoint, post=post), page, now)


@require_http_methods(["GET", "POST"])
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand a post over to the next holder."""
    now = timezone.now()
    on, post = localdate(now), administered_post(request, pk, now)
    page = FormPage(
        heading=_("Hand over %(post)s") % {"post": naming.seat_of(post)},
        submit=_("Hand over"),
        cancel_url=_unit_url(post.unit.code),
        crumbs=crumbs_to_unit(post.unit),
        done=_("Post handed over."),
        consequences=[*_what_stays(post), *until_confirmed(post)],
    )
    form = HandOverForm(
        request.POST or None,
        initial={"start_date": on},
        offer=officers.appointable(queries.appointable(request.user, on), on, but=_holder(post)),
    )
    return perform(request, form, partial(posts.hand_over, post=post), page, now)


@require_http_methods(["GET", "POST"])
def end_tenure(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a tenure without a next holder."""
    now = timezone.now()
    tenure = administered_tenure(request, pk, now)
    page = FormPage(
        heading=_("%(member)s leaves %(post)s")
        % {"member": tenure.member, "post": naming.seat_of(tenure.post)},
        submit=_("Confirm leaving"),
        cancel_url=_unit_url(tenure.post.unit.code),
        crumbs=crumbs_to_unit(tenure.post.unit),
        done=_("Done."),
        consequences=[
            _("The officer loses the powers of the post after that day."),
            *_what_waits(tenure, localdate(now)),
        ],
        danger=True,
    )
    form = EndForm(request.POST or None, initial={"end_date": localdate(now)})
    return perform(request, form, partial(posts.end_tenure, tenure=tenure), page, now)


@require_http_methods(["GET", "POST"])
def annul_tenure(request: SignedInRequest, pk: int) -> HttpResponse:
    """Annul an appointment that was entered by mistake."""
    now = timezone.now()
    tenure = administered_tenure(request, pk, now)
    details = {"member": tenure.member, "post": naming.seat_of(tenure.post)}
    page = FormPage(
        heading=_("Annul the appointment of %(member)s to %(post)s") % details,
        submit=_("Annul the appointment"),
        cancel_url=_unit_url(tenure.post.unit.code),
        crumbs=crumbs_to_unit(tenure.post.unit),
        done=_("The appointment is annulled."),
        consequences=[
            _("It counts as never made: it excludes the officer from nothing."),
            _(
                "The post is vacant. A previous holder does not return, and cases that were "
                "transferred meanwhile stay where they are."
            ),
            _("The journal keeps the appointment and the reason."),
            _("The holder, the leaders of the unit and the other administrators are notified."),
        ],
        danger=True,
    )
    form = ReasonForm(request.POST or None)
    return perform(request, form, partial(annulling.annul_tenure, tenure=tenure), page, now)


def _what_is_left(post: Post, on: date) -> list[str]:
    work = holdings.of_post(post, on)
    if not work:
        return [_("It has no open work.")]
    details = {"work": formats.clauses(work)}
    return [
        _("Its open work is transferred immediately to the post you choose: %(work)s.") % details
    ]


def _what_waits(tenure: Tenure, on: date) -> list[str]:
    """Describe the open work that remains, and who is responsible until the post is filled."""
    post, work = tenure.post, holdings.of_post(tenure.post, on)
    lines = []
    if work:
        lines.append(
            _("Open work stays with the post for its next holder: %(work)s.")
            % {"work": formats.clauses(work)}
        )
    others = Tenure.objects.not_over(on).filter(post__unit=post.unit).exclude(pk=tenure.pk)
    left = holdings.of_unit(post.unit, on)
    if left and not others.exists():
        lines.append(
            _("%(unit)s has no other officers in post, but has open work: %(work)s.")
            % {"unit": naming.name_of(post.unit), "work": formats.clauses(left)}
        )
    if lines:
        answering = [each for each in queries.answering(post.unit, on) if each.pk != tenure.pk]
        lines.append(_who_answers(answering))
    return lines or [_("The post has no open work.")]


def _who_answers(answering: list[Tenure]) -> str:
    if not answering:
        return _("After this, the unit and the units above have no coordinator. Appoint one first.")
    named = formats.clauses(
        f"{naming.name_of(each.post.unit)} {each.member.name}" for each in answering
    )
    return _("Until then, these officers coordinate it and get reminders: %(named)s.") % {
        "named": named
    }


def _holder(post: Post) -> User | None:
    held = post.tenures.filter(end_date=None).select_related("member").first()
    return held.member if held else None


def _what_stays(post: Post) -> list[str]:
    holder = _holder(post)
    leaving = (
        [_("%(member)s leaves the post the day before.") % {"member": holder}] if holder else []
    )
    return [
        *leaving,
        _("Open work and its deadlines stay with the post; nothing is reassigned."),
        _("Past work stays in the name of the officer who did it."),
    ]


def until_confirmed(post: Post) -> list[str]:
    """For a post that reaches seals: explain that an appointment takes effect once confirmed."""
    if not grants.REACHING & set(post.powers):
        return []
    return [
        _(
            "The post can be used for seals and confidential cases once a second administrator "
            "confirms the appointment, or after 72 hours. All other powers apply immediately."
        ),
        _("The holder, the leaders of the unit and the other administrators are notified."),
    ]


def _unit_url(code: str) -> str:
    return reverse("orgs:unit", args=[code])
