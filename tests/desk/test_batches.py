"""Many cases at once: each is its own act, and whatever is not done says why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.cases.models import Case, CaseQuerySet
from bihuan.core.hazard import Grade, Stage
from bihuan.core.powers import Power
from bihuan.desk import batching
from bihuan.desk.models import Batch, BatchItem
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.desk.pages import a_case
from tests.factories import Cast, make_officer, make_post, make_unit

pytestmark = pytest.mark.django_db


def url_of(act: str) -> str:
    return reverse("desk:batch", args=[act])


def page_for(client: Client, act: str, *cases: Case, **more: str) -> str:
    chosen = {"case": [case.number for case in cases], **more}
    return client.get(url_of(act), chosen).content.decode()


def form_of(page: str) -> dict[str, Any]:
    """What a browser sends of the form as it stands, with every case ticked."""
    hidden = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    sent: dict[str, Any] = {"listed": [], "case": re.findall(r'name="case" value="([^"]+)"', page)}
    for name, value in hidden:
        if name == "listed":
            sent["listed"].append(value)
        elif name != "csrfmiddlewaretoken":
            sent[name] = value
    return sent


def plan(cast: Cast, **changes: Any) -> dict[str, Any]:
    day = timezone.localdate(PRESENT) + timedelta(days=9)
    return {
        "post": cast.post.pk,
        "measures": "统一更换",
        "budget": "300",
        "deadline_date": day.isoformat(),
        "contingency": "专人值守",
        **changes,
    }


def stages(*cases: Case) -> list[str]:
    for case in cases:
        case.refresh_from_db()
    return [case.stage for case in cases]


def test_each_case_of_an_assignment_is_an_act_of_its_own(client: Client, cast: Cast) -> None:
    first, second = a_case(cast, Stage.CONFIRMED), a_case(cast, Stage.CONFIRMED)
    client.force_login(cast.coordinator)
    form = form_of(page_for(client, "assign", first, second))

    report = client.post(url_of("assign"), {**form, **plan(cast)}, follow=True).content.decode()

    assert stages(first, second) == [Stage.ASSIGNED, Stage.ASSIGNED]
    assert "已交办：2" in report
    for case in (first, second):
        assert Entry.objects.filter(chain__subject=case.subject, act="assign").count() == 1


def test_what_cannot_be_chosen_says_why_beforehand(client: Client, cast: Cast) -> None:
    good, closed = a_case(cast, Stage.CONFIRMED), a_case(cast, Stage.REJECTED)
    major = a_case(cast, Stage.CONFIRMED, grade=Grade.MAJOR)
    other = Case.objects.get(pk=good.pk)
    other.pk, other.number, other.kind = None, "JY-2026-000001", "suggestion"
    other.save(force_insert=True)
    client.force_login(cast.coordinator)

    page = page_for(client, "assign", good, closed, major, other)

    assert form_of(page)["case"] == [f"{good.number}@{good.version}"]
    left_out = page.split('id="left-out"')[1]
    for case, why in ((closed, "环节"), (major, "重大隐患，只能"), (other, "只能逐件办理")):
        assert re.search(f"{case.number}</span><span>[^<]*{why}", left_out), case.number


def test_a_case_at_another_stage_says_at_which_the_act_is_possible(
    client: Client, cast: Cast
) -> None:
    good, under_way = a_case(cast), a_case(cast, Stage.RECTIFYING)
    client.force_login(cast.coordinator)

    left_out = page_for(client, "confirm", good, under_way).split('id="left-out"')[1]

    assert "当前环节为“整改中”；只有处于以下环节才能“确认”：待确认。" in left_out


def test_a_form_sent_twice_is_carried_out_once(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.CONFIRMED)
    client.force_login(cast.coordinator)
    form = {**form_of(page_for(client, "assign", case)), **plan(cast)}

    first = client.post(url_of("assign"), form)
    again = client.post(url_of("assign"), form)

    assert first["Location"] == again["Location"]
    assert Entry.objects.filter(chain__subject=case.subject, act="assign").count() == 1


def test_a_case_named_twice_is_one_case(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.CONFIRMED)
    client.force_login(cast.coordinator)
    form = {**form_of(page_for(client, "assign", case)), **plan(cast)}

    answer = client.post(url_of("assign"), {**form, "case": [*form["case"], f"{case.number}@0"]})

    assert answer.status_code == 302


def test_a_case_that_changed_meanwhile_is_refused_and_the_others_are_done(
    client: Client, cast: Cast
) -> None:
    changed, good = a_case(cast, Stage.CONFIRMED), a_case(cast, Stage.CONFIRMED)
    client.force_login(cast.coordinator)
    form = form_of(page_for(client, "assign", changed, good))
    Case.objects.filter(pk=changed.pk).update(version=99)

    report = client.post(url_of("assign"), {**form, **plan(cast)}, follow=True).content.decode()

    assert stages(changed, good) == [Stage.CONFIRMED, Stage.ASSIGNED]
    assert re.search(
        f"{changed.number}</span><span>[^<]*有变动|{changed.number}</span><span>[^<]+", report
    )
    assert BatchItem.objects.get(number=changed.number).state == "refused"


def test_an_assignment_to_a_unit_beside_the_case_is_warned_of(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.CONFIRMED)
    beside = make_post(make_unit(cast.post.unit.parent, name="邻镇"), Power.HANDLE)
    client.force_login(cast.coordinator)
    form = {**form_of(page_for(client, "assign", case)), **plan(cast, post=beside.pk)}

    warned = client.post(url_of("assign"), form).content.decode()

    assert "邻镇不是本事项所属单位" in warned
    assert stages(case) == [Stage.CONFIRMED]
    client.post(url_of("assign"), {**form, "sure": "yes"})
    assert stages(case) == [Stage.ASSIGNED]


def test_many_reports_are_confirmed_as_general_hazards(client: Client, cast: Cast) -> None:
    cases = [a_case(cast) for _n in range(3)]
    client.force_login(cast.coordinator)

    client.post(url_of("confirm"), form_of(page_for(client, "confirm", *cases)))

    assert stages(*cases) == [Stage.CONFIRMED] * 3
    assert Case.objects.filter(hazard__grade="general").count() == 3


def test_a_case_is_closed_among_many_only_with_the_photos_of_its_fix(
    client: Client, cast: Cast
) -> None:
    seen, unseen = a_case(cast, Stage.VERIFIED), a_case(cast, Stage.VERIFIED)
    client.force_login(cast.coordinator)
    page = page_for(client, "close", seen, unseen)
    form = form_of(page)
    del form[f"seen-{unseen.number}"]

    client.post(url_of("close"), form)

    assert " checked" not in page.split('id="cases"')[1].split("</fieldset>")[0]
    assert page.count("<img") == 2
    assert stages(seen, unseen) == [Stage.CLOSED, Stage.VERIFIED]


@pytest.mark.parametrize("act", ["verify", "reject", "publish", "list", "issue", "nothing"])
def test_what_is_decided_case_by_case_has_no_batch(client: Client, cast: Cast, act: str) -> None:
    client.force_login(cast.coordinator)

    assert client.get(url_of(act)).status_code == 404


def test_a_filter_is_chosen_over_all_of_its_pages(client: Client, cast: Cast) -> None:
    cases = [a_case(cast, Stage.CONFIRMED) for _n in range(3)]
    a_case(cast)
    client.force_login(cast.coordinator)

    page = page_for(client, "assign", all="yes", query="stage=confirmed&kind=hazard")

    assert len(form_of(page)["case"]) == 3
    assert {case.number for case in cases} == {
        each.partition("@")[0] for each in form_of(page)["case"]
    }


def test_the_worker_carries_out_what_a_request_left(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "AT_ONCE", 1)
    cases = [a_case(cast, Stage.CONFIRMED) for _n in range(3)]
    client.force_login(cast.coordinator)
    form = {**form_of(page_for(client, "assign", *cases)), **plan(cast)}

    report = client.post(url_of("assign"), form, follow=True)

    assert "已办1件，共3件" in report.content.decode()
    assert batching.run_waiting(PRESENT) == {"cases": 2, "removed": 0}
    assert stages(*cases) == [Stage.ASSIGNED] * 3
    over = client.get(report.request["PATH_INFO"], headers={"HX-Request": "true"})
    assert over["HX-Refresh"] == "true"
    batch = Batch.objects.get()
    assert batch.plan == ""
    assert batching.run_waiting(PRESENT + timedelta(days=30))["removed"] == 1
    assert not BatchItem.objects.exists()


def test_what_an_officer_may_no_longer_do_is_refused_by_the_worker(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "AT_ONCE", 0)
    case = a_case(cast, Stage.CONFIRMED)
    client.force_login(cast.coordinator)
    client.post(url_of("assign"), {**form_of(page_for(client, "assign", case)), **plan(cast)})
    cast.coordinator.is_active = False
    cast.coordinator.save()

    batching.run_waiting(PRESENT)

    assert stages(case) == [Stage.CONFIRMED]
    assert BatchItem.objects.get().why


def test_a_failure_ends_one_item_and_no_other_nor_another_batch(
    client: Client,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(batching, "AT_ONCE", 0)
    first, broken, last = (a_case(cast, Stage.CONFIRMED) for _n in range(3))
    client.force_login(cast.coordinator)
    for cases in ((broken, first), (last,)):
        client.post(url_of("assign"), {**form_of(page_for(client, "assign", *cases)), **plan(cast)})
    really = batching.chosen

    def failing(user: User, numbers: Iterable[str], now: datetime) -> CaseQuerySet:
        if broken.number in numbers:
            raise ZeroDivisionError
        return really(user, numbers, now)

    monkeypatch.setattr(batching, "chosen", failing)
    batching.run_waiting(PRESENT)

    assert stages(first, broken, last) == [Stage.ASSIGNED, Stage.CONFIRMED, Stage.ASSIGNED]
    assert "出现错误" in BatchItem.objects.get(number=broken.number).why
    assert not Batch.objects.filter(ended_at=None).exists()
    assert "ZeroDivisionError" in caplog.text


def test_a_lost_database_leaves_an_item_waiting(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "AT_ONCE", 0)
    monkeypatch.setattr(batching, "close_old_connections", lambda: None)
    case = a_case(cast, Stage.CONFIRMED)
    client.force_login(cast.coordinator)
    client.post(url_of("assign"), {**form_of(page_for(client, "assign", case)), **plan(cast)})
    really = batching.chosen

    def lost(user: User, numbers: Iterable[str], now: datetime) -> CaseQuerySet:
        raise OperationalError

    monkeypatch.setattr(batching, "chosen", lost)
    batching.run_waiting(PRESENT)
    assert BatchItem.objects.get().state == BatchItem.State.WAITING

    monkeypatch.setattr(batching, "chosen", really)
    assert batching.run_waiting(PRESENT)["cases"] == 1


def test_a_deadline_in_a_wrong_year_is_asked_about(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.CONFIRMED)
    client.force_login(cast.coordinator)
    form = form_of(page_for(client, "assign", case))

    answer = client.post(url_of("assign"), {**form, **plan(cast, deadline_date="9999-12-31")})

    assert "请核对年份" in answer.content.decode()
    assert stages(case) == [Stage.CONFIRMED]


def test_nobody_reads_the_report_of_another_officer(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.CONFIRMED)
    client.force_login(cast.coordinator)
    form = {**form_of(page_for(client, "assign", case)), **plan(cast)}
    url = client.post(url_of("assign"), form)["Location"]

    client.force_login(make_officer(cast.post.unit, Power.COORDINATE))

    assert client.get(url).status_code == 404


# ---------------------------------------------------------------- print and export
def test_the_sheets_of_the_chosen_cases_are_one_document(client: Client, cast: Cast) -> None:
    cases = [a_case(cast), a_case(cast)]
    secret = a_case(cast)
    Case.objects.filter(pk=secret.pk).update(is_confidential=True)
    client.force_login(cast.coordinator)

    page = client.get(
        reverse("desk:sheets"), {"case": [case.number for case in (*cases, secret)]}
    ).content.decode()

    assert page.count('class="one-of-many"') == 2
    assert page.count("<!doctype html>") == 1
    for case in cases:
        assert case.number in page


def test_the_export_has_the_chosen_cases_only(client: Client, cast: Cast) -> None:
    chosen, _other = a_case(cast, Stage.CONFIRMED), a_case(cast)
    client.force_login(cast.coordinator)

    answer = client.get(reverse("desk:export-chosen"), {"case": [chosen.number]})

    assert answer["Location"].endswith(f"numbers={chosen.number}")
    ledger = client.get(reverse("desk:ledger"), {"state": "all", "numbers": chosen.number})
    assert re.findall(r'<tr data-row id="([^"]+)"', ledger.content.decode()) == [chosen.number]
