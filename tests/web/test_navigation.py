"""Where one is, as the main navigation shows it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit
from bihuan.web.templatetags.bihuan import introduced
from tests.factories import make_case, make_officer, make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/desk/", [("/desk/", "page")]),
        ("/desk/organisation/", [("/desk/organisation/", "page")]),
        ("/desk/organisation/to-confirm/", [("/desk/organisation/", "true")]),
        ("/desk/account/", [("/desk/account/", "page")]),
    ],
)
def test_the_part_that_a_page_belongs_to_is_marked(
    client: Client, path: str, marked: list[tuple[str, str]]
) -> None:
    client.force_login(make_officer(make_unit(), Power.ADMINISTER))

    page = client.get(path).content.decode()

    nav = page[page.index('class="nav"') : page.index("</nav>")]
    found = re.findall(r'href="([^"]+)" title="[^"]+" aria-current="([^"]+)"', nav)
    assert found == marked


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/desk/", [("/desk/", "page")]),
        ("/desk/cases/{number}/", [("/desk/cases/", "true")]),
        ("/desk/organisation/to-confirm/", [("#menu", "true")]),
        ("/desk/account/", [("#menu", "true")]),
    ],
)
def test_a_phone_marks_more_for_what_only_the_side_bar_shows(
    client: Client, path: str, marked: list[tuple[str, str]]
) -> None:
    unit = make_unit()
    case = make_case(unit)
    client.force_login(make_officer(unit, Power.ADMINISTER, Power.COORDINATE))

    page = client.get(path.format(number=case.number)).content.decode()

    bar = page[page.index('class="phone-bar"') :]
    found = re.findall(r'href="([^"]+)" aria-current="([^"]+)"', bar[: bar.index("</nav>")])
    assert found == marked


@pytest.mark.parametrize(
    ("power", "shown", "hidden"),
    [
        (
            Power.COORDINATE,
            {"ledgers:import", "portal:outlets", "grievances:intake", "hazards:report-hazard"},
            {"api:api-keys", "breaches:breaches"},
        ),
        (
            Power.HANDLE,
            {"desk:ledger", "portal:with-code", "grievances:intake"},
            {"ledgers:import", "portal:outlets", "breaches:breaches"},
        ),
        (
            Power.ADMINISTER,
            {"ledgers:import", "api:api-keys", "breaches:breaches"},
            {"grievances:intake", "portal:with-code"},
        ),
        (
            Power.AUDIT,
            {"breaches:breaches", "retention:retention"},
            {"ledgers:import", "grievances:intake", "hazards:report-hazard"},
        ),
    ],
)
def test_only_what_a_post_uses_is_shown(
    client: Client, power: Power, shown: set[str], hidden: set[str]
) -> None:
    client.force_login(make_officer(make_unit(), power))

    page = client.get("/desk/account/").content.decode()

    linked = {name for name in shown | hidden if f'href="{reverse(name)}"' in page}
    assert linked == shown


def test_every_place_that_is_shown_can_be_opened(client: Client) -> None:
    """An officer who sees an entry is let in."""
    for power in Power:
        client.force_login(make_officer(make_unit(), power))
        page = client.get("/desk/account/").content.decode()
        frame = page[: page.index('<main id="main"')]
        linked = set(re.findall(r'<li><a href="([^"]+)"', frame))
        linked |= set(re.findall(r'<a href="(/desk/[^"]+)" data-key', frame))
        assert {
            address: client.get(address, follow=True).status_code for address in linked
        } == dict.fromkeys(linked, 200), power


def test_the_side_bar_is_drawn_as_it_was_left(client: Client) -> None:
    client.force_login(make_officer(make_unit(), Power.HANDLE))
    wide = client.get("/desk/account/").content.decode()

    client.cookies["bihuan_side"] = "narrow"

    assert 'class="frame"' in wide
    assert 'class="frame frame-narrow"' in client.get("/desk/account/").content.decode()


def test_a_stranger_sees_no_side_bar(client: Client) -> None:
    page = client.get("/sign-in/").content.decode()

    assert 'class="nav"' not in page
    assert 'class="phone-bar"' not in page
    assert 'class="find"' not in page


@pytest.mark.parametrize(
    ("path", "home"), [("/desk/notices/read/", "/desk/"), ("/track/leave/", "/")]
)
def test_an_address_that_takes_forms_only_is_no_blank_page(
    client: Client, path: str, home: str
) -> None:
    """A button that was pressed after the session had ended leads there, once one is back in."""
    client.force_login(make_officer(make_unit(), Power.HANDLE))

    answer = client.get(path)

    assert answer.status_code == 405
    assert "未作任何处理" in answer.content.decode()
    assert f'href="{home}"' in answer.content.decode()
    assert answer.headers["Allow"] == "POST"
    assert answer.headers["Content-Length"] == str(len(answer.content))


def test_a_page_that_shows_something_once_offers_no_other_language(client: Client) -> None:
    """It answers a button: choosing a language opens another page, and what it said is lost."""
    unit = make_unit()
    client.force_login(make_officer(unit, Power.ADMINISTER))
    address = "/desk/api-keys/make/"

    before, once = client.get(address), client.post(address, {"name": "热线", "unit": unit.pk})

    assert "/language/" in before.content.decode()
    assert "密钥只在此刻显示一次" in once.content.decode()
    assert "/language/" not in once.content.decode()


def test_a_form_that_comes_back_with_errors_can_be_read_in_another_language(client: Client) -> None:
    client.force_login(make_officer(make_unit(), Power.ADMINISTER))

    page = client.post("/desk/organisation/new-member/", {})

    assert "/language/" in page.content.decode()


@pytest.mark.parametrize(("language", "shown"), [("zh-hans", "云溪县"), ("en", "Yunxi County")])
@pytest.mark.parametrize(
    "path", ["account/", "organisation/", "organisation/units/county/", "cases/{number}/"]
)
def test_units_have_their_name_in_the_readers_language(
    client: Client, path: str, language: str, shown: str
) -> None:
    unit = make_unit(name="云溪县", code="county")
    Unit.objects.filter(pk=unit.pk).update(name_en="Yunxi County")
    case = make_case(unit)
    client.force_login(make_officer(unit, Power.ADMINISTER, Power.COORDINATE))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = client.get(f"/desk/{path.format(number=case.number)}").content.decode()

    assert shown in page[page.index("<main") :]


@pytest.mark.parametrize(("path", "on"), [("/desk/cases/none/", "/desk/"), ("/nothing/", "/")])
def test_a_page_that_is_not_there_leads_on(client: Client, path: str, on: str) -> None:
    """The public has no posts that might not reach something."""
    client.force_login(make_officer(make_unit(), Power.HANDLE))

    page = client.get(path).content.decode()

    assert f'<a class="button" href="{on}">' in page
    assert ("岗位" in page) == (on == "/desk/")


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "405", "500", "503"])
def test_every_page_of_what_went_wrong_leads_on(name: str) -> None:
    assert '<a class="button" href="/">' in render_to_string(f"{name}.html")


def test_a_question_is_introduced_without_a_colon() -> None:
    assert [introduced(label) for label in ("Where exactly?", "位于哪里？", "Reason")] == [
        "Where exactly? ",
        "位于哪里？",
        "Reason：",
    ]
