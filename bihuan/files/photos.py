"""Photos, written again from their pixels: upright, bounded, with nothing hidden beside them."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.conf import settings
from PIL import Image
from pillow_heif import HeifImageFile

from bihuan.core import likeness
from bihuan.core.capture import Capture
from bihuan.files.exif import capture_of, exif_of, turn_of
from bihuan.files.media import MediaType
from bihuan.files.refusals import FileRefused, Reason

LONGEST_SIDE = 2560
THUMBNAIL_SIDE = 320
QUALITY, THUMBNAIL_QUALITY = 85, 75
# A PNG with few colours is a screenshot or a drawing, whose letters JPEG would blur.
FEW_COLOURS = 4096
# A progressive JPEG has about ten scans; thousands of tiny ones keep a decoder busy for minutes.
MOST_SCANS = 100
_START_OF_SCAN = b"\xff\xda"


@dataclass(frozen=True)
class Photo:
    """A photo as it will be stored, and what is known of it."""

    data: bytes
    media_type: MediaType
    width: int
    height: int
    thumbnail: bytes
    perceptual_hash: int | None
    capture: Capture


def develop(data: bytes, media_type: MediaType, *, name: str) -> Photo:
    """The stored form of a photo, or `FileRefused`."""
    try:
        return _developed(data, media_type, name)
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except Exception as error:  # decoders raise whatever their formats make them
        raise FileRefused(Reason.DAMAGED, name=name) from error


def _developed(data: bytes, media_type: MediaType, name: str) -> Photo:
    image = _opened(data, media_type)
    _require_bearable(image, data, media_type, name)
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    exif = exif_of(image)

    picture = _plain(image)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    turn = turn_of(exif)
    if turn is not None:
        picture = picture.transpose(turn)
    picture.info = {}
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)

    kept = MediaType.PNG if _is_drawing(picture, media_type) else MediaType.JPEG
    return Photo(
        data=_encoded(picture, kept, QUALITY),
        media_type=kept,
        width=picture.width,
        height=picture.height,
        thumbnail=_encoded(small, MediaType.WEBP, THUMBNAIL_QUALITY),
        perceptual_hash=_fingerprint(small),
        capture=capture_of(exif),
    )


def _opened(data: bytes, media_type: MediaType) -> Image.Image:
    """The picture's header; only the decoder of the recognised type may look."""
    if media_type is MediaType.HEIC:
        return HeifImageFile(io.BytesIO(data))  # type: ignore[no-untyped-call]
    return Image.open(io.BytesIO(data), formats=[media_type.name])


def _require_bearable(image: Image.Image, data: bytes, media_type: MediaType, name: str) -> None:
    if image.width * image.height > settings.PHOTO_MAX_PIXELS:
        raise _too_many_pixels(name)
    # A phone's JPEG or HEIC may hold further still pictures beside the first.
    if media_type in (MediaType.PNG, MediaType.WEBP) and getattr(image, "is_animated", False):
        raise FileRefused(Reason.MOVING, name=name)
    if image.info.get("progressive") and data.count(_START_OF_SCAN) > MOST_SCANS:
        raise FileRefused(Reason.DAMAGED, name=name)


def _plain(image: Image.Image) -> Image.Image:
    """Grey or RGB, eight bits, what was transparent on white."""
    if image.mode.startswith("I"):
        # Sixteen bits would be cut off at 255 instead of scaled.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _is_drawing(picture: Image.Image, media_type: MediaType) -> bool:
    return media_type is MediaType.PNG and picture.getcolors(FEW_COLOURS) is not None


def _encoded(picture: Image.Image, media_type: MediaType, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, media_type.name, quality=quality)
    return out.getvalue()


def _fingerprint(small: Image.Image) -> int | None:
    samples = small.convert("L").resize((likeness.COLUMNS, likeness.ROWS), Image.Resampling.BOX)
    return likeness.fingerprint(samples.tobytes())


def _too_many_pixels(name: str) -> FileRefused:
    return FileRefused(Reason.TOO_MANY_PIXELS, name=name, limit=settings.PHOTO_MAX_PIXELS)
