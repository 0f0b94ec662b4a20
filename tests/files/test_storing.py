"""A file is on disk whole, once, and before its record; what cannot be kept is refused."""

import errno
import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from PIL import Image
from pytest_django.fixtures import Settings

from bihuan.core.capture import PlaceVerdict, TimeVerdict
from bihuan.core.places import Point
from bihuan.files import disk
from bihuan.files.actions import check, discard_orphans, store
from bihuan.files.models import StoredFile
from bihuan.files.queries import _may_be_like, like
from bihuan.files.refusals import FileRefused, Reason
from tests.factories import NOW, make_member
from tests.files.hostile import encoded, oracle, pdf, scene, upload

pytestmark = pytest.mark.django_db

POSITION = Point(43.46745, 11.88513)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def _files(media: Path) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def _stored(data: bytes, name: str = "photo.jpg") -> StoredFile:
    return store(upload=upload(data, name), actor=make_member(), now=NOW)


# ---------------------------------------------------------------------- storing
def test_a_photo_lies_under_the_digest_of_its_bytes(media: Path) -> None:
    officer = make_member()

    stored = store(upload=upload(oracle("landscape_6.jpg"), "前.JPG"), actor=officer, now=NOW)

    stored.refresh_from_db()
    data = (media / stored.path).read_bytes()
    assert hashlib.sha256(data).hexdigest() == stored.sha256
    assert stored.path == f"{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.sha256}.jpg"
    assert (media / stored.thumbnail_path).is_file()
    assert (stored.kind, stored.media_type, stored.name) == ("photo", "image/jpeg", "前.jpg")
    assert (stored.width, stored.height, stored.size_bytes) == (600, 450, len(data))
    assert (stored.stored_by, stored.stored_at) == (officer, NOW)


def test_a_document_lies_beside_it_without_a_thumbnail(media: Path) -> None:
    stored = _stored(pdf(), "方案.pdf.exe")

    assert (media / stored.path).read_bytes() == pdf()
    assert (stored.kind, stored.name, stored.width) == ("document", "方案.pdf.exe.pdf", None)
    assert len(_files(media)) == 1


def test_equal_bytes_lie_on_disk_once(media: Path) -> None:
    first = _stored(oracle("DSCN0010.jpg"), "a.jpg")
    second = _stored(oracle("DSCN0010.jpg"), "b.jpg")

    assert first.pk != second.pk
    assert first.path == second.path
    assert len(_files(media)) == 2


def test_an_upload_that_was_checked_is_stored_without_a_second_look() -> None:
    checked = check(upload(oracle("DSCN0010.jpg"), "a.jpg"))

    assert store(upload=checked, actor=make_member(), now=NOW).name == "a.jpg"


@pytest.mark.parametrize(
    ("data", "name"),
    [(oracle("DSCN0010.jpg"), "photo.jpg"), (pdf(), "举报人×××.pdf")],
)
def test_what_the_public_calls_its_photos_is_not_kept_and_its_documents_name_no_person(
    data: bytes, name: str
) -> None:
    stored = store(upload=upload(data, "举报人张三.jpg"), actor=None, now=NOW)

    stored.refresh_from_db()
    assert stored.name == name


@pytest.mark.parametrize("limit", ["PHOTO_MAX_BYTES", "DOCUMENT_MAX_BYTES"])
def test_a_file_over_its_limit_is_refused(settings: Settings, limit: str) -> None:
    data = oracle("DSCN0010.jpg") if limit.startswith("PHOTO") else pdf(b" " * 5000)
    setattr(settings, limit, len(data) - 1)

    with pytest.raises(FileRefused) as refused:
        _stored(data)

    assert (refused.value.reason, refused.value.limit) == (Reason.TOO_LARGE, len(data) - 1)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        _stored(b"", "空.jpg")

    assert (refused.value.reason, refused.value.name) == (Reason.EMPTY, "空.jpg")


# --------------------------------------------------------------------- captures
@pytest.mark.parametrize(
    ("site", "verdict"),
    [
        (POSITION, PlaceVerdict.MATCHES),
        (Point(30.0, 120.0), PlaceVerdict.FAR),
        (None, PlaceVerdict.NONE),
    ],
)
def test_only_the_verdict_on_the_place_is_kept(site: Point | None, verdict: PlaceVerdict) -> None:
    stored = store(upload=upload(oracle("DSCN0010.jpg")), actor=None, now=NOW, site=site)

    assert stored.capture_place == verdict
    assert stored.capture_time == TimeVerdict.OLD
    columns = {field.name for field in StoredFile._meta.get_fields()}
    assert not {name for name in columns if "lat" in name or "lon" in name or "taken" in name}


def test_a_photo_without_exif_has_no_time_and_no_place() -> None:
    stored = _stored(encoded(scene(), "JPEG"))

    assert (stored.capture_place, stored.capture_time) == ("no_place", "no_time")


