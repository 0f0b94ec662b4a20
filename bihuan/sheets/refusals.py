"""Refusals of workbooks and cells; `wording.py` explains them."""

from enum import StrEnum

from bihuan.core.refusal import Refusal


class SheetFault(StrEnum):
    """What is wrong with a whole file."""

    EMPTY = "empty"
    NOT_A_WORKBOOK = "not_a_workbook"
    BINARY_WORKBOOK = "binary_workbook"
    WEB_PAGE = "web_page"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    ENTITIES = "entities"
    FALSE_SIZES = "false_sizes"
    FILE_TOO_LARGE = "file_too_large"
    TOO_MUCH_INSIDE = "too_much_inside"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL_TOO_LONG = "cell_too_long"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOO_SLOW = "too_slow"
    NO_ROOM = "no_room"
    WRONG_ENCODING = "wrong_encoding"
    BROKEN_QUOTES = "broken_quotes"
    NO_SUCH_SHEET = "no_such_sheet"
    NO_HEADER = "no_header"
    NO_TITLES_THERE = "no_titles_there"
    NO_COLUMN_KNOWN = "no_column_known"
    NO_ROWS = "no_rows"


class SheetRefused(Refusal):
    """The file cannot be read or written as a table."""

    def __init__(self, fault: SheetFault, **details: int | str) -> None:
        super().__init__(fault, details)
        self.fault, self.details = fault, details


class CellFault(StrEnum):
    """What is wrong with one cell."""

    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"
    AMBIGUOUS_DATE = "ambiguous_date"
    NO_YEAR = "no_year"
    ONLY_A_MONTH = "only_a_month"
    NOT_MONEY = "not_money"
    TOO_LONG = "too_long"
    ERROR_VALUE = "error_value"
    UNSAVED_FORMULA = "unsaved_formula"


class CellRefused(Refusal):
    """The cell is not valid for its column; `shown` is its content."""

    def __init__(self, fault: CellFault, shown: str, limit: int = 0) -> None:
        super().__init__(fault, shown, limit)
        self.fault, self.shown, self.limit = fault, shown, limit
