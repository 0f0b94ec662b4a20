"""The moves of grievances that can be made for many at once: none that answers anyone."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.kinds import Words
from bihuan.cases.models import Case
from bihuan.core.grievance import Move
from bihuan.core.powers import Power
from bihuan.desk.form_data import PostAndNote
from bihuan.desk.forms import MoveForm
from bihuan.desk.move_pages import MovePage
from bihuan.desk.pages import BatchMove
from bihuan.grievances.actions import handling
from bihuan.grievances.kind.moves import MOVES
from bihuan.orgs.choices import name_of
from bihuan.orgs.forms import PostField
from bihuan.web.fields import prose


class AssignManyForm(MoveForm[PostAndNote]):
    """One handling post for grievances of its unit."""

    gives = PostAndNote

    post = PostField(label=_("Handling post"))
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        self.offer_posts("post", Power.COORDINATE)


def _is_elsewhere(case: Case, form: MoveForm[object]) -> Words:
    """A grievance is only assigned within its unit; another one would be refused."""
    if form.cleaned_data["post"].unit_id == case.owner_id:
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
        ),
        warn=_is_elsewhere,
    ),
    "close": BatchMove(Move.CLOSE, MOVES[Move.CLOSE]),
}
