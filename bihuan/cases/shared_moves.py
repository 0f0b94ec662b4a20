"""The moves that every kind of case has, as their pages know them."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from bihuan.cases.actions import comments, evidence
from bihuan.cases.forms import AttachForm, CommentForm
from bihuan.cases.kinds import MovePage

MOVES: dict[str, MovePage] = {
    "attach": MovePage(
        pgettext_lazy("move", "Add evidence"),
        AttachForm,
        evidence.attach,
        pgettext_lazy("happened", "Evidence added"),
    ),
    "comment": MovePage(
        pgettext_lazy("move", "Comment"),
        CommentForm,
        comments.comment,
        pgettext_lazy("happened", "Comment added"),
    ),
}
