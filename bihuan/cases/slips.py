"""The receipt as it is printed: the signed text as a picture that any telephone reads."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe

# Any of the eight masks can be read. Weighing them against each other takes five times as long
# and gains nothing for the random characters of a signature.
MASK = 2


def picture(slip: str) -> SafeString:
    """A QR code of the slip, drawn into the page; the drawing is our own, so it is safe."""
    code = segno.make_qr(slip, error="m", mask=MASK)
    return mark_safe(code.svg_inline(border=2, omitsize=True))  # noqa: S308
