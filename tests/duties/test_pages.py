"""The pages of duties: who gets them, what they do, and what they make of strange input."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from bihuan.duties.models import Duty, Signature
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.duties.register import Town, a_duty
from tests.factories import make_site, make_unit

GAPS, MINE = reverse("duties:duties"), reverse("duties:mine")
FRAME, AT_MOST = 6, 12
EARLIER = PRESENT - timedelta(days=3)


def page(client: Client, user: User, url: str) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return re.sub(r"\s+", " ", answer.content.decode())


def status(client: Client, user: User, url: str) -> int:
    client.force_login(user)
    return client.get(url).status_code


def send(client: Client, user: User, url: str, **given: object) -> int:
    client.force_login(user)
    return client.post(url, given).status_code


def of(duty: Duty, name: str) -> str:
    return reverse(f"duties:{name}", args=[duty.pk])


def _given(town: Town, **but: object) -> dict[str, object]:
    values = {"post": str(town.post.pk), "text": "每月检查。", "start_date": "2026-01-01"}
    return {**values, **but}


def test_others_get_no_page_of_a_duty(client: Client, town: Town) -> None:
    duty = a_duty(town, now=EARLIER)
    acts = [of(duty, name) for name in ("reword", "hand-over", "end")]
    sites = [reverse(f"duties:{name}", args=[town.site.pk]) for name in ("add", "copy")]

    urls = [duty.get_absolute_url(), *acts, *sites]
    assert {status(client, town.stranger, url) for url in urls} == {404}
    assert {status(client, town.grid, url) for url in urls[1:]} == {404}
    assert {status(client, town.coordinator, url) for url in urls} == {200}
    assert status(client, town.coordinator, of(duty, "sign")) == 404
    assert acts[0] not in page(client, town.grid, duty.get_absolute_url())
    assert acts[0] in page(client, town.coordinator, duty.get_absolute_url())


def test_a_duty_is_assigned_from_the_page_of_its_site_and_signed(
    client: Client, town: Town
) -> None:
    url = reverse("duties:add", args=[town.site.pk]) + "?kind=grid_officer"
    assert url in page(client, town.coordinator, town.site.get_absolute_url())

    given = _given(town, form_key="00000000-0000-4000-8000-000000000001", text="<i>=cmd()")
    assert send(client, town.coordinator, url, **given) == 302
    assert send(client, town.coordinator, url, **given) == 302

    duty = Duty.objects.get()
    assert of(duty, "sign") in page(client, town.grid, reverse("desk:today"))
    assert "&lt;i&gt;=cmd()" in page(client, town.grid, of(duty, "sign"))
    assert send(client, town.grid, of(duty, "sign"), number="1") == 302
    assert send(client, town.grid, of(duty, "sign"), number="1") == 302
    assert Signature.objects.count() == 1
    assert of(duty, "sign") not in page(client, town.grid, reverse("desk:today"))
    assert "已签订" in page(client, town.coordinator, town.site.get_absolute_url())


@pytest.mark.parametrize(
    "wrong",
    [
        {"post": ""}, {"post": "0"}, {"post": "x"}, {"text": " "}, {"text": "长" * 2001},
        {"text": "\x00"}, {"start_date": ""}, {"start_date": "x"}, {"end_date": "2025-12-31"},
        {"source": "长" * 201},
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(client: Client, town: Town, wrong: dict[str, str]) -> None:
    url = reverse("duties:add", args=[town.site.pk]) + "?kind=operator"

    client.force_login(town.coordinator)
    answer = client.post(url, _given(town, **wrong))

    assert answer.status_code == 200
    assert 'class="error-summary"' in answer.content.decode()
    assert not Duty.objects.exists()


def test_a_kind_that_is_not_known_leads_to_the_list_of_kinds(client: Client, town: Town) -> None:
    url = reverse("duties:add", args=[town.site.pk])

    for query in ("", "?kind=king", "?kind=%00"):
        assert "?kind=operator" in page(client, town.coordinator, url + query)
    assert status(client, town.coordinator, reverse("duties:fill") + "?kind=king&site=1") == 404


def test_a_text_that_changed_meanwhile_is_shown_again_to_be_read(
    client: Client, town: Town
) -> None:
    duty = a_duty(town, now=EARLIER)
    assert send(client, town.coordinator, of(duty, "reword"), text="每周检查。") == 302

    assert send(client, town.grid, of(duty, "sign"), number="1") == 200
    assert not Signature.objects.exists()
    client.force_login(town.grid)
    shown = client.post(of(duty, "sign"), {"number": "1"}).content.decode()
    assert "每周检查。" in shown
    assert 'value="2"' in shown


@pytest.mark.parametrize("number", ["", "x", "0", "-1", "99999999999"])
def test_a_strange_version_is_not_signed(client: Client, town: Town, number: str) -> None:
    duty = a_duty(town, now=EARLIER)

    assert send(client, town.grid, of(duty, "sign"), number=number) == 200
    assert not Signature.objects.exists()


def test_several_duties_are_signed_together(client: Client, town: Town) -> None:
    first, second = a_duty(town, now=EARLIER), a_duty(town, kind="regulator", now=EARLIER)
    other = a_duty(town, post=town.vacant, now=EARLIER)
    url = reverse("duties:sign-many")
    ticked = [f"{first.pk}:1", f"{second.pk}:1", f"{other.pk}:1", "x", ":", "9:9"]

    assert url in page(client, town.grid, MINE)
    assert first.text in page(client, town.grid, url)
    assert send(client, town.grid, url, duty=ticked) == 302

    assert {*Signature.objects.values_list("duty", flat=True)} == {first.pk, second.pk}
    assert status(client, town.grid, url) == 302


def test_gaps_are_filled_together(client: Client, town: Town) -> None:
    other, closed = make_site(town.town), make_site(make_unit(town.county))
    shown = page(client, town.coordinator, f"{GAPS}?lacks=grid_officer")
    assert town.site.name in shown
    assert closed.name not in shown

    fill = reverse("duties:fill")
    url = f"{fill}?kind=grid_officer&site={town.site.pk}&site={other.pk}&site={closed.pk}&site=x"
    assert send(client, town.coordinator, url, **_given(town)) == 302

    assert {*Duty.objects.values_list("site", flat=True)} == {town.site.pk, other.pk}
    assert town.site.name not in page(client, town.coordinator, f"{GAPS}?lacks=grid_officer")
    assert status(client, town.stranger, url) == 302
    assert Duty.objects.count() == 2


def test_duties_of_vacant_posts_are_given_to_another_post(client: Client, town: Town) -> None:
    duty = a_duty(town, post=town.vacant, now=EARLIER)
    url = f"{reverse('duties:hand-over-many')}?duty={duty.pk}&duty=%00"

    assert town.site.name in page(client, town.coordinator, f"{GAPS}?lacks=vacant")
    assert send(client, town.stranger, url, post=str(town.post.pk)) == 302
    assert send(client, town.coordinator, url, post=str(town.post.pk)) == 302

    duty.refresh_from_db()
    assert duty.post == town.post
    assert town.site.name in page(client, town.coordinator, f"{GAPS}?lacks=unsigned")


def test_duties_are_copied_to_other_sites(client: Client, town: Town) -> None:
    duty, other = a_duty(town, now=EARLIER), make_site(town.town)
    url = reverse("duties:copy", args=[town.site.pk])

    assert send(client, town.coordinator, url, duties=[duty.pk], to=[]) == 200
    assert send(client, town.coordinator, url, duties=[duty.pk], to=["0"]) == 200
    assert send(client, town.coordinator, url, duties=[duty.pk], to=[other.pk]) == 302

    assert Duty.objects.get(site=other).text == duty.text


def test_the_list_of_a_post_is_printed_and_exported(client: Client, town: Town) -> None:
    duty = a_duty(town, now=EARLIER)
    sheet = reverse("duties:list", args=[town.post.pk])
    export = reverse("duties:export", args=[town.post.pk])

    for reader in (town.grid, town.coordinator):
        assert duty.text in page(client, reader, sheet)
    client.force_login(town.grid)
    content = BytesIO(b"".join(client.get(export)))
    book = openpyxl.load_workbook(content)
    rows = [*book["责任清单"].iter_rows(values_only=True)]
    assert rows[1][:1] + rows[1][3:4] == (town.site.name, duty.text)
    assert {status(client, town.stranger, url) for url in (sheet, export)} == {404}


@pytest.mark.parametrize("query", ["lacks=x", "lacks=%00", "older=x", "newer=-1"])
def test_strange_filters_are_ignored(client: Client, town: Town, query: str) -> None:
    for url in (GAPS, MINE):
        assert status(client, town.coordinator, f"{url}?{query}") == 200


def test_an_ended_duty_is_a_gap_again(client: Client, town: Town) -> None:
    duty = a_duty(town, now=EARLIER)
    assert send(client, town.coordinator, of(duty, "end"), reason="") == 200
    assert send(client, town.coordinator, of(duty, "end"), reason="已调整。") == 302
    assert send(client, town.coordinator, of(duty, "end"), reason="已调整。") == 302

    assert town.site.name in page(client, town.coordinator, f"{GAPS}?lacks=grid_officer")


def test_pages_ask_no_more_for_more_rows(
    client: Client, town: Town, count_queries: CountQueries
) -> None:
    duty = a_duty(town, now=EARLIER)
    lists = [f"{GAPS}?lacks={key}" for key in ("regulator", "vacant", "unsigned")]
    sheet = reverse("duties:list", args=[town.post.pk])
    urls = [*lists, MINE, sheet, reverse("duties:sign-many"), duty.get_absolute_url()]

    def asked(url: str) -> int:
        with count_queries() as queries:
            client.get(url)
        return len(queries)

    def both() -> list[int]:
        client.force_login(town.coordinator)
        found = [asked(url) for url in (*lists, duty.get_absolute_url())]
        client.force_login(town.grid)
        return found + [asked(url) for url in urls[3:]]

    a_duty(town, post=town.vacant, now=EARLIER)
    both()
    before = both()
    for _n in range(4):
        site = make_site(town.town)
        a_duty(town, site=site, now=EARLIER)
        a_duty(town, site=site, post=town.vacant, now=EARLIER)

    assert both() == before
    assert max(before) <= FRAME + AT_MOST
