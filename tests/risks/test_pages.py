"""The pages of risks: who gets them, what they do, and what they make of strange input."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.orgs.models import User
from bihuan.risks.models import Control, ControlCheck, Regrading, RiskPoint
from bihuan.sites.actions import registering
from bihuan.sites.models import SiteCase
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_photo, make_site
from tests.risks.register import Town, a_control, a_risk, checked

LISTING = reverse("risks:risks")
# Queries of the frame of every page, and of the page itself.
FRAME, AT_MOST = 6, 12
EARLIER = PRESENT - timedelta(days=60)
TODAY = localdate(PRESENT)


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


def test_others_get_no_page_of_a_risk(client: Client, town: Town) -> None:
    risk = a_risk(town, now=EARLIER)
    control = a_control(town, risk, now=EARLIER)
    acts = ("change", "regrade", "retire", "add-control")
    of_risk = [reverse(f"risks:{name}", args=[risk.pk]) for name in acts]
    of_control = [
        reverse(f"risks:{n}", args=[control.pk]) for n in ("change-control", "end-control")
    ]
    check = reverse("risks:check", args=[control.pk])
    urls = [risk.get_absolute_url(), check, *of_risk, *of_control]

    assert {status(client, town.stranger, url) for url in urls} == {404}
    assert risk.title not in page(client, town.stranger, LISTING)
    assert {status(client, town.checker, url) for url in (*of_risk, *of_control)} == {404}
    assert {status(client, town.checker, url) for url in urls[:2]} == {200}
    assert {status(client, town.coordinator, url) for url in urls} == {200}


def test_links_are_hidden_from_those_who_may_not_open_them(client: Client, town: Town) -> None:
    risk = a_risk(town, now=EARLIER)
    retire = reverse("risks:retire", args=[risk.pk])

    assert retire in page(client, town.coordinator, risk.get_absolute_url())
    assert retire not in page(client, town.leader, risk.get_absolute_url())


def test_a_risk_is_registered_from_the_page_of_its_site(client: Client, town: Town) -> None:
    url = reverse("risks:add", args=[town.site.pk])
    given = {
        "form_key": "00000000-0000-4000-8000-000000000001",
        "title": "=cmd()", "harm": "<b>爆炸</b>", "likelihood": "5", "consequence": "5",
    }  # fmt: skip

    assert url in page(client, town.coordinator, town.site.get_absolute_url())
    assert send(client, town.coordinator, url, **given) == 302
    assert send(client, town.coordinator, url, **given) == 302

    risk = RiskPoint.objects.get()
    assert risk.colour == "red"
    shown = page(client, town.coordinator, risk.get_absolute_url())
    assert "&lt;b&gt;爆炸" in shown
    assert "<b>爆炸" not in shown
    assert 'class="chip risk-red"' in page(client, town.leader, town.site.get_absolute_url())


@pytest.mark.parametrize(
    "wrong",
    [
        {"likelihood": "6"}, {"likelihood": "x"}, {"consequence": ""}, {"title": " "},
        {"title": "长" * 121}, {"harm": "\x00"}, {"harm": ""}, {"likelihood": "5\x00"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_what_was_typed_stays(
    client: Client, town: Town, wrong: dict[str, str]
) -> None:
    given = {"title": "锅炉房", "harm": "爆炸", "likelihood": "1", "consequence": "1", **wrong}

    client.force_login(town.coordinator)
    answer = client.post(reverse("risks:add", args=[town.site.pk]), given)

    assert answer.status_code == 200
    assert 'class="error-summary"' in answer.content.decode()
    assert not RiskPoint.objects.exists()


def test_nothing_is_registered_on_a_closed_site(client: Client, town: Town) -> None:
    registering.close(site=town.site, reason="已停办。", actor=town.coordinator, now=PRESENT)

    assert status(client, town.coordinator, reverse("risks:add", args=[town.site.pk])) == 404


def test_a_lower_grade_is_confirmed_by_a_second_officer(client: Client, town: Town) -> None:
    risk = a_risk(town, now=EARLIER)
    given = {"likelihood": "1", "consequence": "1", "reason": "已改造。"}
    assert send(client, town.coordinator, reverse("risks:regrade", args=[risk.pk]), **given) == 302
    decide = reverse("risks:decide", args=[Regrading.objects.get().pk])

    assert decide in page(client, town.leader, reverse("desk:today"))
    assert decide not in page(client, town.coordinator, reverse("desk:today"))
    assert "不予确认" not in page(client, town.coordinator, decide)
    assert status(client, town.checker, decide) == status(client, town.stranger, decide) == 404
    assert send(client, town.leader, decide, granted="no", note="") == 200
    assert send(client, town.leader, decide, granted="yes", note="") == 302
    assert send(client, town.leader, decide, granted="yes", note="") == 302

    risk.refresh_from_db()
    assert risk.colour == "blue"


def test_a_check_is_recorded_with_photos_and_a_failed_one_says_why(
    client: Client, town: Town
) -> None:
    control = a_control(town, a_risk(town, now=EARLIER), now=EARLIER)
    url = reverse("risks:check", args=[control.pk])
    given = {"is_effective": "no", "checked_date": TODAY.isoformat(), "note": ""}

    assert url in page(client, town.checker, reverse("desk:today"))
    assert send(client, town.checker, url, **given) == 200
    given["note"] = "安全阀卡死"
    answer = client.post(url, {**given, "photos": make_photo()})
    assert answer.headers["Location"] == report_of(control)

    made = ControlCheck.objects.get()
    assert (made.is_effective, made.photos.count()) == (False, 1)
    shown = page(client, town.coordinator, control.risk.get_absolute_url())
    assert reverse("files:attachment", args=[made.photos.get().pk]) in shown
    assert url not in page(client, town.checker, reverse("desk:today"))


def report_of(control: Control) -> str:
    return f"{reverse('hazards:report-hazard')}?at=riskcontrol%2F{control.pk}"


def test_a_hazard_reported_after_a_failed_check_is_at_the_site(client: Client, town: Town) -> None:
    control = a_control(town, a_risk(town, now=EARLIER), now=EARLIER)
    checked(
        control, town.coordinator, now=PRESENT, is_effective=False, note="安全阀卡死", day=TODAY
    )
    url = report_of(control)

    shown = page(client, town.coordinator, url)
    assert f'value="{control.measure}"' in shown
    assert "安全阀卡死" in shown
    given = {
        "form_key": "00000000-0000-4000-8000-000000000009", "at": control.subject,
        "unit": str(town.town.pk), "place": "锅炉房", "title": "安全阀卡死",
        "found_date": TODAY.isoformat(),
    }  # fmt: skip
    assert send(client, town.coordinator, url, **given) == 302
    assert SiteCase.objects.get().site == town.site
    assert control.measure not in page(client, town.stranger, url)


def test_a_check_is_never_of_the_future(client: Client, town: Town) -> None:
    control = a_control(town, a_risk(town, now=EARLIER), now=EARLIER)
    tomorrow = (TODAY + timedelta(days=1)).isoformat()

    for day in (tomorrow, "", "31.12.", "99999-01-01"):
        given = {"is_effective": "yes", "checked_date": day}
        url = reverse("risks:check", args=[control.pk])
        assert send(client, town.checker, url, **given) == 200


def test_a_post_of_another_place_is_not_offered(client: Client, town: Town) -> None:
    risk = a_risk(town, now=EARLIER)
    other = town.stranger.tenures.get().post
    url = reverse("risks:add-control", args=[risk.pk])
    given = {"kind": "training", "measure": "培训", "every_days": "30"}

    assert send(client, town.coordinator, url, **given, post=str(other.pk)) == 200
    assert send(client, town.coordinator, url, **given, post="0") == 200
    assert send(client, town.coordinator, url, **given, post=str(town.post.pk)) == 302
    assert Control.objects.get().post == town.post


def _two(town: Town) -> tuple[RiskPoint, RiskPoint]:
    """A red risk of a hotel with an overdue control, and a blue one of a school without any."""
    hotel = make_site(town.town, kind="hotel", name="云景宾馆")
    red = a_risk(town, title="厨房", levels=(5, 5), site=hotel, now=EARLIER)
    a_control(town, red, now=EARLIER)
    return red, a_risk(town, title="操场", levels=(1, 1), now=EARLIER)


@pytest.mark.parametrize(
    "query",
    ["q=厨房", "q=宾馆", "colour=red", "kind=hotel", "checks=overdue", "checks=overdue&colour=red"],
)
def test_the_register_is_filtered(client: Client, town: Town, query: str) -> None:
    red, blue = _two(town)

    for url in (f"{LISTING}?{query}", f"{reverse('risks:sheet')}?{query}"):
        shown = page(client, town.coordinator, url)
        assert red.title in shown
        assert blue.title not in shown


def test_risks_without_a_check_and_of_a_unit_are_found(client: Client, town: Town) -> None:
    red, blue = _two(town)

    shown = page(client, town.coordinator, f"{LISTING}?checks=none")
    assert blue.title in shown
    assert red.title not in shown
    assert red.title in page(client, town.coordinator, f"{LISTING}?unit={town.town.pk}")
    assert red.title in page(client, town.checker, f"{LISTING}?checks=mine")
    assert red.title not in page(client, town.coordinator, f"{LISTING}?checks=mine")


@pytest.mark.parametrize(
    "query",
    ["q=%00", "colour=green", "unit=x", "unit=99999999999999999999", "kind=%00", "site=-1",
     "checks=x&state=x", "older=x", "q=" + "长" * 300, "unit=٣"],
)  # fmt: skip
def test_strange_filters_are_ignored(client: Client, town: Town, query: str) -> None:
    a_risk(town, now=EARLIER)

    assert status(client, town.coordinator, f"{LISTING}?{query}") == 200


def test_a_retired_risk_leaves_the_register_and_can_be_put_back(client: Client, town: Town) -> None:
    risk = a_risk(town, levels=(1, 1), now=EARLIER)
    retire, reopen = (reverse(f"risks:{act}", args=[risk.pk]) for act in ("retire", "reopen"))

    assert send(client, town.coordinator, retire, reason="已拆除。") == 302
    assert send(client, town.coordinator, retire, reason="已拆除。") == 302
    assert risk.title not in page(client, town.coordinator, LISTING)
    assert risk.title in page(client, town.coordinator, f"{LISTING}?state=retired")
    assert send(client, town.coordinator, reopen, reason="重新启用。") == 302
    assert risk.title in page(client, town.coordinator, LISTING)


def test_risks_are_counted_by_unit_and_colour(client: Client, town: Town) -> None:
    _two(town)

    shown = page(client, town.second, reverse("risks:by-unit"))
    assert f"{LISTING}?colour=red&amp;unit={town.town.pk}" in shown
    assert f"{LISTING}?colour=blue&amp;unit={town.county.pk}" in shown
    assert f"{LISTING}?colour=orange&amp;unit={town.town.pk}" not in shown


def test_pages_ask_no_more_for_more_rows(
    client: Client, town: Town, count_queries: CountQueries
) -> None:
    risk = a_risk(town, now=EARLIER)
    checked(a_control(town, risk, now=EARLIER), town.checker, day=TODAY, now=PRESENT)
    urls = [LISTING, reverse("risks:sheet"), reverse("risks:by-unit"), risk.get_absolute_url()]
    client.force_login(town.coordinator)

    def asked(url: str) -> int:
        with count_queries() as queries:
            client.get(url)
        return len(queries)

    for url in urls:
        client.get(url)
    before = {url: asked(url) for url in urls}

    for n in range(5):
        other = a_risk(town, title=f"部位{n}", now=EARLIER)
        a_control(town, other, now=EARLIER)
        more = a_control(town, risk, now=EARLIER, measure=f"措施{n}")
        checked(more, town.checker, day=TODAY, now=PRESENT)

    assert {url: asked(url) for url in urls} == before
    assert max(before.values()) <= FRAME + AT_MOST
