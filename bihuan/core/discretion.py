"""Contact details and identity numbers that must not appear in texts for the public.

Names cannot be recognised reliably, so the person who publishes is asked to leave them out; this
module finds what has a fixed format.
"""

from __future__ import annotations

import re
import unicodedata

from bihuan.core.refusal import Refusal

_MOBILE = r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"
_IDENTITY = r"(?<!\d)\d{17}[\dXx](?!\d)"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_TRACES = re.compile("|".join((_IDENTITY, _MOBILE, _MAIL)), re.ASCII)


class LeadsToPerson(Refusal):
    """A text for the public contains something that identifies a person."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def traces(words: str) -> list[str]:
    """Return mobile numbers, identity numbers and mail addresses in the text, with digits of
    any width.
    """
    return _TRACES.findall(unicodedata.normalize("NFKC", words))


def require_none(*words: str) -> None:
    for text in words:
        for found in traces(text):
            raise LeadsToPerson(found)
