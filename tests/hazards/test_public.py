"""A hazard that somebody of the public reports: taken in once, answered in time, published."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.cases.actions.undoing import settle
from bihuan.cases.models import REPORTER, AccessGrant, Case
from bihuan.core.discretion import LeadsToPerson
from bihuan.core.hazard import Grade, RejectReason, Stage
from bihuan.core.lifecycle import FactMissing, SharedFact
from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, OwnAnswer
from bihuan.core.undoing import WITHIN
from bihuan.hazards import kind
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.journal import queries as journal
from bihuan.orgs import access
from bihuan.orgs.models import Post
from bihuan.receipts import codes
from bihuan.receipts.accounts import Account, Identity, Intake, IntakeResult
from bihuan.receipts.actions import public, publications
from bihuan.receipts.actions.publications import KeptConfidential, Shown
from bihuan.receipts.models import Message, Publication, TrackingCode
from bihuan.receipts.wording.letters import letter_words
from tests.factories import NOW, make_photo, make_post, make_tenure
from tests.hazards.district import District, closed, plan, running

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def account(d: District, **changes: object) -> Account:
    found = {"title": "配电箱外露", "unit": d.village, "place": "石桥村小学门口", **changes}
    return Account(**found)  # type: ignore[arg-type]


def taken(d: District, form_key: str = "form-1", **changes: object) -> IntakeResult:
    return reporting.receive(Intake(account=account(d, **changes), form_key=form_key, now=NOW))


def confirmed(d: District) -> Case:
    case = taken(d).case
    return reporting.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)


def verified(d: District) -> Case:
    case = reporting.assign(case=confirmed(d), plan=plan(d), actor=d.coordinator, now=NOW)
    case = rectification.start(case=case, actor=d.handler, now=NOW)
    case = rectification.submit(
        case=case, actor=d.handler, now=NOW, note="已加锁", photos=[make_photo()]
    )
    return verification.verify(case=case, actor=d.verifier, now=NOW, note="属实")


def letters(case: Case) -> list[str]:
    found = Message.objects.filter(case=case).order_by("pk")
    return [f"{message.kind} {message.what}" for message in found]


def test_a_report_of_the_public_is_a_case_without_a_person(district: District) -> None:
    case = taken(district).case

    assert (case.kind, case.stage, case.reported_by) == ("hazard", Stage.REPORTED, None)
    assert case.hazard.found_date.isoformat() == "2026-09-15"
    assert running(case) == ["LOC-1"]
    assert [entry.actor for entry in journal.timeline(case.subject)] == [None]


def test_the_same_form_sent_twice_makes_one_case_and_one_code(district: District) -> None:
    first, second = taken(district), taken(district)

    assert first.case.pk == second.case.pk
    assert (first.code, first.slip) == (second.code, second.slip)
    assert TrackingCode.objects.count() == 1


def test_a_report_says_where_the_hazard_is(district: District) -> None:
    with pytest.raises(Missing):
        taken(district, place=" ")


def test_a_clerk_takes_in_only_where_a_post_of_theirs_reaches(district: District) -> None:
    new_account = account(district, unit=district.county)

    with pytest.raises(NotAllowed):
        reporting.receive(Intake(account=new_account, form_key="x", now=NOW, actor=district.grid))


def test_acceptance_promises_a_conclusion_in_60_days(district: District) -> None:
    case = confirmed(district)

    clock = case.clocks.get(rule_id="HAZ-11a")
    assert running(case) == ["HAZ-11a", "LOC-2"]
    assert (clock.due_at - NOW).days == 60
    assert letters(case) == ["letter confirmed"]


def test_the_check_starts_the_ten_days_of_feedback_and_the_closure_ends_both(
    district: District,
) -> None:
    case = verified(district)
    assert {"HAZ-11a", "HAZ-11b"} <= set(running(case))

    case = verification.close(
        case=case, actor=district.leader, now=NOW + DAY, answer="配电箱已加锁并设警示牌。"
    )

    assert running(case) == ["LOC-4"]
    letter = Message.objects.get(case=case, what="closed")
    assert letter.text == "配电箱已加锁并设警示牌。"
    assert letter.slot == REPORTER


@pytest.mark.parametrize("reason", RejectReason)
def test_a_rejection_is_told_with_its_reason_in_words_that_exist(
    district: District, reason: RejectReason
) -> None:
    other = taken(district, "form-2").case

    case = reporting.reject(
        case=taken(district).case,
        actor=district.coordinator,
        now=NOW,
        reason=reason,
        note="已核实",
        duplicate_of=other if reason is RejectReason.DUPLICATE else None,
    )

    message = Message.objects.get(case=case)
    assert message.text == "已核实"
    assert letter_words("hazard", message)
    assert running(case) == []


def test_an_officers_own_finding_gets_no_letters_and_no_clock_of_the_public(
    district: District,
) -> None:
    case = closed(district)

    assert not Message.objects.filter(case=case).exists()
    assert not case.clocks.filter(rule_id__startswith="HAZ-11").exists()


def test_every_letter_of_a_hazard_has_standard_words(district: District) -> None:
    case = verification.close(case=verified(district), actor=district.leader, now=NOW)
    case = reporting.reopen(case=case, actor=district.coordinator, now=NOW, note="又打开了")

    found = list(Message.objects.filter(case=case).order_by("pk"))

    assert [message.what for message in found] == ["confirmed", "closed", "reopened"]
    assert all(letter_words("hazard", message) for message in found)
    assert "HAZ-11a" in running(case)


def test_the_office_asks_and_the_holder_of_the_code_answers(district: District) -> None:
    case = confirmed(district)

    public.ask_reporter(case=case, actor=district.coordinator, now=NOW, note="哪一侧？")
    question = Message.objects.get(case=case, kind=Message.Kind.QUESTION)
    public.add(case=case, text="北侧", now=NOW, form_key="a1", question=question)

    assert question.answered_by.text == "北侧"


# -------------------------------------------------------------- publication
def test_what_is_published_are_words_of_its_own(district: District) -> None:
    case = taken(district, point=Point(25.0, 102.0), identity=Identity(name="欧阳不具")).case
    case = reporting.confirm(case=case, actor=district.coordinator, now=NOW, grade=Grade.GENERAL)

    publications.publish(
        case=case,
        actor=district.coordinator,
        now=NOW,
        shown=Shown(title="小学门口用电隐患", place="石桥村", with_point=True),
    )

    row = Publication.objects.get(case=case)
    assert (row.title, row.text, row.latitude) == ("小学门口用电隐患", "", 25.0)
    assert case.title not in f"{row.title}{row.text}{row.answer}{row.place}"
    assert letters(case)[-1] == "notice published"


def test_a_point_is_published_rounded_and_only_when_asked(district: District) -> None:
    case = taken(district, point=Point(25.0347812, 102.7123456)).case
    case = reporting.confirm(case=case, actor=district.coordinator, now=NOW, grade=Grade.GENERAL)

    for with_point, published in ((True, Point(25.035, 102.712)), (False, None)):
        case = publications.publish(
            case=case,
            actor=district.coordinator,
            now=NOW,
            shown=Shown(title="小学门口用电隐患", with_point=with_point),
        )

        row = Publication.objects.get(case=case)
        assert row.point == published
        assert row.latitude == (published and published.latitude)


def test_a_publication_is_changed_withdrawn_and_shown_again(district: District) -> None:
    d = district
    case = confirmed(d)
    for title in ("甲", "乙"):
        case = publications.publish(
            case=case, actor=d.coordinator, now=NOW, shown=Shown(title=title)
        )
    Publication.objects.filter(case=case).update(me_too=4)

    publications.unpublish(case=case, actor=d.coordinator, now=NOW + DAY, note="地点有误")
    row = Publication.objects.get(case=case)
    assert (row.title, row.withdrawn_at) == ("乙", NOW + DAY)
    with pytest.raises(FactMissing) as refused:
        publications.unpublish(case=case, actor=d.coordinator, now=NOW, note="再撤")
    assert refused.value.fact is SharedFact.PUBLISHED

    publications.publish(case=case, actor=d.coordinator, now=NOW + 2 * DAY, shown=Shown(title="丙"))
    row.refresh_from_db()
    assert (row.published_at, row.withdrawn_at, row.me_too) == (NOW + 2 * DAY, None, 4)
    assert letters(case).count("notice published") == 2


def test_nothing_that_leads_to_a_person_is_published(district: District) -> None:
    case = confirmed(district)

    with pytest.raises(LeadsToPerson):
        publications.publish(
            case=case,
            actor=district.coordinator,
            now=NOW,
            shown=Shown(title="用电隐患", text="联系人电话13812345678"),
        )

    assert not Publication.objects.exists()


def test_nothing_of_a_confidential_case_is_published(district: District) -> None:
    case = confirmed(district)
    Case.objects.filter(pk=case.pk).update(is_confidential=True)
    post = Post.objects.get(tenures__member=district.coordinator)
    AccessGrant.objects.create(case=case, post=post, added_at=NOW)

    with pytest.raises(KeptConfidential):
        publications.publish(
            case=case, actor=district.coordinator, now=NOW, shown=Shown(title="甲")
        )


def test_the_code_finds_the_case_again(district: District) -> None:
    made = taken(district)

    quick, _slow = codes.every_hash(codes.understood(made.code))

    assert TrackingCode.objects.get(quick_hash__in=quick).case_id == made.case.pk


def test_every_move_of_the_table_that_an_officer_makes_has_a_page() -> None:
    rows = kind.KIND.lifecycle.transitions
    office = {row.move for row in rows if row.powers and row.sources}

    assert office == set(kind.PAGES.moves)


# ------------------------------------------------------------------- not solved
def test_whoever_rejected_it_does_not_look_into_what_was_not_solved(district: District) -> None:
    d = district
    case = reporting.reject(
        case=taken(d).case, actor=d.coordinator, now=NOW, note="已核实",
        reason=RejectReason.NOT_A_HAZARD,
    )  # fmt: skip
    settle(now=NOW + 2 * WITHIN)
    case = public.rate(case=case, solved=False, now=NOW)

    with pytest.raises(OwnAnswer):
        public.follow_up(case=case, actor=d.coordinator, now=NOW, note="已看")
    public.follow_up(case=case, actor=d.leader, now=NOW, note="已到现场查看。")

    assert case.follow_ups.get().handled_by == d.coordinator


def test_whoever_fixed_it_does_not_look_into_what_was_not_solved(district: District) -> None:
    d = district
    case = verification.close(case=verified(d), actor=d.leader, now=NOW)
    settle(now=NOW + 2 * WITHIN)
    case = public.rate(case=case, solved=False, now=NOW)
    make_tenure(d.handler, make_post(d.county, Power.COORDINATE))
    access.forget_seats(d.handler)

    with pytest.raises(OwnAnswer):
        public.follow_up(case=case, actor=d.handler, now=NOW, note="已看")
