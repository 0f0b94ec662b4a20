"""The assignment proposes the post, the deadline and its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.core.hazard import Grade, Stage
from bihuan.core.powers import Power
from bihuan.hazards import deadlines
from bihuan.hazards.actions import reporting
from bihuan.hazards.forms import AssignForm
from bihuan.orgs.models import Post
from tests.clock import PRESENT
from tests.factories import (
    Cast,
    make_case,
    make_cast,
    make_officer,
    make_plan,
    make_post,
    make_unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Cast:
    return make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))


def form_of(case: Case, here: Cast) -> AssignForm:
    found = Case.objects.with_facts().get(pk=case.pk)
    return AssignForm(case=found, user=here.coordinator, now=PRESENT)


def found_case(here: Cast, place: str = "教学楼二层东侧") -> Case:
    return make_case(here.post.unit, stage=Stage.CONFIRMED, cast=here, place=place, now=PRESENT)


def other_post(here: Cast) -> Post:
    officer = make_officer(here.post.unit, Power.HANDLE, name="李水电", title="水电工")
    return Post.objects.get(tenures__member=officer)


def test_the_post_of_the_last_case_at_the_place_is_proposed_first(here: Cast) -> None:
    plumber = other_post(here)
    earlier = found_case(here, place="锅炉房")
    reporting.assign(
        case=earlier, plan=make_plan(plumber, now=PRESENT), actor=here.coordinator, now=PRESENT
    )

    form = form_of(found_case(here, place="锅炉房"), here)

    assert form.initial["post"] == plumber.pk
    assert earlier.number in form.fields["post"].help_text
    shown = str(form["post"])
    assert shown.index("推荐") < shown.index("双河镇 · 水电工 · 李水电") < shown.index("王整改")


def test_without_earlier_cases_a_post_of_the_unit_is_proposed(here: Cast) -> None:
    form = form_of(found_case(here), here)

    assert form.initial["post"] == here.post.pk


def test_a_grid_without_posts_proposes_the_nearest_unit_above(here: Cast) -> None:
    grid = make_unit(make_unit(here.post.unit, name="石桥村"), name="第一网格")

    form = form_of(make_case(grid, cast=here, stage=Stage.CONFIRMED, now=PRESENT), here)

    assert form.initial["post"] == here.post.pk


def test_without_a_category_the_post_of_the_last_case_here_is_proposed(here: Cast) -> None:
    plumber = other_post(here)
    reporting.assign(
        case=found_case(here, place="锅炉房"), plan=make_plan(plumber, now=PRESENT),
        actor=here.coordinator, now=PRESENT,
    )  # fmt: skip

    case = found_case(here, place="食堂")
    Case.objects.filter(pk=case.pk).update(category="")

    form = form_of(case, here)

    assert form.initial["post"] == plumber.pk
    assert not form.fields["measures"].widget.phrases


def test_a_case_out_of_sight_proposes_nothing(here: Cast) -> None:
    plumber = other_post(here)
    earlier = found_case(here, place="锅炉房")
    reporting.assign(
        case=earlier, plan=make_plan(plumber, now=PRESENT), actor=here.coordinator, now=PRESENT
    )
    Case.objects.filter(pk=earlier.pk).update(is_confidential=True)

    form = form_of(found_case(here, place="锅炉房"), here)

    assert form.initial["post"] == here.post.pk


def test_each_post_is_offered_once_with_its_initials_and_a_mark_if_vacant(here: Cast) -> None:
    make_post(here.post.unit, Power.HANDLE, title="安全员")

    page = str(form_of(found_case(here), here)["post"])

    assert page.count(f'value="{here.post.pk}"') == 1
    assert "wzg" in page
    assert "安全员 · 空缺" in page


def test_a_deadline_is_proposed_by_category_and_grade() -> None:
    today = PRESENT.date()

    def days(grade: Grade, category: str) -> timedelta:
        return deadlines.proposed(grade, category, today) - today

    assert days(Grade.GENERAL, "消防安全") == timedelta(days=7)
    assert days(Grade.GENERAL, "") == timedelta(days=15)
    assert days(Grade.MAJOR, "建筑安全") == timedelta(days=60)


def test_the_case_shows_the_telephone_of_the_holder_as_a_link(client: Client, here: Cast) -> None:
    here.handler.work_phone = "0571 8888 0001"
    here.handler.save(update_fields=["work_phone"])
    case = make_case(here.post.unit, stage=Stage.ASSIGNED, cast=here, now=PRESENT)
    client.force_login(here.coordinator)

    page = client.get(case.get_absolute_url()).content.decode()

    assert 'href="tel:057188880001"' in page


def test_the_ledger_names_the_holder_of_the_post(client: Client, here: Cast) -> None:
    make_case(here.post.unit, stage=Stage.ASSIGNED, cast=here, now=PRESENT)
    client.force_login(here.coordinator)

    page = client.get(reverse("desk:ledger")).content.decode()

    assert "王整改" in page
