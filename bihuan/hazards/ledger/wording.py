"""Texts for the ledger of hazards."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bihuan.core.history import RowFault
from bihuan.hazards.wording import explain
from bihuan.sheets.ledger.reading.notes import NoteKind
from bihuan.sheets.ledger.types import LedgerWords, Parting

ROWS: dict[str, str | Promise] = {
    RowFault.NOTHING_FOUND: gettext_lazy("The row does not say what was found."),
    RowFault.NO_DATE: gettext_lazy("The row does not say when it was found."),
    RowFault.CLOSED_WITHOUT_DATE: gettext_lazy(
        "The row says closed, but has no date of verification or closure."
    ),
    RowFault.CLOSED_BEFORE_FOUND: gettext_lazy("It was closed before it was found."),
    RowFault.DEADLINE_BEFORE_FOUND: gettext_lazy("The deadline is before the day it was found."),
    RowFault.VERIFIED_BY_RESOLVER: gettext_lazy(
        "The officer responsible for the fix also verified it; a different person must verify it."
    ),
    RowFault.NO_DEADLINE: gettext_lazy("An assigned hazard needs a deadline."),
    RowFault.MAJOR_WITHOUT_STANDARD: gettext_lazy(
        "A major hazard needs the standard on which the grade is based."
    ),
    RowFault.OPEN_WITH_END: gettext_lazy(
        "The row has a closing date but says that it is not closed."
    ),
    RowFault.STAGE_CONTRADICTED: gettext_lazy(
        "The stage and the closing status contradict each other; change both, or leave the stage "
        "empty."
    ),
    RowFault.OF_ANOTHER_UNIT: gettext_lazy(
        "The number belongs to a case that another unit found; it cannot be changed from here."
    ),
    RowFault.DOWNGRADED: gettext_lazy(
        "An import by the unit itself cannot change its major hazard to a general one. Change "
        "the grade on the case page: the level above is notified."
    ),
}
NOTES: dict[NoteKind, str | Promise] = {
    NoteKind.AT_ONCE: gettext_lazy("“%(shown)s”: due on the day it was found"),
    NoteKind.SEVERAL: gettext_lazy(
        "the cell lists %(shown)s hazards; they are imported as one case, unless split"
    ),
    NoteKind.PARTED: gettext_lazy("the cell lists %(shown)s hazards: one case each"),
}
COUNTED: dict[NoteKind, Callable[[int], str]] = {
    NoteKind.NO_UNIT: lambda n: ngettext(
        "%(n)s row has no responsible unit: it belongs to the unit that found it, or to %(unit)s "
        "if none is named.",
        "%(n)s rows have no responsible unit: they belong to the unit that found them, or to "
        "%(unit)s if none is named.",
        n,
    ),
    NoteKind.IN_DAYS: lambda n: ngettext(
        "In %(n)s row the deadline is a number of days, added to the date found.",
        "In %(n)s rows the deadline is a number of days, added to the date found.",
        n,
    ),
    NoteKind.AT_ONCE: lambda n: ngettext(
        "%(n)s row is to be fixed at once: it is due on the day it was found.",
        "%(n)s rows are to be fixed at once: they are due on the day they were found.",
        n,
    ),
    NoteKind.YEAR_ADDED: lambda n: ngettext(
        "%(n)s date found has no year; the nearest year was used.",
        "%(n)s dates found have no year; the nearest years were used.",
        n,
    ),
    NoteKind.SEVERAL: lambda n: ngettext(
        "%(n)s row lists several hazards in a cell; it is imported as one case, unless it is "
        "split.",
        "%(n)s rows list several hazards in a cell; each is imported as one case, unless it is "
        "split.",
        n,
    ),
    NoteKind.PARTED: lambda n: ngettext(
        "%(n)s row lists several hazards in a cell: one case each.",
        "%(n)s rows list several hazards in a cell: one case each.",
        n,
    ),
}
WORDS = LedgerWords(
    name=pgettext_lazy("a ledger", "Hazards"),
    looks_like=gettext_lazy("This looks like a ledger of hazards."),
    same=gettext_lazy("the same hazard"),
    another=gettext_lazy("another hazard"),
    without_unit=gettext_lazy("Leave empty: the unit that found them."),
    rows=ROWS,
    notes=NOTES,
    counted=COUNTED,
    unknown={"closed": gettext_lazy("“%(shown)s” does not say whether the hazard is closed.")},
    define={
        "closed": gettext_lazy(
            "Define it once in a mapping file, under [words.closed]: “yes”, “no” or “verified”."
        )
    },
    explain=explain,
)
PARTING = Parting(
    each=("measures", "deadline", "contingency", "progress"),
    total="budget",
    label=gettext_lazy("Split rows that list several hazards: one case each"),
    by_command=gettext_lazy("Use --split to create a case for each hazard."),
)
