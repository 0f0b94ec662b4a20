"""Photos lose everything but their picture, stand upright, and break nothing."""

import csv
import io
import re
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image, ImageEnhance

from bihuan.core.likeness import NEAR, distance
from bihuan.files import developing
from bihuan.files.media import MediaType, photo_type
from bihuan.files.photos import Photo, develop
from bihuan.files.refusals import FileRefused, Reason
from tests.files.hostile import IMAGES, encoded, oracle, png_header_of, scene

EXPECTED = list(csv.DictReader((IMAGES / "expected.csv").read_text().splitlines()))
ORACLES = [row["file"] for row in EXPECTED]
JPEGS = [row for row in EXPECTED if row["format"] == "JPEG"]
TRACES = re.compile(
    rb"exif|http://ns\.adobe\.com|xmpmeta|xpacket|photoshop|icc_profile|gps|nikon|canon|mpf\x00",
    re.IGNORECASE,
)


def _developed(name: str) -> Photo:
    return _of(oracle(name))


def _of(data: bytes) -> Photo:
    media_type = photo_type(data)
    assert media_type is not None
    return develop(data, media_type, name="photo")


def _reason(data: bytes, media_type: MediaType) -> Reason:
    with pytest.raises(FileRefused) as refused:
        develop(data, media_type, name="photo")
    return refused.value.reason


def _hash(image: Image.Image, **options: int) -> int:
    found = _of(encoded(image, "JPEG", **options)).perceptual_hash
    assert found is not None
    return found


# ---------------------------------------------------------------------- oracle
def test_the_oracle_holds_what_must_go() -> None:
    with_traces = [name for name in ORACLES if TRACES.search(oracle(name))]

    assert len(with_traces) >= 9


@pytest.mark.parametrize("name", ORACLES)
def test_nothing_is_left_beside_the_picture(name: str) -> None:
    photo = _developed(name)

    for data in (photo.data, photo.thumbnail):
        assert not TRACES.search(data)
        with Image.open(io.BytesIO(data)) as image:
            assert len(image.getexif()) == 0
            assert not image.getexif().get_ifd(0x8825)
            assert set(image.info) <= {
                "jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background",
                "timestamp", "duration",
            }  # fmt: skip


@pytest.mark.parametrize("name", ORACLES)
def test_a_jpeg_has_only_the_segments_that_draw_it(name: str) -> None:
    segments = list(_segments(_developed(name).data))

    assert set(segments) <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
    assert segments.count(0xE0) == 1


def _segments(jpeg: bytes) -> Iterator[int]:
    at = 2
    while jpeg[at : at + 1] == b"\xff":
        kind = jpeg[at + 1]
        yield kind
        if kind == 0xDA:
            break
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    assert jpeg.count(b"\xff\xd8\xff") == 1
    assert jpeg.endswith(b"\xff\xd9")


@pytest.mark.parametrize("row", JPEGS, ids=lambda row: str(row["file"]))
def test_a_photo_stands_upright(row: dict[str, str]) -> None:
    size = (int(row["width"]), int(row["height"]))
    lies = row["orientation"] in ("5", "6", "7", "8")

    photo = _developed(row["file"])

    assert (photo.width, photo.height) == (size[::-1] if lies else size)
    with Image.open(io.BytesIO(photo.data)) as image:
        assert image.size == (photo.width, photo.height)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_gives_the_same_picture(orientation: int) -> None:
    upright = scene((320, 240))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    turn = undo.get(orientation)
    lying = upright if turn is None else upright.transpose(Image.Transpose(turn))
    exif = Image.Exif()
    exif[0x0112] = orientation

    photo = _of(encoded(lying, "JPEG", quality=95, exif=exif))

    assert (photo.width, photo.height) == (320, 240)
    assert photo.perceptual_hash is not None
    assert distance(photo.perceptual_hash, _hash(upright, quality=95)) <= 1


def test_heic_is_taken_and_becomes_a_jpeg() -> None:
    photo = _developed("samplefilehub.heif")

    assert photo.media_type is MediaType.JPEG
    assert photo.data.startswith(b"\xff\xd8\xff")
    assert (photo.width, photo.height) == (640, 426)


