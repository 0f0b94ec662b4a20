"""A report of another system becomes a case like any other, once, and says nothing of who."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from bihuan.api.actions import keys
from bihuan.api.models import ApiKey, Picture
from bihuan.cases.models import Case, Evidence
from bihuan.files import photos
from bihuan.grievances.models import Category
from bihuan.journal.models import Entry
from bihuan.orgs.models import Unit
from bihuan.receipts import codes
from bihuan.receipts.actions.seals import unsealed
from bihuan.receipts.models import Seal
from tests.api.calls import V2, answer, case_of, post, refusal_in
from tests.clock import PRESENT
from tests.factories import make_photo
from tests.files.hostile import oracle

pytestmark = pytest.mark.django_db

PERSON = {
    "first_name": "晓梅",
    "last_name": "欧阳",
    "email": "planted-ouyang@example.org",
    "phone": "13900008888",
    "device_id": "planted-device",
    "account_id": "planted-account",
}


# ------------------------------------------------------------------ what is made
def test_a_report_becomes_a_case_of_the_unit_of_its_key(key: str, county: Unit) -> None:
    case = case_of(post(key))

    assert case.kind == "hazard"
    assert case.channel == Case.Channel.OPEN311
    assert (case.owner, case.reported_by) == (county, None)
    assert case.title == "A large sinkhole is destroying the street"
    assert case.category == "路面坑洼、塌陷"
    assert (case.latitude, case.longitude) == (37.76524078, -122.4212043)
    assert case.cell is not None


def test_the_answer_gives_the_number_and_to_the_person_the_code(key: str) -> None:
    (data,) = post(key, headers={"Accept-Language": "en"}).json()

    case = Case.objects.get(number=data["service_request_id"])
    digits = data["service_notice"].partition("Tracking code: ")[2].partition(". ")[0]
    quick, _ = codes.every_hash(codes.understood(digits))
    assert bytes(case.codes.get().quick_hash or b"") in quick
    assert data["account_id"] is None


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ({"address_string": None}, "37.76524, -122.42120"),
        ({"lat": None, "long": None}, "1234 5th street"),
        ({"lat": "", "long": "", "address_string": "", "address_id": "A-77"}, "A-77"),
    ],
)
def test_one_way_of_saying_where_is_enough(key: str, where: dict[str, Any], place: str) -> None:
    assert case_of(post(key, **where)).place == place


def test_answers_to_the_definition_stand_under_the_words(key: str) -> None:
    request = {"attribute[SEVERITY]": "serious", "attribute[SINCE][]": "上周", "attribute[X]": "y"}

    case = case_of(post(key, **request))

    assert case.description.splitlines()[1:] == [
        "危险程度 严重，可能造成伤害",
        "何时发现或存在多久 上周",
    ]


def test_a_report_without_words_is_called_after_its_service(key: str) -> None:
    assert case_of(post(key, description=None)).title == "路面坑洼、塌陷"


def test_a_long_first_line_is_cut_in_the_title_and_kept_in_the_words(key: str) -> None:
    case = case_of(post(key, description="坑" * 300))

    assert case.title == "坑" * 59 + "…"
    assert case.description == "坑" * 300


@pytest.mark.parametrize(
    ("code", "kind"), [("020101", "hazard"), ("020102", "grievance"), ("020103", "suggestion")]
)
def test_a_service_makes_a_case_of_its_kind(
    key: str, tree: dict[str, Category], code: str, kind: str
) -> None:
    case = case_of(post(key, service_code=code))

    assert (case.kind, case.channel) == (kind, Case.Channel.OPEN311)
    assert case.category == tree[code].name
    if kind != "hazard":
        assert getattr(case, kind).category == tree[code]
    assert answer(f"requests/{case.number}.json", by=key)[0]["service_code"] == code


def test_the_person_is_told_by_when_the_law_has_them_answered(key: str) -> None:
    data = post(key, service_code="020102", headers={"Accept-Language": "en"}).json()[0]

    assert "You will receive an answer by " in data["service_notice"]


@pytest.mark.parametrize(("text", "agreed"), [("yes", True), ("no", False), (None, False)])
def test_a_suggestion_is_published_only_with_consent(
    key: str, text: str | None, agreed: bool
) -> None:
    answers: dict[str, Any] = {"attribute[PUBLISH]": text}

    case = case_of(post(key, service_code="020103", **answers))

    assert case.suggestion.may_publish is agreed


# ---------------------------------------------------------------------- identity
def test_who_sent_it_is_sealed_and_nowhere_else(key: str) -> None:
    response = post(key, **PERSON)

    case = case_of(response)
    identity = unsealed(Seal.objects.get(case=case))
    assert (identity.name, identity.phone) == ("欧阳晓梅", "13900008888")
    assert identity.email == "planted-ouyang@example.org"
    number = case.number
    text = response.content.decode() + "".join(
        str(answer(path, by=key)) for path in (f"requests/{number}.json", f"tokens/{number}.json")
    )
    for planted in [*PERSON.values(), "欧阳晓梅"]:
        assert planted not in text
        assert _rows_with(planted) == []


def _rows_with(planted: str) -> list[str]:
    """Tables with a row that shows the words, in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(planted in repr(row) for row in cursor.fetchall()):
                found.append(table)
    return found


