"""The texts that spreadsheet programs show in place of a lost value."""

import re

# The last of the first group is a number or date copied as text from a column that was too narrow;
# `#ERROR!` is from Google Sheets, the last ones are from LibreOffice.
_ERRORS = re.compile(
    r"#(N/A|(REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|ERROR)!|NAME\?"
    r"|GETTING_DATA|#{2,})|(Err|错误)[:：]\d{3}",
    re.IGNORECASE,
)
_SIGNS = ("#", "Err", "错误")


def may_hold_lost(text: str) -> bool:
    """Whether this text may contain one of them; a quick check."""
    return any(sign in text for sign in _SIGNS)


def is_lost(text: str) -> bool:
    """Whether the text is shown in place of a lost value."""
    return may_hold_lost(text) and _ERRORS.fullmatch(text.strip()) is not None
