"""The receipt as it is printed: the signed text as a picture that any telephone reads."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import zxingcpp
from django.conf import settings
from django.http import HttpRequest
from PIL import Image

# Any of the eight masks can be read. Weighing them against each other takes eight times as long
# and gains nothing for the random characters of a signature.
MASK = 2
DOTS = 4  # of the picture to each square of the code, so that it stays sharp when it is enlarged


def picture(slip: str) -> str:
    """A QR code of the slip as an address that holds the whole picture (a PNG)."""
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
    """Where a code is entered, in full, as somebody types it from paper."""
    site = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    return f"{site}/track/"
