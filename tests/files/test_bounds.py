"""What a picture may cost: judged by its first bytes, decoded alone, in a process with limits."""

from __future__ import annotations

import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from PIL import Image

from bihuan.files import headers, photos
from bihuan.files.headers import Header, Unreadable
from bihuan.files.media import MediaType
from bihuan.files.photos import develop
from bihuan.files.refusals import FileRefused, Reason
from bihuan.web.management.commands.serve import THREADS
from tests.files.hostile import encoded, oracle, png_header_of, scene, webp_header_of

MILLION = 1_000_000


def refused(data: bytes, media_type: MediaType) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        develop(data, media_type, name="photo")
    return caught.value


def jpeg_header_of(width: int, height: int, frame: int = 0xC0) -> bytes:
    """A JPEG that claims this size after a segment of the camera's."""
    sized = struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8\xff\xe1\x00\x08Exif\0\0" + bytes([0xFF, frame]) + sized + b"\xff\xd9"


def heic_saying(width: int, height: int) -> bytes:
    """A true HEIC that claims another size."""
    data = oracle("samplefilehub.heif")
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


# ----------------------------------------------------------------------- headers
@pytest.mark.parametrize("size", [(64, 48), (333, 17), (1, 1)])
@pytest.mark.parametrize(
    ("media_type", "options"),
    [
        (MediaType.JPEG, {}),
        (MediaType.JPEG, {"progressive": True}),
        (MediaType.PNG, {}),
        (MediaType.WEBP, {}),
        (MediaType.WEBP, {"lossless": True}),
        (MediaType.WEBP, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}),
    ],
)
def test_the_size_is_read_as_decoders_read_it(
    media_type: MediaType, options: dict[str, object], size: tuple[int, int]
) -> None:
    header = headers.read(encoded(scene(size), media_type.name, **options), media_type)

    assert (header.width, header.height) == size
    assert (header.bytes_per_pixel == headers.PROGRESSIVE) is ("progressive" in options)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8X", b"\0"]
)
@pytest.mark.parametrize("media_type", [*headers.READERS])
def test_what_says_no_size_is_unreadable(media_type: MediaType, data: bytes) -> None:
    with pytest.raises(Unreadable):
        headers.read(data, media_type)


# ------------------------------------------------------------------------ limits
@pytest.mark.parametrize(
    ("data", "media_type", "most"),
    [
        (webp_header_of(7071, 7071), MediaType.WEBP, 20),
        (png_header_of(7071, 7071), MediaType.PNG, 41),
        (jpeg_header_of(7071, 7071, 0xC2), MediaType.JPEG, 45),
        (jpeg_header_of(7100, 7100), MediaType.JPEG, 50),
        (heic_saying(7100, 7100), MediaType.HEIC, 50),
    ],
    ids=["webp", "png", "progressive", "jpeg", "heic"],
)
def test_each_kind_has_as_many_pixels_as_its_memory_allows(
    data: bytes, media_type: MediaType, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The header is enough: no process is started, which would find no interpreter.
    monkeypatch.setattr(sys, "executable", "/nowhere")

    refusal = refused(data, media_type)

    assert refusal.reason is Reason.TOO_MANY_PIXELS
    assert refusal.limit // MILLION == most


def test_a_picture_larger_than_it_said_is_refused() -> None:
    assert refused(heic_saying(16, 16), MediaType.HEIC).reason in (
        Reason.TOO_MANY_PIXELS,
        Reason.DAMAGED,
    )


def test_what_wants_more_memory_than_it_has_ends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MEMORY_BYTES", 64 * photos.MEBIBYTE)
    large = encoded(Image.new("RGB", (5000, 4000)), "PNG")

    assert refused(large, MediaType.PNG).reason is Reason.TOO_MANY_PIXELS
    assert develop(encoded(scene(), "JPEG"), MediaType.JPEG, name="photo").width == 640


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "WAITED", 0.01)

    assert refused(encoded(scene(), "JPEG"), MediaType.JPEG).reason is Reason.TOO_SLOW


# --------------------------------------------------------------------- in turn
def test_photos_are_decoded_one_after_another() -> None:
    data = encoded(scene((64, 48)), "JPEG")

    def one(_: int) -> tuple[int, int]:
        photo = develop(data, MediaType.JPEG, name="photo")
        return photo.width, photo.height

    with ThreadPoolExecutor(photos.AT_ONCE) as threads:
        assert list(threads.map(one, range(6))) == [(64, 48)] * 6


def test_who_waits_too_long_is_told_that_it_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "QUEUED", 0.01)

    with photos._turn:
        assert refused(encoded(scene(), "JPEG"), MediaType.JPEG).reason is Reason.BUSY

    assert develop(encoded(scene(), "JPEG"), MediaType.JPEG, name="photo").width == 640


def test_photos_never_hold_every_thread_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "QUEUED", 3600)

    with ExitStack() as held:
        for _ in range(photos.AT_ONCE):
            held.enter_context(photos._room)
        assert refused(encoded(scene(), "JPEG"), MediaType.JPEG).reason is Reason.BUSY

    assert photos.AT_ONCE < THREADS


# --------------------------------------------------------------------- the process
def test_the_process_knows_neither_django_nor_a_secret() -> None:
    probe = "import sys, bihuan.files.developing; print('django' in sys.modules)"

    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)

    assert answer.stdout == "False\n"


@pytest.mark.parametrize("kind", [MediaType.JPEG, MediaType.PNG, MediaType.WEBP])
def test_the_process_loads_no_decoder_of_another_format(kind: MediaType) -> None:
    request = f'{{"media_type": "{kind}", "pixels": 1000000, "turns": 0, "zone": "Asia/Shanghai"}}'
    code = (
        "import json, sys; from bihuan.files import developing; from PIL import Image;"
        f"developing._developed(sys.stdin.buffer.read(), json.loads('{request}'));"
        "print(sorted(name for name in sys.modules if name.endswith('ImagePlugin')))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        input=encoded(scene(), kind.name),
        capture_output=True,
        check=True,
    )

    loaded = ("Bmp", "Gif", "Jpeg", "Png", "Ppm", "WebP")
    assert done.stdout.decode().strip() == str([f"PIL.{name}ImagePlugin" for name in loaded])


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"{}", b"[]", b"nonsense", b'{"refused": "nonsense"}',
        b'{"sizes": [1, 1], "media_type": "image/jpeg"}\nab',
        b'{"sizes": [1, 9], "media_type": "image/jpeg", "width": 1, "height": 1, '
        b'"fingerprint": null, "taken_at": null, "place": null}\nab',
        b'{"sizes": [1, 1], "media_type": "application/pdf", "width": 1, "height": 1, '
        b'"fingerprint": null, "taken_at": null, "place": null}\nab',
    ],
)  # fmt: skip
def test_an_answer_that_makes_no_sense_is_a_damaged_photo(answer: bytes) -> None:
    with pytest.raises(FileRefused) as caught:
        photos._photo(answer, MILLION, "photo")

    assert caught.value.reason is Reason.DAMAGED


def test_a_header_counts_its_pixels() -> None:
    assert Header(7071, 7071, headers.WEBP).pixels == 49_999_041
