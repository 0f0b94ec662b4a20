"""Texts for ledgers: refusals of rows, cells and mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import (
    get_language,
    gettext_lazy,
    ngettext,
    override,
)
from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.cases import wording as case_words
from bihuan.core.history import RowFault
from bihuan.core.history import RowRefused as HistoryRefused
from bihuan.core.refusal import NotAllowed, Refusal, WrongStage
from bihuan.ledgers import ways_out
from bihuan.ledgers.actions.refusals import GaveUp, NotWhole, StillAsked, Untried
from bihuan.ledgers.actions.results import Words
from bihuan.ledgers.mapping import MappingFault, OtherKind, Unanswered
from bihuan.ledgers.notes import note
from bihuan.ledgers.questions import asked
from bihuan.ledgers.said import Said, here, in_each
from bihuan.ledgers.ways_out import Medium
from bihuan.notices.models import Notice
from bihuan.orgs import wording as org_words
from bihuan.orgs.refusals import UnitClosed
from bihuan.sheets import wording as sheet_words
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.reading import LongTerm, NoDate, SeveralDays, StruckThrough, UnknownWord
from bihuan.sheets.ledger.rows import Resembles
from bihuan.sheets.ledger.types import LedgerType
from bihuan.sheets.ledger.vocabulary import Vocabulary
from bihuan.sheets.personal import Personal
from bihuan.sheets.refusals import CellRefused, SheetRefused

# The texts for every ledger, unless its type has its own.
ROWS: dict[str, str | Promise] = {
    RowFault.NOTHING_FOUND: gettext_lazy("The row does not say what it is about."),
    RowFault.NO_PLACE: gettext_lazy("The row does not say where."),
    RowFault.NO_DATE: gettext_lazy("The row does not say when it was received."),
    RowFault.IN_THE_FUTURE: gettext_lazy("The date is in the future."),
    RowFault.CLOSED_WITHOUT_DATE: gettext_lazy("The row says that it has ended, but has no date."),
    RowFault.CLOSED_BEFORE_FOUND: gettext_lazy("It ended before it was received."),
    RowFault.DEADLINE_BEFORE_FOUND: gettext_lazy("The deadline is before the day it was received."),
    RowFault.OPEN_WITH_END: gettext_lazy("The row has an end date but says that it has not ended."),
    RowFault.STAGE_CONTRADICTED: gettext_lazy(
        "The stage and the end status contradict each other; change both, or leave the stage empty."
    ),
    RowFault.OF_ANOTHER_UNIT: gettext_lazy(
        "The number belongs to a case of another unit; it cannot be changed from here."
    ),
    RowFault.LINKED: gettext_lazy(
        "The row is linked to %(number)s, which did not come from this ledger, so the ledger "
        "does not change it. Change it on the case page, or ask the unit it belongs to."
    ),
    RowFault.TWICE_IN_THE_FILE: gettext_lazy("The same number is in the file twice."),
    RowFault.UNIT_CLOSED: gettext_lazy("The unit is closed."),
    RowFault.WORKED_ON: gettext_lazy(
        "This case has progressed in the system since the import; change it there."
    ),
    RowFault.STAGE_NOT_TOLD_BY_ROWS: gettext_lazy(
        "A row cannot create a case in this stage: it needs documents that are not in the "
        "workbook. Leave the stage empty."
    ),
    RowFault.RESEMBLES: gettext_lazy("The row may be an existing case."),
    RowFault.POSTPONED: gettext_lazy(
        "This deadline applies to the unit itself; its own imports cannot extend it. Request an "
        "extension on the case page: the level above decides."
    ),
    RowFault.CLOSURE_WAITS: gettext_lazy(
        "The verification is waiting for a second officer, who confirms it or sends it back. "
        "Until then files cannot change who fixed and verified it, when, or in which unit."
    ),
    RowFault.ENDED: gettext_lazy(
        "This case has ended; imports never change or reopen it. If the problem recurred, reopen "
        "the case in the system."
    ),
    RowFault.DISPOSED_OF: gettext_lazy(
        "This case was disposed of under the retention list when its retention period ended; "
        "files cannot restore it. If the row is about another case, correct its number or leave "
        "the number empty."
    ),
    RowFault.AMENDED: gettext_lazy(
        "Text of this case was erased or corrected at the request of the reporter; files cannot "
        "restore the earlier text. Change the text in the row, or remove the row from the file."
    ),
}
MAPPINGS: dict[str, str | Promise] = {
    "not_toml": gettext_lazy("%(where)s is not a mapping file: %(what)s"),
    "unknown_table": gettext_lazy("%(where)s: a mapping has no table [%(what)s]."),
    "not_texts": gettext_lazy("%(where)s: [%(what)s] may contain only texts."),
    "unknown_kind": gettext_lazy("%(where)s: there are no ledgers of type “%(what)s”."),
    "other_kind": gettext_lazy("%(where)s is for another type of ledger: “%(what)s”."),
    "unknown_option": gettext_lazy("%(where)s: there is no option “%(what)s”."),
    "unknown_zone": gettext_lazy("%(where)s: there is no time zone “%(what)s”."),
    "unknown_field": gettext_lazy("%(where)s: ledgers have no field “%(what)s”."),
    "no_such_column": gettext_lazy("The file has no column “%(what)s”: %(where)s."),
    "column_names_the_public": gettext_lazy(
        "%(where)s: the column “%(what)s” is about members of the public and is never imported."
    ),
    "column_of_control": gettext_lazy(
        "%(where)s: the column “%(what)s” is for controlling people and is never imported; "
        "bihuan does not record this."
    ),
    "unknown_row": gettext_lazy("%(where)s: header_row must be a number, not “%(what)s”."),
    "unknown_money": gettext_lazy("%(where)s: “%(what)s” is not a unit of money, such as 万元."),
}

# On the pages, the names of fields in a mapping file are not known.
MAPPINGS_ON_PAGE: dict[str, str | Promise] = {
    "no_such_column": gettext_lazy("The file has no column “%(what)s”."),
    "column_names_the_public": gettext_lazy(
        "The column “%(what)s” is about members of the public and is never imported."
    ),
    "column_of_control": gettext_lazy(
        "The column “%(what)s” is for controlling people and is never imported; bihuan does not "
        "record this."
    ),
}

_NOTICES: dict[str, str | Promise] = {
    "import-tried": gettext_lazy(
        "Trial run done: %(created)s new, %(updated)s changed, %(unchanged)s unchanged, "
        "%(refused)s refused."
    ),
    "import-done": gettext_lazy(
        "Imported: %(created)s new, %(updated)s changed, %(unchanged)s unchanged, "
        "%(refused)s refused."
    ),
    "import-failed": gettext_lazy("The import failed. See the reason."),
    "export-done": gettext_lazy("The export is ready to download."),
    "export-failed": gettext_lazy("The export failed. See the reason."),
}


def notice(message: Notice) -> str:
    """Word a notice about an import or an export."""
    text = _NOTICES.get(message.what)
    return str(text) % message.detail if text is not None else message.what


def ended(message: Notice) -> str:
    """Word the notice to the unit above about an import that ended open cases."""
    detail = message.detail
    words = ngettext(
        "%(unit)s: its ledger ended %(count)d open case without recorded work (%(file)s).",
        "%(unit)s: its ledger ended %(count)d open cases without recorded work (%(file)s).",
        detail["count"],
    )
    return str(words % detail)


@contextmanager
def speaking(language: str) -> Iterator[Words]:
    """Return the texts for an import on the pages, in each of their languages.

    Other texts within the block are in this language.
    """
    with override(language):
        yield words([code for code, _name in settings.LANGUAGES])


def words(languages: Sequence[str] = (), medium: Medium = Medium.PAGE) -> Words:
    """Return the texts for an import, in these languages; in the active one by default."""
    spoken = languages or [get_language() or settings.LANGUAGE_CODE]

    def at(place: str, text: Said) -> Said:
        if not place:
            return text
        return in_each(
            spoken, lambda: _("%(place)s: %(said)s") % {"place": place, "said": here(text)}
        )

    return Words(
        explain=lambda fault, kind: in_each(spoken, lambda: explain(fault.refusal, kind, medium)),
        note=lambda noted, kind: in_each(spoken, lambda: note(noted, kind)),
        at=at,
        reason_title=in_each(spoken, lambda: _("Why it was not imported")),
    )


_SENTENCES: dict[type[Refusal], str | Promise] = {
    SeveralDays: gettext_lazy("The cell has %(count)s dates. Enter one."),
    StruckThrough: gettext_lazy("The row has strikethrough. Is it still valid?"),
    LongTerm: gettext_lazy("“Long-term” is not a deadline; enter a date."),
    StillAsked: gettext_lazy(
        "%(count)s rows may be existing cases. Answer them, or choose to leave out unanswered rows."
    ),
    Untried: gettext_lazy(
        "The answers have changed since the trial run. Run it again to see their effect."
    ),
    NotWhole: gettext_lazy("Some rows were refused, so nothing was imported, as you chose."),
    NotAllowed: gettext_lazy("None of your posts lets you import ledgers of this unit."),
    WrongStage: gettext_lazy("The status of this import has changed; this is its current status."),
    GaveUp: gettext_lazy(
        "It was started several times and stopped each time without a reason. Try a smaller "
        "file, or contact the system operator."
    ),
}


def explain(refusal: Refusal, kind: str = "", medium: Medium = Medium.PAGE) -> str:
    """Explain the refusal in a sentence for the person who uploaded the file, a ledger of this
    type.

    The possible solutions depend on the medium: the pages, or the command line.
    """
    ledger = types.find(kind)
    text = _explained(refusal, ledger, medium)
    way = ways_out.of(refusal, ledger, medium) if ledger else ""
    return _("%(first)s %(last)s") % {"first": text, "last": way} if way else text


def _explained(refusal: Refusal, ledger: LedgerType[Any] | None, medium: Medium) -> str:
    match refusal:
        case SheetRefused() | CellRefused():
            return sheet_words.explain(refusal)
        case HistoryRefused() | NoDate():
            return _row(refusal, ledger)
        case MappingFault(code=code, where=where, what=what):
            sentences = MAPPINGS_ON_PAGE if medium is Medium.PAGE else MAPPINGS
            return str(sentences.get(code, MAPPINGS[code])) % {"where": where, "what": what}
        case UnknownWord(field=name, shown=shown, known=known):
            return _unknown(name, shown, known, ledger)
        case Unanswered(questions=questions, kind=kind):
            return _unanswered(questions, types.of(kind).vocabulary)
        case OtherKind(kind=kind):
            return _other_kind(kind)
    sentence = _SENTENCES.get(type(refusal))
    return _of_the_type(refusal, ledger) if sentence is None else str(sentence) % vars(refusal)


def _of_the_type(refusal: Refusal, ledger: LedgerType[Any] | None) -> str:
    own = ledger.words.explain if ledger else None
    return own(refusal) if own else case_words.explain(refusal)


def row_words(ledger: LedgerType[Any] | None) -> Mapping[str, str | Promise]:
    """Return why rows of this type of ledger are refused, including the reasons of other types."""
    others = {fault: value for each in types.every() for fault, value in each.words.rows.items()}
    return {**others, **ROWS, **(ledger.words.rows if ledger else {})}


def _row(refusal: HistoryRefused | NoDate, ledger: LedgerType[Any] | None) -> str:
    match refusal:
        case NoDate():
            return str(row_words(ledger)[RowFault.NO_DATE])
        case Resembles(question=question):
            return asked(question)
        case HistoryRefused(fault=RowFault.UNIT_CLOSED, named=(unit, successor)):
            return org_words.explain(UnitClosed(unit, successor))
    return str(row_words(ledger)[refusal.fault]) % {"number": refusal.named[0]}


def _unknown(name: str, shown: str, known: Sequence[str], ledger: LedgerType[Any] | None) -> str:
    details = {"shown": shown, "known": formats.clauses(known)}
    if ledger and name in ledger.words.unknown:
        return str(ledger.words.unknown[name]) % details
    if name == "unit" and known:
        details["units"] = formats.either(known)
        return _("Which unit is “%(shown)s”: %(units)s?") % details
    if name == "unit":
        return _("There is no unit “%(shown)s”, or several have that name.") % details
    if name == "closed":
        return _("“%(shown)s” does not say whether it has ended.") % details
    return _("“%(shown)s” is not one of: %(known)s.") % details


# ------------------------------------------------------------------- the titles
def looks_like(kind: str) -> str:
    """Say that a table looks like a ledger of this type; empty if it matches none."""
    ledger = types.find(kind)
    return str(ledger.words.looks_like) if ledger else ""


def _other_kind(kind: str) -> str:
    details = {"looks": looks_like(kind), "kind": kind}
    return (_("%(looks)s Import it with --kind %(kind)s.") % details).strip()


def _unanswered(questions: Sequence[tuple[str, Sequence[str]]], vocabulary: Vocabulary) -> str:
    """Return the questions to answer before rows can be read, and how."""
    asked = formats.clauses(
        _("“%(title)s”: %(fields)s, or not read")
        % {
            "title": title,
            "fields": formats.either(field_said(each, vocabulary) for each in fields),
        }
        for title, fields in questions
    )
    return (
        _(
            "The meaning of these columns is not clear, so nothing was read. Define them in a "
            "mapping file (--write-map creates one to correct, --map reads it): %s"
        )
        % asked
    )


def field_said(name: str, vocabulary: Vocabulary) -> str:
    """Return the name of a field in a mapping, with its header."""
    return f"{name} ({vocabulary.by_name[name].title})"


def titles_said(values: Mapping[str, Any]) -> Iterator[str]:
    """Return the report's text about the headers: their position, and the recognised fields."""
    rows = {"first": values["header_row"], "last": values["last_header_row"]}
    if values["sheet"]:
        named = {"sheet": values["sheet"], "ledger": types.of(values["kind"]).words.name}
        yield _("read: sheet “%(sheet)s” (%(ledger)s)") % named
    if rows["first"] == rows["last"]:
        yield _("read as headers: row %(first)s") % rows
    else:
        yield _("read as headers: rows %(first)s to %(last)s") % rows
    if values["looks_like"]:
        yield _other_kind(values["looks_like"])
    yield from _columns_said(values)


def _columns_said(values: Mapping[str, Any]) -> Iterator[str]:
    for title, unit in values["money"].items():
        yield _("%(title)s: a number alone is in units of %(unit)s yuan") % {
            "title": title,
            "unit": unit,
        }
    for title in values["in_days"]:
        yield _("%s: counted in days from the date of the row") % title
    for title, why in values["left_out"].items():
        reason = sheet_words.why_left_out(Personal(why))
        yield _("left out: %(title)s (%(why)s)") % {"title": title, "why": reason}
    yield from _cells_said(values)


def _cells_said(values: Mapping[str, Any]) -> Iterator[str]:
    for read in values["readings"].values():
        for shown, meaning in read.items():
            yield _("read as: “%(shown)s” → %(meaning)s") % {"shown": shown, "meaning": meaning}
    for column in values["unread"]:
        if not column["is_serial"]:
            yield _not_read(column)


def _not_read(column: Mapping[str, Any]) -> str:
    """Return that a column is not imported, with its first values."""
    details = {**column, "samples": formats.clauses(f"“{each}”" for each in column["samples"])}
    if not column["samples"]:
        return _("not imported: column %(letter)s, %(title)s") % details
    return _("not imported: column %(letter)s, %(title)s: %(samples)s") % details
