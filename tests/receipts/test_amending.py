"""Asking that what one told be corrected or erased, and who decides it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bihuan.cases.actions import clocks, evidence
from bihuan.cases.models import AccessGrant, Case, Evidence, Participation
from bihuan.clocks.actions import ticking
from bihuan.clocks.models import Clock
from bihuan.core import amending as rules
from bihuan.core import grants
from bihuan.core.amending import AmendmentOutcome, Wants
from bihuan.core.grievance import Stage
from bihuan.core.hazard import Grade
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, SamePerson
from bihuan.files import actions as files
from bihuan.hazards.actions import reporting
from bihuan.journal import queries as journal
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from bihuan.receipts.actions import amendments as actions
from bihuan.receipts.actions import public
from bihuan.receipts.models import Amendment, Message
from bihuan.receipts.queries import amendments
from tests.cases.public import Office, accused, told
from tests.clock import PRESENT
from tests.factories import make_officer, make_photo
from tests.grievances.offices import bring, make_realm
from tests.receipts.amended import SECRET, add, ask, decide, refuse, told_secretly

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(office: Office) -> Case:
    return told_secretly(office.town)


# ------------------------------------------------------------------------ asking
def test_it_is_asked_of_those_who_coordinate_and_did_not_work_on_it(
    office: Office, case: Case
) -> None:
    given = ask(case, "description", reason="说得太细")

    assert (given.is_open, given.told_at, given.reason) == (True, case.reported_at, "说得太细")
    members = {notice.member for notice in Notice.objects.filter(what="amendment")}
    assert members == {office.clerk, office.head}
    assert (given.clock.rule_id, given.clock.rule_version) == ("PRV-4", "2026")
    assert given.clock.due_at - PRESENT > timedelta(days=30)
    entry = Entry.objects.filter(act="ask_amendment").get()
    assert entry.note == ""
    assert {
        "slot": "reporter",
        "thing": "description",
        "wants": "erase",
    }.items() <= entry.details.items()
    assert journal.verify().ok


def test_it_says_nothing_of_when_the_matter_itself_is_due(case: Case) -> None:
    due_at = Case.objects.get().due_at

    ask(case, "description", now=PRESENT - timedelta(days=400))

    fresh = Case.objects.get()
    clocks.refresh_due(fresh)
    assert fresh.due_at == due_at


def test_the_same_form_sent_twice_asks_once(case: Case) -> None:
    first = ask(case, "title", form_key="one")
    again = ask(case, "title", form_key="one")

    assert again == first
    assert Amendment.objects.count() == Clock.objects.filter(rule_id="PRV-4").count() == 1


def test_the_form_sent_again_after_the_decision_asks_nothing_more(
    office: Office, case: Case
) -> None:
    given = decide(ask(case, "title", form_key="one"), office.clerk)

    assert ask(case, "title", form_key="one") == given


def test_of_two_tabs_the_second_is_told_that_it_waits(case: Case) -> None:
    ask(case, "title")

    with pytest.raises(rules.AlreadyAsked):
        ask(case, "title", Wants.CORRECT, right_words="三轮车占道")

    assert Amendment.objects.get().wants == Wants.ERASE


@pytest.mark.parametrize("thing", ["title", "place"])
def test_right_words_for_which_there_is_no_room_are_never_cut(case: Case, thing: str) -> None:
    with pytest.raises(rules.TooLong):
        ask(case, thing, Wants.CORRECT, right_words="车" * 201)

    assert ask(case, thing, Wants.CORRECT, right_words="车" * 200).right_words == "车" * 200


def test_words_granted_in_part_need_room_as_well(office: Office) -> None:
    case = told(office.town, kind="grievance", title="三轮车占道。").case
    given = ask(case, "title", Wants.CORRECT, right_words="汽车占道。")

    with pytest.raises(rules.TooLong):
        decide(
            given, office.clerk, AmendmentOutcome.PARTLY, left="汽车占道。" * 41,
            answer="其余仍需要", basis="needed",
        )  # fmt: skip


def test_a_withdrawn_request_leaves_no_words_and_makes_room_for_another(case: Case) -> None:
    ask(case, "title", Wants.CORRECT, right_words="三轮车", reason="写错了")

    actions.take_back(case=case, slot="reporter", thing="title", now=PRESENT)
    actions.take_back(case=case, slot="reporter", thing="title", now=PRESENT)

    given = Amendment.objects.get()
    assert (given.withdrawn_at, given.right_words, given.reason) == (PRESENT, "", "")
    assert given.clock.outcome == Clock.Outcome.CANCELLED
    assert ask(case, "title").is_open
    assert journal.verify().ok


def test_what_was_decided_is_not_withdrawn(office: Office, case: Case) -> None:
    refuse(ask(case, "title"), office.clerk)

    with pytest.raises(rules.NoLongerOpen):
        actions.take_back(case=case, slot="reporter", thing="title", now=PRESENT)


@pytest.mark.parametrize(
    "thing", ["message-0", "rating-1", "photo-1", "held-1", "nothing", "slot", ""]
)
def test_what_was_not_told_under_the_code_cannot_be_asked_about(case: Case, thing: str) -> None:
    with pytest.raises(rules.NotThere):
        ask(case, thing)


def test_nobody_asks_about_what_another_told(office: Office, case: Case) -> None:
    """Neither in another case nor under another code of the same one."""
    other = told(office.town, kind="grievance", description="别人的话").case
    add(other, "别人补充的", photos=[files.check(make_photo())])
    message, photo = Message.objects.get(case=other), Evidence.objects.get(case=other)

    for slot, things in (
        ("reporter", [f"message-{message.pk}", f"photo-{photo.pk}"]),
        ("party-2", ["title", "description", "place"]),
    ):
        for thing in things:
            with pytest.raises(rules.NotThere):
                ask(case, thing, slot=slot)
    with pytest.raises(rules.NotThere):
        ask(other, "title", slot="party-2")


def test_words_of_the_office_and_its_photos_cannot_be_asked_about(
    office: Office, case: Case
) -> None:
    public.ask_reporter(case=case, actor=office.handler, now=PRESENT, note="哪一天？")
    evidence.attach(
        case=case,
        actor=office.handler,
        now=PRESENT,
        uploads=[make_photo()],
        phase="before",
        is_shown=True,
    )

    things = {thing.key for thing in amendments.told(case, "reporter")}

    assert things == {"title", "description", "place"}


@pytest.mark.parametrize("right", ["", "  ", "……"])
def test_a_correction_says_the_right_words(case: Case, right: str) -> None:
    with pytest.raises(Missing):
        ask(case, "title", Wants.CORRECT, right_words=right)


def test_a_correction_that_changes_nothing_is_not_asked(case: Case) -> None:
    with pytest.raises(rules.Unchanged):
        ask(case, "title", Wants.CORRECT, right_words=f" {SECRET}占道 ")


def test_right_words_of_a_report_are_masked_as_the_report_was(case: Case) -> None:
    given = ask(case, "description", Wants.CORRECT, right_words="举报人王强电话13800000000")

    assert "13800000000" not in given.right_words
    assert "王强" not in given.right_words


def test_a_photo_is_erased_and_not_corrected(case: Case) -> None:
    add(case, photos=[files.check(make_photo())])

    with pytest.raises(rules.NotThere):
        ask(case, f"photo-{Evidence.objects.get().pk}", Wants.CORRECT, right_words="另一张")


def test_a_matter_that_has_ended_takes_requests(office: Office) -> None:
    case = bring(make_realm().town, Stage.CLOSED)
    coordinator = make_officer(case.owner, Power.COORDINATE)

    assert case.ended_at is not None
    assert decide(ask(case, "title"), coordinator).outcome == AmendmentOutcome.GRANTED


# -------------------------------------------------------------------- who decides
def test_officers_without_the_power_or_the_reach_do_not_decide(office: Office, case: Case) -> None:
    given = ask(case, "title")
    elsewhere = make_officer(office.village, Power.COORDINATE)

    for member in (office.handler, elsewhere):
        assert not amendments.may_decide(given, case, member, PRESENT)
        with pytest.raises(NotAllowed):
            decide(given, member)


def test_whoever_worked_on_it_does_not_decide_about_it(office: Office, case: Case) -> None:
    Participation.objects.create(
        case=case, member=office.clerk, unit=office.town, side=Participation.Side.ANSWER
    )
    given = ask(case, "title")

    with pytest.raises(SamePerson):
        decide(given, office.clerk)

    assert amendments.deciders(case, PRESENT) == [office.head]
    assert {n.member for n in Notice.objects.filter(what="amendment")} == {office.head}


def test_a_post_or_a_password_that_is_new_erases_nothing(office: Office, case: Case) -> None:
    given = ask(case, "title")
    User.objects.filter(pk=office.clerk.pk).update(granted_at=PRESENT, granted_by=office.head)
    fresh = User.objects.get(pk=office.clerk.pk)

    with pytest.raises(NotAllowed):
        decide(given, fresh)

    assert decide(given, fresh, now=PRESENT + grants.WAITS).outcome == AmendmentOutcome.GRANTED


def test_where_all_in_the_unit_worked_on_it_the_unit_above_decides(
    office: Office, case: Case
) -> None:
    for member in (office.clerk, office.head):
        Participation.objects.create(
            case=case, member=member, unit=office.town, side=Participation.Side.ANSWER
        )

    given = ask(case, "title")

    assert amendments.deciders(case, PRESENT) == [office.supervisor]
    assert decide(given, office.supervisor).unit == office.county


def test_an_officer_of_the_unit_complained_of_neither_hears_nor_decides(office: Office) -> None:
    case = accused(office.town, now=PRESENT).case
    head = make_officer(office.county, Power.COORDINATE, Power.APPROVE)
    AccessGrant.objects.get_or_create(case=case, post=head.tenures.get().post, added_at=PRESENT)

    given = ask(case, "title")

    told_of = {notice.member for notice in Notice.objects.filter(what="amendment")}
    assert told_of
    assert not told_of & {office.clerk, office.head, office.handler}
    for member in (office.clerk, office.head):
        with pytest.raises(NotAllowed):
            decide(given, member)


# ------------------------------------------------------------------------- clocks
def test_an_unanswered_request_is_overdue_and_goes_up(office: Office, case: Case) -> None:
    given = ask(case, "title")

    ticking.tick(now=given.clock.due_at + timedelta(days=2))

    acts = Entry.objects.filter(chain__subject=case.subject, detail__contains="PRV-4")
    assert {"overdue", "escalate"} <= set(acts.values_list("act", flat=True))
    assert Notice.objects.filter(what="overdue", member=office.clerk, detail__rule="PRV-4").exists()


# ------------------------------------------------------------------------ the page
@pytest.mark.parametrize("is_reworded", [True, False])
def test_the_page_says_where_an_officer_changed_the_words(
    office: Office, client: Client, is_reworded: bool
) -> None:
    case = told(office.town, description="井盖没了").case
    reporting.confirm(case=case, actor=office.clerk, now=PRESENT, grade=Grade.GENERAL)
    if is_reworded:
        reporting.amend(
            case=case, actor=office.clerk, now=PRESENT, title=case.title, place=case.place,
            description="经核实，井盖由施工单位拆走。", note="核实",
        )  # fmt: skip
    given = ask(case, "description", Wants.CORRECT, right_words="什么也没有发生。")
    client.force_login(make_officer(office.town, Power.COORDINATE))

    page = client.get(f"/desk/cases/{case.number}/amendments/{given.pk}/")

    assert ("更正过本事项的文字" in page.content.decode()) is is_reworded
