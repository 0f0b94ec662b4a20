"""Texts of notices about cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.cases import kinds
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


# The texts of notices of moves that every kind has, by "move.group".
_TOLD: dict[str, Words] = {
    "assign.post": gettext_lazy("%(unit)s assigned this to your post."),
    "assign.left": gettext_lazy("%(unit)s assigned this to another post: you no longer have it."),
    "contest.next": gettext_lazy("%(unit)s disputes the assignment. Please decide."),
    "decide_contest.post": gettext_lazy("The disputed assignment was decided: your post has it."),
    "ask_extension.next": gettext_lazy("%(unit)s requests an extension. Please decide."),
    "ask_later_conclusion.next": gettext_lazy("%(unit)s requests an extension. Please decide."),
    "comment.post": gettext_lazy("%(unit)s added a comment."),
    "comment.author": gettext_lazy("%(unit)s added a comment to what you reported."),
    "add_assist.named": gettext_lazy("%(unit)s asks your unit to assist."),
    "withdraw.post": gettext_lazy("The reporter withdrew this."),
    "withdraw.office": gettext_lazy("The reporter withdrew this."),
    "declare_interest.office": gettext_lazy(
        "An officer declared a conflict of interest. Assign this to another officer."
    ),
}
# By the name of the detail that says how it was decided, and by the decision.
_DECIDED: dict[tuple[str, bool], Words] = {
    ("granted", True): gettext_lazy("The requested extension was granted."),
    ("granted", False): gettext_lazy("The requested extension was not granted."),
    ("upheld", True): gettext_lazy("Your objection was upheld: another unit has it."),
    ("upheld", False): gettext_lazy("Your objection was not upheld: your unit keeps it."),
    ("agreed", True): gettext_lazy("Your objection was accepted: the sender takes it back."),
    ("agreed", False): gettext_lazy("Your objection was not accepted: your unit has it."),
}


def unopened(message: Notice) -> str:
    """Word the alarm about a confidential case that no officer may open; without what it is
    about.
    """
    text = _(
        "No officer can open the confidential case %(number)s: every officer who could is excluded "
        "or has left. Fill vacant posts, or appoint an officer who had no post elsewhere as a "
        "coordinator of your unit. This notice is sent once."
    )
    return text % {"number": message.detail["number"]}


def notice(message: Notice) -> str:
    """Word a notice about its case."""
    if "kind" in message.detail:
        return _told(message.what, message.detail)
    said = _NOTICES.get(message.what) or NOTICES.get(message.what)
    if said is None:
        return message.what
    detail = message.detail
    return str(said) % {
        "rule": rule_name(str(detail.get("rule", ""))),
        "day": day_of(detail.get("due_at", "")),
        "unit": detail.get("unit", ""),
    }


def _told(move: str, detail: Mapping[str, Any]) -> str:
    """Word a notice of a move: with a text of the kind, or the name of the act."""
    known = kinds.by_name(detail["kind"]).wording
    unit, key = str(detail.get("unit", "")), f"{move}.{detail['to']}"
    said: Words | None = known.told.get(key) or _TOLD.get(key)
    if said is None:
        decided = [_DECIDED.get((name, bool(value))) for name, value in detail.items()]
        said = next((each for each in decided if each is not None), None)
    if said is not None:
        return str(said) % {"unit": unit or _("The reporter")}
    done = known.happened.get(move) or known.reported
    return str(done) + (_(": ") + unit if unit else "")


def taken_over(message: Notice) -> str:
    """Word a notice about the work of a closed unit."""
    count = int(message.detail["count"])
    return ngettext(
        "%(closed)s was closed: %(n)d open case is now your unit's.",
        "%(closed)s was closed: %(n)d open cases are now your unit's.",
        count,
    ) % {"n": count, "closed": message.detail["closed"]}
