"""The moves of grievances that can be made for many at once: none that answers anyone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.kinds import Words
from bihuan.cases.models import Case
from bihuan.core.grievance import Move
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing
from bihuan.desk import results
from bihuan.desk.form_data import PostAndNote
from bihuan.desk.forms import MoveForm
from bihuan.desk.many import proposed_posts
from bihuan.desk.move_pages import MovePage
from bihuan.desk.pages import BatchMove, Proposed
from bihuan.grievances.actions import handling
from bihuan.grievances.kind.moves import MOVES
from bihuan.orgs.choices import name_of
from bihuan.orgs.forms import PostField
from bihuan.orgs.models import Post, User
from bihuan.web.fields import prose


class AssignManyForm(MoveForm[PostAndNote]):
    """Each to the proposed post of its unit, or all of one unit to the same post."""

    gives = PostAndNote

    post = PostField(label=_("Handling post"), required=False)
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        field = self.fields["post"]
        assert isinstance(field, PostField)
        field.none = _("Each to its proposed post")
        self.offer_posts("post", Power.COORDINATE)

    def given(self) -> PostAndNote:
        """Refuse a case for which no post is proposed and none was chosen."""
        if not self.cleaned_data.get("post"):
            raise Missing("post")
        return super().given()


def _propose(cases: Sequence[Case], user: User, now: datetime) -> Mapping[str, Proposed]:
    """A grievance is only assigned within its unit."""
    found = proposed_posts(cases, user, now, lambda each, case: each.post.unit_id == case.owner_id)
    return {
        number: Proposed({"post": each.pk}, str(each), each.proposal.number)
        for number, each in found.items()
    }


def _is_elsewhere(case: Case, post: Post | None) -> Words:
    if post is None:
        return _("No post is proposed: choose one for all, or it will be left out.")
    if post.unit_id == case.owner_id:
        return ""
    return _("Only a post of %(unit)s can handle it; it will be left out.") % {
        "unit": name_of(case.owner)
    }


BATCH: Mapping[str, BatchMove] = {
    "assign": BatchMove(
        Move.ASSIGN,
        MovePage(
            pgettext_lazy("move of a grievance", "Assign"),
            AssignManyForm,
            lambda request, data: handling.assign(**request, post=data.post, note=data.note),
            pgettext_lazy("happened", "Assigned"),
            result=results.to_post(pgettext_lazy("happened", "Assigned")),
        ),
        warn=_is_elsewhere,
        propose=_propose,
    ),
    "close": BatchMove(Move.CLOSE, MOVES[Move.CLOSE]),
}
