"""What happens beside the main line: more time, other units, parts, controls, supervision."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from bihuan.cases.actions import comments, handover
from bihuan.cases.actions.extensions import NotLater, ask_extension
from bihuan.core.hazard import Grade, Stage
from bihuan.core.lifecycle import FactForbids, SharedFact
from bihuan.core.powers import Power
from bihuan.core.refusal import (
    NotAllowed,
    SamePerson,
    Stale,
    WrongStage,
)
from bihuan.hazards.actions import (
    deadline_extension,
    orders,
    rectification,
    reporting,
    verification,
)
from bihuan.hazards.models import Control
from bihuan.journal.models import Entry
from bihuan.orgs.models import Post, Unit
from tests.factories import NOW, make_officer, make_unit
from tests.hazards.district import (
    DEADLINE,
    District,
    assigned,
    photo,
    plan,
    report,
    running,
    submitted,
)
from tests.hazards.majors import accepted, listed, planned, taken_off

pytestmark = pytest.mark.django_db


def test_an_extension_is_granted_one_level_up_and_moves_the_deadline(district: District) -> None:
    d = district
    later = date(2026, 10, 20)
    case = ask_extension(
        case=assigned(d), actor=d.handler, now=NOW, until_date=later, note="材料未到货"
    )

    with pytest.raises(NotAllowed):
        deadline_extension.decide_extension(
            case=case, actor=d.town_leader, now=NOW, granted=True, note="同意"
        )
    case = deadline_extension.decide_extension(
        case=case, actor=d.leader, now=NOW, granted=True, note="同意"
    )

    case.refresh_from_db()
    assert case.due_at is not None
    assert case.due_at.isoformat() == "2026-10-20T15:59:59+00:00"
    assert case.hazard.deadline_date == later


def test_a_refused_extension_changes_nothing(district: District) -> None:
    d = district
    case = ask_extension(
        case=assigned(d), actor=d.handler, now=NOW, until_date=date(2026, 10, 20), note="材料"
    )

    case = deadline_extension.decide_extension(
        case=case, actor=d.leader, now=NOW, granted=False, note="不同意"
    )

    assert case.hazard.deadline_date == DEADLINE
    assert running(case) == ["HAZ-5"]


def test_an_extension_must_end_after_the_deadline(district: District) -> None:
    with pytest.raises(NotLater):
        ask_extension(
            case=assigned(district),
            actor=district.handler,
            now=NOW,
            until_date=DEADLINE,
            note="材料",
        )


def test_a_contested_transfer_is_decided_by_the_common_superior(district: District) -> None:
    d = district
    other_town = make_unit(d.county, name="青山镇", kind=Unit.Kind.TOWN)
    other = make_officer(other_town, Power.HANDLE)
    case = handover.contest(case=assigned(d), actor=d.handler, now=NOW, note="属青山镇地界")
    due_at = case.due_at

    with pytest.raises(FactForbids):
        rectification.start(case=case, actor=d.handler, now=NOW)
    with pytest.raises(NotAllowed):
        handover.decide_contest(
            case=case, actor=d.town_leader, now=NOW, upheld=False, note="不成立"
        )
    case = handover.decide_contest(
        case=case,
        actor=d.leader,
        now=NOW,
        upheld=True,
        note="改由青山镇整改",
        unit=other_town,
        post=Post.objects.get(tenures__member=other),
    )

    assert case.owner == other_town
    assert running(case) == ["HAZ-5"]
    assert case.clocks.get(rule_id="HAZ-5").due_at.date() == DEADLINE
    assert due_at is not None
    assert rectification.start(case=case, actor=other, now=NOW).stage == Stage.RECTIFYING


def test_open_children_block_the_closing_of_the_parent(district: District) -> None:
    d = district
    parent = submitted(d)
    child = reporting.add_child(
        case=parent, actor=d.coordinator, now=NOW, unit=d.town, title="更换破损防火门"
    )
    parent = verification.verify(case=parent, actor=d.verifier, now=NOW, note="通道已通")

    with pytest.raises(FactForbids) as refused:
        verification.close(case=parent, actor=d.leader, now=NOW)

    assert refused.value.fact is SharedFact.OPEN_CHILDREN
    assert child.parent == parent
    assert child.stage == Stage.CONFIRMED


def test_an_assisting_unit_sees_the_case_and_records_its_steps(district: District) -> None:
    d = district
    helpers = make_unit(d.county, name="消防救援大队", kind=Unit.Kind.DEPARTMENT)
    firefighter = make_officer(helpers, Power.HANDLE)
    case = rectification.start(case=assigned(d), actor=d.handler, now=NOW)

    with pytest.raises(NotAllowed):
        comments.record_step(case=case, actor=firefighter, now=NOW, note="测试喷淋")
    case = handover.add_assist(case=case, actor=d.coordinator, now=NOW, unit=helpers, note="测试")
    comments.record_step(case=case, actor=firefighter, now=NOW, note="测试喷淋")

    handover.end_assist(case=case, actor=d.coordinator, now=NOW, unit=helpers)
    with pytest.raises(NotAllowed):
        comments.record_step(case=case, actor=firefighter, now=NOW, note="再次测试")


def test_an_interim_control_has_an_owner_and_an_expiry_and_ends_with_the_case(
    district: District,
) -> None:
    d = district
    case = rectification.add_control(
        case=assigned(d),
        actor=d.handler,
        now=NOW,
        what="封闭三楼",
        post=d.handler_post,
        expiry_date=DEADLINE,
    )
    assert running(case) == ["HAZ-5", "LOC-7"]

    case = rectification.start(case=case, actor=d.handler, now=NOW)
    case = rectification.submit(
        case=case, actor=d.handler, now=NOW, note="已清理", photos=[photo()]
    )
    case = verification.verify(case=case, actor=d.verifier, now=NOW, note="属实")
    case = verification.close(case=case, actor=d.leader, now=NOW)

    assert Control.objects.get().ended_at == NOW
    assert running(case) == ["LOC-4"]


def test_a_major_hazard_is_listed_stopped_and_closed_by_the_level_that_listed_it(
    district: District,
) -> None:
    d = district
    case = reporting.confirm(
        case=report(d),
        actor=d.coordinator,
        now=NOW,
        grade=Grade.MAJOR,
        standard="GB 35181 重大火灾隐患判定方法",
    )
    case = reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)
    case = listed(case, d.leader, NOW)
    case = orders.stop_work(case=case, actor=d.leader, now=NOW, note="停止使用三楼")
    case = planned(case, d.handler, NOW)
    case = rectification.start(case=case, actor=d.handler, now=NOW)
    case = rectification.submit(
        case=case, actor=d.handler, now=NOW, note="已清理", photos=[photo()]
    )
    case = verification.verify(case=case, actor=d.verifier, now=NOW, note="属实")
    chief = make_officer(d.county, Power.APPROVE)

    with pytest.raises(NotAllowed):
        verification.close(case=case, actor=d.town_leader, now=NOW)
    with pytest.raises(FactForbids):
        verification.close(case=case, actor=chief, now=NOW)
    case = orders.check_order(case=case, actor=d.verifier, now=NOW, complied=True, note="合格")
    case = orders.resume_work(case=case, actor=d.leader, now=NOW, note="复查合格")
    with pytest.raises(FactForbids):
        verification.close(case=case, actor=chief, now=NOW)
    case = accepted(case, d.verifier, NOW)
    case = taken_off(case, d.handler, d.verifier, NOW)
    with pytest.raises(SamePerson):
        verification.close(case=case, actor=d.leader, now=NOW)
    assert verification.close(case=case, actor=chief, now=NOW).stage == Stage.CLOSED


def test_a_stale_form_is_refused(district: District) -> None:
    case = report(district)
    reporting.confirm(case=case, actor=district.coordinator, now=NOW, grade=Grade.GENERAL)

    with pytest.raises(Stale):
        comments.comment(
            case=case, actor=district.coordinator, now=NOW, note="看过", version=case.version
        )


def test_a_move_from_the_wrong_stage_leaves_no_trace(district: District) -> None:
    case = report(district)
    entries = Entry.objects.count()

    with pytest.raises(WrongStage):
        verification.close(case=case, actor=district.leader, now=NOW)

    assert Entry.objects.count() == entries


def test_a_case_hand_keeps_to_its_post_when_the_post_changes_hands(district: District) -> None:
    d = district
    case = assigned(d)
    successor = make_officer(d.town, Power.HANDLE)

    case.refresh_from_db()

    assert case.post == d.handler_post
    assert rectification.start(case=case, actor=successor, now=NOW).stage == Stage.RECTIFYING


def test_an_act_costs_the_same_number_of_queries_however_long_the_history(
    district: District, django_assert_max_num_queries: object
) -> None:
    d = district
    case = rectification.start(case=assigned(d), actor=d.handler, now=NOW)
    for n in range(15):
        case = comments.record_step(case=case, actor=d.handler, now=NOW, note=f"第{n}步")

    with django_assert_max_num_queries(20):  # type: ignore[operator]
        comments.record_step(case=case, actor=d.handler, now=NOW, note="最后一步")
    assert connection.vendor in ("sqlite", "postgresql")
