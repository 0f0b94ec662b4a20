"""What offices' programs show in place of a value that was lost."""

import re

# The last of the first group is a number or a day in a column that was too narrow when its text
# was copied; `#ERROR!` is Google's, the last ones are LibreOffice's.
_ERRORS = re.compile(
    r"#(N/A|(REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|ERROR)!|NAME\?"
    r"|GETTING_DATA|#{2,})|(Err|错误)[:：]\d{3}",
    re.IGNORECASE,
)
_SIGNS = ("#", "Err", "错误")


def may_hold_lost(text: str) -> bool:
    """Whether such a text may be anywhere in this one; a quick look."""
    return any(sign in text for sign in _SIGNS)


def is_lost(text: str) -> bool:
    """Whether the text is what is shown in place of a value that was lost."""
    return may_hold_lost(text) and _ERRORS.fullmatch(text.strip()) is not None
