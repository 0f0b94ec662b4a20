"""What the public calls its files is kept nowhere, and browsers forget who complained of whom."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from zlib import decompress

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.files.models import StoredFile
from tests.factories import make_photo
from tests.portal.conftest import County
from tests.portal.visitor import Visitor

pytestmark = pytest.mark.django_db

NAME = "举报人张三.jpg"


def disposition(client: Client, url: str) -> str:
    response = client.get(url)
    assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return str(response["Content-Disposition"])


@pytest.mark.parametrize("matter", ["hazard", "grievance", "suggestion", "dispute"])
def test_a_report_forgets_what_its_photos_were_called(
    county: County, visitor: Visitor, matter: str
) -> None:
    _, *rest = county.steps()

    visitor.track(visitor.report(matter, {"photos": make_photo(NAME)}, *rest).code)

    stored, row = StoredFile.objects.get(), Case.objects.get().evidence.get()
    assert stored.name == "photo.jpg"
    assert disposition(visitor.client, f"/track/photo/{row.pk}/").endswith(
        f'filename="photo-{row.pk}.jpg"'
    )


def test_neither_does_the_form_on_its_way_know_it(county: County, visitor: Visitor) -> None:
    page = visitor.fill("hazard", {"photos": make_photo(NAME)})

    [signed] = page.values["kept"]
    packed = signed.split(":")[0]
    said = urlsafe_b64decode(packed.lstrip(".") + "==")
    said = decompress(said) if packed.startswith(".") else said
    assert b"photo.jpg" in said
    assert "张三" not in page.text


def test_what_is_added_later_has_no_name_either(
    code: str, county: County, visitor: Visitor
) -> None:
    visitor.track(code)

    visitor.act("add", text="看照片", photos=make_photo(NAME))

    case = Case.objects.get()
    row = case.evidence.get()
    desk = Client()
    desk.force_login(county.clerk)
    assert StoredFile.objects.get().name == "photo.jpg"
    assert disposition(desk, reverse("desk:evidence", args=[case.number, row.pk])).endswith(
        f'filename="photo-{row.pk}.jpg"'
    )


# ------------------------------------------------------------------ the browser
def completes(text: str) -> dict[str, str]:
    """What the page asks browsers to remember, by field."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<(?:input|textarea|select)\b[^>]*>", text):
        name, kept = (re.search(rf'\b{a}="([^"]*)"', tag) for a in ("name", "autocomplete"))
        if name and 'type="hidden"' not in tag and 'type="file"' not in tag:
            found[name[1]] = kept[1] if kept else ""
    return found


def test_a_browser_remembers_nothing_of_an_accusation(county: County, visitor: Visitor) -> None:
    page = visitor.fill("accusation", {}, {"about": county.town.pk})

    asked = completes(page.text)
    for name in ("title", "description", "my_name", "call_me", "write_me", "post_to"):
        assert asked[name] == "off", name


def test_it_may_fill_in_the_contact_of_any_other_report(county: County, visitor: Visitor) -> None:
    page = visitor.fill("grievance", *county.steps()[:2])

    assert completes(page.text)["call_me"] == "tel"


def test_it_forgets_the_other_side_of_a_dispute(county: County, visitor: Visitor) -> None:
    page = visitor.fill("dispute", *county.steps()[:2])

    asked = completes(page.text)
    assert (asked["other_name"], asked["other_call"]) == ("off", "off")
