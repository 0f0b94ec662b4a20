"""A unit that closes leaves no open work behind, and is given none from then on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from bihuan.cases.actions import handover
from bihuan.cases.models import AccessGrant, Assist, Case, Exclusion, Participation
from bihuan.core.hazard import Grade, RejectReason, Stage
from bihuan.core.powers import Power
from bihuan.core.refusal import SameUnit
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.hazards.models import Control
from bihuan.journal import queries as journal
from bihuan.orgs.actions import posts, units
from bihuan.orgs.models import Post, Unit, User
from bihuan.orgs.refusals import (
    NobodyMayTake,
    NoSuccessor,
    OpenWork,
    PostEnded,
    UnitClosed,
)
from bihuan.orgs.wording import explain
from bihuan.receipts.accounts import Intake
from tests.at_once import at_once
from tests.cases.closing import DAY, acts, at_county, close, leave_all
from tests.conftest import CountQueries
from tests.factories import NOW, TODAY, make_officer, make_post, make_unit
from tests.hazards.district import (
    District,
    account_of,
    assigned,
    closed,
    make_district,
    plan,
    report,
    submitted,
)

pytestmark = pytest.mark.django_db


# --------------------------------------------------------------------- closing
def test_a_unit_with_open_work_is_not_closed_without_a_successor(d: District, admin: User) -> None:
    assigned(d)

    with pytest.raises(OpenWork) as refused:
        close(d.town, admin)

    assert "1" in explain(refused.value)
    assert Unit.objects.get(pk=d.town.pk).end_date is None


def test_its_open_work_goes_to_the_successor_in_the_same_act(
    d: District, admin: User, next_town: Unit
) -> None:
    case, done = assigned(d), closed(d)

    town = close(d.town, admin, next_town)

    case.refresh_from_db()
    done.refresh_from_db()
    assert town.successor == next_town
    assert (case.owner, case.post) == (next_town, Post.objects.get(unit=next_town))
    assert case.stage == Stage.ASSIGNED
    assert done.owner == d.town
    assert acts(case)[-1] == "pass_on"
    entry = journal.timeline(case.subject).last()
    assert entry is not None
    assert entry.actor == admin
    assert entry.details["owner"] == "双河镇"
    assert entry.note == "乡镇合并"


def test_where_it_was_found_moves_along(d: District, admin: User, next_town: Unit) -> None:
    case = report(d)

    close(d.village, admin, d.town)

    case.refresh_from_db()
    assert (case.owner, case.origin) == (d.town, d.town)
    reporting.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)


def test_whom_a_deadline_binds_moves_along(d: District, admin: User, next_town: Unit) -> None:
    case = assigned(d)
    Case.objects.filter(pk=case.pk).update(owner=d.county, post=None, bound=d.town)

    close(d.town, admin, next_town)

    case.refresh_from_db()
    assert (case.owner, case.bound) == (d.county, next_town)


def test_helping_disputing_and_controls_move_along(
    d: District, admin: User, next_town: Unit
) -> None:
    case = assigned(d)
    helper = make_unit(d.county, name="消防站")
    helping = make_officer(helper, Power.HANDLE)
    handover.add_assist(case=case, actor=d.coordinator, now=NOW, unit=helper, note="帮忙")
    rectification.add_control(
        case=case, actor=d.handler, now=NOW, what="拉警戒线", expiry_date=TODAY + DAY,
        post=Post.objects.get(tenures__member=helping),
    )  # fmt: skip

    close(helper, admin, next_town)

    assert Assist.objects.get(case=case, ended_at=None).unit == next_town
    assert Control.objects.get().post == d.handler_post
    assert acts(case)[-1] == "move_control"


def test_one_that_helps_already_or_answers_for_it_does_not_help_twice(
    d: District, admin: User
) -> None:
    case = assigned(d)
    helper = make_unit(d.county, name="消防站")
    handover.add_assist(case=case, actor=d.coordinator, now=NOW, unit=helper, note="帮忙")

    close(helper, admin, d.town)

    assert not Assist.objects.filter(case=case, ended_at=None).exists()


def test_the_successor_does_not_check_what_the_closed_unit_fixed(
    d: District, admin: User, next_town: Unit
) -> None:
    case = submitted(d)
    theirs = make_officer(next_town, Power.VERIFY)

    close(d.town, admin, next_town)

    case.refresh_from_db()
    assert Participation.objects.get(case=case).unit == next_town
    with pytest.raises(SameUnit):
        verification.verify(case=case, actor=theirs, now=NOW, note="属实")
    verification.verify(case=case, actor=d.verifier, now=NOW, note="属实")


@pytest.mark.parametrize("who", ["closed", "itself"])
def test_only_an_open_unit_elsewhere_takes_over(
    d: District, admin: User, next_town: Unit, who: str
) -> None:
    close(d.village, admin, d.town)
    successor = close(next_town, admin) if who == "closed" else d.town

    with pytest.raises(NoSuccessor):
        close(d.town, admin, successor)


# -------------------------------------------------------------------- conflicts
def test_a_case_that_shuts_the_successor_out_goes_to_the_unit_above(
    d: District, admin: User, next_town: Unit
) -> None:
    case = assigned(d)
    Exclusion.objects.create(
        case=case, unit=next_town, cause=Exclusion.Cause.COMPLAINED_OF, since_at=NOW, added_at=NOW
    )

    close(d.town, admin, next_town)

    case.refresh_from_db()
    assert (case.owner, case.post) == (d.county, None)


def test_the_whole_act_is_refused_where_nobody_may_take_a_case(
    d: District, admin: User, next_town: Unit
) -> None:
    case, other = assigned(d), report(d)
    for unit in (next_town, d.county):
        Exclusion.objects.create(
            case=case, unit=unit, cause=Exclusion.Cause.INTEREST, since_at=NOW, added_at=NOW
        )

    with pytest.raises(NobodyMayTake):
        close(d.town, admin, next_town)

    case.refresh_from_db()
    assert case.owner == d.town
    assert acts(other)[-1] != "pass_on" or other.owner != next_town


def test_a_successor_is_shut_out_of_what_the_closed_unit_was_shut_out_of(
    d: District, admin: User, next_town: Unit
) -> None:
    about, theirs = at_county(d), at_county(d)
    for case in (about, theirs):
        Exclusion.objects.create(
            case=case, unit=d.town, cause=Exclusion.Cause.COMPLAINED_OF, since_at=NOW, added_at=NOW
        )
    Case.objects.filter(pk=theirs.pk).update(owner=next_town)

    close(d.town, admin, next_town)

    theirs.refresh_from_db()
    assert set(Exclusion.objects.filter(case=about).values_list("unit", flat=True)) == {
        d.town.pk, next_town.pk,
    }  # fmt: skip
    assert theirs.owner == d.county


def test_a_confidential_case_goes_to_where_somebody_can_take_it_up(
    d: District, admin: User
) -> None:
    case = assigned(d)
    Case.objects.filter(pk=case.pk).update(is_confidential=True)
    empty = make_unit(d.county, name="空镇", kind=Unit.Kind.TOWN)

    close(d.town, admin, empty)

    case.refresh_from_db()
    assert case.owner == d.county
    known = AccessGrant.objects.filter(case=case).values_list("post__tenures__member", flat=True)
    assert {d.coordinator.pk, d.leader.pk} <= set(known)


# ----------------------------------------------------------- nothing from then on
Act = Callable[[District, Unit], object]


def _assign(d: District, gone: Unit) -> object:
    case = reporting.confirm(case=report(d), actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    post = Post.objects.get(unit=gone)
    return reporting.assign(
        case=case, plan=plan(d, unit=gone, post=post), actor=d.coordinator, now=NOW
    )


GIVES: dict[str, Act] = {
    "reported there": lambda d, gone: reporting.report(
        finding=reporting.Finding("有坑", "路口", gone, TODAY), actor=d.reporter(), now=NOW
    ),
    "reported by the public": lambda d, gone: reporting.receive(
        Intake(account=account_of(gone), form_key="k", now=NOW)
    ),
    "assigned": _assign,
    "helping": lambda d, gone: handover.add_assist(
        case=assigned(d), actor=d.coordinator, now=NOW, unit=gone, note="帮忙"
    ),
    "a part": lambda d, gone: reporting.add_child(
        case=assigned(d), actor=d.coordinator, now=NOW, unit=gone, title="一部分"
    ),
}


@pytest.mark.parametrize("how", GIVES)
def test_every_way_to_give_it_work_is_refused_in_words(
    d: District, admin: User, next_town: Unit, how: str
) -> None:
    gone = make_unit(d.county, name="旧林场")
    make_post(gone, Power.HANDLE)
    close(gone, admin, next_town)
    gone.refresh_from_db()

    with pytest.raises(UnitClosed) as refused:
        GIVES[how](d, gone)

    assert "旧林场" in explain(refused.value)
    assert "双河镇" in explain(refused.value)


def test_a_post_that_ended_is_given_nothing(d: District, admin: User) -> None:
    case = reporting.confirm(case=report(d), actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    posts.end_post(post=d.handler_post, end_date=TODAY, actor=admin, now=NOW, reason="撤销")

    with pytest.raises(PostEnded):
        reporting.assign(
            case=case, plan=plan(d, post=Post.objects.get(pk=d.handler_post.pk)),
            actor=d.coordinator, now=NOW,
        )  # fmt: skip


def test_what_is_opened_again_goes_to_whoever_took_over(
    d: District, admin: User, next_town: Unit
) -> None:
    done = closed(d)
    close(d.town, admin, next_town)

    reporting.reopen(case=done, actor=d.coordinator, now=NOW, note="又堆放")

    done.refresh_from_db()
    assert done.owner == next_town


def test_what_comes_back_goes_to_whoever_took_over(
    d: District, admin: User, next_town: Unit
) -> None:
    live, second = at_county(d), report(d)
    for case, of in ((second, live), (live, None)):
        if case == live:
            close(d.village, admin, d.town)
        reason = RejectReason.DUPLICATE if of else RejectReason.NOT_A_HAZARD
        reporting.reject(
            case=case, actor=d.coordinator, now=NOW, reason=reason, note="x", duplicate_of=of
        )

    second.refresh_from_db()
    assert (second.stage, second.owner, second.origin) == (Stage.REPORTED, d.town, d.town)


@pytest.mark.postgres
def test_the_database_lets_no_open_case_into_a_closed_unit(
    d: District, admin: User, next_town: Unit
) -> None:
    case, done = assigned(d), closed(d)
    gone = close(make_unit(d.county), admin, next_town)

    with pytest.raises(IntegrityError, match="no_open_case_in_a_closed_unit"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(owner=gone)
    with pytest.raises(IntegrityError, match="no_open_case_in_a_closed_unit"), transaction.atomic():
        Unit.objects.filter(pk=d.town.pk).update(end_date=TODAY)
    with pytest.raises(IntegrityError, match="no_open_case_in_a_closed_unit"), transaction.atomic():
        Case.objects.create(
            number="YH-2026-900000", kind="hazard", stage="reported", title="x", owner=gone,
            origin=gone, channel="desk", reported_at=NOW, round_at=NOW,
        )  # fmt: skip
    Case.objects.filter(pk=done.pk).update(owner=gone)


def test_the_cost_does_not_follow_the_archive(
    d: District, admin: User, next_town: Unit, count_queries: CountQueries
) -> None:
    def cost(of: int) -> int:
        unit = make_unit(d.county)
        for _ in range(of):
            case = at_county(d)
            Case.objects.filter(pk=case.pk).update(owner=unit)
        with count_queries() as queries:
            close(unit, admin, next_town)
        return len(queries)

    few, many = cost(2), cost(8)

    assert many <= few


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_is_given_while_the_unit_closes_is_refused_or_passed_on() -> None:
    for _ in range(6):
        d = make_district()
        admin = make_officer(d.county, Power.ADMINISTER)
        other = make_unit(d.county, kind=Unit.Kind.TOWN)
        case = reporting.confirm(case=report(d), actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
        close(d.village, admin, d.county)
        leave_all(d.town)

        def give(d: District = d, case: Case = case) -> object:
            return reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)

        def end(d: District = d, admin: User = admin, other: Unit = other) -> object:
            return units.close_unit(
                unit=d.town, end_date=TODAY, reason="合并", actor=admin, now=NOW, successor=other
            )

        answers = at_once(give, end)

        case.refresh_from_db()
        assert isinstance(answers[1], Unit)
        assert isinstance(answers[0], Case | UnitClosed | IntegrityError), answers
        assert case.owner.end_date is None
