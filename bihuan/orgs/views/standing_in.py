"""Stand-ins of one's own posts: the question, its answer, and the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bihuan.core.refusal import Refusal
from bihuan.orgs import holdings, naming, officers, queries, stand_ins
from bihuan.orgs.actions import stand_in_offers, standing_in
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import StandInOffer, Tenure
from bihuan.orgs.officers import Offer
from bihuan.orgs.structure_forms import OptionalReasonForm, StandInForm
from bihuan.orgs.views.pages import Crumb, FormPage, administered_tenure, perform
from bihuan.orgs.wording import explain, loses_own_work, nobody_for, only_these, period


@require_http_methods(["GET", "POST"])
def name_stand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name who acts for oneself in a post during a day or a leave."""
    now = timezone.now()
    tenure = get_object_or_404(queries.held_by(request.user).in_force(localdate(now)), pk=pk)
    return _name(request, tenure, (_("My account"), reverse("orgs:account")), now)


@require_http_methods(["GET", "POST"])
def name_for(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name who acts for an officer who cannot do it, for an administrator of the unit."""
    now = timezone.now()
    tenure = administered_tenure(request, pk, now)
    unit = tenure.post.unit
    back = (naming.name_of(unit), reverse("orgs:unit", args=[unit.code]))
    return _name(request, tenure, back, now)


def _name(request: SignedInRequest, tenure: Tenure, back: Crumb, now: datetime) -> HttpResponse:
    on = localdate(now)
    possible = [each for each in stand_ins.possible(tenure, on) if each != request.user]
    if not possible:
        lacking, is_missing = stand_ins.lacking(tenure, on)
        messages.warning(request, nobody_for(lacking, is_missing=is_missing))
        return redirect(back[1])
    own = tenure.member_id == request.user.pk
    post = naming.seat_of(tenure.post)
    named = f"{post} ({tenure.member.name})"
    page = FormPage(
        heading=_("Name a stand-in for %(post)s") % {"post": post if own else named},
        submit=_("Ask this officer"),
        cancel_url=back[1],
        crumbs=[back],
        done=_("The officer is asked. Nothing changes until the officer accepts."),
        consequences=_own_consequences() if own else _consequences(tenure.member.name),
    )
    form = StandInForm(
        request.POST or None,
        initial={"start_date": on, "end_date": on},
        offer=Offer(officers.labelled(possible, on), only_these(tenure.post.powers)),
    )
    return perform(request, form, partial(stand_in_offers.name_stand_in, tenure=tenure), page, now)


def _own_consequences() -> list[str]:
    return [
        _("The officer is asked, and accepts or declines. Until then nothing changes."),
        _("On these days the stand-in acts on the cases of the post; each entry says for whom."),
        _(
            "Unsealing, access to confidential cases, administration and audit are not "
            "transferred. You keep all your powers."
        ),
        _(
            "Cases closed to one of you are closed to the stand-in, and neither of you "
            "verifies or decides what the other did."
        ),
        _("Each of you, and an administrator, can end it at any time."),
    ]


def _consequences(holder: str) -> list[str]:
    details = {"holder": holder}
    return [
        _("The officer is asked, and accepts or declines. Until then nothing changes."),
        _("%(holder)s is notified, and can withdraw or end it at any time.") % details,
        _("On these days the stand-in acts on the cases of the post; each entry says for whom."),
        _(
            "Unsealing, access to confidential cases, administration and audit are not "
            "transferred. %(holder)s keeps all powers."
        )
        % details,
        _(
            "Cases closed to one of the two are closed to the stand-in, and neither of them "
            "verifies or decides what the other did."
        ),
    ]


# What each button does, and what it says then.
_ANSWERS: Mapping[str, tuple[Callable[..., object], Promise]] = {
    "accept": (
        stand_in_offers.accept_stand_in,
        gettext_lazy("You are the stand-in. The holder and the leaders of the unit are notified."),
    ),
    "decline": (
        stand_in_offers.decline_stand_in,
        gettext_lazy("Declined. The holder is notified."),
    ),
}


@require_http_methods(["GET", "POST"])
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept or decline to act for the holder of a post."""
    now = timezone.now()
    asked = StandInOffer.objects.waiting(localdate(now)).filter(member=request.user, pk=pk)
    offer = asked.first()
    if offer is None:
        messages.warning(
            request, _("This was already answered or withdrawn, or the days are over.")
        )
        return redirect("orgs:account")
    error, said = "", request.POST.get("answer", "")
    if said in _ANSWERS:
        act, done = _ANSWERS[said]
        try:
            act(offer=offer, actor=request.user, now=now)
        except Refusal as refusal:
            error = explain(refusal)
        else:
            messages.success(request, str(done))
            return redirect("orgs:account")
    holder = offer.tenure.member
    lost = holdings.lost_by(request.user, offer.tenure, now)
    context = {
        "offer": offer,
        "holder": holder,
        "heading": _("Act for %(holder)s as the stand-in?") % {"holder": holder},
        "crumbs": [(_("My account"), reverse("orgs:account"))],
        "post": naming.seat_of(offer.tenure.post),
        "days": period(offer.start_date, offer.end_date),
        "barrier": error or (loses_own_work(str(holder), lost) if lost else ""),
    }
    return render(request, "orgs/stand_in_offer.html", context)


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Withdraw the question before it is answered."""
    now = timezone.now()
    offer = get_object_or_404(StandInOffer.objects.waiting(localdate(now)), pk=pk)
    if not stand_in_offers.may_withdraw(offer, request.user, now):
        raise PermissionDenied
    unit, own = offer.tenure.post.unit, request.user.pk == offer.tenure.member_id
    to_unit = (naming.name_of(unit), reverse("orgs:unit", args=[unit.code]))
    back = (_("My account"), reverse("orgs:account")) if own else to_unit
    page = FormPage(
        heading=_("Withdraw the question to %(member)s") % {"member": offer.member},
        submit=_("Withdraw"),
        cancel_url=back[1],
        crumbs=[back],
        done=_("Withdrawn. You can ask another officer."),
        consequences=[
            _("%(post)s has no stand-in on these days.")
            % {"post": naming.seat_of(offer.tenure.post)},
            _("The officer is notified and can no longer accept."),
        ],
    )
    form = OptionalReasonForm(request.POST or None)
    act = partial(stand_in_offers.withdraw_stand_in, offer=offer)
    return perform(request, form, act, page, now)


@require_http_methods(["GET", "POST"])
def end_stand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a stand-in at once."""
    now = timezone.now()
    found = get_object_or_404(stand_ins.now_and_later(localdate(now)), pk=pk)
    if not standing_in.may_end(found, request.user, now):
        raise PermissionDenied
    held = found.holder_tenure
    assert held is not None
    own = request.user.pk in (found.member_id, held.member_id)
    back = reverse("orgs:account") if own else reverse("orgs:unit", args=[found.post.unit.code])
    page = FormPage(
        heading=_("%(member)s stops acting for %(holder)s")
        % {"member": found.member, "holder": held.member},
        submit=_("End it now"),
        cancel_url=back,
        crumbs=[(_("My account"), back)] if own else [(str(found.post.unit), back)],
        done=_("The stand-in has ended."),
        consequences=[
            _("It ends immediately: %(post)s.") % {"post": naming.seat_of(found.post)},
            _("What was done stays on record, and counts as before when it is verified."),
        ],
    )
    form = OptionalReasonForm(request.POST or None)
    return perform(request, form, partial(standing_in.end_stand_in, stand_in=found), page, now)
