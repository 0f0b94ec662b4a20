"""A hazard on its way from the report to the verified closure, act by act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localtime
from PIL import Image

from bihuan.cases.actions import handover
from bihuan.cases.actions.extensions import NotLater, ask_extension
from bihuan.cases.models import Case, Clock, Hand
from bihuan.core.hazard import Grade, RejectReason, Stage
from bihuan.core.lifecycle import Fact, FactForbids, FactMissing
from bihuan.core.powers import Power
from bihuan.core.refusal import (
    Missing,
    NotAllowed,
    SamePerson,
    SameUnit,
    Stale,
    WrongStage,
)
from bihuan.hazards.actions import checking, finding, fixing
from bihuan.hazards.actions.finding import Finding, Plan
from bihuan.hazards.models import Control
from bihuan.journal.models import Entry
from bihuan.orgs.models import Post, Unit, User
from tests.factories import NOW, make_officer, make_unit

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
DEADLINE = date(2026, 9, 30)


@dataclass
class District:
    """A county, a town and a village in it, and whoever works there."""

    county: Unit
    town: Unit
    village: Unit
    grid: User
    coordinator: User
    handler: User
    handler_post: Post
    verifier: User
    leader: User
    town_leader: User


@pytest.fixture
def district() -> District:
    county = make_unit(name="云岭县")
    town = make_unit(county, name="望湖镇", kind=Unit.Kind.TOWN)
    village = make_unit(town, name="石桥村", kind=Unit.Kind.VILLAGE)
    handler = make_officer(town, Power.HANDLE, title="安全员")
    return District(
        county=county,
        town=town,
        village=village,
        grid=make_officer(village, Power.REPORT),
        coordinator=make_officer(county, Power.COORDINATE),
        handler=handler,
        handler_post=Post.objects.get(tenures__member=handler),
        verifier=make_officer(county, Power.VERIFY),
        leader=make_officer(county, Power.APPROVE, Power.SUPERVISE),
        town_leader=make_officer(town, Power.APPROVE),
    )


def photo(colour: int = 90) -> SimpleUploadedFile:
    """A small picture with something to see, different for each colour."""
    picture = Image.new("RGB", (64, 48), (colour, 120, 30))
    picture.paste((255, 255, 255), (colour % 40, 5, colour % 40 + 12, 30))
    data = BytesIO()
    picture.save(data, "JPEG")
    return SimpleUploadedFile("after.jpg", data.getvalue(), "image/jpeg")


def report(d: District, **changes: object) -> Case:
    found = Finding(
        **{
            "title": "三楼疏散通道堆放杂物",
            "place": "石桥村文化活动中心",
            "unit": d.village,
            "found_date": date(2026, 9, 14),
            **changes,
        }  # type: ignore[arg-type]
    )
    return finding.report(finding=found, actor=d.grid, now=NOW)


def plan(d: District, **changes: object) -> Plan:
    return Plan(
        **{
            "unit": d.town,
            "post": d.handler_post,
            "measures": "清理通道，设置禁止堆放标识",
            "budget": Decimal("1200.00"),
            "deadline_date": DEADLINE,
            "contingency": "清理前安排专人值守，封闭三楼",
            **changes,
        }  # type: ignore[arg-type]
    )


def assigned(d: District, **changes: object) -> Case:
    case = finding.confirm(case=report(d), actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    return finding.assign(case=case, plan=plan(d, **changes), actor=d.coordinator, now=NOW)


def submitted(d: District) -> Case:
    case = fixing.start(case=assigned(d), actor=d.handler, now=NOW)
    return fixing.submit(case=case, actor=d.handler, now=NOW, note="已清理", photos=[photo()])


def closed(d: District) -> Case:
    case = checking.verify(case=submitted(d), actor=d.verifier, now=NOW, note="现场查看属实")
    return checking.close(case=case, actor=d.leader, now=NOW)


def running(case: Case) -> list[str]:
    return sorted(
        Clock.objects.filter(case=case, stopped_at=None).values_list("rule_id", flat=True)
    )


def test_five_people_bring_a_hazard_from_the_report_to_the_verified_closure(
    district: District,
) -> None:
    d = district

    case = report(d)
    assert (case.number, case.stage, running(case)) == ("YH-2026-000001", "reported", ["LOC-1"])
    case = finding.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    assert (case.stage, running(case)) == ("confirmed", ["LOC-2"])
    case = finding.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)
    assert (case.stage, case.owner, running(case)) == ("assigned", d.town, ["HAZ-5"])
    case = fixing.start(case=case, actor=d.handler, now=NOW)
    case = fixing.submit(case=case, actor=d.handler, now=NOW, note="已清理", photos=[photo()])
    assert (case.stage, running(case)) == ("submitted", ["LOC-3"])
    case = checking.verify(case=case, actor=d.verifier, now=NOW, note="现场查看属实")
    assert (case.stage, running(case)) == ("verified", ["LOC-8"])
    case = checking.close(case=case, actor=d.leader, now=NOW)
    assert (case.stage, case.ended_at, running(case)) == ("closed", NOW, ["LOC-4"])
    case = checking.recheck(case=case, actor=d.verifier, now=NOW + 30 * DAY, note="未反弹")
    assert (case.stage, running(case)) == ("rechecked", [])

    acts = Entry.objects.filter(chain__subject=case.subject).order_by("seq")
    assert [entry.act for entry in acts] == [
        "report",
        "confirm",
        "assign",
        "start",
        "submit",
        "verify",
        "close",
        "recheck",
    ]
    assert {entry.actor_id for entry in acts} == {
        d.grid.pk,
        d.coordinator.pk,
        d.handler.pk,
        d.verifier.pk,
        d.leader.pk,
    }


def test_the_deadline_of_the_fix_is_the_last_second_of_its_day(district: District) -> None:
    case = assigned(district)

    assert case.due_at is not None
    assert localtime(case.due_at).isoformat() == "2026-09-30T23:59:59+08:00"


def test_nobody_verifies_their_own_fix(district: District) -> None:
    d = district
    case = submitted(d)
    make_two_jobs = make_officer(d.county, Power.VERIFY)
    Hand.objects.filter(case=case).update(member=make_two_jobs)

    with pytest.raises(SamePerson):
        checking.verify(case=case, actor=make_two_jobs, now=NOW, note="很好")

    case.refresh_from_db()
    assert case.stage == Stage.SUBMITTED


def test_no_colleague_in_the_unit_that_fixed_it_verifies(district: District) -> None:
    colleague = make_officer(district.town, Power.VERIFY)

    with pytest.raises(SameUnit):
        checking.verify(case=submitted(district), actor=colleague, now=NOW, note="很好")


def test_the_database_refuses_a_verifier_who_fixed(district: District) -> None:
    case = submitted(district)

    with pytest.raises(IntegrityError, match="nobody_verifies_their_own_fix"):
        Case.objects.filter(pk=case.pk).update(verified_by=case.resolved_by)


def test_the_database_refuses_a_closer_who_fixed(district: District) -> None:
    case = submitted(district)

    with pytest.raises(IntegrityError, match="nobody_closes_their_own_fix"):
        Case.objects.filter(pk=case.pk).update(closed_by=case.resolved_by)


def test_the_database_refuses_the_same_person_on_both_sides(district: District) -> None:
    case = submitted(district)

    with pytest.raises(IntegrityError):
        Hand.objects.create(
            case=case, member=district.handler, unit=district.town, side=Hand.Side.CHECK
        )


def test_the_database_refuses_a_closed_case_that_nobody_verified(district: District) -> None:
    case = submitted(district)

    with pytest.raises(IntegrityError, match="closed_is_always_verified"):
        Case.objects.filter(pk=case.pk).update(stage="closed", ended_at=NOW)


def test_a_fix_is_not_handed_in_without_evidence(district: District) -> None:
    case = fixing.start(case=assigned(district), actor=district.handler, now=NOW)

    with pytest.raises(FactMissing) as refused:
        fixing.submit(case=case, actor=district.handler, now=NOW, note="已清理")

    assert refused.value.fact is Fact.AFTER_EVIDENCE


def test_a_returned_fix_keeps_its_deadline(district: District) -> None:
    d = district
    case = checking.return_(case=submitted(d), actor=d.verifier, now=NOW, note="标识缺失")

    assert case.stage == Stage.RECTIFYING
    assert running(case) == ["HAZ-5"]
    assert case.due_at is not None
    assert case.due_at.date() == DEADLINE
    again = fixing.submit(case=case, actor=d.handler, now=NOW, note="补齐", photos=[photo(20)])
    assert again.stage == Stage.SUBMITTED


def test_assignment_needs_all_five_in_place(district: District) -> None:
    d = district
    case = finding.confirm(case=report(d), actor=d.coordinator, now=NOW, grade=Grade.GENERAL)

    with pytest.raises(Missing, match="contingency"):
        finding.assign(case=case, plan=plan(d, contingency=" "), actor=d.coordinator, now=NOW)
    with pytest.raises(finding.DeadlinePast):
        finding.assign(
            case=case, plan=plan(d, deadline_date=date(2026, 9, 1)), actor=d.coordinator, now=NOW
        )
    with pytest.raises(finding.PostElsewhere):
        finding.assign(case=case, plan=plan(d, unit=d.village), actor=d.coordinator, now=NOW)


def test_a_major_hazard_is_judged_by_a_named_standard(district: District) -> None:
    with pytest.raises(Missing, match="standard"):
        finding.confirm(
            case=report(district), actor=district.coordinator, now=NOW, grade=Grade.MAJOR
        )


def test_an_extension_is_granted_one_level_up_and_moves_the_deadline(district: District) -> None:
    d = district
    later = date(2026, 10, 20)
    case = ask_extension(
        case=assigned(d), actor=d.handler, now=NOW, until_date=later, note="材料未到货"
    )

    with pytest.raises(NotAllowed):
        fixing.decide_extension(case=case, actor=d.town_leader, now=NOW, granted=True, note="同意")
    case = fixing.decide_extension(case=case, actor=d.leader, now=NOW, granted=True, note="同意")

    case.refresh_from_db()
    assert case.due_at is not None
    assert case.due_at.isoformat() == "2026-10-20T15:59:59+00:00"
    assert case.hazard.deadline_date == later


def test_a_refused_extension_changes_nothing(district: District) -> None:
    d = district
    case = ask_extension(
        case=assigned(d), actor=d.handler, now=NOW, until_date=date(2026, 10, 20), note="材料"
    )

    case = fixing.decide_extension(case=case, actor=d.leader, now=NOW, granted=False, note="不同意")

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


def test_nobody_grants_their_own_extension(district: District) -> None:
    d = district
    both = make_officer(d.county, Power.HANDLE, Power.APPROVE)
    case = ask_extension(
        case=assigned(d), actor=both, now=NOW, until_date=date(2026, 10, 20), note="材料"
    )

    with pytest.raises(SamePerson):
        fixing.decide_extension(case=case, actor=both, now=NOW, granted=True, note="同意")
    with pytest.raises(IntegrityError), transaction.atomic():
        case.extensions.update(granted=True, decided_by=both)


def test_a_contested_transfer_is_decided_by_the_common_superior(district: District) -> None:
    d = district
    other_town = make_unit(d.county, name="青山镇", kind=Unit.Kind.TOWN)
    other = make_officer(other_town, Power.HANDLE)
    case = handover.contest(case=assigned(d), actor=d.handler, now=NOW, note="属青山镇地界")
    due_at = case.due_at

    with pytest.raises(FactForbids):
        fixing.start(case=case, actor=d.handler, now=NOW)
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
    assert Clock.objects.get(case=case, rule_id="HAZ-5").due_at.date() == DEADLINE
    assert due_at is not None
    assert fixing.start(case=case, actor=other, now=NOW).stage == Stage.RECTIFYING


def test_open_children_block_the_closing_of_the_parent(district: District) -> None:
    d = district
    parent = submitted(d)
    child = finding.add_child(
        case=parent, actor=d.coordinator, now=NOW, unit=d.town, title="更换破损防火门"
    )
    parent = checking.verify(case=parent, actor=d.verifier, now=NOW, note="通道已通")

    with pytest.raises(FactForbids) as refused:
        checking.close(case=parent, actor=d.leader, now=NOW)

    assert refused.value.fact is Fact.OPEN_CHILDREN
    assert child.parent == parent
    assert child.stage == Stage.CONFIRMED


def test_an_assisting_unit_sees_the_case_and_records_its_steps(district: District) -> None:
    d = district
    helpers = make_unit(d.county, name="消防救援大队", kind=Unit.Kind.DEPARTMENT)
    firefighter = make_officer(helpers, Power.HANDLE)
    case = fixing.start(case=assigned(d), actor=d.handler, now=NOW)

    with pytest.raises(NotAllowed):
        fixing.record_step(case=case, actor=firefighter, now=NOW, note="测试喷淋")
    case = handover.add_assist(case=case, actor=d.coordinator, now=NOW, unit=helpers, note="测试")
    fixing.record_step(case=case, actor=firefighter, now=NOW, note="测试喷淋")

    handover.end_assist(case=case, actor=d.coordinator, now=NOW, unit=helpers)
    with pytest.raises(NotAllowed):
        fixing.record_step(case=case, actor=firefighter, now=NOW, note="再次测试")


def test_an_interim_control_has_an_owner_and_an_expiry_and_ends_with_the_case(
    district: District,
) -> None:
    d = district
    case = fixing.add_control(
        case=assigned(d),
        actor=d.handler,
        now=NOW,
        what="封闭三楼",
        post=d.handler_post,
        expiry_date=DEADLINE,
    )
    assert running(case) == ["HAZ-5", "LOC-7"]

    case = fixing.start(case=case, actor=d.handler, now=NOW)
    case = fixing.submit(case=case, actor=d.handler, now=NOW, note="已清理", photos=[photo()])
    case = checking.verify(case=case, actor=d.verifier, now=NOW, note="属实")
    case = checking.close(case=case, actor=d.leader, now=NOW)

    assert Control.objects.get().ended_at == NOW
    assert running(case) == ["LOC-4"]


def test_a_major_hazard_is_listed_stopped_and_closed_by_the_level_that_listed_it(
    district: District,
) -> None:
    d = district
    case = finding.confirm(
        case=report(d),
        actor=d.coordinator,
        now=NOW,
        grade=Grade.MAJOR,
        standard="GB 35181 重大火灾隐患判定方法",
    )
    case = finding.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)
    case = checking.list_(case=case, actor=d.leader, now=NOW, note="挂牌督办")
    case = checking.stop_work(case=case, actor=d.leader, now=NOW, note="停止使用三楼")
    case = fixing.start(case=case, actor=d.handler, now=NOW)
    case = fixing.submit(case=case, actor=d.handler, now=NOW, note="已清理", photos=[photo()])
    assert running(case) == ["HAZ-7"]
    case = checking.verify(case=case, actor=d.verifier, now=NOW, note="属实")

    with pytest.raises(NotAllowed):
        checking.close(case=case, actor=d.town_leader, now=NOW)
    with pytest.raises(FactForbids):
        checking.close(case=case, actor=d.leader, now=NOW)
    case = checking.resume_work(case=case, actor=d.leader, now=NOW, note="复查合格")
    assert checking.close(case=case, actor=d.leader, now=NOW).stage == Stage.CLOSED


def test_a_rebound_reopens_the_closed_case_and_counts_against_the_closure(
    district: District,
) -> None:
    d = district
    old = closed(d)
    again = report(d)

    rejected = finding.reject(
        case=again,
        actor=d.coordinator,
        now=NOW,
        reason=RejectReason.DUPLICATE,
        note="同一通道再次堆放",
        duplicate_of=old,
    )

    old.refresh_from_db()
    assert rejected.stage == Stage.REJECTED
    assert (old.stage, old.rebounds, old.ended_at) == (Stage.CONFIRMED, 1, None)
    assert running(old) == ["LOC-2"]


def test_after_a_rebound_old_evidence_does_not_count(district: District) -> None:
    d = district
    later = NOW + DAY
    case = checking.close(
        case=checking.verify(case=submitted(d), actor=d.verifier, now=NOW, note="属实"),
        actor=d.leader,
        now=NOW,
    )
    case = finding.reopen(case=case, actor=d.verifier, now=later, note="又堆上了")
    case = finding.assign(case=case, plan=plan(d), actor=d.coordinator, now=later)
    case = fixing.start(case=case, actor=d.handler, now=later)

    with pytest.raises(FactMissing):
        fixing.submit(case=case, actor=d.handler, now=later, note="已清理")


def test_the_same_form_sent_twice_makes_one_case(district: District) -> None:
    found = Finding(
        title="护栏缺失", place="水库大坝", unit=district.village, found_date=date(2026, 9, 14)
    )
    key = uuid4()

    first = finding.report(finding=found, actor=district.grid, now=NOW, form_key=key)
    second = finding.report(finding=found, actor=district.grid, now=NOW, form_key=key)

    assert first == second
    assert Case.objects.count() == 1
    assert Entry.objects.filter(chain__subject=first.subject).count() == 1


def test_a_stale_form_is_refused(district: District) -> None:
    case = report(district)
    finding.confirm(case=case, actor=district.coordinator, now=NOW, grade=Grade.GENERAL)

    with pytest.raises(Stale):
        checking.comment(
            case=case, actor=district.coordinator, now=NOW, note="看过", version=case.version
        )


def test_a_move_from_the_wrong_stage_leaves_no_trace(district: District) -> None:
    case = report(district)
    entries = Entry.objects.count()

    with pytest.raises(WrongStage):
        checking.close(case=case, actor=district.leader, now=NOW)

    assert Entry.objects.count() == entries


def test_a_photo_seen_on_another_case_is_flagged(district: District) -> None:
    d = district
    first = submitted(d)

    second = fixing.start(case=assigned(d), actor=d.handler, now=NOW)
    second = fixing.submit(case=second, actor=d.handler, now=NOW, note="已清理", photos=[photo()])

    flagged = second.evidence.get().reused_from
    assert flagged is not None
    assert flagged.case == first


def test_a_case_hand_keeps_to_its_post_when_the_post_changes_hands(district: District) -> None:
    d = district
    case = assigned(d)
    successor = make_officer(d.town, Power.HANDLE)

    case.refresh_from_db()

    assert case.post == d.handler_post
    assert fixing.start(case=case, actor=successor, now=NOW).stage == Stage.RECTIFYING


def test_an_act_costs_the_same_number_of_queries_however_long_the_history(
    district: District, django_assert_max_num_queries: object
) -> None:
    d = district
    case = fixing.start(case=assigned(d), actor=d.handler, now=NOW)
    for n in range(15):
        case = fixing.record_step(case=case, actor=d.handler, now=NOW, note=f"第{n}步")

    with django_assert_max_num_queries(20):  # type: ignore[operator]
        fixing.record_step(case=case, actor=d.handler, now=NOW, note="最后一步")
    assert connection.vendor in ("sqlite", "postgresql")
