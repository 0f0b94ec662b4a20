"""The chain of a major hazard, act by act, as offices go through it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bihuan.cases.models import Case
from bihuan.clocks.actions.running import local_date
from bihuan.clocks.models import Clock
from bihuan.core.hazard import Grade
from bihuan.core.refusal import Refusal
from bihuan.hazards.actions import (
    acceptance,
    listing,
    planning,
    rectification,
    reporting,
    verification,
)
from bihuan.hazards.actions.acceptance import TeamOpinion
from bihuan.hazards.actions.listing import Terms
from bihuan.hazards.actions.planning import Remedy
from bihuan.orgs.models import Post, Unit, User
from tests.factories import NOW, make_photo
from tests.hazards.district import District, plan, report

TEAM = (TeamOpinion("县应急管理局", True, "同意"), TeamOpinion("县消防救援大队", True))


def terms(unit: Unit, now: datetime, *, days: int = 60, every: int = 7) -> Terms:
    """The terms of a listing by this unit."""
    until = local_date(now) + timedelta(days=days)
    return Terms(until, every, unit, "验收合格，制度上墙。")


def listed(case: Case, leader: User, now: datetime, *, note: str = "挂牌督办") -> Case:
    """Listed by the unit of this leader."""
    unit = Post.objects.get(tenures__member=leader).unit
    return listing.list_(case=case, terms=terms(unit, now), actor=leader, now=now, note=note)


def remedy(post: Post, now: datetime) -> Remedy:
    return Remedy(
        goals="消除隐患，达到标准。",
        methods="拆除违建，增设安全出口。",
        budget=Decimal(80000),
        post=post,
        team="安全科、施工班组",
        until_date=local_date(now) + timedelta(days=30),
        safety="停用三楼，设警戒线。",
        contingency="备齐灭火器材，演练疏散。",
    )


def planned(case: Case, handler: User, now: datetime) -> Case:
    post = Post.objects.get(tenures__member=handler)
    return planning.plan(case=case, remedy=remedy(post, now), actor=handler, now=now)


def accepted(case: Case, actor: User, now: datetime, *, passed: bool = True) -> Case:
    return acceptance.accept(
        case=case, voices=TEAM, passed=passed, actor=actor, now=now, note="现场查验合格。"
    )


def taken_off(case: Case, owner: User, reviewer: User, now: datetime) -> Case:
    """Applied for by the owner, and reviewed by the level that listed it."""
    case = listing.ask_removal(case=case, actor=owner, now=now, note="条件已满足。")
    return listing.review_site(case=case, actor=reviewer, now=now, note="现场核查属实。")


def major(d: District) -> Case:
    """Judged major by a named standard, and assigned."""
    case = reporting.confirm(
        case=report(d), actor=d.coordinator, now=NOW, grade=Grade.MAJOR, standard="GB 35181-2025"
    )
    return reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)


def verified(d: District, case: Case, now: datetime = NOW) -> Case:
    case = rectification.start(case=case, actor=d.handler, now=now)
    return fixed_and_verified(d, case, now)


def fixed_and_verified(d: District, case: Case, now: datetime) -> Case:
    photos = [make_photo(seed=now.minute + now.hour)]
    case = rectification.submit(case=case, actor=d.handler, now=now, note="好", photos=photos)
    return verification.verify(case=case, actor=d.verifier, now=now, note="属实")


def refused(kind: type[Refusal], act: Callable[[], object]) -> None:
    with pytest.raises(kind):
        act()


def running(case: Case) -> set[str]:
    """The rules of the clocks that run."""
    rows = Clock.objects.filter(subject=case.subject, stopped_at=None)
    return set(rows.values_list("rule_id", flat=True))
