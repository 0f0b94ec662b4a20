"""Four eyes when an officer stands in for another: each counts as both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bihuan.cases import queries
from bihuan.cases.actions import undoing
from bihuan.cases.actions.extensions import ask_extension
from bihuan.cases.models import AccessGrant, Case, Exclusion, Participation, UndoableAct
from bihuan.core import seals
from bihuan.core.eyes import HeldPost
from bihuan.core.hazard import Grade
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, SamePerson
from bihuan.desk import asked
from bihuan.hazards.actions import deadline_extension, rectification, reporting, verification
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs import holdings
from bihuan.orgs.actions import stand_in_offers, standing_in
from bihuan.orgs.models import StandInOffer, Tenure, Unit, User
from bihuan.orgs.refusals import LosesOwnWork
from tests.factories import NOW, TODAY, make_officer, make_post, make_tenure, make_unit
from tests.hazards.district import (
    DEADLINE,
    District,
    assigned,
    photo,
    plan,
    report,
    submitted,
)
from tests.orgs.pairs import accepted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def next_town(district: District) -> Unit:
    return make_unit(district.county, name="双河镇", kind=Unit.Kind.TOWN)


@pytest.fixture
def colleague(district: District, next_town: Unit) -> User:
    """Handles cases in the town beside it, and stands in for the handler."""
    return make_officer(next_town, Power.HANDLE, name="代理员")


def lend(holder: User, member: User, *, end: int = 3) -> Tenure:
    return accepted(
        stand_in_offers.name_stand_in(
            tenure=Tenure.objects.get(member=holder),
            member=member,
            start_date=TODAY,
            end_date=TODAY + end * DAY,
            actor=holder,
            now=NOW,
        )
    )


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def promoted(user: User, unit: Unit, *powers: Power) -> User:
    """The officer with another post, given meanwhile."""
    make_tenure(user, make_post(unit, *powers))
    return again(user)


def fixed_by(case: Case, actor: User) -> Case:
    case = rectification.start(case=case, actor=actor, now=NOW)
    return rectification.submit(case=case, actor=actor, now=NOW, note="已清理", photos=[photo()])


def test_what_a_stand_in_does_is_done_for_the_holder(district: District, colleague: User) -> None:
    case = assigned(district)
    with pytest.raises(NotAllowed):
        rectification.start(case=case, actor=again(colleague), now=NOW)
    lend(district.handler, colleague)

    case = fixed_by(case, again(colleague))

    entry = Entry.objects.get(chain__subject=case.subject, act="submit")
    assert entry.actor == colleague
    assert entry.details["unit"] == "望湖镇"
    assert entry.details["stands_in_for"] == district.handler.name
    sides = Participation.objects.filter(case=case).values_list("member", "side")
    assert set(sides) == {(colleague.pk, "fix"), (district.handler.pk, "fix")}


def test_what_officers_do_by_their_own_posts_is_done_for_nobody_else(
    district: District, colleague: User
) -> None:
    lend(district.handler, colleague)
    own = make_officer(district.town, Power.HANDLE)

    case = fixed_by(assigned(district), own)

    assert (
        "stands_in_for" not in Entry.objects.get(chain__subject=case.subject, act="submit").details
    )
    assert list(Participation.objects.values_list("member", flat=True)) == [own.pk]


def test_nobody_verifies_what_their_stand_in_did(district: District, colleague: User) -> None:
    lent = lend(district.handler, colleague)
    case = fixed_by(assigned(district), again(colleague))
    standing_in.end_stand_in(stand_in=lent, actor=district.handler, now=NOW)
    holder = promoted(district.handler, district.county, Power.VERIFY)

    with pytest.raises(SamePerson):
        verification.verify(case=case, actor=holder, now=NOW, note="属实")


def test_a_stand_in_does_not_verify_what_the_holder_did(
    district: District, colleague: User
) -> None:
    case = submitted(district)
    lend(district.handler, colleague)
    checker = promoted(colleague, district.county, Power.VERIFY)

    with pytest.raises(SamePerson):
        verification.verify(case=case, actor=checker, now=NOW, note="属实")


def test_nor_after_the_end_if_it_was_during_the_work(district: District, colleague: User) -> None:
    lend(district.handler, colleague, end=0)
    case = submitted(district)
    checker = promoted(colleague, district.county, Power.VERIFY)

    with pytest.raises((SamePerson, HeldPost)):
        verification.verify(case=case, actor=checker, now=NOW + DAY, note="属实")


def test_a_stand_in_before_the_work_does_not_count(district: District, colleague: User) -> None:
    lent = lend(district.handler, colleague)
    standing_in.end_stand_in(stand_in=lent, actor=colleague, now=NOW)
    later = NOW + 2 * DAY
    case = reporting.report(finding=_finding(district), actor=district.grid, now=later)
    case = reporting.confirm(case=case, actor=district.coordinator, now=later, grade=Grade.GENERAL)
    case = reporting.assign(case=case, plan=plan(district), actor=district.coordinator, now=later)
    case = rectification.start(case=case, actor=district.handler, now=later)
    case = rectification.submit(
        case=case, actor=district.handler, now=later, note="已清理", photos=[photo()]
    )
    checker = promoted(colleague, district.county, Power.VERIFY)

    assert verification.verify(case=case, actor=checker, now=later, note="属实").verified_by


def test_nobody_decides_what_their_stand_in_asked_for(district: District, colleague: User) -> None:
    lend(district.handler, colleague)
    case = rectification.start(case=assigned(district), actor=again(colleague), now=NOW)
    case = ask_extension(
        case=case, actor=again(colleague), now=NOW, until_date=DEADLINE + 5 * DAY, note="材料未到"
    )
    holder = promoted(district.handler, district.county, Power.APPROVE)

    with pytest.raises(SamePerson):
        deadline_extension.decide_extension(
            case=case, actor=holder, now=NOW, granted=True, note="同意"
        )


def test_a_stand_in_does_not_decide_what_the_holder_asked_for(
    district: District, colleague: User
) -> None:
    case = rectification.start(case=assigned(district), actor=district.handler, now=NOW)
    case = ask_extension(
        case=case, actor=district.handler, now=NOW, until_date=DEADLINE + 5 * DAY, note="材料未到"
    )
    lend(district.handler, colleague)
    leader = promoted(colleague, district.county, Power.APPROVE)

    with pytest.raises(SamePerson):
        deadline_extension.decide_extension(
            case=case, actor=leader, now=NOW, granted=True, note="同意"
        )


# ------------------------------------------------------------------------ bars
@pytest.mark.parametrize("whom", ["officer", "unit"])
def test_a_stand_in_inherits_the_bars_of_the_holder(
    district: District, colleague: User, next_town: Unit, whom: str
) -> None:
    case = report(district)
    Case.objects.filter(pk=case.pk).update(owner=next_town)
    bar = {"member": district.handler} if whom == "officer" else {"unit": district.town}
    since = NOW if whom == "unit" else None
    Exclusion.objects.create(case=case, cause="complained_of", added_at=NOW, since_at=since, **bar)
    assert queries.visible_to(again(colleague), NOW).filter(pk=case.pk).exists()

    lend(district.handler, colleague)

    seeing = again(colleague)
    fresh = Case.objects.with_facts().get(pk=case.pk)
    assert queries.is_shut_to(seeing, fresh, NOW)
    assert not queries.visible_to(seeing, NOW).filter(pk=case.pk).exists()
    assert case.number in queries.shut_among(seeing, [case.number], NOW)


def test_the_bars_of_the_stand_in_stay(district: District, colleague: User) -> None:
    case = assigned(district)
    Exclusion.objects.create(case=case, cause="interest", added_at=NOW, member=colleague)

    lend(district.handler, colleague)

    assert not queries.visible_to(again(colleague), NOW).filter(pk=case.pk).exists()
    assert queries.visible_to(again(district.handler), NOW).filter(pk=case.pk).exists()


def test_a_stand_in_gains_no_need_to_know(district: District, colleague: User) -> None:
    case = assigned(district)
    Case.objects.filter(pk=case.pk).update(is_confidential=True)
    AccessGrant.objects.create(case=case, post=district.handler_post, added_at=NOW)

    lend(district.handler, colleague)

    assert queries.visible_to(again(district.handler), NOW).filter(pk=case.pk).exists()
    assert not queries.visible_to(again(colleague), NOW).filter(pk=case.pk).exists()


def test_a_stand_in_opens_no_seal_of_the_unit(district: District, colleague: User) -> None:
    path = district.town.path
    lend(district.handler, colleague)

    assert seals.may_open(queries.person(district.handler, NOW), path)
    assert not seals.may_open(queries.person(again(colleague), NOW), path)


def test_who_no_longer_stands_in_undoes_nothing(district: District, colleague: User) -> None:
    """Not even with another way of seeing the case, and the same power elsewhere."""
    case = assigned(district)
    lent = lend(district.handler, colleague)
    case = rectification.start(case=case, actor=again(colleague), now=NOW)
    seq = UndoableAct.objects.filter(case=case).latest("seq").seq
    standing_in.end_stand_in(stand_in=lent, actor=district.handler, now=NOW)

    with pytest.raises(NotAllowed):
        undoing.undo(case=case, seq=seq, actor=again(colleague), now=NOW)

    assert Case.objects.get(pk=case.pk).stage == "rectifying"


def test_a_stand_in_undoes_an_act_of_these_days(district: District, colleague: User) -> None:
    case = assigned(district)
    lend(district.handler, colleague)
    case = rectification.start(case=case, actor=again(colleague), now=NOW)
    seq = UndoableAct.objects.filter(case=case).latest("seq").seq

    assert undoing.undo(case=case, seq=seq, actor=again(colleague), now=NOW).stage == "assigned"


def _asked(holder: User, member: User) -> StandInOffer:
    return stand_in_offers.name_stand_in(
        tenure=Tenure.objects.get(member=holder), member=member, start_date=TODAY,
        end_date=TODAY, actor=holder, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("how", ["needs to know", "has it"])
def test_whoever_is_complained_of_shuts_no_investigator_out(
    district: District, colleague: User, next_town: Unit, how: str
) -> None:
    """The case stays with the investigator, and the holder does not learn why."""
    own = Tenure.objects.get(member=colleague).post
    case = report(district)
    Exclusion.objects.create(
        case=case, cause="complained_of", added_at=NOW, member=district.handler
    )
    if how == "has it":
        Case.objects.filter(pk=case.pk).update(owner=next_town, post=own)
    else:
        Case.objects.filter(pk=case.pk).update(is_confidential=True)
        AccessGrant.objects.create(case=case, post=own, added_at=NOW)
    offer = _asked(district.handler, colleague)
    fresh = Case.objects.with_facts().get(pk=case.pk)
    assert queries.may_see(again(colleague), fresh, NOW)

    with pytest.raises(LosesOwnWork) as refused:
        stand_in_offers.accept_stand_in(offer=offer, actor=again(colleague), now=NOW)

    assert refused.value.numbers == (case.number,)
    assert queries.may_see(again(colleague), fresh, NOW)
    stand_in_offers.decline_stand_in(offer=offer, actor=again(colleague), now=NOW)
    told = Notice.objects.filter(member=district.handler, what__startswith="stand_in").get()
    assert case.number not in str(told.detail)


def test_a_bar_that_comes_later_is_told_to_the_stand_in_on_today(
    district: District, colleague: User, next_town: Unit
) -> None:
    own = Tenure.objects.get(member=colleague).post
    lent = lend(district.handler, colleague)
    assert not _titles(colleague)
    for bars in ([district.handler], [district.handler, colleague]):
        case = report(district, title=f"燃气泄漏 {len(bars)}")
        Case.objects.filter(pk=case.pk).update(owner=next_town, post=own)
        for member in bars:
            Exclusion.objects.create(case=case, cause="interest", added_at=NOW, member=member)

    assert _titles(colleague) == ["您岗位上的 1 件事项"]
    standing_in.end_stand_in(stand_in=lent, actor=colleague, now=NOW)
    assert not _titles(colleague)


def _titles(user: User) -> list[str]:
    sections = list(asked.sections(again(user), NOW))
    return [item.title for section in sections[1:] for item in section.items]


def test_the_question_names_no_case_that_others_work_on(
    district: District, colleague: User, next_town: Unit, client: Client
) -> None:
    """Whoever is complained of would learn of it from any colleague who is asked."""
    case = report(district)
    Case.objects.filter(pk=case.pk).update(owner=next_town)
    Exclusion.objects.create(case=case, cause="interest", added_at=NOW, member=district.handler)
    assert queries.may_see(again(colleague), Case.objects.with_facts().get(pk=case.pk), NOW)

    lost = holdings.lost_by(colleague, Tenure.objects.get(member=district.handler), NOW)
    offer = _asked(district.handler, colleague)
    client.force_login(again(colleague))
    page = client.get(f"/desk/account/stand-ins/asked/{offer.pk}/").content.decode()

    assert not lost
    assert case.number not in page
    assert accepted(offer)


def test_a_bar_on_the_unit_is_shown_as_a_permanent_one(
    district: District, colleague: User, next_town: Unit
) -> None:
    own = Tenure.objects.get(member=colleague).post
    lent = lend(district.handler, colleague)
    case = report(district)
    Case.objects.filter(pk=case.pk).update(owner=next_town, post=own)
    Exclusion.objects.create(
        case=case, cause="complained_of", added_at=NOW, since_at=NOW, unit=district.town
    )

    sections = list(asked.sections(again(colleague), NOW))
    notes = [item.note for section in sections[1:] for item in section.items]
    assert notes == ["您代理过 望湖镇 的岗位，今后也看不到"]
    standing_in.end_stand_in(stand_in=lent, actor=colleague, now=NOW)
    later = NOW + timedelta(days=30)
    assert not queries.may_see(again(colleague), Case.objects.with_facts().get(pk=case.pk), later)


def _finding(d: District) -> reporting.Finding:
    return reporting.Finding(
        title="三楼疏散通道堆放杂物", place="文化中心", unit=d.village, found_date=TODAY + 2 * DAY
    )
