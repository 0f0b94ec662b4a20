"""The person who fixed a hazard never checks or closes it, and evidence is what counts."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bihuan.cases import queries
from bihuan.cases.actions.extensions import ask_extension
from bihuan.cases.models import Case, Participation
from bihuan.core.hazard import Grade, Stage
from bihuan.core.lifecycle import FactMissing, SharedFact
from bihuan.core.powers import Power
from bihuan.core.refusal import (
    NamedInLedger,
    SamePerson,
    SameUnit,
)
from bihuan.hazards.actions import deadline_extension, rectification, reporting, verification
from bihuan.journal.models import Entry
from bihuan.orgs.models import Post, Tenure
from tests.factories import NOW, make_officer, make_post, make_tenure
from tests.hazards.district import (
    DAY,
    DEADLINE,
    District,
    assigned,
    photo,
    plan,
    report,
    running,
    submitted,
)

pytestmark = pytest.mark.django_db


def test_five_people_bring_a_hazard_from_the_report_to_the_verified_closure(
    district: District,
) -> None:
    d = district

    case = report(d)
    assert (case.number, case.stage, running(case)) == ("YH-2026-000001", "reported", ["LOC-1"])
    case = reporting.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    assert (case.stage, running(case)) == ("confirmed", ["LOC-2"])
    case = reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)
    assert (case.stage, case.owner, running(case)) == ("assigned", d.town, ["HAZ-5"])
    case = rectification.start(case=case, actor=d.handler, now=NOW)
    case = rectification.submit(
        case=case, actor=d.handler, now=NOW, note="已清理", photos=[photo()]
    )
    assert (case.stage, running(case)) == ("submitted", ["LOC-3"])
    case = verification.verify(case=case, actor=d.verifier, now=NOW, note="现场查看属实")
    assert (case.stage, running(case)) == ("verified", ["LOC-8"])
    case = verification.close(case=case, actor=d.leader, now=NOW)
    assert (case.stage, case.ended_at, running(case)) == ("closed", NOW, ["LOC-4"])
    case = verification.recheck(case=case, actor=d.verifier, now=NOW + 30 * DAY, note="未反弹")
    assert (case.stage, running(case)) == ("rechecked", [])

    acts = Entry.objects.filter(chain__subject=case.subject).order_by("seq")
    assert [entry.act for entry in acts] == [
        "report", "confirm", "assign", "start", "submit", "verify", "close", "recheck",
    ]  # fmt: skip
    assert {entry.actor_id for entry in acts} == {
        d.grid.pk,
        d.coordinator.pk,
        d.handler.pk,
        d.verifier.pk,
        d.leader.pk,
    }


def test_nobody_verifies_their_own_fix(district: District) -> None:
    d = district
    case = submitted(d)
    make_two_jobs = make_officer(d.county, Power.VERIFY)
    Participation.objects.filter(case=case).update(member=make_two_jobs)

    with pytest.raises(SamePerson):
        verification.verify(case=case, actor=make_two_jobs, now=NOW, note="很好")

    case.refresh_from_db()
    assert case.stage == Stage.SUBMITTED


def test_no_colleague_in_the_unit_that_fixed_it_verifies(district: District) -> None:
    colleague = make_officer(district.town, Power.VERIFY)

    with pytest.raises(SameUnit):
        verification.verify(case=submitted(district), actor=colleague, now=NOW, note="很好")


def test_who_began_it_for_one_unit_and_handed_it_in_for_another_fixed_it_for_both(
    district: District,
) -> None:
    d = district
    post = make_post(d.village, Power.HANDLE)
    begun = assigned(d, unit=d.village, post=post)
    both = make_officer(d.village, Power.HANDLE)
    make_tenure(both, make_post(d.town, Power.HANDLE))
    case = rectification.start(case=begun, actor=both, now=NOW)
    case = reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)
    case = rectification.start(case=case, actor=both, now=NOW)
    case = rectification.submit(case=case, actor=both, now=NOW, note="已清理", photos=[photo()])
    assert case.resolved_unit == d.town
    colleague = make_officer(d.town, Power.VERIFY)

    with pytest.raises(SameUnit):
        verification.verify(case=case, actor=colleague, now=NOW, note="很好")
    assert verification.verify(case=case, actor=d.verifier, now=NOW, note="属实").verified_by


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
        Participation.objects.create(
            case=case, member=district.handler, unit=district.town, side=Participation.Side.CHECK
        )


def test_the_database_refuses_a_closed_case_that_nobody_verified(district: District) -> None:
    case = submitted(district)

    with pytest.raises(IntegrityError, match="closed_is_always_verified"):
        Case.objects.filter(pk=case.pk).update(stage="closed", ended_at=NOW)


def test_a_fix_is_not_handed_in_without_evidence(district: District) -> None:
    case = rectification.start(case=assigned(district), actor=district.handler, now=NOW)

    with pytest.raises(FactMissing) as refused:
        rectification.submit(case=case, actor=district.handler, now=NOW, note="已清理")

    assert refused.value.fact is SharedFact.AFTER_EVIDENCE


def test_a_returned_fix_keeps_its_deadline(district: District) -> None:
    d = district
    case = verification.return_(case=submitted(d), actor=d.verifier, now=NOW, note="标识缺失")

    assert case.stage == Stage.RECTIFYING
    assert running(case) == ["HAZ-5"]
    assert case.due_at is not None
    assert case.due_at.date() == DEADLINE
    again = rectification.submit(
        case=case, actor=d.handler, now=NOW, note="补齐", photos=[photo(20)]
    )
    assert again.stage == Stage.SUBMITTED


def test_a_returned_fix_is_nobodys_until_it_is_handed_in_again(district: District) -> None:
    d = district
    other = make_officer(d.town, Power.HANDLE)
    case = submitted(d)
    assert (case.resolved_by, case.resolved_unit) == (d.handler, d.town)

    case = verification.return_(case=case, actor=d.verifier, now=NOW, note="标识缺失")
    case.refresh_from_db()
    assert (case.resolved_by, case.resolved_unit) == (None, None)
    assert case.hazard.submitted_at is None

    case = rectification.submit(case=case, actor=other, now=NOW, note="补齐", photos=[photo(20)])
    case.refresh_from_db()
    assert (case.resolved_by, case.resolved_unit) == (other, d.town)


def test_nobody_grants_their_own_extension(district: District) -> None:
    d = district
    both = make_officer(d.county, Power.HANDLE, Power.APPROVE)
    case = ask_extension(
        case=assigned(d), actor=both, now=NOW, until_date=date(2026, 10, 20), note="材料"
    )

    with pytest.raises(SamePerson):
        deadline_extension.decide_extension(
            case=case, actor=both, now=NOW, granted=True, note="同意"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        case.extensions.update(granted=True, decided_by=both)


def test_after_a_rebound_old_evidence_does_not_count(district: District) -> None:
    d = district
    later = NOW + DAY
    case = verification.close(
        case=verification.verify(case=submitted(d), actor=d.verifier, now=NOW, note="属实"),
        actor=d.leader,
        now=NOW,
    )
    case = reporting.reopen(case=case, actor=d.verifier, now=later, note="又堆上了")
    case = reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=later)
    case = rectification.start(case=case, actor=d.handler, now=later)

    with pytest.raises(FactMissing):
        rectification.submit(case=case, actor=d.handler, now=later, note="已清理")


def test_a_photo_seen_on_another_case_is_flagged(district: District) -> None:
    d = district
    first = submitted(d)

    second = rectification.start(case=assigned(d), actor=d.handler, now=NOW)
    second = rectification.submit(
        case=second, actor=d.handler, now=NOW, note="已清理", photos=[photo()]
    )

    flagged = second.evidence.get().reused_from
    assert flagged is not None
    assert flagged.case == first


def imported(d: District, names: str, *, post: Post | None = None) -> Case:
    """Work that an imported ledger says was done, by officers without an account here."""
    case = submitted(d)
    Participation.objects.filter(case=case).delete()
    Case.objects.filter(pk=case.pk).update(
        channel="import", resolved_by=None, resolved_unit=None, resolver_name=names, post=post
    )
    return case


@pytest.mark.parametrize("written", ["白若兰", "白 若兰", "何静、白若兰", "白若兰主任"])
def test_an_officer_whom_the_ledger_names_does_not_verify(district: District, written: str) -> None:
    officer = make_officer(district.county, Power.VERIFY, name="白若兰")
    case = imported(district, written)

    with pytest.raises(NamedInLedger):
        verification.verify(case=case, actor=officer, now=NOW, note="现场查看属实")

    case.refresh_from_db()
    assert (case.stage, case.verified_by) == ("submitted", None)
    verification.verify(case=case, actor=district.verifier, now=NOW, note="现场查看属实")


def test_another_officer_of_that_name_verifies_where_the_post_says_who_is_meant(
    district: District,
) -> None:
    meant = make_officer(district.town, Power.HANDLE, Power.VERIFY, name="白若兰")
    namesake = make_officer(district.county, Power.VERIFY, name="白若兰")
    case = imported(district, "白若兰", post=Post.objects.get(tenures__member=meant))

    with pytest.raises(NamedInLedger):
        verification.verify(case=case, actor=meant, now=NOW, note="现场查看属实")
    case = verification.verify(case=case, actor=namesake, now=NOW, note="现场查看属实")

    assert case.verified_by == namesake


def test_of_two_officers_of_that_name_in_the_unit_neither_verifies(district: District) -> None:
    """Which of them the import found may be chance: there is nothing in the ledger to tell."""
    two = [make_officer(district.town, *Power, name="白若兰") for _ in range(2)]

    for found in two:
        case = imported(district, "白若兰", post=Post.objects.get(tenures__member=found))
        for officer in two:
            with pytest.raises(NamedInLedger):
                verification.verify(case=case, actor=officer, now=NOW, note="现场查看属实")


def test_of_two_officers_of_that_name_who_held_the_post_neither_verifies(
    district: District,
) -> None:
    two = [make_officer(district.town, *Power, name="白若兰") for _ in range(2)]
    post = Post.objects.get(tenures__member=two[0])
    Tenure.objects.filter(member=two[0]).update(end_date=date(2026, 1, 1))
    Tenure.objects.filter(member=two[1]).update(post=post, start_date=date(2026, 1, 2))
    make_officer(district.county, Power.VERIFY, name="白若兰")
    case = imported(district, "白若兰", post=post)
    case.refresh_from_db()

    assert queries.situation(case).named == {"白若兰": None}


def test_once_an_account_handed_the_fix_in_the_name_of_the_ledger_says_no_more_who_did_it(
    district: District,
) -> None:
    officer = make_officer(district.county, Power.VERIFY, name="白若兰")
    case = submitted(district)
    Case.objects.filter(pk=case.pk).update(resolver_name="白若兰")

    case = verification.verify(case=case, actor=officer, now=NOW, note="现场查看属实")

    assert case.verified_by == officer


def test_the_page_says_why_the_named_officer_may_not_verify(
    district: District, client: Client
) -> None:
    officer = make_officer(district.county, Power.VERIFY, name="白若兰")
    case = imported(district, "白若兰")
    client.force_login(officer)

    response = client.get(reverse("desk:move", args=[case.number, "verify"]))

    assert response.status_code == 403
    assert "同名" in response.content.decode()
