"""Orders and acceptances of a hazard: who gives, checks and lifts them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.lifecycle import FactMissing
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, Refusal, SamePerson, SameUnit
from bihuan.hazards.actions import (
    acceptance,
    listing,
    orders,
    planning,
    rectification,
)
from bihuan.hazards.actions.acceptance import AllDissent, DissentUnexplained, NoTeam, TeamOpinion
from bihuan.hazards.models import (
    Acceptance,
    Listing,
    Order,
)
from bihuan.orgs.models import User
from tests.factories import NOW, TODAY, make_case, make_officer
from tests.hazards.district import District
from tests.hazards.majors import (
    accepted,
    listed,
    major,
    planned,
    refused,
    running,
    verified,
)

pytestmark = pytest.mark.django_db
LATER, LAST = NOW + timedelta(hours=1), NOW + timedelta(hours=4)


# ------------------------------------------------------------------------- orders
def test_a_stop_work_order_is_lifted_only_after_a_check_by_another(
    district: District, chief: User
) -> None:
    d = district
    case = orders.stop_work(case=major(d), actor=d.leader, now=NOW, note="危险", stopped="三楼")

    def lift(actor: User) -> Case:
        return orders.resume_work(case=case, actor=actor, now=NOW, note="合格")

    refused(FactMissing, lambda: lift(chief))
    case = orders.check_order(case=case, actor=chief, now=NOW, complied=False, note="仍在用")
    refused(FactMissing, lambda: lift(d.leader))
    case = orders.check_order(case=case, actor=chief, now=NOW, complied=True, note="已停用")
    refused(SamePerson, lambda: lift(chief))
    refused(NotAllowed, lambda: lift(d.town_leader))
    refused(NotAllowed, lambda: lift(d.verifier))
    case = lift(d.leader)

    order = Order.objects.get()
    assert order.number.startswith("TG-2026-")
    assert (order.place, order.what) == (case.place, "三楼")
    assert order.lifted_by == d.leader
    assert case.hazard.stopped_at is None


def test_who_did_the_fix_neither_checks_nor_lifts_an_order(district: District) -> None:
    d = district
    both = make_officer(d.town, Power.HANDLE, Power.VERIFY, Power.APPROVE)
    case = orders.stop_work(case=major(d), actor=d.town_leader, now=NOW, note="危险")
    case = rectification.start(case=case, actor=both, now=NOW)

    with pytest.raises((SamePerson, SameUnit)):
        orders.check_order(case=case, actor=both, now=NOW, complied=True, note="好")
    case = orders.check_order(case=case, actor=d.verifier, now=NOW, complied=True, note="好")
    with pytest.raises((SamePerson, SameUnit)):
        orders.resume_work(case=case, actor=both, now=NOW, note="好")


def test_an_order_to_rectify_needs_no_major_hazard_and_its_check_needs_an_order(
    district: District,
) -> None:
    d = district
    case = make_case(d.village, stage=Stage.ASSIGNED)
    refused(
        FactMissing,
        lambda: orders.check_order(case=case, actor=d.verifier, now=NOW, complied=True, note="好"),
    )
    until = TODAY + timedelta(days=10)

    case = orders.order_fix(
        case=case, actor=d.leader, now=NOW, until_date=until, note="清通道", basis=orders.BASIS
    )

    assert Order.objects.get().number.startswith("ZG-2026-")
    assert "MAJ-4" in running(case)
    case = orders.check_order(case=case, actor=d.verifier, now=NOW, complied=True, note="已清")
    assert "MAJ-4" not in running(case)
    refused(
        FactMissing,
        lambda: orders.check_order(case=case, actor=d.verifier, now=NOW, complied=True, note="好"),
    )


def test_general_hazards_are_not_stopped_listed_planned_or_accepted(district: District) -> None:
    d = district
    case = make_case(d.village, stage=Stage.ASSIGNED)

    refused(FactMissing, lambda: orders.stop_work(case=case, actor=d.leader, now=NOW, note="停"))
    refused(FactMissing, lambda: listed(case, d.leader, NOW))
    refused(
        FactMissing,
        lambda: planning.report_up(
            case=case, actor=d.coordinator, now=NOW, state="一", harm="二", plan="三"
        ),
    )


# --------------------------------------------------------------------- acceptance
@pytest.mark.parametrize(
    ("voices", "told"),
    [
        ((), NoTeam),
        ((TeamOpinion("局", True),), NoTeam),
        ((TeamOpinion("局", True), TeamOpinion("局", True)), NoTeam),
        ((TeamOpinion("局", True), TeamOpinion("队", False)), DissentUnexplained),
        ((TeamOpinion("局", False, "未完"), TeamOpinion("队", False, "未完")), AllDissent),
        ((TeamOpinion(" ", True), TeamOpinion("队", True)), Missing),
        (tuple(TeamOpinion(f"局{n}", True) for n in range(16)), NoTeam),
    ],
)
def test_what_is_no_team_accepts_nothing(
    district: District, voices: tuple[TeamOpinion, ...], told: type[Refusal]
) -> None:
    d, case = district, verified(district, major(district))

    with pytest.raises(told):
        acceptance.accept(
            case=case, voices=voices, passed=True, actor=d.verifier, now=NOW, note="查验"
        )

    assert not Acceptance.objects.exists()


def test_a_dissent_is_kept_and_the_last_acceptance_counts(district: District) -> None:
    d = district
    case = planned(listed(major(d), d.leader, NOW), d.handler, NOW)
    case = verified(d, case)
    voices = (
        TeamOpinion("县应急管理局", True),
        TeamOpinion("县消防救援大队", False, "疏散指示不足"),
    )
    case = acceptance.accept(
        case=case, voices=voices, passed=True, actor=d.verifier, now=NOW, note="查验"
    )
    said = Acceptance.objects.get().opinions.order_by("rank")
    assert [(each.member, each.agrees, each.opinion) for each in said] == [
        ("县应急管理局", True, ""),
        ("县消防救援大队", False, "疏散指示不足"),
    ]

    case = accepted(case, d.verifier, LATER, passed=False)

    refused(
        FactMissing,
        lambda: listing.ask_removal(
            case=case, actor=d.handler, now=LATER + timedelta(hours=2), note="已满足"
        ),
    )


def test_who_did_the_fix_accepts_nothing(district: District) -> None:
    case = verified(district, major(district))
    both = make_officer(district.town, Power.HANDLE, Power.VERIFY)

    with pytest.raises((SamePerson, SameUnit)):
        accepted(case, both, NOW)


def test_numbers_of_papers_follow_one_another(district: District) -> None:
    for _ in range(3):
        listed(major(district), district.leader, NOW)

    numbers = sorted(int(n[-4:]) for n in Listing.objects.values_list("number", flat=True))
    assert all(after - before == 1 for before, after in pairwise(numbers))


def test_the_database_itself_refuses_to_lift_an_order_that_was_not_checked(
    district: District,
) -> None:
    orders.stop_work(case=major(district), actor=district.leader, now=NOW, note="危险")
    name = "stop_work_only_lifted_after_a_check_by_another"

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Order.objects.update(lifted_at=NOW, lifted_by=district.leader)
