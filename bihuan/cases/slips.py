"""The receipt as it is printed: the signed text as a picture that any telephone reads."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def picture(slip: str) -> SafeString:
    """A QR code of the slip, drawn into the page; the drawing is our own, so it is safe."""
    code = segno.make(slip, error="m", micro=False)
    return mark_safe(code.svg_inline(border=2, omitsize=True))  # noqa: S308
