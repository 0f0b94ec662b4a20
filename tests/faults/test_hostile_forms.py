"""Whatever a browser, or somebody who pretends to be one, sends: a page that says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote_from_bytes
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.legible import words
from bihuan.files.names import safe_name
from bihuan.journal.queries import verify
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_photo, make_unit
from tests.faults.forms import LEDGER, NAUGHTY, REPORT, filled, is_told

pytestmark = pytest.mark.django_db

UNKEEPABLE = ["nul\x00byte", "\x00", "half\ud800", "\udfff", "\ud83d alone"]


# ------------------------------------------------------------------ free text
@pytest.mark.slow
def test_naughty_strings_are_kept_as_they_are_and_shown_as_text(desk: Client, cast: Cast) -> None:
    refused = 0
    for text in NAUGHTY:
        values = filled(cast, title=text, place=text, description=text)
        response = desk.post(REPORT, values)
        if response.status_code != 302:
            assert is_told(response), text
            assert not words(text) or len(text) > 200, text
            refused += 1
            continue
        case = Case.objects.latest("pk")
        assert case.title == words(text)
        page = desk.get(response.headers["Location"]).content.decode()
        assert escape(case.title) in page

    shown = "".join(_pages_of_the_ledger(desk))
    kept = Case.objects.values_list("title", flat=True)
    assert len(kept) == len(NAUGHTY) - refused
    assert all(escape(title) in shown for title in kept)
    assert verify().ok


def _pages_of_the_ledger(desk: Client) -> Iterator[str]:
    address = f"{LEDGER}?sort=number"
    while address:
        page = desk.get(address).content.decode()
        yield page
        found = re.search(r'href="([^"]*[?;]after=[^"]*)"', page)
        address = LEDGER + unescape(found[1]) if found else ""


@pytest.mark.slow
def test_naughty_strings_in_the_moves_of_a_case(desk: Client, cast: Cast) -> None:
    desk.force_login(cast.coordinator)
    case = make_case(cast.post.unit, cast=cast, now=PRESENT)
    acknowledged = 0
    for text in NAUGHTY[::3]:
        for move, values in {
            "comment": {"note": text},
            "amend": {"title": text, "place": text, "note": text, "category": text[:80]},
        }.items():
            response = desk.post(
                reverse("desk:move", args=[case.number, move]), {**values, "version": case.version}
            )
            assert response.status_code == 302 or is_told(response), text
            acknowledged += response.status_code == 302
            case.refresh_from_db()
    page = desk.get(case.get_absolute_url())

    assert page.status_code == 200
    assert case.version == 1 + acknowledged
    assert verify().ok


@pytest.mark.parametrize("field", ["title", "place", "description", "category", "found_date"])
@pytest.mark.parametrize("text", UNKEEPABLE, ids=ascii)
def test_what_no_database_keeps_is_a_mistake_in_the_form(
    desk: Client, cast: Cast, field: str, text: str
) -> None:
    body = _urlencoded({**filled(cast), field: text})

    response = desk.post(REPORT, body, content_type="application/x-www-form-urlencoded")

    # A lone surrogate is no UTF-8 and arrives as a replacement character, if it arrives at all.
    assert response.status_code == 302 or is_told(response)
    assert "\x00" not in "".join(Case.objects.values_list("description", flat=True))


def _urlencoded(values: dict[str, object]) -> bytes:
    pairs = (
        f"{name}={quote_from_bytes(str(value).encode('utf-8', 'surrogatepass'))}"
        for name, value in values.items()
    )
    return "&".join(pairs).encode()


@pytest.mark.parametrize("letters", ["a", "隐", "😀", "a "])
def test_a_text_is_taken_up_to_its_limit_and_refused_beyond_it(
    desk: Client, cast: Cast, letters: str
) -> None:
    longest = (letters * 4000)[:3999].strip() + "。"

    assert desk.post(REPORT, filled(cast, description=longest)).status_code == 302
    assert is_told(desk.post(REPORT, filled(cast, description=longest + "尾" * 2)))
    assert is_told(desk.post(REPORT, filled(cast, title="长" * 100_000)))
    assert desk.get(LEDGER, {"q": longest}).status_code == 200


@pytest.mark.parametrize(("letters", "kept"), [("\u202e", 3), ("A\u0301", 2002)])
def test_what_cannot_be_seen_by_itself_does_not_count_towards_the_limit(
    desk: Client, cast: Cast, letters: str, kept: int
) -> None:
    text = (letters * 4000)[:3998] + "。尾尾"

    assert desk.post(REPORT, filled(cast, description=text)).status_code == 302
    assert len(Case.objects.get().description) == kept


# ------------------------------------------------------------- whole requests
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"title": "x"}'),
        ("text/plain", b"title=x"),
        ("application/octet-stream", bytes(range(256))),
        ("application/x-www-form-urlencoded", bytes(range(256))),
        ("application/x-www-form-urlencoded; charset=utf-16", "title=x".encode("utf-16")),
        ("application/x-www-form-urlencoded; charset=nonsense", b"title=x"),
        ("multipart/form-data; boundary=here", b"--here\r\nnonsense"),
        ("multipart/form-data; boundary=here", b""),
        ("multipart/form-data", b"--here--"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--here--"),
        ("", b"title=x"),
    ],
)
def test_a_body_that_is_no_form_is_refused(desk: Client, kind: str, body: bytes) -> None:
    response = desk.generic("POST", REPORT, body, content_type=kind)

    assert response.status_code == 400 or is_told(response)
    assert not Case.objects.exists()


def test_a_thousand_files_in_one_form_are_refused(desk: Client, cast: Cast) -> None:
    files = [SimpleUploadedFile(f"{n}.jpg", b"x", "image/jpeg") for n in range(1_000)]

    response = desk.post(REPORT, filled(cast, photos=files))

    assert response.status_code in (400, 413)
    assert not Case.objects.exists()


def test_more_photos_than_a_form_takes_are_refused_with_a_reason(desk: Client, cast: Cast) -> None:
    response = desk.post(REPORT, filled(cast, photos=[make_photo() for _ in range(10)]))

    assert is_told(response)
    assert not Case.objects.exists()


def test_a_thousand_and_one_fields_are_refused(desk: Client, cast: Cast) -> None:
    response = desk.post(REPORT, {**filled(cast), **{f"field{n}": n for n in range(1_001)}})

    assert response.status_code in (400, 413)


def test_six_megabytes_of_text_are_refused(desk: Client, cast: Cast) -> None:
    response = desk.post(REPORT, filled(cast, description="x" * 6 * 1024 * 1024))

    assert response.status_code in (400, 413)
    assert not Case.objects.exists()


def test_a_photo_beyond_the_limit_is_refused_with_a_reason(desk: Client, cast: Cast) -> None:
    huge = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0" + bytes(21 * 1024 * 1024), "image/jpeg")

    response = desk.post(REPORT, filled(cast, photos=[huge]))

    assert is_told(response)
    assert "a.jpg" in response.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "..\\..\\windows\\system32.jpg",
        "/etc/shadow",
        "C:\\照片.jpg",
        "a" * 5000 + ".jpg",
        "\u202egpj.exe",
        "name\r\nSet-Cookie: a=b.jpg",
        '"; filename="b.jpg',
        "con.jpg",
        ".htaccess",
        "照片\x7f.jpg",
        "<script>alert(1)</script>.jpg",
        " ",
    ],
)
def test_the_name_of_a_file_is_never_a_path_nor_markup(desk: Client, cast: Cast, name: str) -> None:
    mark = uuid4().hex
    response = desk.post(
        REPORT,
        _multipart(filled(cast), name, make_photo().read(), mark),
        content_type=f"multipart/form-data; boundary={mark}",
    )

    assert response.status_code in (302, 400) or is_told(response)
    for case in Case.objects.prefetch_related("evidence__file"):
        page = desk.get(case.get_absolute_url()).content.decode()
        assert "<script>alert" not in page
        for row in case.evidence.all():
            assert row.file.name == safe_name(row.file.name, "jpg")
            answer = desk.get(reverse("desk:evidence", args=[case.number, row.pk]), {"save": "1"})
            assert answer.status_code == 200
            assert "\n" not in answer.headers["Content-Disposition"]
            answer.close()


def _multipart(values: dict[str, object], name: str, photo: bytes, mark: str) -> bytes:
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in values.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="photos"; filename="{name}"\r\n\r\n'
    return "".join([*parts, head]).encode() + photo + f"\r\n--{mark}--\r\n".encode()


# --------------------------------------------------- what people do not type
@pytest.mark.parametrize(
    "key",
    ["", "1", "not-a-uuid", "0" * 32, "{" + "f" * 32 + "}", "urn:uuid:" + "a" * 32, "9" * 999],
)
def test_a_made_up_key_of_a_form_is_refused_or_makes_one_case(
    desk: Client, cast: Cast, key: str
) -> None:
    answers = [desk.post(REPORT, filled(cast, form_key=key)) for _ in range(2)]

    assert all(answer.status_code == 302 or is_told(answer) for answer in answers)
    assert Case.objects.count() <= 1


def test_a_form_that_somebody_else_sent_before_makes_a_case_of_ones_own(
    desk: Client, cast: Cast
) -> None:
    values = filled(cast)
    desk.post(REPORT, values)
    other = make_cast(make_unit(make_unit()))
    desk.force_login(other.reporter)

    answer = desk.post(REPORT, {**filled(other), "form_key": values["form_key"]})

    case = Case.objects.get(reported_by=other.reporter)
    assert answer.headers["Location"] == case.get_absolute_url()
    assert Case.objects.count() == 2


@pytest.mark.parametrize("version", ["", "x", "-1", "1.5", "9" * 40, "0x1", "１", " 1 ", "1\x00"])
def test_a_made_up_version_changes_nothing_unless_it_is_the_true_one(
    desk: Client, cast: Cast, version: str
) -> None:
    desk.force_login(cast.coordinator)
    case = make_case(cast.post.unit, cast=cast, now=PRESENT)

    address = reverse("desk:move", args=[case.number, "comment"])
    answer = desk.post(address, {"note": "备注", "version": version})

    assert answer.status_code == 302 or is_told(answer)
    case.refresh_from_db()
    assert (case.version == 2) is (answer.status_code == 302)


@pytest.mark.parametrize("chosen", ["0", "-1", "9" * 30, "1e3", "x", "\x00", "１"])
@pytest.mark.parametrize(
    ("stage", "move", "field"),
    [
        (Stage.CONFIRMED, "assign", "post"),
        (Stage.CONFIRMED, "add_child", "unit"),
        (Stage.REPORTED, "confirm", "grade"),
        (Stage.REPORTED, "reject", "reason"),
        (Stage.REPORTED, "attach", "phase"),
    ],
)
def test_a_choice_that_was_not_offered_is_refused(
    desk: Client, cast: Cast, stage: Stage, move: str, field: str, chosen: str
) -> None:
    desk.force_login(cast.coordinator)
    case = make_case(cast.post.unit, stage=stage, cast=cast, now=PRESENT)

    answer = desk.post(
        reverse("desk:move", args=[case.number, move]),
        {"version": case.version, field: chosen, "note": "理由", "title": "一", "measures": "二"},
    )

    assert is_told(answer)