def test_gps_and_time_are_read_before_they_are_gone() -> None:
    capture = _developed("DSCN0010.jpg").capture

    assert capture.place is not None
    place = (capture.place.latitude, capture.place.longitude)
    assert place == pytest.approx((43.46745, 11.88513), abs=0.001)
    assert capture.taken_at is not None
    assert capture.taken_at.isoformat() == "2008-10-22T16:28:39+08:00"


# --------------------------------------------------------------------- the form
def test_a_large_photo_is_bounded_and_keeps_its_proportions() -> None:
    photo = _of(encoded(scene((4000, 3000)), "JPEG"))

    assert (photo.width, photo.height) == (2560, 1920)
    with Image.open(io.BytesIO(photo.thumbnail)) as thumbnail:
        assert (thumbnail.size, thumbnail.format) == ((320, 240), "WEBP")


def test_a_screenshot_stays_png_and_a_photo_does_not() -> None:
    screenshot = Image.new("RGB", (200, 100), "white")
    screenshot.paste("black", (20, 20, 90, 40))

    assert _of(encoded(screenshot, "PNG")).media_type is MediaType.PNG
    assert _of(encoded(scene(), "PNG")).media_type is MediaType.JPEG


def test_the_comment_and_profile_of_a_photo_are_gone() -> None:
    data = encoded(scene(), "JPEG", comment=b"taken by Wang", icc_profile=b"profile" * 50)

    photo = _of(data)

    assert b"Wang" in data
    assert b"Wang" not in photo.data
    assert b"profile" not in photo.data


def test_a_screenshot_loses_its_text_chunks() -> None:
    image = Image.new("RGB", (64, 64), "red")
    image.info["icc_profile"] = b"profile" * 20
    exif = Image.Exif()
    exif[0x010E] = "secret"

    photo = _of(encoded(image, "PNG", exif=exif))

    assert photo.media_type is MediaType.PNG
    assert re.findall(rb"IHDR|PLTE|tEXt|iTXt|zTXt|eXIf|iCCP|pHYs", photo.data) == [b"IHDR"]


def test_what_hides_under_transparency_is_painted_white() -> None:
    image = Image.new("RGBA", (40, 40), (200, 10, 10, 0))

    with Image.open(io.BytesIO(_of(encoded(image, "PNG")).data)) as stored:
        assert stored.getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bits_are_scaled_and_not_cut_off() -> None:
    image = Image.new("I;16", (40, 40), 32768)

    with Image.open(io.BytesIO(_of(encoded(image, "PNG")).data)) as stored:
        assert stored.getpixel((5, 5)) == 128


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_taken(mode: str) -> None:
    source = scene((60, 40)) if mode in ("1", "P", "RGB") else Image.new("L", (60, 40), 90)
    image = Image.new(mode, (60, 40)) if mode == "I;16" else source.convert(mode)
    if mode == "PA":
        image = image.convert("LA")

    assert _of(encoded(image, "PNG")).width == 60


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("WEBP", "RGB"), ("WEBP", "RGBA")]
)
def test_every_mode_of_jpeg_and_webp_is_taken(kind: str, mode: str) -> None:
    photo = _of(encoded(scene((60, 40)).convert(mode), kind))

    assert photo.media_type is MediaType.JPEG


def test_a_palette_with_transparency_is_taken() -> None:
    image = scene((60, 40)).convert("P")

    assert _of(encoded(image, "PNG", transparency=bytes(range(256)))).height == 40


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (5000, 1)])
def test_a_sliver_is_taken(size: tuple[int, int]) -> None:
    photo = _of(encoded(Image.new("RGB", size, "red"), "JPEG"))

    assert max(photo.width, photo.height) == min(max(size), 2560)
    assert photo.perceptual_hash is None


def test_a_phone_picture_of_several_pictures_is_its_first() -> None:
    data = encoded(scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (640, 480))])

    photo = _of(data)

    assert photo.perceptual_hash == _hash(scene())
    assert b"MPF" not in photo.data


def test_a_photo_with_broken_exif_is_still_a_photo() -> None:
    whole = oracle("DSCN0010.jpg")
    tags = whole.index(b"Exif\0\0") + 6
    data = whole[:tags] + b"\xff" * 200 + whole[tags + 200 :]

    assert _of(data).capture.place is None


