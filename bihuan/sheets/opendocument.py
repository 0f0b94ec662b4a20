"""An .ods workbook in the parser's process: its sheets, and the rows of one of them.

Its single large part is streamed twice: once to survey all sheets and once for the rows.
"""

from collections.abc import Iterator
from typing import BinaryIO

from bihuan.sheets import odf
from bihuan.sheets.laying import Notes, Row, laid_out
from bihuan.sheets.limits import Limits
from bihuan.sheets.odf import Attributes
from bihuan.sheets.odfrows import Rows
from bihuan.sheets.parts import Package
from bihuan.sheets.refusals import SheetFault, SheetRefused
from bihuan.sheets.surveying import Listed, Survey

CONTENT = "content.xml"


class OpenBook:
    """One open workbook."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._package, self._limits = Package(file), limits
        self._known = known = _Surveyor(limits)
        parser = odf.parser()
        parser.StartElementHandler = known.start
        for chunk in self._package.stream(CONTENT):
            odf.feed(parser, chunk)
        odf.feed(parser, b"", last=True)
        self.epoch_1904 = known.epoch_1904
        self.sheets = tuple(
            Listed(table.name, table.style in known.hidden_styles, table.is_table, str(at))
            for at, table in enumerate(known.tables)
        )

    def survey(self, sheet: Listed) -> Survey:
        """Return what is known of a sheet before its rows are read."""
        return self._known.tables[int(sheet.part)].survey

    def rows(self, sheet: Listed) -> Iterator[Row]:
        """Yield every row down to the last non-empty one, encoded for the reader."""
        known, notes = self.survey(sheet), Notes()
        rows = Rows(int(sheet.part), known.last, self._known.struck_styles, notes, self._limits)
        lines = rows.lines(self._package.stream(CONTENT))
        return laid_out(lines, known, notes, min(known.width, self._limits.columns))


class _Table:
    """A sheet as the survey finds it."""

    def __init__(self, name: str, style: str) -> None:
        self.name, self.style, self.is_table = name, style, True
        self.survey = Survey()


class _Surveyor:
    """Streams once through the content without reading the cells."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.tables: list[_Table] = []
        self.hidden_styles: set[str] = set()
        self.struck_styles: set[str] = set()
        self.epoch_1904 = False
        self._style = ""
        self._columns = self._row = self._rows = self._at = self._repeated = 0
        self._is_noted = self._is_over = False
        self._on = {
            odf.STYLE: self._named_style,
            odf.TABLE_PROPERTIES: self._table_properties,
            odf.TEXT_PROPERTIES: self._text_properties,
            odf.NULL_DATE: self._null_date,
            odf.TABLE: self._table,
            odf.TABLE_SOURCE: self._of_another_file,
            odf.DDE_LINKS: self._end,
            odf.COLUMN: self._column,
            odf.ROW: self._begin_row,
            odf.CELL: self._cell,
            odf.COVERED_CELL: self._cell,
            odf.ANNOTATION: self._annotation,
            odf.PARAGRAPH: self._paragraph,
        }

    def start(self, name: str, attributes: Attributes) -> None:
        handle = self._on.get(name)
        if handle and not self._is_over:
            handle(attributes)

    def _named_style(self, attributes: Attributes) -> None:
        self._style = attributes.get(odf.STYLE_NAME, "")

    def _table_properties(self, attributes: Attributes) -> None:
        if attributes.get(odf.DISPLAY) == "false":
            self.hidden_styles.add(self._style)

    def _text_properties(self, attributes: Attributes) -> None:
        if attributes.get(odf.LINE_THROUGH, "none") != "none":
            self.struck_styles.add(self._style)

    def _null_date(self, attributes: Attributes) -> None:
        self.epoch_1904 = attributes.get(odf.DATE_VALUE, "").startswith("1904-01-01")

    def _table(self, attributes: Attributes) -> None:
        if attributes.get(odf.IS_SUB_TABLE) == "true":
            raise SheetRefused(SheetFault.DAMAGED)
        name, style = attributes.get(odf.NAME, ""), attributes.get(odf.TABLE_STYLE, "")
        self.tables.append(_Table(name, style))
        self._columns = self._rows = 0

    def _of_another_file(self, _attributes: Attributes) -> None:
        """Whether these are cached cells of another workbook that formulas refer to."""
        self.tables[-1].is_table = False

    def _end(self, _attributes: Attributes) -> None:
        self._is_over = True

    def _column(self, attributes: Attributes) -> None:
        first = self._columns
        self._columns += odf.count(attributes.get(odf.COLUMNS_REPEATED))
        if attributes.get(odf.VISIBILITY, "visible") != "visible":
            last = min(self._columns, self._limits.columns)
            self._survey.hidden_columns += range(first, last)

    @property
    def _survey(self) -> Survey:
        if not self.tables:
            raise SheetRefused(SheetFault.DAMAGED)
        return self.tables[-1].survey

    def _begin_row(self, attributes: Attributes) -> None:
        self._row = self._rows + 1
        self._repeated = odf.count(attributes.get(odf.ROWS_REPEATED))
        self._rows += self._repeated
        self._at = 0
        if attributes.get(odf.VISIBILITY) == "filter":
            self._survey.filtered = True

    def _cell(self, attributes: Attributes) -> None:
        self._is_noted = False
        first = self._at
        self._at += odf.count(attributes.get(odf.COLUMNS_REPEATED))
        if odf.VALUE_TYPE in attributes or odf.FORMULA in attributes:
            self._fill()
        rows = odf.count(attributes.get(odf.ROWS_SPANNED))
        if rows > 1:
            self._survey.merged.add(first, self._row, self._row + rows - 1)
        columns = odf.count(attributes.get(odf.COLUMNS_SPANNED))
        last = min(first + columns, self._limits.columns) - 1
        self._survey.merged.add_across(self._row, first, last)

    def _annotation(self, _attributes: Attributes) -> None:
        self._is_noted = True

    def _paragraph(self, _attributes: Attributes) -> None:
        # Text of notes and of drawings outside the rows does not count as content.
        if self._row and not self._is_noted:
            self._fill()

    def _fill(self) -> None:
        """Mark the row as non-empty up to the current cell."""
        known = self._survey
        if known.last < self._rows:
            known.filled += self._repeated
            known.last = self._rows
        known.width = max(known.width, self._at)
