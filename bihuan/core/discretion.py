"""What must not stand in words for the public: numbers and addresses by which a person is reached.

Names cannot be known by their looks, so whoever publishes is asked to leave them out; what does
have a look of its own is found here.
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
    """Words for the public hold something by which a person is reached."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def traces(words: str) -> list[str]:
    """Mobile numbers, identity numbers and mail addresses in the words, in any width of digit."""
    return _TRACES.findall(unicodedata.normalize("NFKC", words))


def require_none(*words: str) -> None:
    for text in words:
        for found in traces(text):
            raise LeadsToPerson(found)
