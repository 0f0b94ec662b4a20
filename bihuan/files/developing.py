"""The process that decodes one picture from standard input, within limits, and nothing else.

It answers with one line of JSON with the result, followed by the bytes of the picture and of its
thumbnail. It has no access to Django or to any secret (docs/decisions/0034).
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image, WebPImagePlugin

from bihuan.confined.inside import confine, say
from bihuan.core import likeness
from bihuan.files.exif import capture_of, exif_of, turn_of
from bihuan.files.media import MediaType
from bihuan.files.refusals import FileRefused, Reason

LONGEST_SIDE = 2560
THUMBNAIL_SIDE = 320
QUALITY, THUMBNAIL_QUALITY = 85, 75
# A PNG with few colours is a screenshot or a drawing, whose text JPEG would blur.
FEW_COLOURS = 4096
# Pillow loads JPEG and PNG by default, and for a third format searches all its forty plugins.
assert WebPImagePlugin.SUPPORTED


def main() -> None:
    """Decode the picture on standard input as the argument requests."""
    request = json.loads(sys.argv[1])
    confine(memory_bytes=request["memory_bytes"], seconds=request["seconds"])
    with open(0, "rb") as file:
        data = file.read()
    try:
        _send(*_developed(data, request))
    except BrokenPipeError:
        raise
    except FileRefused as refused:
        _send({"refused": refused.reason})
    except MemoryError:
        # The waiting process interprets the exit code.
        os.abort()
    except Exception:  # decoders raise arbitrary exceptions
        _send({"refused": Reason.DAMAGED})


def _developed(data: bytes, request: dict[str, Any]) -> tuple[dict[str, object], bytes, bytes]:
    """Return the result, the picture and its thumbnail."""
    media_type = MediaType(request["media_type"])
    image = _opened(data, media_type)
    if image.width * image.height > request["pixels"]:
        raise FileRefused(Reason.TOO_MANY_PIXELS, name="")
    # A phone's JPEG or HEIC may contain more pictures after the first.
    if media_type in (MediaType.PNG, MediaType.WEBP) and getattr(image, "is_animated", False):
        raise FileRefused(Reason.MOVING, name="")
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    exif = exif_of(image)

    picture = _plain(_reduced(image))
    turn = turn_of(exif)
    if turn is not None:
        picture = picture.transpose(turn)
    for _ in range(request["turns"]):
        picture = picture.transpose(Image.Transpose.ROTATE_270)
    picture.info = {}
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)

    stored = MediaType.PNG if _is_drawing(picture, media_type) else MediaType.JPEG
    large = _encoded(picture, stored, QUALITY)
    thumbnail = _encoded(small, MediaType.WEBP, THUMBNAIL_QUALITY)
    capture = capture_of(exif, ZoneInfo(request["zone"]))
    details = {
        "media_type": stored,
        "width": picture.width,
        "height": picture.height,
        "fingerprint": _fingerprint(small),
        "taken_at": capture.taken_at.isoformat() if capture.taken_at else None,
        "place": [capture.place.latitude, capture.place.longitude] if capture.place else None,
        "sizes": [len(large), len(thumbnail)],
    }
    return details, large, thumbnail


def _opened(data: bytes, media_type: MediaType) -> Image.Image:
    """Open the picture with the decoder of the recognised type only."""
    if media_type is MediaType.HEIC:
        from pillow_heif import HeifImageFile

        return HeifImageFile(io.BytesIO(data))  # type: ignore[no-untyped-call]
    return Image.open(io.BytesIO(data), formats=[media_type.name])


def _reduced(image: Image.Image) -> Image.Image:
    """Shrink early to save memory; a palette cannot be interpolated, so it is converted first."""
    if image.mode.startswith("I"):
        # Sixteen bits would be clipped at 255 instead of scaled.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode in ("1", "P"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return image


def _plain(image: Image.Image) -> Image.Image:
    """Convert to grey or RGB, eight bits, with transparency on white."""
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return image.convert("L" if image.mode == "L" else "RGB")


def _is_drawing(picture: Image.Image, media_type: MediaType) -> bool:
    return media_type is MediaType.PNG and picture.getcolors(FEW_COLOURS) is not None


def _encoded(picture: Image.Image, media_type: MediaType, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, media_type.name, quality=quality)
    return out.getvalue()


def _fingerprint(small: Image.Image) -> int | None:
    samples = small.convert("L").resize((likeness.COLUMNS, likeness.ROWS), Image.Resampling.BOX)
    return likeness.fingerprint(samples.tobytes())


def _send(values: dict[str, object], *parts: bytes) -> None:
    say(b"".join([json.dumps(values).encode(), b"\n", *parts]))


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.exit(0)
