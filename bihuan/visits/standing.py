"""The state of bindings, groups and visits, for `journal verify`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bihuan.files.standing import WithAttachments
from bihuan.journal.parts import Part, RowWitness
from bihuan.visits.models import BINDING, GROUP, VISIT, Binding, Group, Visit
from bihuan.visits.submitted import SUBMISSION, PaperSubmission

# The days of the latest and the next visit follow from the visits.
BINDINGS = RowWitness(
    BINDING, Part("binding", Binding, _("the binding"), without=("due_date", "last_date"))
)
GROUPS = RowWitness(GROUP, Part("group", Group, _("the group")))
VISITS = WithAttachments(VISIT, RowWitness(VISIT, Part("visit", Visit, _("the visit"))))
SUBMISSIONS = WithAttachments(
    SUBMISSION,
    RowWitness(SUBMISSION, Part("submission", PaperSubmission, _("the submitted paper"))),
)
