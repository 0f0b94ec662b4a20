"""Many cases at once: each as it is proposed for it, and all of them undone together."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.desk import batching
from bihuan.desk.models import BatchItem
from bihuan.hazards import deadlines
from bihuan.hazards.actions import rectification
from bihuan.journal.models import Entry
from bihuan.orgs.models import Post, Tenure
from tests.clock import PRESENT
from tests.desk.pages import a_case
from tests.desk.test_batches import form_of, page_for, plan, stages, url_of
from tests.factories import Cast, make_officer, make_post, make_unit

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate(PRESENT)


def confirmed(cast: Cast, post: Post, category: str) -> Case:
    """A case to assign, in the unit of the post."""
    case = a_case(cast, Stage.CONFIRMED)
    Case.objects.filter(pk=case.pk).update(
        owner=post.unit, origin=post.unit, category=category, place=f"{post.unit.name}广场"
    )
    case.refresh_from_db()
    return case


def test_each_case_goes_to_its_proposed_post_by_its_proposed_day(
    client: Client, cast: Cast
) -> None:
    below = make_post(make_unit(cast.post.unit, name="东村"), Power.HANDLE)
    here, there = confirmed(cast, cast.post, "消防安全"), confirmed(cast, below, "消防安全")
    client.force_login(cast.coordinator)
    page = page_for(client, "assign", here, there)
    empty = plan(cast, post="", deadline_date="")

    report = client.post(url_of("assign"), {**form_of(page), **empty}, follow=True)

    for case, post in ((here, cast.post), (there, below)):
        case.refresh_from_db()
        assert case.post == post
        assert case.hazard.deadline_date == deadlines.proposed("", "消防安全", TODAY)
    said = report.content.decode()
    assert "东村" in said.split('id="done"')[1]
    assert str(cast.handler.name) in said


def test_a_case_without_a_proposal_is_warned_of_and_then_refused_with_its_reason(
    client: Client, cast: Cast
) -> None:
    case = a_case(cast, Stage.CONFIRMED)
    Tenure.objects.filter(post=cast.post).update(end_date=TODAY - timedelta(days=1))
    Post.objects.filter(pk=cast.post.pk).update(powers=[])
    client.force_login(cast.coordinator)
    form = {**form_of(page_for(client, "assign", case)), **plan(cast, post="", deadline_date="")}

    warned = client.post(url_of("assign"), form).content.decode()
    client.post(url_of("assign"), {**form, "sure": "yes"})

    assert "没有可推荐的岗位" in warned
    assert stages(case) == [Stage.CONFIRMED]
    assert "责任岗位" in BatchItem.objects.get().why


def test_a_whole_batch_is_undone_and_what_was_worked_on_since_says_why(
    client: Client, cast: Cast
) -> None:
    first, second = a_case(cast, Stage.CONFIRMED), a_case(cast, Stage.CONFIRMED)
    client.force_login(cast.coordinator)
    form = {**form_of(page_for(client, "assign", first, second)), **plan(cast)}
    url = client.post(url_of("assign"), form)["Location"]
    rectification.start(case=second, actor=cast.handler, now=PRESENT)
    undo = f"{url}undo/"
    assert undo in client.get(url).content.decode()

    after = client.post(undo, follow=True).content.decode()

    assert stages(first, second) == [Stage.CONFIRMED, Stage.RECTIFYING]
    assert Entry.objects.filter(chain__subject=first.subject, act="undo").count() == 1
    assert "已撤回：1" in after
    assert re.search(f"{second.number}</span>.*未能撤回：", after)
    assert client.post(undo).status_code == 302
    assert Entry.objects.filter(chain__subject=first.subject, act="undo").count() == 1


def test_the_worker_undoes_what_a_request_left(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [a_case(cast) for _n in range(3)]
    client.force_login(cast.coordinator)
    form = form_of(page_for(client, "confirm", *cases))
    url = client.post(url_of("confirm"), form)["Location"]
    monkeypatch.setattr(batching, "AT_ONCE", 1)

    client.post(f"{url}undo/")
    batching.run_waiting(PRESENT)

    assert stages(*cases) == [Stage.REPORTED] * 3
    assert set(BatchItem.objects.values_list("state", flat=True)) == {"undone"}


def test_nobody_undoes_the_batch_of_another_officer(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    client.force_login(cast.coordinator)
    form = form_of(page_for(client, "confirm", case))
    url = client.post(url_of("confirm"), form)["Location"]

    client.force_login(make_officer(cast.post.unit, Power.COORDINATE))

    assert client.post(f"{url}undo/").status_code == 404
    assert stages(case) == [Stage.CONFIRMED]


def test_the_report_of_an_undone_batch_names_no_acts_that_were_not_done(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.coordinator)
    form = {
        **form_of(page_for(client, "assign", a_case(cast, Stage.CONFIRMED))),
        **plan(cast),
    }
    url = client.post(url_of("assign"), form)["Location"]

    after = client.post(f"{url}undo/", follow=True).content.decode()

    assert "已撤回：1" in after
    assert "已交办：" not in after


def test_a_post_that_was_not_offered_is_named_in_no_warning(client: Client, cast: Cast) -> None:
    case = confirmed(cast, cast.post, "消防安全")
    foreign = make_post(make_unit(name="他县机要局"), Power.HANDLE)
    client.force_login(cast.coordinator)
    form = {**form_of(page_for(client, "assign", case)), **plan(cast, post="")}

    page = client.post(url_of("assign"), {**form, f"post--{case.number}": str(foreign.pk)})

    assert page.status_code == 200
    assert "他县机要局" not in page.content.decode()
