"""Texts for the findings and refusals of the journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.core.refusal import Refusal
from bihuan.journal import hooks
from bihuan.journal.diagnosis import Break, Finding
from bihuan.journal.queries import Proof, Verification
from bihuan.journal.refusals import DayNotBegun, DayPassedOver

FIELDS: dict[str, Promise | str] = {
    "chain": gettext_lazy("its chain"),
    "content": gettext_lazy("its content"),
    "content, hash": gettext_lazy("its content, with a recalculated hash"),
    "hash": gettext_lazy("its hash"),
    "head": gettext_lazy("the hash of the last entry"),
    "leaves": gettext_lazy("the number of chains"),
    "length": gettext_lazy("the length"),
    "length, head": gettext_lazy("the length and the hash of the last entry"),
    "previous": gettext_lazy("the link to the previous entry"),
    "root": gettext_lazy("the root, or an entry that it covers"),
    "seq": gettext_lazy("its number"),
    "at": gettext_lazy("its time"),
    "other": gettext_lazy("another value"),
    "journal_entry": gettext_lazy("entries"),
    "journal_anchor": gettext_lazy("roots"),
    "edited": gettext_lazy("edited"),
    "missing": gettext_lazy("removed without a record of erasure"),
    "stray": gettext_lazy("stored for an entry that is missing or has no old values"),
}

_FOUND: dict[Break, Promise | str] = {
    Break.EDITED: gettext_lazy("%(subject)s: entry %(seq)s was edited: %(field)s."),
    Break.REMOVED: gettext_lazy("%(subject)s: entry %(seq)s was removed."),
    Break.INSERTED: gettext_lazy("%(subject)s: entry %(seq)s was inserted."),
    Break.REORDERED: gettext_lazy("%(subject)s: entry %(seq)s is out of place."),
    Break.HEAD: gettext_lazy("%(subject)s: the chain's own record was edited: %(field)s."),
    Break.STRAY: gettext_lazy("%(subject)s: entry %(seq)s belongs to a missing chain."),
    Break.ROOT: gettext_lazy("%(when)s: the root does not match: %(field)s."),
    Break.TIME: gettext_lazy("%(subject)s: entry %(seq)s is dated before the previous entry."),
    Break.GUARD: gettext_lazy("%(subject)s: the trigger is missing, switched off or changed."),
    Break.STATE: gettext_lazy(
        "%(subject)s: its current state does not match entry %(seq)s: %(field)s."
    ),
    Break.UNTOLD: gettext_lazy("%(subject)s: it exists, but has no chain."),
    Break.OUTSIDE: gettext_lazy("%(when)s: the root differs from the one that was handed out."),
    Break.VALUES: gettext_lazy(
        "%(subject)s: the old values of entry %(seq)s are wrong: %(field)s."
    ),
}


def describe(finding: Finding) -> str:
    """Describe a finding in a sentence for the operator."""
    words = {
        **vars(finding),
        "field": FIELDS.get(finding.field, finding.field),
        "when": _instant(finding.until_at) if finding.until_at else finding.day,
    }
    if finding.kind == Break.EDITED and finding.field == "subject":
        return _("%(subject)s: the chain was renamed.") % words
    if finding.kind == Break.REMOVED and finding.last != finding.seq:
        return _("%(subject)s: entries %(seq)s to %(last)s were removed.") % words
    if finding.kind == Break.STATE:
        if finding.field == "gone":
            return _("%(subject)s: entry %(seq)s exists, but the subject is missing.") % words
        words["field"] = hooks.words(finding.subject, finding.field)
    if finding.kind == Break.COUNT:
        return _counted(finding, words)
    if finding.kind == Break.OUTSIDE and finding.field == "missing":
        return _("%(when)s: the root that was handed out is missing.") % words
    return _FOUND[finding.kind] % words


def _counted(finding: Finding, words: dict[str, object]) -> str:
    missing = finding.seq or 0
    words["count"] = abs(missing)
    if missing < 0:
        return _("The journal has %(count)d more %(field)s than were ever written.") % words
    said = _("The journal has %(count)d fewer %(field)s than were ever written.") % words
    if not finding.hint:
        return said
    gaps = _("Missing numbers: %(hint)s.") % words
    return f"{said} {gaps}"


def _instant(at: datetime) -> str:
    return localtime(at, get_default_timezone()).isoformat(" ", "minutes")


# ------------------------------------------------------------------ what is proven
def summary(found: Verification, seconds: float) -> str:
    """Say what was read, and how many breaks were found."""
    read = _("%(entries)d entries in %(chains)d chains read in %(seconds).1f s.") % {
        "entries": found.entries,
        "chains": found.chains,
        "seconds": seconds,
    }
    count = len(found.findings)
    result = (
        _("No changes found.")
        if found.ok
        else ngettext("%(count)d break found.", "%(count)d breaks found.", count) % {"count": count}
    )
    erased = ngettext(
        "The old values of %(count)d entry were erased.",
        "The old values of %(count)d entries were erased.",
        found.erased,
    ) % {"count": found.erased}
    return f"{read} {result} {erased}" if found.erased else f"{read} {result}"


def proven(found: Verification) -> Iterator[str]:
    """Say what the roots prove, and what is not proven."""
    proof = found.proof
    words = {
        "roots": proof.roots,
        "compared": proof.compared,
        "unsealed": proof.unsealed,
        "stands": proof.stands,
        "unsaid": proof.unsaid,
        "sealed": _instant(proof.sealed_until) if proof.sealed_until else "",
        "outside": _instant(proof.outside_until) if proof.outside_until else "",
    }
    yield from (line % words for line in (*_of_roots(found), *_of_records(proof)))


def _of_roots(found: Verification) -> Iterator[str]:
    proof = found.proof
    if found.ok and proof.outside_until:
        yield _(
            "Proven by %(compared)d external roots: nothing in the journal before %(outside)s "
            "was changed, removed or added later."
        )
    if proof.outside_until is None:
        yield _(
            "Not proven: none of the %(roots)d roots was compared with an external one "
            "(--roots). The owner of the database could have rewritten all of it."
        )
    elif proof.sealed_until and proof.sealed_until > proof.outside_until:
        yield _("Not proven: entries after %(outside)s; their roots were not handed out.")
    if proof.unsealed and proof.sealed_until:
        yield _("Not yet sealed by a root: %(unsealed)d entries since %(sealed)s.")
    elif proof.unsealed:
        yield _("Not yet sealed by a root: all %(unsealed)d entries.")


def _of_records(proof: Proof) -> Iterator[str]:
    if proof.stands:
        yield _(
            "%(stands)d records were compared with their last entries. Messages and file "
            "contents are not covered by entries."
        )
    if proof.unsaid:
        yield _(
            "Not proven: the current state of %(unsaid)d records whose entries are older than "
            "this feature; it is covered after their next change, or after “bihuan journal "
            "stands”."
        )


def heading() -> str:
    """The heading of exported roots."""
    return _("Roots of the journal")


def sheet(lines: Sequence[str]) -> Iterator[str]:
    """Format the roots as a sheet of paper that two people sign."""
    yield heading()
    yield ""
    yield _(
        "Each line: time, last entry, number of chains, and root. Keep this sheet where the "
        "people who run the server cannot change it."
    )
    yield ""
    yield from lines
    yield ""
    yield _("Printed on ____________   Signed ____________________   ____________________")


def explain(refusal: Refusal) -> str:
    """Explain why a day has no root."""
    match refusal:
        case DayNotBegun(day=day):
            return _("%(day)s is in the future.") % {"day": day}
        case DayPassedOver(day=day):
            return _("%(day)s has no root: it had no entries when a later day was sealed.") % {
                "day": day
            }
    return _("The rules do not allow this.")
