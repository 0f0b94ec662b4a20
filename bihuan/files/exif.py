"""Exif data of a photo: its orientation, and when and where it was taken."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from bihuan.core.capture import Capture
from bihuan.core.places import Point

_TIME = "%Y:%m:%d %H:%M:%S"
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def exif_of(image: Image.Image) -> Image.Exif:
    """Return the photo's Exif data; unreadable data counts as none, since the picture may be
    valid.
    """
    try:
        return image.getexif()
    except Exception:  # parsers of broken tags raise arbitrary exceptions
        return Image.Exif()


def turn_of(exif: Image.Exif) -> Image.Transpose | None:
    """Return how to rotate the picture to its upright orientation."""
    orientation = exif.get(Base.Orientation)
    return _TURNS.get(orientation) if isinstance(orientation, int) else None


def capture_of(exif: Image.Exif, zone: tzinfo) -> Capture:
    """Return when and where the photo was taken, if the camera recorded plausible values.

    A time without a zone is taken as local time.
    """
    return Capture(_taken_at(exif, zone), _place(exif))


def _taken_at(exif: Image.Exif, zone: tzinfo) -> datetime | None:
    try:
        tags = exif.get_ifd(IFD.Exif)
        text = str(tags.get(Base.DateTimeOriginal) or exif[Base.DateTime]).strip("\0 ")
        offset = str(tags.get(Base.OffsetTimeOriginal) or "").strip("\0 ")
        if offset:
            return datetime.strptime(text + offset, _TIME + "%z").astimezone(UTC)
        return datetime.strptime(text, _TIME).replace(tzinfo=zone)
    except Exception:  # missing or malformed
        return None


def _place(exif: Image.Exif) -> Point | None:
    try:
        tags = exif.get_ifd(IFD.GPSInfo)
        latitude = _degrees(tags[GPS.GPSLatitude], tags[GPS.GPSLatitudeRef])
        longitude = _degrees(tags[GPS.GPSLongitude], tags[GPS.GPSLongitudeRef])
        place = Point(latitude, longitude)
    except Exception:  # missing, malformed, or not on the ground
        return None
    # A receiver without a fix writes 0, 0.
    return None if place == Point(0, 0) else place


def _degrees(parts: Any, reference: str) -> float:
    degrees, minutes, seconds = map(float, parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if reference.strip("\0 ").upper() in ("S", "W") else value