# ------------------------------------------------------------------------- disk
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("step", ["fsync", "replace", "fchmod"])
def test_a_full_disk_refuses_and_leaves_no_half_file(
    media: Path, monkeypatch: pytest.MonkeyPatch, code: int, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, step, fail)

    with pytest.raises(FileRefused) as refused:
        _stored(oracle("DSCN0010.jpg"))

    assert refused.value.reason is Reason.NOT_KEPT
    assert _files(media) == []
    assert not StoredFile.objects.exists()


def test_a_folder_that_cannot_be_made_refuses(media: Path, settings: Settings) -> None:
    (media / "file").write_text("in the way")
    settings.MEDIA_ROOT = media / "file"

    with pytest.raises(FileRefused):
        _stored(oracle("DSCN0010.jpg"))


def test_bytes_without_a_record_go_after_a_day(media: Path) -> None:
    stored = _stored(oracle("DSCN0010.jpg"))
    _stored(oracle("DSCN0021.jpg")).delete()
    written = NOW.timestamp()
    for path in media.glob("??/??/*"):
        os.utime(path, (written, written))

    assert discard_orphans(now=NOW + timedelta(hours=23)) == 0
    assert discard_orphans(now=NOW + timedelta(hours=25)) == 2
    assert {name.partition(".")[0] for name in _files(media)} == {stored.sha256}


def test_bytes_that_are_stored_again_meanwhile_stay(media: Path) -> None:
    cutoff = NOW
    disk.put("ab/cd/abcd.jpg", b"bytes")
    os.utime(media / "ab/cd/abcd.jpg", (0, 0))
    disk.put("ab/cd/abcd.jpg", b"bytes")
    os.utime(media / "ab/cd/abcd.jpg", (cutoff.timestamp(), cutoff.timestamp()))

    assert disk.remove("ab/cd/abcd.jpg", untouched_since=cutoff) is False
    assert _files(media) == ["abcd.jpg"]


@pytest.mark.parametrize("is_stored_again", [False, True])
def test_bytes_that_a_killed_removal_took_away_come_back_if_a_record_names_them(
    media: Path, is_stored_again: bool
) -> None:
    stored = _stored(oracle("DSCN0010.jpg"))
    names = _files(media)
    file = media / stored.path
    data = file.read_bytes()
    doomed = file.rename(file.with_name(f"{file.name}.doomed"))
    os.utime(doomed, (0, 0))
    if is_stored_again:
        disk.put(stored.path, data)

    assert discard_orphans(now=NOW) == 0

    assert _files(media) == names
    assert file.read_bytes() == data


def test_storing_again_touches_what_is_there(media: Path) -> None:
    disk.put("ab/cd/abcd.jpg", b"bytes")
    os.utime(media / "ab/cd/abcd.jpg", (0, 0))

    disk.put("ab/cd/abcd.jpg", b"bytes")

    assert (media / "ab/cd/abcd.jpg").stat().st_mtime > 0


# --------------------------------------------------------------------- likeness
def test_a_smaller_copy_is_found_and_another_photo_is_not() -> None:
    original = _stored(encoded(scene((1200, 900)), "JPEG"))
    smaller = _stored(encoded(scene((600, 450)), "JPEG", quality=50))
    same = _stored(encoded(scene((1200, 900)), "JPEG"), "copy.jpg")
    _stored(oracle("DSCN0021.jpg"))
    _stored(pdf())

    assert like(original) == [smaller, same]
    assert same in like(original, distance=0)


def test_the_same_document_is_found() -> None:
    first, second = _stored(pdf()), _stored(pdf())

    assert like(first) == [second]


def test_blank_pictures_are_only_like_themselves() -> None:
    grey = _stored(encoded(Image.new("RGB", (64, 64), "grey"), "JPEG"))
    _stored(encoded(Image.new("RGB", (64, 64), "navy"), "JPEG"))

    assert like(grey) == []


def test_a_search_reads_the_indexes_and_never_the_table() -> None:
    stored = _stored(oracle("DSCN0010.jpg"))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")

    plan = StoredFile.objects.filter(_may_be_like(stored, 7)).explain()

    for index in ("sha256", "band_0", "band_1", "band_2", "band_3"):
        assert f"stored_file_by_{index}" in plan
    assert "SCAN files_storedfile" not in plan
    assert "Seq Scan" not in plan


# ------------------------------------------------------------------ constraints
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"size_bytes": 0}, "stored_file_is_never_empty"),
        ({"width": None}, "photo_always_has_a_size_in_pixels_and_a_document_never"),
        ({"capture_place": ""}, "photo_always_has_a_capture_verdict_and_a_document_never"),
        (
            {"kind": "document", "width": None, "height": None, "capture_place": "",
             "capture_time": ""},
            "document_never_has_a_perceptual_hash",
        ),
    ],
)  # fmt: skip
def test_the_database_keeps_what_is_always_so(changes: dict[str, object], constraint: str) -> None:
    stored = _stored(oracle("DSCN0010.jpg"))

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(**changes)
