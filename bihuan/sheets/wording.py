"""Texts for refusals of workbooks and cells."""

from django.utils.translation import gettext_lazy as _

from bihuan.sheets.personal import Personal
from bihuan.sheets.refusals import CellFault, CellRefused, SheetFault, SheetRefused

SHEETS = {
    SheetFault.EMPTY: _("The file has no rows."),
    SheetFault.NOT_A_WORKBOOK: _(
        "This is not a workbook. Use an .xlsx, .xls, .ods or .csv file; unpack archives first."
    ),
    SheetFault.BINARY_WORKBOOK: _(
        ".xlsb workbooks are not supported: error values and merged cells could be lost. Open "
        "it, save it as .xlsx and try again."
    ),
    SheetFault.WEB_PAGE: _(
        "This is a web page saved with the name of a workbook. Open it and save it as .xlsx."
    ),
    SheetFault.ENCRYPTED: _("The workbook has a password. Remove the password and save it again."),
    SheetFault.DAMAGED: _(
        "The file is damaged and cannot be read. Open it, save it as a new .xlsx and try again."
    ),
    SheetFault.ENTITIES: _(
        "The workbook defines its own XML entities, which office software does not do."
    ),
    SheetFault.FALSE_SIZES: _(
        "The part “%(part)s” of the workbook does not have its declared size."
    ),
    SheetFault.FILE_TOO_LARGE: _("The file is larger than %(mebibytes)s MB."),
    SheetFault.TOO_MUCH_INSIDE: _("Unpacked, the workbook is larger than %(mebibytes)s MB."),
    SheetFault.TOO_MANY_PARTS: _(
        "The workbook has %(parts)s parts inside; at most %(limit)s are read."
    ),
    SheetFault.TOO_MANY_ROWS: _(
        "The sheet reaches row %(rows)s; at most %(limit)s rows are read. Split it, or delete "
        "the content far below the table."
    ),
    SheetFault.TOO_MANY_COLUMNS: _(
        "The sheet reaches column %(columns)s; at most %(limit)s columns are read. Delete the "
        "content far to the right of the table."
    ),
    SheetFault.CELL_TOO_LONG: _("Row %(row)s has a cell of more than %(limit)s characters."),
    SheetFault.TOO_MUCH_MEMORY: _(
        "Reading the sheet takes more than %(mebibytes)s MB. There may be content far below or "
        "to the right of the table (Ctrl+End shows it): delete it and save again."
    ),
    SheetFault.TOO_SLOW: _("Reading the file took more than %(seconds)s seconds."),
    SheetFault.NO_ROOM: _(
        "The server's disk has no space for temporary files, so reading stopped. Import the file "
        "again when there is space; rows already imported are not imported twice."
    ),
    SheetFault.WRONG_ENCODING: _(
        "Byte %(byte)s of the text file is not valid %(encoding)s. Save it as “CSV UTF-8”."
    ),
    SheetFault.BROKEN_QUOTES: _("In row %(row)s a quotation mark is not closed or misplaced."),
    SheetFault.NO_SUCH_SHEET: _("The workbook has no sheet named “%(sheet)s”."),
    SheetFault.NO_HEADER: _("No header row was found in the first %(rows)s rows."),
    SheetFault.NO_TITLES_THERE: _(
        "Row %(row)s has no headers. Headers are searched for in the first %(rows)s rows."
    ),
    SheetFault.NO_COLUMN_KNOWN: _(
        "Row %(row)s was read as headers, but no column was recognised; say what each column is: "
        "%(titles)s"
    ),
    SheetFault.NO_ROWS: _(
        "Row %(row)s was read as headers, but there are no rows to import below it."
    ),
}

BETTER = _(
    "%(said)s The same table is much smaller as %(better)s: save it in that format and try again."
)

CELLS = {
    CellFault.NOT_A_DATE: _("“%(shown)s” is not a date. Use the format 2025-03-01."),
    CellFault.NO_SUCH_DAY: _("“%(shown)s” is not a valid date."),
    CellFault.AMBIGUOUS_DATE: _(
        "“%(shown)s” may be two different dates. Use the format 2025-03-01."
    ),
    CellFault.NO_YEAR: _("“%(shown)s” has no year. Use the format 2025-03-01."),
    CellFault.ONLY_A_MONTH: _("“%(shown)s” is a month, not a date. Use the format 2025-03-01."),
    CellFault.NOT_MONEY: _(
        "“%(shown)s” is not an amount of money. Use the format 3500 or 3,500.00."
    ),
    CellFault.TOO_LONG: _("“%(shown)s” is longer than %(limit)s characters."),
    CellFault.ERROR_VALUE: _("%(shown)s, formula error"),
    CellFault.UNSAVED_FORMULA: _(
        "the value of the formula was not saved; open and save the file once"
    ),
}

LEFT_OUT = {
    Personal.PERSON: _("names members of the public"),
    Personal.CONTACT: _("contains contact details of members of the public"),
    Personal.IDENTITY: _("contains identity numbers"),
    Personal.DESCRIBES: _("describes members of the public"),
    Personal.CONTROL: _("is for controlling people; bihuan does not record this"),
    Personal.UNTITLED: _("has no header, in a table that names members of the public"),
    Personal.HOLDS_IDENTITIES: _("most cells look like identity card numbers"),
    Personal.HOLDS_PHONES: _("most cells look like mobile phone numbers"),
}


def explain(refusal: SheetRefused | CellRefused) -> str:
    """Explain the refusal in a sentence for the person who uploaded the file."""
    if isinstance(refusal, SheetRefused):
        text = str(SHEETS[refusal.fault]) % refusal.details
        better = refusal.details.get("better")
        return str(BETTER) % {"said": text, "better": better} if better else text
    return str(CELLS[refusal.fault]) % {"shown": refusal.shown, "limit": refusal.limit}


def why_left_out(personal: Personal) -> str:
    """Explain, after its header, why a column is not imported."""
    return str(LEFT_OUT[personal])


def not_all(most: int) -> str:
    """Return the last row of a workbook that does not contain all rows of its list."""
    return _(
        "Only the first %(count)s rows are here. Filter the list, for example by unit, and export "
        "the parts."
    ) % {"count": f"{most:,}"}
