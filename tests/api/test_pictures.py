"""Pictures that a report names are fetched afterwards, stripped, and added to its case once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from pytest_django.fixtures import Settings

from bihuan.api import fetching
from bihuan.api.actions import pictures
from bihuan.api.apps import _fetch_pictures
from bihuan.api.fetching import Forbidden, Network, Unreachable
from bihuan.api.models import Picture
from bihuan.cases.models import Case, Evidence
from bihuan.files import disk
from bihuan.receipts.models import Message
from bihuan.web import work
from tests.api.calls import case_of, post
from tests.factories import make_photo
from tests.files.hostile import oracle, pdf

pytestmark = pytest.mark.django_db

URL = "https://photos.example.org/1.jpg"
Answer = Callable[[str], bytes]


@pytest.fixture(autouse=True)
def _allowed(settings: Settings) -> None:
    settings.OPEN311_MEDIA_HOSTS = ["photos.example.org"]


@pytest.fixture
def reported(key: str) -> Case:
    return case_of(post(key, media_url=URL))


class Host:
    """What stands where the other host would: it answers, or is in trouble."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.answer: bytes | Exception = make_photo().read()
        monkeypatch.setattr(pictures, "fetching", SimpleNamespace(fetch=self.fetch))

    def fetch(self, url: str, *, hosts: list[str], most: int, network: Network) -> bytes:
        assert fetching.is_allowed(url, hosts)
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    return Host(monkeypatch)


def _run(case: Case, after: timedelta = timedelta()) -> int:
    return pictures.fetch_waiting(now=case.reported_at + after)["pictures"]


def test_nothing_is_fetched_within_the_request(key: str, host: Host) -> None:
    post(key, media_url=URL)

    assert host.asked == []
    assert Picture.objects.get().url == URL


def test_the_worker_adds_the_picture_stripped(reported: Case, host: Host) -> None:
    host.answer = oracle("DSCN0010.jpg")
    assert b"Exif" in host.answer

    assert _run(reported) == 1

    evidence = Evidence.objects.get(case=reported)
    stored = disk.place(evidence.file.path).read_bytes()
    assert b"Exif" not in stored
    assert evidence.added_by is None
    assert Message.objects.get(case=reported).kind == Message.Kind.ADDITION


def test_the_address_is_forgotten_afterwards(reported: Case, host: Host) -> None:
    _run(reported)

    picture = Picture.objects.get()
    assert (picture.url, picture.next_at, picture.problem) == ("", None, "")


def test_a_picture_is_fetched_once(reported: Case, host: Host) -> None:
    assert [_run(reported), _run(reported, timedelta(days=1))] == [1, 0]

    assert Evidence.objects.count() == 1


def test_a_crash_after_the_picture_was_added_adds_it_no_second_time(
    reported: Case, host: Host
) -> None:
    _run(reported)
    Picture.objects.update(url=URL, next_at=reported.reported_at)

    _run(reported)

    assert Evidence.objects.count() == Message.objects.count() == 1


def test_two_workers_do_not_take_the_same_picture(reported: Case, host: Host) -> None:
    Picture.objects.update(next_at=reported.reported_at + pictures.CLAIMED)

    assert _run(reported) == 0
    assert host.asked == []


def test_a_host_in_trouble_is_tried_again_and_given_up(reported: Case, host: Host) -> None:
    host.answer = Unreachable()
    after = timedelta()
    for pause in (timedelta(), *pictures.RETRY):
        after += pause
        assert Picture.objects.get().next_at == reported.reported_at + after
        assert _run(reported, after) == 0

    picture = Picture.objects.get()
    assert (picture.url, picture.problem) == ("", Picture.Problem.UNREACHABLE)
    assert len(host.asked) == len(pictures.RETRY) + 1


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Forbidden(), Picture.Problem.FORBIDDEN),
        (b"", Picture.Problem.REFUSED),
        (b"<html>not found</html>", Picture.Problem.REFUSED),
        (pdf(), Picture.Problem.REFUSED),
    ],
)
def test_what_will_never_be_a_picture_is_given_up_at_once(
    reported: Case, host: Host, answer: bytes | Exception, problem: str
) -> None:
    host.answer = answer

    assert _run(reported) == 0

    assert Picture.objects.get().problem == problem
    assert not Evidence.objects.exists()


def test_a_case_that_has_ended_takes_no_more_pictures(reported: Case, host: Host) -> None:
    Case.objects.update(stage="rejected", ended_at=reported.reported_at)

    assert _run(reported) == 0

    assert Picture.objects.get().problem == Picture.Problem.REFUSED


def test_a_bad_picture_leaves_the_others_alone(
    key: str, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    good: bytes = make_photo().read()

    def fetch(url: str, **_: object) -> bytes:
        if url.endswith("bad.jpg"):
            raise Forbidden
        return good

    monkeypatch.setattr(host, "fetch", fetch)
    monkeypatch.setattr(pictures, "fetching", SimpleNamespace(fetch=fetch))
    case = case_of(post(key, media_url=["https://photos.example.org/bad.jpg", URL]))

    assert _run(case) == 1
    assert Evidence.objects.filter(case=case).count() == 1


def test_the_worker_has_the_job() -> None:
    job = next(job for job in work.jobs() if job.name == "pictures of reports")

    assert job.function is _fetch_pictures
    assert job.function(datetime.fromisoformat("2026-09-15T10:00:00+08:00")) == {"pictures": 0}
