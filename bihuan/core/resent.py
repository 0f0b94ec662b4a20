"""Forms that a browser may send more than once: the key by which the first submission is found."""

from __future__ import annotations

import hashlib
from uuid import UUID


def mark_of(form_key: str, *content: str) -> UUID:
    """Return the stored digest of a form's key: enough to recognise it, but not to find the key.

    With the form's `content`, the digest differs for other content: after Back, a browser sends the
    same key with other content.
    """
    whole = "\x00".join((form_key, *content))
    return UUID(bytes=hashlib.sha256(whole.encode()).digest()[:16])
