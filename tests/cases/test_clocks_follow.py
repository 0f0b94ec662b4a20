"""A clock belongs to the unit that answers for its case, whichever way the case came there."""

from __future__ import annotations

import pytest

from bihuan.cases.actions import handover
from bihuan.cases.models import Case
from bihuan.clocks.actions.ticking import tick
from bihuan.core.powers import Power
from bihuan.hazards.actions import reporting
from bihuan.notices.models import Notice
from bihuan.orgs.actions.posts import end_post
from bihuan.orgs.models import Post, Unit, User
from tests.cases.closing import DAY, close
from tests.factories import NOW, TODAY, make_post
from tests.hazards.district import District, assigned, plan

pytestmark = pytest.mark.django_db


def units_of(case: Case) -> set[Unit]:
    return {clock.unit for clock in case.clocks.filter(stopped_at=None).select_related("unit")}


def handler(unit: Unit) -> Post:
    return Post.objects.get(unit=unit)


def test_a_case_that_is_handed_over_takes_its_clocks_along(d: District, next_town: Unit) -> None:
    case = assigned(d)
    handover.contest(case=case, actor=d.handler, now=NOW, note="不属于本镇")
    assert units_of(case) == {d.town}

    handover.decide_contest(
        case=case, actor=d.coordinator, now=NOW, upheld=True, note="属实", unit=next_town,
        post=handler(next_town),
    )  # fmt: skip

    assert units_of(case) == {next_town}
    tick(now=case.clocks.get(stopped_at=None, rule_id="HAZ-5").due_at + DAY)
    notices = Notice.objects.filter(subject=case.subject, what="overdue")
    assert set(notices.values_list("member__tenures__post__unit", flat=True)) == {next_town.pk}


def test_a_case_that_is_assigned_again_has_its_new_clock_where_it_went(
    d: District, next_town: Unit
) -> None:
    case = assigned(d)

    again = plan(d, unit=next_town, post=handler(next_town))
    reporting.assign(case=case, plan=again, actor=d.coordinator, now=NOW + DAY)

    assert units_of(case) == {next_town}
    assert case.clocks.get(rule_id="HAZ-5", outcome="cancelled").unit == d.town


def test_a_unit_that_is_closed_leaves_its_clocks_to_its_successor(
    d: District, admin: User, next_town: Unit
) -> None:
    case = assigned(d)

    close(d.town, admin, next_town)

    assert units_of(case) == {next_town}


def test_a_post_that_ends_leaves_its_clocks_where_its_cases_go(
    d: District, admin: User, next_town: Unit
) -> None:
    case = assigned(d)
    to = make_post(next_town, Power.HANDLE)

    end_post(post=d.handler_post, end_date=TODAY, reason="撤销岗位", actor=admin, now=NOW, to=to)

    case.refresh_from_db()
    assert case.owner == next_town
    assert units_of(case) == {next_town}
