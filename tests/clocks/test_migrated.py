"""Clocks come through the migration and back as they were, and the journal still holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bihuan.cases.models import Case
from bihuan.clocks.actions.ticking import tick
from bihuan.clocks.models import Clock
from bihuan.hazards.actions import rectification
from bihuan.journal.queries import verify
from bihuan.orgs.models import Post
from tests.breaches.register import a_breach, make_office
from tests.factories import NOW, TODAY
from tests.going_back import Migrate, go_on, going_back
from tests.hazards.district import assigned, make_district, report

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BEFORE = [("cases", "0035_plain_labels"), ("breaches", "0004_plain_labels")]
KEPT = ("subject", "rule_id", "started_at", "due_at", "outcome", "next_at", "seen_at")


@pytest.fixture
def go_back() -> Iterator[Migrate]:
    with going_back(BEFORE) as back:
        yield back


def kept() -> list[tuple[Any, ...]]:
    return list(Clock.objects.order_by("subject", "pk").values_list(*KEPT))


def test_clocks_of_cases_and_of_breaches_come_through_the_migration_and_back(
    go_back: Migrate,
) -> None:
    district, office = make_district(), make_office()
    report(district)
    case = assigned(district)
    rectification.add_control(
        case=case, actor=district.handler, now=NOW, what="拉警戒线",
        expiry_date=TODAY + timedelta(days=3), post=Post.objects.get(pk=district.handler_post.pk),
    )  # fmt: skip
    breach = a_breach(office)
    before = kept()

    apps = go_back()

    own = apps.get_model("cases", "Clock").objects.filter(case=case.pk)
    assert sorted(own.values_list("rule_id", flat=True)) == sorted(
        rule for subject, rule, *_ in before if subject == case.subject
    )
    assert apps.get_model("breaches", "Clock").objects.get().breach_id == breach.pk
    go_on()
    assert kept() == before
    assert {clock.unit for clock in case.clocks.filter(stopped_at=None)} == {district.town}
    assert verify().ok
    assert tick(now=NOW + timedelta(days=60)).failed == 0
    assert Case.objects.get(pk=case.pk).hazard.controls.get().clock.subject == case.subject
