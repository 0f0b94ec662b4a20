"""Stand-ins of one's own posts, and their end."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.orgs import naming, officers, queries, stand_ins
from bihuan.orgs.actions import standing_in
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.structure_forms import OptionalReasonForm, StandInForm
from bihuan.orgs.views.pages import FormPage, perform


@require_http_methods(["GET", "POST"])
def name_stand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name who acts for oneself in a post during a day or a leave."""
    now = timezone.now()
    on = localdate(now)
    tenure = get_object_or_404(queries.held_by(request.user).in_force(on), pk=pk)
    possible = stand_ins.possible(tenure, on)
    if not possible:
        messages.warning(request, _no_one())
        return redirect("orgs:account")
    page = FormPage(
        heading=_("Name a stand-in for %(post)s") % {"post": naming.seat_of(tenure.post)},
        submit=_("Name the stand-in"),
        cancel_url=reverse("orgs:account"),
        crumbs=[(_("My account"), reverse("orgs:account"))],
        done=_("Stand-in named. The officer and the leaders of the unit are notified."),
        consequences=[
            _(
                "On these days the stand-in acts on the cases of the post; each entry says for "
                "whom."
            ),
            _(
                "Unsealing, access to confidential cases, administration and audit are not "
                "transferred. You keep all your powers."
            ),
            _(
                "Cases closed to one of you are closed to the stand-in, and neither of you "
                "verifies or decides what the other did."
            ),
            _("Each of you, and an administrator, can end it at any time."),
        ],
    )
    form = StandInForm(
        request.POST or None,
        initial={"start_date": on, "end_date": on},
        officers=officers.labelled(possible, on),
    )
    return perform(request, form, partial(standing_in.name_stand_in, tenure=tenure), page, now)


def _no_one() -> str:
    return _(
        "No officer in this unit, next to it or below it has all powers of this post. Ask the "
        "administrator to hand the post over instead."
    )


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
