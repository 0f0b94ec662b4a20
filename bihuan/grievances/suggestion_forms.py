"""Forms for the moves of a suggestion."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bihuan.core.powers import Power
from bihuan.desk.form_data import PostAndNote
from bihuan.desk.forms import MoveForm, NoteForm
from bihuan.grievances.form_data import Adoption
from bihuan.orgs.forms import PostField
from bihuan.web.fields import prose, yes_or_no

_READ = _("The author reads this as the answer.")


class ConsiderForm(MoveForm[PostAndNote]):
    gives = PostAndNote

    post = PostField(label=_("Post that considers it"))
    note = prose(_("Remark"), required=False, rows=2)

    def prepare(self) -> None:
        self.offer_posts("post", Power.COORDINATE)
        self.initial.setdefault("post", self.subject.post_id)


class AdoptForm(MoveForm[Adoption]):
    gives = Adoption

    partly = yes_or_no(_("Extent of adoption"), _("Partly"), _("Fully"))
    note = prose(_("What will be done, and by when"), help_text=_READ)


class NotAdoptForm(NoteForm):
    note = prose(_("Reasons for not adopting it"), help_text=_READ)
