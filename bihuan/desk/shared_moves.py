"""The moves that every kind of case has, for their pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.actions import comments, evidence
from bihuan.desk.forms import AttachForm, CommentForm
from bihuan.desk.move_pages import AnyMovePage, MovePage, noted

MOVES: dict[str, AnyMovePage] = {
    "attach": MovePage(
        pgettext_lazy("move", "Add evidence"),
        AttachForm,
        lambda request, data: evidence.attach(
            **request,
            uploads=data.uploads,
            phase=data.phase,
            note=data.note,
            is_shown=data.is_shown,
        ),
        pgettext_lazy("happened", "Evidence added"),
        decides=False,
    ),
    "comment": MovePage(
        pgettext_lazy("move", "Comment"),
        CommentForm,
        noted(comments.comment),
        pgettext_lazy("happened", "Comment added"),
        consequences=(
            _(
                "The officers of the responsible post get a notice, and so does the officer who "
                "reported it. Use it to remind them of overdue work."
            ),
        ),
        decides=False,
    ),
}
