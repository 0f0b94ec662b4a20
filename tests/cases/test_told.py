"""Who is told of new work: whom the table says, never someone barred, never the actor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.utils import translation

from bihuan.cases import kinds
from bihuan.cases.actions import comments, extensions, handover
from bihuan.cases.models import Case, Exclusion
from bihuan.cases.notices_wording import notice
from bihuan.core.hazard import Grade
from bihuan.core.powers import Power
from bihuan.hazards.actions import reporting, verification
from bihuan.notices.actions import take_back
from bihuan.notices.models import Notice
from bihuan.orgs.models import Post, Tenure, User
from tests.factories import NOW, TODAY, make_officer, make_unit
from tests.hazards.district import DAY, District, assigned, make_district, plan, report, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def d() -> District:
    return make_district()


def confirmed(d: District) -> Case:
    case = report(d)
    return reporting.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)


def told(what: str) -> dict[User, str]:
    """Return who was told of this act, and as whom."""
    rows = Notice.objects.filter(what=what).select_related("member")
    return {row.member: row.detail["to"] for row in rows}


def test_a_new_report_is_told_to_those_who_confirm_it(d: District) -> None:
    report(d)

    assert told("report") == {d.coordinator: "next"}


def test_the_author_is_told_what_became_of_the_report(d: District) -> None:
    case = confirmed(d)

    assert told("confirm") == {case.reported_by: "author"}


def test_a_comment_on_a_case_without_a_post_is_told_to_the_coordinators_of_its_unit(
    d: District,
) -> None:
    office = make_officer(d.town, Power.COORDINATE)
    case = assigned(d)
    Case.objects.filter(pk=case.pk).update(post=None)

    comments.comment(case=case, actor=d.leader, now=NOW, note="请尽快交办。")

    assert told("comment")[office] == "post"


def test_an_assignment_is_told_to_the_holders_of_the_post(d: District) -> None:
    assigned(d)

    assert told("assign") == {d.handler: "post"}


def test_an_assignment_to_a_vacant_post_is_told_to_those_who_coordinate_there(
    d: District,
) -> None:
    vacant = Post.objects.create(unit=d.town, title="无人岗", powers=[Power.HANDLE])
    head = make_officer(d.town, Power.COORDINATE)

    reporting.assign(case=confirmed(d), plan=plan(d, post=vacant), actor=d.coordinator, now=NOW)

    assert told("assign") == {head: "post"}


def test_the_former_post_is_told_when_the_work_is_given_to_another(d: District) -> None:
    other = make_officer(d.town, Power.HANDLE)
    post = Post.objects.get(tenures__member=other)
    case = assigned(d)

    reporting.assign(case=case, plan=plan(d, post=post), actor=d.coordinator, now=NOW + DAY)

    assert told("assign")[other] == "post"
    last = Notice.objects.filter(member=d.handler, what="assign").latest("pk")
    assert last.detail["to"] == "left"


def test_a_submission_is_told_to_the_nearest_who_may_verify_it(d: District) -> None:
    submitted(d)

    assert told("submit") == {d.verifier: "next"}


def test_stand_ins_are_told_like_the_holders(d: District) -> None:
    stand_ins = {
        holder: make_officer(make_unit(d.county), power)
        for holder, power in ((d.handler, Power.HANDLE), (d.verifier, Power.VERIFY))
    }
    for holder, stand_in in stand_ins.items():
        held = Tenure.objects.get(member=holder)
        Tenure.with_stand_ins.create(
            post=held.post, member=stand_in, start_date=TODAY, end_date=TODAY, holder_tenure=held
        )

    submitted(d)

    assert told("assign").keys() == {d.handler, stand_ins[d.handler]}
    assert told("submit").keys() >= {d.verifier, stand_ins[d.verifier]}


def test_a_returned_fix_is_told_to_those_who_made_it(d: District) -> None:
    verification.return_(case=submitted(d), actor=d.verifier, now=NOW, note="未清理")

    assert told("return") == {d.handler: "post"}


def test_a_verified_fix_is_told_to_those_who_close_it_and_made_it(d: District) -> None:
    verification.verify(case=submitted(d), actor=d.verifier, now=NOW, note="现场查看属实")

    assert told("verify")[d.handler] == "workers"
    assert "next" in told("verify").values()


def test_a_request_is_told_to_those_who_decide_and_the_decision_to_who_asked(
    d: District,
) -> None:
    case = assigned(d)
    extensions.ask_extension(
        case=case, actor=d.handler, now=NOW, until_date=TODAY + timedelta(days=90), note="等件"
    )
    handover.contest(case=assigned(d), actor=d.handler, now=NOW, note="不归我村")

    assert told("ask_extension") == {d.leader: "next"}
    assert set(told("contest").values()) == {"next"}


def test_a_comment_is_told_to_the_post_and_the_author_but_not_to_its_writer(d: District) -> None:
    case = assigned(d)
    assert case.reported_by is not None

    comments.comment(case=case, actor=d.coordinator, now=NOW, note="请抓紧")
    comments.comment(case=case, actor=d.handler, now=NOW + DAY, note="明天完成")

    rows = Notice.objects.filter(what="comment").order_by("pk").values_list("member", "detail__to")
    assert list(rows) == [
        (d.handler.pk, "post"),
        (case.reported_by.pk, "author"),
        (case.reported_by.pk, "author"),
    ]


def test_nobody_who_is_barred_from_the_case_is_told(d: District) -> None:
    case = confirmed(d)
    other = make_officer(d.town, Power.HANDLE)
    Exclusion.objects.create(
        case=case, member=case.reported_by, cause=Exclusion.Cause.INTEREST, added_at=NOW
    )
    Notice.objects.all().delete()

    case = reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)
    comments.comment(case=case, actor=d.coordinator, now=NOW, note="请抓紧")

    assert case.reported_by not in told("comment")
    assert other not in told("assign")


def test_an_account_that_was_closed_is_told_nothing(d: District) -> None:
    User.objects.filter(pk=d.handler.pk).update(is_active=False)

    assigned(d)

    assert d.handler not in told("assign")


def test_what_an_undone_act_told_is_taken_back(d: District) -> None:
    case, later = confirmed(d), NOW + DAY
    reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=later)
    Notice.objects.filter(what="assign").update(read_at=later)

    knew = take_back(case.number, told_at=later)

    assert knew == [d.handler]
    assert told("assign") == {}
    assert told("confirm") == {case.reported_by: "author"}


def moves() -> Iterable[tuple[str, str, str]]:
    for kind in kinds.every():
        for row in kind.lifecycle.transitions:
            if row.then:
                yield kind.name, row.move, "next"
            for each in row.tells:
                yield kind.name, row.move, each.value


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_notice_of_a_move_is_a_sentence(language: str) -> None:
    with translation.override(language):
        for kind, move, to in moves():
            detail = {"kind": kind, "to": to, "unit": "双河镇", "title": "x"}
            said = notice(Notice(what=move, detail=detail))
            assert said
            assert "%(" not in said


def test_the_move_that_follows_is_one_of_the_table() -> None:
    for kind in kinds.every():
        for row in kind.lifecycle.transitions:
            if row.then:
                after = row.target or min(row.sources)
                assert after in kind.lifecycle.transition(row.then).sources, (kind.name, row.move)
