"""Files are attached to any subject by those whom its type lets, and seen by those who see it."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django.fixtures import Settings

from bihuan.breaches.models import Breach
from bihuan.core.refusal import NotAllowed
from bihuan.files.actions import attach, check, discard_orphans
from bihuan.files.models import Attachment
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.orgs.models import User
from bihuan.web import subjects
from tests.at_once import at_once
from tests.breaches.register import HOUR, Office, a_breach, make_office
from tests.clock import PRESENT
from tests.factories import make_case, make_photo
from tests.files.hostile import oracle, pdf, upload

pytestmark = pytest.mark.django_db
KEY = UUID(int=7)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def breach(office: Office) -> Breach:
    return a_breach(office, at=PRESENT - HOUR)


def _attached(
    breach: Breach, by: User, *files: SimpleUploadedFile, key: UUID | None = None
) -> list[Attachment]:
    uploads = [check(file) for file in files or (upload(pdf(), "回执.pdf"),)]
    return attach(
        subject=breach.subject, uploads=uploads, caption="回执", actor=by, now=PRESENT, form_key=key
    )


def _add(breach: Breach) -> str:
    return reverse("files:attach", args=["breach", breach.number])


def _filled(client: Client, breach: Breach, *files: SimpleUploadedFile) -> dict[str, Any]:
    """What the form of the page sends, key and all."""
    key = client.get(_add(breach)).context["form"]["form_key"].value()
    return {"form_key": key, "caption": "网信办回执", "uploads": list(files)}


def _status(client: Client, user: User, url: str) -> int:
    client.force_login(user)
    answer = client.get(url)
    b"".join(answer)  # a file is open until it is read
    return answer.status_code


def test_an_attachment_is_shown_on_the_page_and_the_sheet_of_its_subject(
    client: Client, office: Office, breach: Breach
) -> None:
    client.force_login(office.keeper)
    page = reverse("breaches:breach", args=[breach.number])
    assert _add(breach) in client.get(page).content.decode()
    assert "文件内容和文件名中都不要出现任何人的姓名。" in client.get(_add(breach)).content.decode()
    files = upload(oracle("DSCN0010.jpg"), "现场.jpg"), upload(pdf(), "a.pdf")

    answer = client.post(_add(breach), _filled(client, breach, *files))

    assert answer.headers["Location"] == page
    shown = client.get(page).content.decode()
    sheet = client.get(reverse("breaches:breach-sheet", args=[breach.number])).content.decode()
    assert "网信办回执" in shown
    for row in Attachment.objects.all():
        assert reverse("files:attachment", args=[row.pk]) in shown
        assert row.file.name in sheet
        assert row.file.sha256 in sheet
    timeline = client.get(reverse("web:timeline", args=["breach", breach.number]))
    assert "已添加附件" in timeline.content.decode()


def test_a_photo_is_stripped_and_a_document_saved_after_a_warning(
    client: Client, office: Office, breach: Breach
) -> None:
    taken = oracle("DSCN0010.jpg")
    photo, document = _attached(
        breach, office.keeper, upload(taken, "现场.jpg"), upload(pdf(), "回执.pdf")
    )
    client.force_login(office.auditor)
    picture, paper = (reverse("files:attachment", args=[row.pk]) for row in (photo, document))

    shown, warned, saved = client.get(picture), client.get(paper), client.post(paper)
    small = client.get(picture, {"size": "small"})

    assert Image.open(io.BytesIO(taken)).getexif()
    assert not Image.open(io.BytesIO(b"".join(shown))).getexif()
    assert small["Content-Type"] == "image/webp"
    assert b"".join(small)
    assert "%PDF" not in warned.content.decode()
    assert "受保护的视图" in warned.content.decode()
    assert saved["Content-Disposition"].startswith("attachment")
    assert b"".join(saved) == pdf()


def test_only_those_who_make_statements_attach_and_only_readers_see(
    client: Client, office: Office, breach: Breach
) -> None:
    (row,) = _attached(breach, office.keeper)
    urls = _add(breach), reverse("files:attachment", args=[row.pk])

    for who in (office.keeper, office.second, office.above):
        assert [_status(client, who, url) for url in urls] == [200, 200]
    assert [_status(client, office.auditor, url) for url in urls] == [404, 200]
    page = client.get(reverse("breaches:breach", args=[breach.number])).content.decode()
    assert _add(breach) not in page
    for who in (office.coordinator, office.leader):
        assert [_status(client, who, url) for url in urls] == [404, 404]
        assert [client.post(url, {"uploads": [make_photo()]}).status_code for url in urls] == [
            404,
            404,
        ]
    for who in (office.auditor, office.coordinator):
        with pytest.raises(NotAllowed):
            _attached(breach, who)
    assert Attachment.objects.get() == row


@pytest.mark.parametrize("subject", ["case/{}", "breach/XL-1999-0001", "umbrella/1", "member/1"])
def test_nothing_is_attached_to_another_subject(
    client: Client, office: Office, subject: str
) -> None:
    named = subject.format(make_case(office.county).number)
    client.force_login(office.keeper)

    assert not subjects.may_attach(office.keeper, named, PRESENT)
    assert client.get(reverse("files:attach", args=named.split("/"))).status_code == 404
    assert client.get(reverse("files:attachment", args=[99])).status_code == 404


def test_a_hostile_name_is_made_safe(client: Client, office: Office, breach: Breach) -> None:
    client.force_login(office.keeper)
    bad = upload(pdf(), "<img src=x onerror=alert(1)>.pdf.exe")

    client.post(_add(breach), _filled(client, breach, bad))

    name = Attachment.objects.get().file.name
    assert name.endswith(".pdf")
    assert not set(name) & set('<>:"|?*%;/\\')
    page = client.get(reverse("breaches:breach", args=[breach.number])).content.decode()
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("data", "text"),
    [(pdf(bytes(2000)), "过大"), (b"MZ" + bytes(100), "不接受"), (pdf(b"/JavaScript"), "脚本")],
)
def test_what_is_too_large_or_of_another_type_is_refused_in_words(
    client: Client, office: Office, breach: Breach, settings: Settings, data: bytes, text: str
) -> None:
    settings.DOCUMENT_MAX_BYTES = 1000
    client.force_login(office.keeper)

    answer = client.post(_add(breach), _filled(client, breach, upload(data, "回执.pdf")))

    assert text in answer.context["form"].errors["uploads"][0]
    assert Attachment.objects.count() == 0


def test_a_form_without_a_file_is_refused(client: Client, office: Office, breach: Breach) -> None:
    client.force_login(office.keeper)

    answer = client.post(_add(breach), _filled(client, breach))

    assert answer.context["form"].has_error("uploads")


def test_the_same_form_attaches_the_same_file_once_and_another_file_too(
    client: Client, office: Office, breach: Breach
) -> None:
    client.force_login(office.keeper)
    answer = _filled(client, breach)

    for sent in [[pdf(), pdf()], [pdf()], [pdf(), pdf(b"%2")]]:
        files = [upload(data, "回执.pdf") for data in sent]
        assert client.post(_add(breach), {**answer, "uploads": files}).status_code == 302

    sizes = Attachment.objects.order_by("pk").values_list("file__size_bytes", flat=True)
    assert [*sizes] == [len(pdf()), len(pdf(b"%2"))]
    assert Entry.objects.filter(chain__subject=breach.subject, act="attach").count() == 2


def test_numbers_of_people_in_a_caption_and_in_a_file_name_are_masked(
    client: Client, office: Office, breach: Breach
) -> None:
    attach(
        subject=breach.subject,
        uploads=[check(upload(pdf(), "举报人张三 13812345678.pdf"))],
        caption="联系 13812345678",
        actor=office.keeper,
        now=PRESENT,
    )
    client.force_login(office.auditor)

    entry = Entry.objects.get(chain__subject=breach.subject, act="attach")
    row = Attachment.objects.get()
    assert "138" not in row.caption + entry.note
    assert row.file.name == "举报人××× ×××.pdf"
    sheet = client.get(reverse("breaches:breach-sheet", args=[breach.number])).content.decode()
    assert "13812345678" not in sheet


def test_attached_files_are_no_orphans_and_refused_ones_are(
    media: Path, office: Office, breach: Breach
) -> None:
    (row,) = _attached(breach, office.keeper, key=KEY)
    orphan = media / "ab/cd"
    orphan.mkdir(parents=True)
    (orphan / f"{'ab' * 32}.pdf").write_bytes(pdf())

    assert discard_orphans(now=PRESENT + timedelta(days=3650)) == 1
    assert [path.name for path in media.rglob("*.*")] == [Path(row.file.path).name]


def test_the_journal_shows_what_was_attached_and_what_was_changed_outside_it(
    office: Office, breach: Breach
) -> None:
    (row,) = _attached(breach, office.keeper)
    assert verify().ok
    entry = Entry.objects.get(chain__subject=breach.subject, act="attach")
    assert row.file.sha256 in entry.detail

    Attachment.objects.filter(pk=row.pk).delete()

    assert [finding.subject for finding in verify().findings] == [breach.subject]


# Row locks do nothing on SQLite, so two presses at one moment meet on PostgreSQL.
@pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks")
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_attach_it_once(office: Office, breach: Breach) -> None:
    made = at_once(*[lambda: _attached(breach, office.keeper, key=KEY)] * 2)

    assert sorted(len(rows) for rows in made if isinstance(rows, list)) == [0, 1]
    assert verify().ok
