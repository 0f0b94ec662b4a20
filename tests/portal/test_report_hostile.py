"""Whatever is typed, uploaded or forged: a page that says what is wrong, and nothing is lost."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from bihuan.cases.models import Case, Evidence
from bihuan.core.legible import words
from bihuan.core.refusal import Refusal
from bihuan.journal.queries import verify
from bihuan.portal import drafts, tokens, wording
from bihuan.portal.actions import reporting
from bihuan.portal.forms.report import FORMS
from bihuan.receipts.actions.seals import unsealed
from bihuan.receipts.models import Message, Seal
from tests.clock import PRESENT
from tests.factories import make_photo
from tests.faults.forms import NAUGHTY
from tests.portal.conftest import County
from tests.portal.visitor import Visitor, opened

pytestmark = pytest.mark.django_db

IMAGES = Path(__file__).parents[1] / "data" / "hostile_inputs" / "images"
HAZARD = "/report/hazard/"
WORDS = ("title", "description", "my_name", "call_me", "post_to")
UNKEEPABLE = ["nul\x00byte", "\x00", "half\ud800", "\udfff"]


@pytest.fixture(autouse=True)
def _room(settings: object) -> None:
    settings.REPORTS_PER_HOUR = 100_000  # type: ignore[attr-defined]


@pytest.mark.slow
def test_naughty_strings_are_kept_as_they_are_and_shown_as_text(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("hazard", *county.steps())
    taken = 0
    for text in NAUGHTY[::3]:
        answer = dict.fromkeys(WORDS, text) | {"place": text, "call_me": f"{text}138000"}
        sent = visitor.send_off("hazard", page, **answer)
        if not sent.code:
            assert sent.is_told, text
            assert not words(text) or len(text) > 34, text
            continue
        taken += 1
        case = Case.objects.latest("pk")
        assert case.title == words(text)
        assert unsealed(Seal.objects.get(case=case)).name == words(text)
        tracked = visitor.track(sent.code).text
        assert escape(case.title) in tracked

    assert taken > 50
    assert verify().ok


@pytest.mark.slow
def test_naughty_strings_stay_on_every_step(county: County, visitor: Visitor) -> None:
    for text in NAUGHTY[::9]:
        page = visitor.fill("hazard", {"place": text, "title": text, "find": text})
        assert page.status == 200
        for button in ("find", "words", "check", "place"):
            page = visitor.send(HAZARD, page, go=button)
            assert page.status == 200, (text, button)
            assert "<script>alert" not in page.text.replace("<script src", "")
        assert page.values["title"] == [text.replace("\r", "")] or "\x00" in text or "\n" in text


@pytest.mark.slow
def test_naughty_strings_in_what_is_added(county: County, visitor: Visitor) -> None:
    visitor.track(visitor.report("grievance", *county.steps()).code)
    for text in NAUGHTY[::12]:
        page = visitor.act("add", text=text)
        assert page.status in (200, 429), text
        assert page.is_told or not words(text) or Message.objects.filter(text=words(text)).exists()


@pytest.mark.parametrize("text", UNKEEPABLE, ids=ascii)
@pytest.mark.parametrize("field", ["title", "place", "my_name", "find", "step", "form", "kept"])
def test_what_no_database_keeps_is_a_mistake_in_the_form(
    county: County, visitor: Visitor, field: str, text: str
) -> None:
    page = visitor.fill("hazard", *county.steps())
    values = {**page.values, "form": [opened()], "go": ["send"], field: [text]}
    body = "&".join(
        f"{name}={quote_from_bytes(each.encode('utf-8', 'surrogatepass'))}"
        for name, all_ in values.items()
        for each in all_
    )

    response = visitor.client.post(
        HAZARD, body.encode(), content_type="application/x-www-form-urlencoded", follow=True
    )

    assert response.status_code == 200
    assert "\x00" not in "".join(Case.objects.values_list("title", flat=True))


@pytest.mark.parametrize(
    ("field", "longest"),
    [("title", 100), ("description", 4000), ("place", 200), ("my_name", 60), ("post_to", 200)],
)
def test_a_text_is_taken_up_to_its_limit_and_refused_beyond_it(
    county: County, visitor: Visitor, field: str, longest: int
) -> None:
    page = visitor.fill("hazard", *county.steps())

    refused = visitor.send_off("hazard", page, **{field: "长" * (longest + 1)})
    assert refused.is_told
    assert refused.values[field] == ["长" * (longest + 1)]
    assert visitor.send_off("hazard", page, **{field: "长" * longest}).code


@pytest.mark.parametrize(
    "file", sorted(IMAGES.glob("*.*g")) + sorted(IMAGES.glob("*.heif")), ids=str
)
def test_a_strange_picture_is_stripped_or_refused_and_nothing_typed_is_lost(
    county: County, visitor: Visitor, file: Path
) -> None:
    page = visitor.fill("hazard", *county.steps())
    upload = SimpleUploadedFile(file.name, file.read_bytes())

    sent = visitor.send_off("hazard", page, photos=upload)

    assert sent.code or sent.is_told
    if sent.is_told:
        assert sent.values["title"] == ["桥头路灯坏了"]
    for row in Evidence.objects.select_related("file"):
        assert (row.file.capture_place, row.file.capture_time) == ("no_place", "no_time")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", b"no picture"),
        ("a.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a.jpg", b""),
        ("../../a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 500),
    ],
    ids=["text", "pdf", "svg", "empty", "cut"],
)
def test_what_is_no_photo_is_refused_on_its_step(
    county: County, visitor: Visitor, name: str, data: bytes
) -> None:
    page = visitor.fill("hazard", {"photos": SimpleUploadedFile(name, data)})

    assert page.status == 200
    assert not page.values.get("kept")


def test_ten_photos_are_too_many_however_they_come(county: County, visitor: Visitor) -> None:
    page = visitor.fill("hazard", {"photos": [make_photo() for _ in range(5)]})
    page = visitor.send(HAZARD, page, go="photo", photos=[make_photo() for _ in range(5)])

    assert len(page.values["kept"]) == drafts.MOST
    assert str(wording.PHOTOS_CUT) in page.shown


def test_a_draft_is_gone_within_a_day(county: County, visitor: Visitor) -> None:
    page = visitor.fill("hazard", {"photos": make_photo()})
    [stored] = page.values["kept"]
    for file in Path(settings.MEDIA_ROOT, drafts.FOLDER).iterdir():
        os.utime(file, (PRESENT.timestamp(), PRESENT.timestamp()))

    drafts.clear_away(PRESENT)
    assert drafts.read(stored)
    assert drafts.clear_away(PRESENT + timedelta(hours=21)) >= 1
    assert drafts.read(stored) is None
    page = visitor.send(HAZARD, page, go="next", **county.steps()[1])
    assert page.is_told
    assert page.values["place"] == ["双河桥头"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"title": "x"}'),
        ("application/x-www-form-urlencoded", b"go=send&step=check"),
        ("application/x-www-form-urlencoded", b"%ff=%fe&=&&&;"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
        ("text/plain", b""),
    ],
)
@pytest.mark.parametrize("path", [HAZARD, "/track/", "/track/case/add/", "/report/accusation/"])
def test_a_body_that_makes_no_sense_makes_no_fault(
    county: County, visitor: Visitor, path: str, kind: str, body: bytes
) -> None:
    response = visitor.client.generic("POST", path, body, content_type=kind)

    assert response.status_code in (200, 302, 400)
    assert not Case.objects.exists()


@pytest.mark.parametrize("step", ["photo", "place", "words", "check", "", "x"])
@pytest.mark.parametrize("button", ["next", "back", "send", "photo", "check", "find", "x", ""])
def test_no_button_on_no_step_makes_a_fault(
    county: County, visitor: Visitor, step: str, button: str
) -> None:
    for matter in FORMS:
        sent = {"form": opened(), "step": step, "go": button}
        assert visitor.client.post(f"/report/{matter}/", sent).status_code in (200, 302)
    assert not Case.objects.exists()


def test_a_key_for_one_thing_serves_no_other(visitor: Visitor) -> None:
    now = PRESENT

    assert tokens.read(tokens.new(now, "/1"), "/2") is None
    assert tokens.read(tokens.new(now), "/1") is None
    assert tokens.read(tokens.new(now, "/1"), "/1")


def test_a_refusal_of_another_app_is_told_on_the_page(
    county: County, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Odd(Refusal):
        """None that the portal knows."""

    def refuse(**answer: object) -> None:
        raise Odd

    monkeypatch.setattr(reporting, "send", refuse)
    page = visitor.report("hazard", *county.steps())

    assert page.status == 200
    assert page.values["title"] == ["桥头路灯坏了"]
    assert wording.explain(Odd()) == ""


def test_the_words_of_a_code_in_another_order_open_nothing(
    county: County, visitor: Visitor
) -> None:
    page = visitor.report("hazard", *county.steps())
    words = re.search(r'class="words">([^<]+)<', page.text)
    assert words
    answer = words.group(1).split()

    assert not visitor.track(" ".join(reversed(answer))).shown.count("桥头路灯坏了")
    assert visitor.track(" ".join(answer)).shown.count("桥头路灯坏了")
