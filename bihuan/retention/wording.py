"""Texts for retention: refusals, and labels on pages and on the timeline."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from bihuan.cases import wording as case_words
from bihuan.cases.kinds import Paper
from bihuan.core.refusal import NotAllowed, Refusal, SamePerson
from bihuan.core.retention import Entry, Term
from bihuan.core.rules import Confidence
from bihuan.notices.models import Notice
from bihuan.orgs import choices
from bihuan.retention import queries
from bihuan.retention.models import Disposal
from bihuan.retention.refusals import Decided, NotHeld, NothingDue, NotPacked, Obstacle

Words = str | Promise

ACTS: Mapping[str, Words] = {
    "hold": gettext_lazy("Placed on hold"),
    "lift_hold": gettext_lazy("Hold lifted"),
    "pack": gettext_lazy("Packed for the archive"),
    "receive_package": gettext_lazy("Received by the archive"),
    "dispose": gettext_lazy("Disposed of: retention period ended"),
}
# Acts on a disposal list.
LIST_ACTS: Mapping[str, Words] = {
    "propose_disposal": gettext_lazy("Proposed"),
    "confirm_disposal": gettext_lazy("Confirmed"),
    "withdraw_disposal": gettext_lazy("Withdrawn"),
    "carry_out_disposal": gettext_lazy("Carried out"),
}
CONFIDENCES: Mapping[Confidence, Words] = {
    Confidence.READ: gettext_lazy("checked against the text"),
    Confidence.SECOND_HAND: gettext_lazy("secondary source"),
    Confidence.PROJECT_DEFAULT: gettext_lazy("default of this system"),
}
_SENTENCES: Mapping[type[Refusal], Words] = {
    NotAllowed: gettext_lazy(
        "None of your posts allows this action on this unit, or the post or your password is "
        "newer than 72 hours."
    ),
    SamePerson: gettext_lazy("Another officer must confirm the list that you proposed."),
    NothingDue: gettext_lazy("No case on this list is due any longer. Check again what is due."),
    Decided: gettext_lazy("Another officer has already decided on this list."),
    NotHeld: gettext_lazy("Another officer has already lifted this hold."),
}
_OBSTACLES: Mapping[Obstacle, str] = {
    Obstacle.EXISTS: gettext_noop("%(what)s already exists; choose a new folder."),
    Obstacle.BUSY: gettext_noop("%(what)s: another process is writing this package."),
    Obstacle.NO_FOLDER: gettext_noop("%(what)s: there is no such folder."),
    Obstacle.NO_ROOM: gettext_noop("%(what)s: not enough space (%(other)s)."),
    Obstacle.NOTHING: gettext_noop("%(what)s has no cases to hand over."),
    Obstacle.NO_UNIT: gettext_noop("There is no unit %(what)s."),
    Obstacle.NO_CLASS: gettext_noop(
        "There is no retention class %(what)s; the classes are %(other)s."
    ),
    Obstacle.NOT_OVER: gettext_noop("The year %(what)s is not over yet."),
    Obstacle.DAMAGED: gettext_noop("%(what)s: the file is missing or was changed (%(other)s)."),
    Obstacle.UNKNOWN: gettext_noop("%(what)s is not a package made by this system."),
    Obstacle.RECEIVED: gettext_noop("The archive has already received %(what)s (%(other)s)."),
    Obstacle.CHANGED: gettext_noop("%(what)s has changed since it was written (%(other)s)."),
}


def name_of(key: str) -> str:
    """Return the name of the list with this key."""
    return list_name(Disposal.objects.select_related("unit").get(pk=key))


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the reader."""
    if isinstance(refusal, NotPacked):
        details = {"what": refusal.what, "other": refusal.other}
        return _(_OBSTACLES[refusal.obstacle]) % details
    sentence = _SENTENCES.get(type(refusal))
    return str(sentence) if sentence else case_words.explain(refusal)


def entry_name(entry: Entry | None, name: str = "") -> str:
    """Return the retention class in the reader's language; its id if it no longer exists."""
    return case_words.in_language(entry.name) if entry else name


def term_name(term: Term) -> str:
    return case_words.in_language(term.name)


def counted(count: int, *, is_more: bool = False) -> str:
    if is_more:
        return _("more than %(n)d cases") % {"n": count}
    return ngettext("%(n)d case", "%(n)d cases", count) % {"n": count}


def list_name(row: Disposal) -> str:
    """Return the name of a list on pages: its unit, year and class."""
    entry = queries.schedule().entry(row.retention)
    named = entry_name(entry, row.retention)
    return f"{choices.name_of(row.unit)} · {row.year} · {named}"


def notice(message: Notice) -> str:
    """Word a notice about a list, which never reveals its number of cases, or which they are."""
    text = _(
        "%(unit)s: cases of %(year)s were proposed for permanent destruction. A second officer "
        "must review the list and confirm it, or not."
    )
    return text % {name: message.detail.get(name, "") for name in ("unit", "year")}


def state(row: Disposal) -> str:
    """Describe the state of a list."""
    if row.withdrawn_at:
        return _("Withdrawn")
    if row.done_at:
        return _("Carried out")
    return _("Confirmed") if row.confirmed_at else _("Waiting for a second officer")


PAPERS: Mapping[str, Mapping[str, Paper]] = {
    "cases.LedgerNote": {
        "progress": Paper(gettext_lazy("Progress")),
        "remark": Paper(gettext_lazy("Remark")),
    },
    "receipts.Publication": {
        "title": Paper(gettext_lazy("Published title")),
        "text": Paper(gettext_lazy("Published text")),
        "answer": Paper(gettext_lazy("Answer")),
    },
}
