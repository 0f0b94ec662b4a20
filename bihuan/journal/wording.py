"""What the journal found or refused, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.refusal import Refusal
from bihuan.journal.diagnosis import Break, Finding
from bihuan.journal.refusals import DayNotBegun, DayPassedOver

FIELDS: dict[str, Promise | str] = {
    "chain": gettext_lazy("its chain"),
    "content": gettext_lazy("what it says"),
    "content, hash": gettext_lazy("what it says, and its hash to match"),
    "hash": gettext_lazy("its hash"),
    "head": gettext_lazy("the hash of the last entry"),
    "leaves": gettext_lazy("the number of chains"),
    "length": gettext_lazy("the length"),
    "length, head": gettext_lazy("the length and the hash of the last entry"),
    "previous": gettext_lazy("the link to the one before"),
    "root": gettext_lazy("the root, or an entry that it covers"),
    "seq": gettext_lazy("its number"),
    "edited": gettext_lazy("edited"),
    "missing": gettext_lazy("removed without being erased"),
    "stray": gettext_lazy("kept for an entry that is not there or keeps none"),
}

_FOUND: dict[Break, Promise | str] = {
    Break.EDITED: gettext_lazy("%(subject)s: entry %(seq)s was edited: %(field)s."),
    Break.REMOVED: gettext_lazy("%(subject)s: entry %(seq)s was removed."),
    Break.INSERTED: gettext_lazy("%(subject)s: entry %(seq)s was inserted."),
    Break.REORDERED: gettext_lazy("%(subject)s: entry %(seq)s is out of its place."),
    Break.HEAD: gettext_lazy("%(subject)s: the chain's own record was edited: %(field)s."),
    Break.STRAY: gettext_lazy("%(subject)s: entry %(seq)s belongs to a chain that is not there."),
    Break.ROOT: gettext_lazy("%(day)s: the daily root does not hold: %(field)s."),
    Break.VALUES: gettext_lazy(
        "%(subject)s: the values beside entry %(seq)s do not hold: %(field)s."
    ),
}


def describe(finding: Finding) -> str:
    """What was found, in a sentence for whoever keeps the journal."""
    words = {**vars(finding), "field": FIELDS.get(finding.field, finding.field)}
    if finding.kind == Break.EDITED and finding.field == "subject":
        return _("%(subject)s: the chain was renamed.") % words
    if finding.kind == Break.REMOVED and finding.last != finding.seq:
        return _("%(subject)s: entries %(seq)s to %(last)s were removed.") % words
    return _FOUND[finding.kind] % words


def explain(refusal: Refusal) -> str:
    """Why a day has no root."""
    match refusal:
        case DayNotBegun(day=day):
            return _("%(day)s has not begun yet.") % {"day": day}
        case DayPassedOver(day=day):
            return _(
                "%(day)s has no root: nothing had been recorded on it when a later day was sealed."
            ) % {"day": day}
    return _("The rules do not allow this.")
