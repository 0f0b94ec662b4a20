"""Texts of notices about cases."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from bihuan.cases.actions.lifting import LIFT, PUT_BACK
from bihuan.cases.queries.undoable import UNDO
from bihuan.cases.wording import NOTICES, day_of, rule_name
from bihuan.notices.models import Notice

Words = str | Promise

_NOTICES: dict[str, Words] = {
    "warning": gettext_lazy("“%(rule)s” ends on %(day)s."),
    "overdue": gettext_lazy("“%(rule)s” expired on %(day)s."),
    "moved": gettext_lazy("“%(rule)s” ends earlier than stated before: on %(day)s."),
    "escalation": gettext_lazy("“%(rule)s” expired on %(day)s and no action was taken."),
    LIFT: gettext_lazy(
        "All officers below who could take this case are excluded: it now belongs to your unit."
    ),
    PUT_BACK: gettext_lazy("The holder of its post is excluded. Give it to another post."),
    UNDO: gettext_lazy("An act of which you were notified was undone. The case is as it was."),
    "reworded": gettext_lazy(
        "%(unit)s, not a level above, changed the text of this case after assignment. The "
        "earlier text is on the timeline."
    ),
}


def notice(message: Notice) -> str:
    """Word a notice about its case."""
    said = _NOTICES.get(message.what) or NOTICES.get(message.what)
    if said is None:
        return message.what
    detail = message.detail
    return str(said) % {
        "rule": rule_name(str(detail.get("rule", ""))),
        "day": day_of(detail.get("due_at", "")),
        "unit": detail.get("unit", ""),
    }


def taken_over(message: Notice) -> str:
    """Word a notice about the work of a closed unit."""
    count = int(message.detail["count"])
    return ngettext(
        "%(closed)s was closed: %(n)d open case is now your unit's.",
        "%(closed)s was closed: %(n)d open cases are now your unit's.",
        count,
    ) % {"n": count, "closed": message.detail["closed"]}
