"""What a kind calls its acts and the holders of its codes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bihuan.cases import kinds
from bihuan.cases.kinds import Kind, Words
from bihuan.cases.models import REPORTER, Case
from bihuan.cases.queries.undoable import UNDO
from bihuan.cases.wording import ACTS
from bihuan.journal.models import Entry


def act_words(kind: Kind, act: str) -> Words:
    """Return the name of an act on the timeline."""
    if act == kind.lifecycle.birth:
        return kind.wording.reported
    return kind.wording.happened.get(act) or ACTS.get(act, act)


def entry_words(kind: Kind, entry: Entry) -> Words:
    """Return the name of what the entry records; of an undo, with what was undone."""
    if entry.act != UNDO:
        return act_words(kind, entry.act)
    undone = act_words(kind, str(entry.details.get("undone_act", "")))
    return _("Undone: %(act)s") % {"act": undone}


def whose(case: Case, slot: str) -> str:
    """Return who is behind a seal, a message or a code of the case, never by name."""
    return kinds.of(case).wording.slots(slot)


def who_did(case: Case, entry: Entry) -> str:
    """Return the officer, or which holder of a code; empty for the system."""
    detail = entry.details
    if detail.get("by_reporter"):
        return whose(case, str(detail.get("slot") or detail.get("party") or REPORTER))
    return entry.actor.name if entry.actor else ""
