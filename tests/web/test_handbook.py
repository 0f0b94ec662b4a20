"""Each page of the desk leads to its section of the handbook, and a tour ends for good."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from bihuan.core.powers import OF_OFFICERS, Power
from bihuan.orgs.models import User
from bihuan.web import handbook
from tests.factories import make_member, make_officer, make_unit
from tests.sitemap import Route, routes
from tests.sources import app_folders
from tests.test_translations import _catalogue, _forms, _messages

DOCS = Path(settings.BASE) / "docs"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
STAFF = [route for route in routes() if not route.is_public and route.name]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", STAFF, ids=lambda route: route.name)
def test_every_page_of_the_desk_has_a_section(route: Route, language: str) -> None:
    with override(language):
        known = handbook.sections()

    assert handbook.section_of(route.name) in known


def test_the_sections_are_the_same_in_every_language() -> None:
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append([(each.name, each.level) for each in handbook.sections().values()])

    assert all(each == found[0] for each in found)
    assert len(found[0]) == len({name for name, _level in found[0]}) > 15


@pytest.mark.parametrize("name", ["officer.md", "officer.zh.md"])
def test_every_heading_begins_a_section(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")

    headings = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
    anchored = re.findall(r'^<a id="[a-z-]+"></a>\n\n##+ (.+)$', text, re.MULTILINE)

    assert headings == anchored


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_section_is_rendered_whole(language: str) -> None:
    with override(language):
        deadlines, ledger = (handbook.sections()[name] for name in ("deadlines", "ledger"))

    assert "<table>" in deadlines.content
    assert "<kbd>j</kbd>" in ledger.content
    for shown in (deadlines.content, ledger.content):
        assert not re.search(r'\]\(|href="[^h]|<script|style=|^\|', shown, re.MULTILINE)


def test_every_word_in_bold_is_a_word_of_the_pages() -> None:
    text = (DOCS / "officer.md").read_text(encoding="utf-8")
    words = {
        form
        for app in app_folders()
        for message in _messages(_catalogue(app))
        for form in _forms(message.id)
    }
    # A sentence in bold stresses a rule.
    quoted = [each for each in re.findall(r"\*\*([^*]+)\*\*", text) if each[:1].isupper()]

    assert len(quoted) > 30
    assert [each for each in quoted if each not in words and each not in STRESSED] == []


STRESSED = {
    "A grievance is classified first.", "Disputes noticed", "Names and numbers", "Transfer",
    "Answers", "Documents from the public", "Service on paper", "Corrections and erasures",
    "At the desk", "Publication",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "section"),
    [("desk:today", "today"), ("desk:ledger", "ledger"), ("orgs:account", "sign-in")],
)
def test_the_question_mark_of_a_page_opens_its_section(
    client: Client, page: str, section: str
) -> None:
    client.force_login(make_officer(make_unit(), Power.HANDLE))

    shown = client.get(reverse(page)).content.decode()

    assert f'class="help" href="/desk/help/{section}/"' in shown
    opened = client.get(f"/desk/help/{section}/")
    assert opened.status_code == 200
    assert 'aria-current="page"' in opened.content.decode()


@pytest.mark.django_db
def test_a_section_that_is_not_there_is_not_found(client: Client) -> None:
    client.force_login(make_member())

    assert client.get("/desk/help/no-such/").status_code == 404
    assert client.get("/desk/help/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("power", [None, *sorted(OF_OFFICERS)])
def test_the_tour_is_shown_to_every_role_until_it_is_ended(
    client: Client, power: Power | None
) -> None:
    officer = make_officer(make_unit(), power) if power else make_member()
    client.force_login(officer)

    today = client.get(reverse("desk:today")).content.decode()
    steps = re.findall(r'<li><h3><a href="([^"]+)">', today)
    opened = {client.get(step).status_code for step in steps}
    client.post(reverse("web:end-tour"))

    assert len(steps) == 4
    assert opened == {200}
    assert "/desk/tour/end/" not in client.get(reverse("desk:today")).content.decode()
    assert User.objects.get(pk=officer.pk).tour_ended_at is not None
    assert client.get(reverse("web:tour")).status_code == 200
