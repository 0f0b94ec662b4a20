"""A photo that was taken sideways is shown upright everywhere, and stays the evidence it was."""

from __future__ import annotations

import hashlib
import os
from io import BytesIO

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from PIL import Image, ImageOps

from bihuan.cases.actions import evidence, turning
from bihuan.cases.models import Evidence
from bihuan.cases.queries import as_shown, prepared, undoable
from bihuan.core.hazard import Grade, Stage
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.files import actions as files
from bihuan.files import disk
from bihuan.files.media import MediaType
from bihuan.files.turning import turned
from bihuan.hazards.actions import reporting
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.portal.queries.track import INTERNAL
from bihuan.receipts.accounts import Intake
from tests.cases.public import Office, make_office, told
from tests.clock import PRESENT
from tests.factories import NOW, make_officer, make_photo
from tests.hazards.district import account_of, make_district, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def photo(office: Office) -> Evidence:
    case = told(office.town, kind="grievance").case
    evidence.attach(
        case=case, actor=office.handler, now=PRESENT, uploads=[make_photo()], phase="before",
        note="现场", is_shown=True,
    )  # fmt: skip
    return Evidence.objects.get(case=case)


def _sent(client: Client, photo: Evidence, **query: str) -> bytes:
    answer = client.get(reverse("desk:evidence", args=[photo.case.number, photo.pk]), query)
    return b"".join(answer)


def _upright(data: bytes) -> tuple[int, int]:
    return ImageOps.exif_transpose(Image.open(BytesIO(data))).size


@pytest.mark.parametrize("kind", [MediaType.JPEG, MediaType.PNG])
def test_the_note_turns_the_picture_and_no_pixel_changes(kind: MediaType) -> None:
    out = BytesIO()
    picture = Image.new("RGB", (3, 2))
    picture.putpixel((0, 0), (255, 0, 0))
    picture.save(out, kind.name)

    sent = turned(out.getvalue(), kind, 1)

    assert _upright(sent) == (2, 3)
    assert Image.open(BytesIO(sent)).tobytes() == Image.open(BytesIO(out.getvalue())).tobytes()


def test_it_is_shown_turned_large_and_small_and_downloaded_as_it_was(
    client: Client, office: Office, photo: Evidence
) -> None:
    client.force_login(office.handler)
    url = reverse("desk:turn-photo", args=[photo.case.number, photo.pk])
    assert url in client.get(photo.case.get_absolute_url()).content.decode()

    answer = client.post(url, {"turns": "1"})

    assert answer.status_code == 302
    assert (
        _upright(_sent(client, photo)) == _upright(_sent(client, photo, size="small")) == (24, 32)
    )
    original = _sent(client, photo, save="1")
    assert hashlib.sha256(original).hexdigest() == photo.file.sha256
    entry = Entry.objects.get(act="turn_photo")
    assert (entry.actor, entry.details["files"]) == (office.handler, [photo.file.sha256])
    assert verify().ok


def test_the_small_picture_is_turned_once_and_goes_with_the_file(
    client: Client, office: Office, photo: Evidence
) -> None:
    client.force_login(office.handler)
    turning.turn(picture=photo, actor=office.handler, turns=3, now=PRESENT)
    whole, plain = _sent(client, photo), photo.file.thumbnail_path

    small = _sent(client, photo, size="small")

    assert Image.open(BytesIO(small)).format == "WEBP"
    assert small != whole
    disk.place(plain).unlink()
    assert _sent(client, photo, size="small") == small
    photo.delete()
    made = disk.place(photo.file.turned_thumbnail_path(3))
    os.utime(made, (0, 0))
    with TestCase.captureOnCommitCallbacks(execute=True):
        files.discard(stored=[photo.file], now=PRESENT)
    assert not made.exists()


def test_the_whole_picture_is_sent_if_the_small_one_cannot_be_turned(
    client: Client, office: Office, photo: Evidence
) -> None:
    client.force_login(office.handler)
    turning.turn(picture=photo, actor=office.handler, turns=1, now=PRESENT)
    disk.place(photo.file.thumbnail_path).unlink()

    assert _sent(client, photo, size="small") == _sent(client, photo)


def test_a_turn_does_not_change_what_a_decision_was_shown(office: Office, photo: Evidence) -> None:
    case = photo.case
    before = (case.version, evidence.shown_fix(case))

    turning.turn(picture=photo, actor=office.handler, turns=3, now=PRESENT)

    case.refresh_from_db()
    assert (case.version, evidence.shown_fix(case)) == before


def test_a_turn_is_no_act_of_the_case() -> None:
    d = make_district()
    case = reporting.receive(
        Intake(account=account_of(d.village), form_key="one", now=PRESENT)
    ).case
    case = evidence.attach(
        case=case, actor=d.coordinator, now=PRESENT, uploads=[make_photo()], phase="before"
    )
    photo = Evidence.objects.get(case=case)
    case = reporting.confirm(case=case, actor=d.coordinator, now=PRESENT, grade=Grade.GENERAL)

    turning.turn(picture=photo, actor=d.coordinator, turns=1, now=PRESENT)

    (loaded,) = prepared.case_numbered(case.number)
    assert "turn_photo" in INTERNAL
    assert as_shown.of(loaded, PRESENT).case.stage == Stage.REPORTED
    assert undoable.last(loaded, d.coordinator, PRESENT) is not None


def test_photos_of_the_fix_and_of_the_check_are_turned_by_who_took_them(client: Client) -> None:
    d = make_district()
    case = submitted(d)
    photo = Evidence.objects.get(case=case)
    url = reverse("desk:turn-photo", args=[case.number, photo.pk])

    client.force_login(d.coordinator)
    assert url not in client.get(case.get_absolute_url()).content.decode()
    assert client.post(url, {"turns": "1"}).status_code == 404
    with pytest.raises(NotAllowed):
        turning.turn(picture=photo, actor=d.coordinator, turns=1, now=NOW)

    client.force_login(d.handler)
    assert url in client.get(case.get_absolute_url()).content.decode()
    turning.turn(picture=photo, actor=d.handler, turns=1, now=NOW)


def test_only_who_may_add_photos_to_the_case_turns_them(
    client: Client, office: Office, photo: Evidence
) -> None:
    other = make_officer(office.county, Power.AUDIT)
    client.force_login(other)
    url = reverse("desk:turn-photo", args=[photo.case.number, photo.pk])

    assert client.post(url, {"turns": "1"}).status_code == 404
    with pytest.raises(NotAllowed):
        turning.turn(picture=photo, actor=other, turns=1, now=PRESENT)

    photo.refresh_from_db()
    assert photo.turns == 0
