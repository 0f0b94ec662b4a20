"""Officers of a unit that takes over from a closed one hear how many open cases became theirs."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Exclusion
from bihuan.core.powers import Power
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit, User
from tests.cases.closing import close
from tests.factories import NOW, make_officer
from tests.hazards.district import District, assigned, closed

pytestmark = pytest.mark.django_db


def test_whoever_takes_things_up_there_gets_one_message_with_the_number(
    d: District, admin: User, next_town: Unit, client: Client
) -> None:
    assigned(d), assigned(d), closed(d)
    coordinator = make_officer(next_town, Power.COORDINATE, name="韩调度")
    checker = make_officer(next_town, Power.VERIFY, name="许验收")

    close(d.town, admin, next_town)

    told = Notice.objects.filter(what="pass_on")
    handler = User.objects.get(name="新镇安全员")
    assert set(told.values_list("member", flat=True)) == {coordinator.pk, handler.pk}
    assert {notice.detail["count"] for notice in told} == {2}
    client.force_login(coordinator)
    page = client.get(reverse("desk:today")).content.decode()
    assert f"{d.town.name}已撤销，2件未办结事项现由本单位承办" in page
    notice = told.get(member=coordinator)
    opened = client.get(reverse("desk:notice", args=[notice.pk]))
    assert reverse("desk:notice", args=[notice.pk]) in page
    assert opened.headers["Location"] == f"/desk/cases/?unit={next_town.code}"
    client.force_login(checker)
    assert "已撤销" not in client.get(reverse("desk:today")).content.decode()


def test_not_even_the_number_tells_of_a_case_that_one_must_not_know_of(
    d: District, admin: User, next_town: Unit
) -> None:
    assigned(d)
    shut = make_officer(next_town, Power.COORDINATE, name="韩调度")
    Exclusion.objects.create(case=assigned(d), member=shut, cause="interest", added_at=NOW)

    close(d.town, admin, next_town)

    assert Notice.objects.get(member=shut).detail["count"] == 1
