"""The printed receipt: the signed text as a QR code for any phone."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import zxingcpp
from django.conf import settings
from django.http import HttpRequest
from PIL import Image

# All eight masks are readable. Comparing them takes eight times as long without benefit for the
# random characters of a signature.
MASK = 2
DOTS = 4  # pixels per module, so that it stays sharp when it is enlarged


def picture(slip: str) -> str:
    """Return a QR code of the slip as a data URL (PNG)."""
    code = zxingcpp.create_barcode(
        slip, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=MASK
    )
    squares = code.to_image(scale=1)
    height, width = squares.shape
    dots = bytes(squares)  # type: ignore[call-overload]  # its stub forgets the buffer
    grey = Image.frombuffer("L", (width, height), dots, "raw", "L", 0, 1)
    data = BytesIO()
    large = grey.convert("1").resize((DOTS * width, DOTS * height), Image.Resampling.NEAREST)
    large.save(data, "PNG", compress_level=1)
    return f"data:image/png;base64,{b64encode(data.getvalue()).decode()}"


def address(request: HttpRequest) -> str:
    """Return the full URL for entering a code, to be typed from paper."""
    site = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    return f"{site}/track/"
