"""Forms that a browser may send more than once: the key by which the first one is found again."""

from __future__ import annotations

import hashlib
from uuid import UUID


def mark_of(form_key: str, *content: str) -> UUID:
    """The mark that is stored of a form's key: enough to recognise it, too little to find the key.

    With the form's `content` the mark differs when the words differ: a browser that goes back
    sends the same key with other words.
    """
    whole = "\x00".join((form_key, *content))
    return UUID(bytes=hashlib.sha256(whole.encode()).digest()[:16])