# ---------------------------------------------------------------------- hostile
@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_truncated_photo_is_refused(name: str, part: float) -> None:
    data = oracle(name)
    media_type = photo_type(data)
    assert media_type is not None

    assert _reason(data[: int(len(data) * part)], media_type) is Reason.DAMAGED


@pytest.mark.parametrize("size", [(100_000, 100_000), (10_000, 8_000), (9_000, 6_000)])
def test_a_bomb_of_pixels_is_refused_unopened(size: tuple[int, int]) -> None:
    assert _reason(png_header_of(*size), MediaType.PNG) is Reason.TOO_MANY_PIXELS


def test_a_bomb_of_scans_is_refused_unopened() -> None:
    data = encoded(scene(), "JPEG", progressive=True) + b"\xff\xda\x00\x03\x00" * 200

    assert _reason(data, MediaType.JPEG) is Reason.DAMAGED


def test_a_bomb_of_text_is_refused() -> None:
    packed = b"k\0\0" + zlib.compress(b" " * 80_000_000)
    chunk = len(packed).to_bytes(4, "big") + b"zTXt" + packed
    chunk += zlib.crc32(b"zTXt" + packed).to_bytes(4, "big")
    data = encoded(scene(), "PNG")

    assert _reason(data[:33] + chunk + data[33:], MediaType.PNG) is Reason.DAMAGED


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(kind: str) -> None:
    second = Image.new("RGB", (64, 48), "red")
    data = encoded(scene((64, 48)), kind, save_all=True, append_images=[second])

    assert _reason(data, MediaType[kind]) is Reason.MOVING


@pytest.mark.parametrize(
    "media_type", [MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.HEIC]
)
def test_noise_behind_a_true_beginning_is_refused(media_type: MediaType) -> None:
    starts = {
        MediaType.JPEG: b"\xff\xd8\xff\xe0\x00\x10JFIF\0",
        MediaType.PNG: b"\x89PNG\r\n\x1a\n",
        MediaType.WEBP: b"RIFF\xff\0\0\0WEBPVP8 ",
        MediaType.HEIC: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    }

    assert _reason(starts[media_type] + bytes(range(256)) * 9, media_type) is Reason.DAMAGED


def test_a_page_hidden_behind_a_photo_is_gone() -> None:
    data = oracle("DSCN0010.jpg") + b"<script>alert(1)</script>PK\x03\x04"

    assert b"script" not in _of(data).data


def test_only_the_decoder_of_the_recognised_type_looks() -> None:
    assert _reason(encoded(scene(), "GIF"), MediaType.JPEG) is Reason.DAMAGED


# --------------------------------------------------------------------- likeness
@pytest.mark.parametrize("name", ORACLES)
def test_copies_are_like_the_original(name: str) -> None:
    original = _developed(name)
    with Image.open(io.BytesIO(original.data)) as stored:
        image = stored.convert("RGB")
    half = (max(image.width // 2, 1), max(image.height // 2, 1))
    assert original.perceptual_hash is not None

    copies = {
        "recompressed": _hash(image, quality=35),
        "resized": _hash(image.resize(half)),
        "brighter": _hash(ImageEnhance.Brightness(image).enhance(1.15)),
        "darker": _hash(ImageEnhance.Brightness(image).enhance(0.85)),
    }

    far = {
        how: apart
        for how, copy in copies.items()
        if (apart := distance(original.perceptual_hash, copy)) > NEAR
    }
    assert far == {}


def test_different_photos_are_not_alike() -> None:
    hashes = {name: _developed(name).perceptual_hash or 0 for name in ORACLES}

    alike = [
        (a, b)
        for a, first in hashes.items()
        for b, second in hashes.items()
        if a < b and distance(first, second) <= 2 * NEAR
    ]

    assert alike == []


def test_a_blank_wall_is_like_nothing() -> None:
    assert _of(encoded(Image.new("RGB", (640, 480), "grey"), "JPEG")).perceptual_hash is None


def test_limits_are_those_that_are_promised() -> None:
    assert (developing.LONGEST_SIDE, developing.THUMBNAIL_SIDE) == (2560, 320)
