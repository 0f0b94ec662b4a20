"""A stored file is sent so that a browser can only look at it or save it."""

from pathlib import Path

import pytest
from django.http import FileResponse, Http404
from pytest_django.fixtures import Settings

from bihuan.files.actions import store
from bihuan.files.models import StoredFile
from bihuan.files.views import serve
from tests.factories import NOW, make_member
from tests.files.hostile import oracle, pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def _stored(data: bytes, name: str) -> StoredFile:
    return store(upload=upload(data, name), actor=make_member(), now=NOW)


def _body(response: FileResponse) -> bytes:
    body = b"".join(response)
    response.close()
    return body


def test_a_photo_is_shown_with_headers_that_tie_it_down(media: Path) -> None:
    stored = _stored(oracle("DSCN0010.jpg"), "整改前.jpg")

    response = serve(stored)

    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"] == (
        "inline; filename*=utf-8''%E6%95%B4%E6%94%B9%E5%89%8D.jpg"
    )
    assert _body(response) == (media / stored.path).read_bytes()


def test_a_document_is_always_saved_and_never_shown() -> None:
    response = serve(_stored(pdf(), "方案.pdf"))

    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["Content-Type"] == "application/pdf"
    assert _body(response) == pdf()


def test_a_photo_is_saved_when_asked() -> None:
    response = serve(_stored(oracle("DSCN0010.jpg"), 'a"b.jpg'), download=True)

    assert response["Content-Disposition"] == 'attachment; filename="a_b.jpg"'
    response.close()


def test_a_thumbnail_is_another_file_with_another_tag() -> None:
    stored = _stored(oracle("DSCN0010.jpg"), "a.jpg")

    response = serve(stored, thumbnail=True)

    assert response["Content-Type"] == "image/webp"
    assert len(_body(response)) < stored.size_bytes


def test_a_document_has_no_thumbnail() -> None:
    with pytest.raises(Http404):
        serve(_stored(pdf(), "a.pdf"), thumbnail=True)


def test_bytes_that_are_gone_are_not_found(media: Path) -> None:
    stored = _stored(pdf(), "a.pdf")
    (media / stored.path).unlink()

    with pytest.raises(Http404):
        serve(stored)
