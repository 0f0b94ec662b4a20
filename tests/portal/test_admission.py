"""Photos of the public are counted before one of them is decoded, and the words are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from bihuan.cases import wording as case_words
from bihuan.cases.models import Case, Evidence
from bihuan.files import photos
from bihuan.portal import admission, drafts, guard, wording
from bihuan.portal.guard import Tried
from bihuan.receipts.actions import room
from tests.clock import PRESENT
from tests.factories import make_photo
from tests.portal.conftest import County
from tests.portal.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

HAZARD = "/report/hazard/"
ADD = "/track/case/add/"


@pytest.fixture
def undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is decoded is said to be damaged."""
    monkeypatch.setattr(photos, "CHILD", "bihuan.nothing")


def several(count: int) -> list[object]:
    return [make_photo() for _ in range(count)]


def limited(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(guard, "MOST", {**guard.MOST, Tried.PHOTO: most})


def add(visitor: Visitor, code: str, count: int) -> Page:
    visitor.track(code)
    page = visitor.get(ADD)
    return visitor.send(ADD, page, text="看照片", photos=several(count))


@pytest.mark.usefixtures("undecoded")
def test_each_photo_of_a_report_counts_before_it_is_decoded(
    county: County, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, 4)

    page = visitor.fill("hazard", {"photos": several(5)})

    assert str(wording.PHOTOS_HELD_OFF) in page.shown
    assert not page.values.get("kept")


@pytest.mark.usefixtures("undecoded")
def test_each_photo_that_is_added_counts_before_it_is_decoded(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, 4)

    page = add(visitor, code, 5)

    assert str(wording.PHOTOS_HELD_OFF) in page.shown
    assert page.values["text"] == ["看照片"]
    assert not Evidence.objects.exists()


@pytest.mark.usefixtures("undecoded")
@pytest.mark.parametrize("path", ["report", "add"])
def test_more_bytes_than_nine_photos_have_are_not_looked_at(
    code: str, county: County, visitor: Visitor, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "MOST_BYTES", 1000)

    page = (
        add(visitor, code, 2) if path == "add" else visitor.fill("hazard", {"photos": several(2)})
    )

    assert str(wording.PHOTOS_TOO_MUCH) in page.shown


def test_so_many_photos_come_under_one_code_in_a_day(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_A_DAY", 3)
    add(visitor, code, 2)
    monkeypatch.setattr(photos, "CHILD", "bihuan.nothing")

    page = add(visitor, code, 2)

    assert case_words.explain(room.TooManyFiles()) in page.shown
    assert page.values["text"] == ["看照片"]
    assert Evidence.objects.count() == 2


def test_each_code_has_a_room_of_its_own(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case.objects.get()
    monkeypatch.setattr(room, "MOST_A_DAY", 2)
    add(visitor, code, 2)

    room.require_room(case, "party-2", 2, PRESENT)
    room.require_room(case, "reporter", 2, PRESENT + timedelta(days=1))
    with pytest.raises(room.TooManyFiles):
        room.require_room(case, "reporter", 1, PRESENT + timedelta(hours=23))


# ------------------------------------------------------------------------ drafts
def test_photos_are_not_laid_aside_without_end(
    county: County, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_BYTES", 0)

    page = visitor.fill("hazard", {"photos": make_photo()})

    assert str(wording.PHOTOS_FULL) in page.shown
    assert not list(Path(settings.MEDIA_ROOT, drafts.FOLDER).glob("*"))


def test_a_full_room_for_drafts_shuts_out_nobody_who_adds_to_a_report(
    code: str, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_BYTES", 0)

    add(visitor, code, 1)

    assert Evidence.objects.count() == 1


def test_when_it_gets_tight_photos_wait_for_an_hour_only(
    county: County, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.fill("hazard", {"photos": make_photo()})
    [*files] = Path(settings.MEDIA_ROOT, drafts.FOLDER).glob("*")
    written = max(file.stat().st_mtime for file in files)
    later = PRESENT.fromtimestamp(written, PRESENT.tzinfo) + timedelta(hours=2)

    assert drafts.clear_away(later) == 0
    monkeypatch.setattr(drafts, "MOST_BYTES", 1)
    assert drafts.clear_away(later) == 1


# ------------------------------------------------------------------------- busy
@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody else's photo is being decoded all the time."""
    monkeypatch.setattr(photos, "QUEUED", 0.01)
    photos._turn.acquire()
    yield
    photos._turn.release()


@pytest.mark.usefixtures("busy")
def test_a_report_that_comes_while_it_is_busy_is_asked_to_come_again(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("hazard", {}, {"unit": county.town.pk, "place": "双河桥头"})

    page = visitor.send(HAZARD, page, go="photo", photos=make_photo())

    assert page.status == 503
    assert "请过一分钟再选这张照片" in page.shown
    assert page.values["place"] == ["双河桥头"]


@pytest.mark.usefixtures("busy")
def test_what_is_added_while_it_is_busy_keeps_its_words(code: str, visitor: Visitor) -> None:
    page = add(visitor, code, 1)

    assert page.status == 503
    assert "请过一分钟再选这张照片" in page.shown
    assert page.values["text"] == ["看照片"]