def test_a_report_without_a_name_is_as_good(key: str) -> None:
    case = case_of(post(key))

    assert not Seal.objects.filter(case=case).exists()


def test_the_journal_says_that_the_public_reported(key: str) -> None:
    case = case_of(post(key, **PERSON))

    entry = Entry.objects.get(chain__subject=case.subject)
    assert entry.actor is None
    assert entry.details["by_reporter"] is True


# ------------------------------------------------------------------------ errors
@pytest.mark.parametrize("text", ["", "nonsense", "x" * 500, "密钥"])
def test_a_missing_or_wrong_key_is_forbidden(text: str, tree: object) -> None:
    assert "api_key" in refusal_in(post(text), 403)
    assert not Case.objects.exists()


def test_an_ended_key_is_forbidden(key: str) -> None:
    ApiKey.objects.update(ended_at=PRESENT)

    assert "api_key" in refusal_in(post(key), 403)


@pytest.mark.parametrize("code", ["nonsense", "020104", "020105", "0201", "\x00"])
def test_a_service_that_is_not_offered_is_not_found(key: str, code: str) -> None:
    assert "service_code" in refusal_in(post(key, service_code=code), 404)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"service_code": None}, "service_code"),
        ({"service_code": ""}, "service_code"),
        ({"lat": None}, "lat"),
        ({"lat": None, "long": None, "address_string": None}, "address_string"),
        ({"lat": "north"}, "lat"),
        ({"lat": "90.1"}, "lat"),
        ({"long": "-181"}, "long"),
        ({"lat": "nan"}, "lat"),
        ({"long": "inf"}, "long"),
        ({"description": "x" * 4001}, "description"),
        ({"address_string": "x" * 201}, "address_string"),
        ({"phone": "1" * 61}, "phone"),
        ({"email": "a" * 201}, "email"),
        ({"attribute[SEVERITY]": "purple"}, "attribute[SEVERITY]"),
        ({"media": SimpleUploadedFile("a.jpg", b"no picture")}, "media"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value,
)
def test_anything_else_that_is_wrong_is_a_400_that_names_it(
    key: str, changes: dict[str, Any], named: str
) -> None:
    response = post(key, **changes)

    assert response.status_code == 400
    assert named in response.json()[0]["description"]
    assert not Case.objects.exists()


def test_every_mistake_is_told_at_once(key: str) -> None:
    response = post(key, lat="north", description="x" * 4001)

    assert [error["code"] for error in response.json()] == [400] * len(response.json())
    assert len(response.json()) >= 2


