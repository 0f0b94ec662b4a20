"""A poster opens the report with its place filled in; nothing is counted or kept of a scan."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.orgs.models import Unit
from bihuan.portal.actions import reporting
from bihuan.portal.actions.reporting import Matter, Report
from bihuan.receipts.accounts import Account
from bihuan.sites.actions.posters import link_reported
from bihuan.sites.models import Site, SiteCase
from tests.factories import NOW, make_case, make_officer, make_site, make_unit

pytestmark = pytest.mark.django_db
REPORT = "/report/"
UNKNOWN = "这张海报已停用"
HOSTILE = [
    "\x00",
    "ABCDE\x00FGHJ",
    "x" * 5000,
    "<script>",
    "' OR 1=1 --",
    "２３４５６７８９ＡＢ",
    "ABCDEFGHJK",
]


@pytest.fixture
def town() -> Unit:
    town = make_unit(make_unit(), kind=Unit.Kind.TOWN, name="青溪镇")
    make_officer(town, Power.COORDINATE, Power.HANDLE)
    return town


@pytest.fixture
def site(town: Unit) -> Site:
    return make_site(make_unit(town, kind=Unit.Kind.GRID), name="实验小学", address="云榆路1号")


def opened(client: Client, query: str) -> str:
    answer = client.get(f"{REPORT}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def send(matter: Matter, unit: Unit, site: Site | None, **facts: object) -> Case:
    account = Account(title="灭火器过期", unit=unit, place="门厅", **facts)  # type: ignore[arg-type]
    return reporting.send(
        report=Report(matter, account), form_key=f"key-{matter}", photos=(), now=NOW, site=site
    ).case


def test_a_poster_names_the_place_and_passes_it_on(client: Client, site: Site) -> None:
    shown = opened(client, f"?site={site.code}")

    assert "实验小学" in shown
    assert "云榆路1号" in shown
    assert f"{reverse('portal:report-form', args=['hazard'])}?site={site.code}" in shown


def test_the_form_begins_with_the_place_of_the_site(client: Client, site: Site, town: Unit) -> None:
    first = client.get(f"{reverse('portal:report-form', args=['hazard'])}?site={site.code}")

    form = client.get(first.headers["Location"]).content.decode()

    assert f'name="site" value="{site.code}"' in form
    assert f'name="unit" value="{town.pk}"' in form
    assert "实验小学 · 云榆路1号" in form


def test_a_complaint_about_an_office_begins_empty(client: Client, site: Site) -> None:
    first = client.get(f"{reverse('portal:report-form', args=['accusation'])}?site={site.code}")

    form = client.get(first.headers["Location"]).content.decode()

    assert site.code not in form
    assert "实验小学" not in form


@pytest.mark.parametrize("code", HOSTILE)
@pytest.mark.parametrize("name", ["site", "unit"])
def test_an_unknown_code_gives_the_plain_form_with_a_sentence(
    client: Client, site: Site, name: str, code: str
) -> None:
    shown = opened(client, f"?{name}={quote(code)}")

    assert "实验小学" not in shown
    assert UNKNOWN in shown or not code.replace("\x00", "")
    form = client.get(f"{reverse('portal:report-form', args=['hazard'])}?{name}={quote(code)}")
    assert client.get(form.headers["Location"]).status_code == 200


def test_a_code_is_found_however_it_is_typed(client: Client, site: Site) -> None:
    typed = f"{site.code[:5]} {site.code[5:]}".lower()

    assert "实验小学" in opened(client, f"?site={quote(typed)}")


def test_the_poster_of_a_closed_site_gives_the_plain_form(client: Client, site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(closed_at=NOW)

    assert UNKNOWN in opened(client, f"?site={site.code}")


def test_a_site_of_a_unit_that_is_not_for_the_public_is_not_named(
    client: Client, site: Site
) -> None:
    Unit.objects.filter(pk=site.unit_id).update(is_public=False)

    assert UNKNOWN in opened(client, f"?site={site.code}")


def test_the_poster_of_a_unit_fills_in_the_unit(client: Client, town: Unit) -> None:
    shown = opened(client, f"?unit={town.code}")
    first = client.get(f"{reverse('portal:report-form', args=['hazard'])}?unit={town.code}")

    assert "青溪镇" in shown
    form = client.get(first.headers["Location"]).content.decode()
    assert f'name="unit" value="{town.pk}"' in form


# ------------------------------------------------------------------- what is kept
def test_nothing_is_written_when_a_poster_is_scanned(client: Client, site: Site) -> None:
    before = Entry.objects.count()

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"{REPORT}?site={site.code}")
        form = client.get(f"{reverse('portal:report-form', args=['hazard'])}?site={site.code}")
        client.get(form.headers["Location"])

    writes = [q["sql"] for q in asked if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert writes == []
    assert Entry.objects.count() == before
    assert not answer.cookies


@pytest.mark.parametrize("matter", sorted(reporting.AT_SITES))
def test_what_is_reported_from_a_poster_is_linked_to_the_site(
    site: Site, town: Unit, matter: Matter
) -> None:
    first, again = (send(matter, town, site) for _ in range(2))

    assert first == again
    assert [row.case for row in SiteCase.objects.filter(site=site)] == [first]


def test_a_confidential_case_is_linked_to_no_site(site: Site, town: Unit) -> None:
    confidential = send(
        Matter.ACCUSATION, town, site, about_units=(make_unit(town),), is_confidential=True
    )

    assert link_reported(site=site, case=confidential, now=NOW) is None
    assert not SiteCase.objects.exists()


def test_a_case_that_was_taken_off_the_site_is_not_linked_again(site: Site, town: Unit) -> None:
    case = make_case(town)
    SiteCase.objects.create(site=site, case=case, linked_at=NOW, ended_at=NOW)

    assert link_reported(site=site, case=case, now=NOW) is None


# ------------------------------------------------------------- filled in and sent
def test_a_report_is_sent_from_the_poster_to_the_receipt(
    client: Client, site: Site, town: Unit
) -> None:
    first = client.get(f"{reverse('portal:report-form', args=['hazard'])}?site={site.code}")
    page = client.get(first.headers["Location"])
    carried = {
        "site": site.code, "unit": str(town.pk), "place": "实验小学 · 云榆路1号",
        "form": page.context["token"], "step": "photo", "go": "next",
    }  # fmt: skip
    place = client.post(first.headers["Location"].split("?")[0], carried, follow=True)
    shown = place.content.decode()

    assert "实验小学" in shown
    assert 'value="elsewhere"' in shown


def test_somewhere_else_empties_the_place_and_drops_the_site(
    client: Client, site: Site, town: Unit
) -> None:
    first = client.get(f"{reverse('portal:report-form', args=['hazard'])}?site={site.code}")
    page = client.get(first.headers["Location"])
    sent = {
        "site": site.code, "unit": str(town.pk), "place": "实验小学 · 云榆路1号",
        "form": page.context["token"], "step": "place", "go": "elsewhere",
    }  # fmt: skip

    shown = client.post(first.headers["Location"].split("?")[0], sent, follow=True).content.decode()

    assert site.code not in shown
    assert "实验小学" not in shown