def test_a_damaged_form_is_a_400_in_the_asked_format(key: str) -> None:
    response = Client().post(
        f"{V2}requests.xml", b"--x\r\nbroken", content_type="multipart/form-data; boundary="
    )

    assert response.status_code == 400
    assert b"<errors><error><code>400</code>" in response.content


def test_a_form_too_large_is_a_400(key: str, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = f"api_key={key}&description={'x' * 200}"

    response = Client().post(
        f"{V2}requests.json", body, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 400
    assert response.json()[0]["code"] == 400


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_another_method_is_refused_in_the_asked_format(method: str) -> None:
    response = getattr(Client(), method)(f"{V2}requests.json")

    assert response.status_code == 405
    assert response.json()[0]["code"] == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("path", ["nothing.json", "services.yaml", "requests", "a/b/c.json"])
def test_an_unknown_address_is_not_found_in_json(path: str) -> None:
    response = Client().get(V2 + path)

    assert response.status_code == 404
    assert response.json()[0]["code"] == 404


def test_an_unknown_address_is_not_found_in_xml() -> None:
    assert b"<errors>" in Client().get(f"{V2}nothing.xml").content


@pytest.mark.parametrize("city", ["city.gov", "", "城市"])
def test_a_jurisdiction_is_tolerated(key: str, city: str) -> None:
    assert case_of(post(key, jurisdiction_id=city))
    assert answer("services.json", jurisdiction_id=city)


# ---------------------------------------------------------------------- pictures
def test_a_picture_sent_along_is_stripped(key: str) -> None:
    sent = oracle("DSCN0010.jpg")
    assert b"Exif" in sent

    case = case_of(post(key, media=SimpleUploadedFile("DSCN0010.jpg", sent, "image/jpeg")))

    stored = _bytes(Evidence.objects.get(case=case))
    assert stored[:2] == b"\xff\xd8"
    assert b"Exif" not in stored
    assert b"GPS" not in stored


def _bytes(evidence: Evidence) -> bytes:
    from bihuan.files import disk

    return disk.place(evidence.file.path).read_bytes()


def test_a_document_is_no_picture(key: str) -> None:
    pdf = SimpleUploadedFile("plan.pdf", Path(__file__).read_bytes(), "application/pdf")

    assert "media" in refusal_in(post(key, media=pdf), 400)


def test_addresses_of_pictures_wait_for_the_worker_if_their_host_is_allowed(
    key: str, settings: Settings
) -> None:
    settings.OPEN311_MEDIA_HOSTS = ["photos.example.org"]

    response = post(
        key,
        headers={"Accept-Language": "en"},
        media_url=["https://photos.example.org/1.jpg", "https://elsewhere.example.org/2.jpg"],
    )

    assert Picture.objects.get().url == "https://photos.example.org/1.jpg"
    assert "not fetched" in response.json()[0]["service_notice"]


def test_no_host_is_allowed_unless_the_installation_says_so(key: str) -> None:
    post(key, media_url="https://photos.example.org/1.jpg")

    assert not Picture.objects.exists()


def test_a_report_to_a_unit_that_was_closed_is_refused_in_words(key: str, county: Unit) -> None:
    Unit.objects.filter(pk=county.pk).update(end_date="2026-09-15")

    line = refusal_in(post(key), 400)

    assert county.name in line
    assert not Case.objects.exists()


def test_so_many_pictures_come_with_one_key_in_an_hour(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "PHOTOS_PER_HOUR", 1)
    case_of(post(key, media=make_photo()))
    monkeypatch.setattr(photos, "CHILD", "bihuan.nothing")  # none is decoded

    response = post(key, description="又一个坑", media=make_photo())

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assert Case.objects.count() == 1


def test_a_picture_that_comes_while_it_is_busy_is_sent_again(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "QUEUED", 0.01)

    with photos._turn:
        response = post(key, media=make_photo())

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert not Case.objects.exists()
    assert case_of(post(key, media=make_photo()))
