"""A case goes to nobody who is shut out of it, whatever an officer tries to do with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from bihuan.cases import queries
from bihuan.cases.actions import comments, handover, loop
from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.core.hazard import Grade
from bihuan.core.history import RowFault
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.core.routing import ShutOut
from bihuan.hazards.actions import reporting
from bihuan.hazards.actions.ledger_rows import Ledger
from bihuan.hazards.rows import row_of
from bihuan.notices import voices
from bihuan.notices.actions import tell
from bihuan.notices.models import Notice
from bihuan.orgs.models import Post
from bihuan.receipts import accounts
from bihuan.receipts.accounts import Intake
from bihuan.receipts.actions import public
from bihuan.sheets.ledger.rows import Given
from tests.cases.public import Office, accused, told
from tests.factories import NOW, make_case, make_officer, make_plan, make_post, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def about_village(office: Office) -> Case:
    """The town has it, confirmed; the village is complained of."""
    case = told(office.village, now=NOW, about_units=(office.village,)).case
    assert case.owner == office.town
    return reporting.confirm(case=case, actor=office.clerk, now=NOW, grade=Grade.GENERAL)


def test_it_is_assigned_to_no_post_of_the_unit_complained_of(
    office: Office, about_village: Case
) -> None:
    below = make_post(make_unit(office.village), Power.HANDLE)

    for post in (make_post(office.village, Power.HANDLE), below):
        with pytest.raises(ShutOut):
            reporting.assign(case=about_village, plan=make_plan(post), actor=office.clerk, now=NOW)


def test_it_is_assigned_to_nobody_with_an_interest(office: Office, about_village: Case) -> None:
    Exclusion.objects.create(
        case=about_village, member=office.handler, cause="interest", added_at=NOW
    )
    post = Post.objects.get(tenures__member=office.handler)

    with pytest.raises(ShutOut):
        reporting.assign(case=about_village, plan=make_plan(post), actor=office.clerk, now=NOW)


def test_the_unit_complained_of_does_not_assist(office: Office, about_village: Case) -> None:
    with pytest.raises(ShutOut):
        handover.add_assist(
            case=about_village, actor=office.clerk, now=NOW, unit=office.village, note="配合"
        )


def test_a_part_is_shut_to_whomever_the_whole_is(office: Office, about_village: Case) -> None:
    with pytest.raises(ShutOut):
        reporting.add_child(
            case=about_village, actor=office.clerk, now=NOW, unit=office.village, title="路面"
        )
    reporting.add_child(
        case=about_village, actor=office.clerk, now=NOW, unit=office.town, title="路面"
    )

    part = Case.objects.get(parent=about_village)
    villager = make_officer(office.village, *Power)
    assert queries.is_shut_to(villager, part, NOW)
    assert not queries.visible_to(villager, NOW).exists()


def test_a_part_of_a_confidential_case_is_known_to_the_same_posts(office: Office) -> None:
    whole = accused(office.village, now=NOW).case

    part = told(office.town, now=NOW).case
    part.parent = whole
    part.save()

    with transaction.atomic():
        loop.inherit_restrictions(part, NOW)

    part.refresh_from_db()
    known = [
        set(AccessGrant.objects.filter(case=c).values_list("post", flat=True))
        for c in (whole, part)
    ]
    assert part.is_confidential
    assert known[0]
    assert known[0] == known[1]


def test_an_act_is_refused_to_whoever_is_shut_out_though_the_post_would_let_them(
    office: Office, about_village: Case
) -> None:
    Exclusion.objects.create(
        case=about_village, member=office.clerk, cause="interest", added_at=NOW
    )

    with pytest.raises(NotAllowed):
        comments.comment(case=about_village, actor=office.clerk, now=NOW, note="我来办")


def test_what_was_said_is_noted_as_read_by_nobody_who_is_shut_out(
    office: Office, about_village: Case
) -> None:
    Exclusion.objects.create(
        case=about_village, member=office.clerk, cause="interest", added_at=NOW
    )

    with pytest.raises(NotAllowed):
        public.note_read(case=about_village, actor=office.clerk, now=NOW)


def test_the_clerk_who_typed_it_in_loses_sight_of_it(office: Office) -> None:
    clerk = make_officer(office.village, Power.REPORT, Power.COORDINATE)
    taken = reporting.receive(
        Intake(
            account=accounts.Account(
                title="私设收费点", place="村口", unit=office.village, about_units=(office.village,)
            ),
            form_key="typed in",
            now=NOW,
            actor=clerk,
        )
    )

    assert taken.case.reported_by == clerk
    assert not queries.visible_to(clerk, NOW).exists()
    with pytest.raises(Case.DoesNotExist):
        queries.case_for(clerk, taken.case.number, NOW)


def test_a_notice_written_before_the_bar_is_shown_no_more(
    office: Office, about_village: Case
) -> None:
    other = make_case(office.village, now=NOW)
    for case in (about_village, other):
        detail = {"rule": "LOC-1", "due_at": NOW.isoformat(), "title": case.title}
        tell([office.clerk], subject=case.subject, what="overdue", cause=case.number, now=NOW,
             detail=detail)  # fmt: skip
    Exclusion.objects.create(
        case=about_village, member=office.clerk, cause="interest", added_at=NOW
    )

    shown = voices.say(office.clerk, Notice.objects.filter(what="overdue"), NOW)

    assert [text.name for text in shown] == [other.number]


def test_a_ledger_neither_changes_it_nor_tells_whether_it_said_the_same(office: Office) -> None:
    case = make_case(office.village, now=NOW)
    Exclusion.objects.create(
        case=case, unit=office.village, cause="complained_of", since_at=NOW, added_at=NOW
    )
    villager = make_officer(office.village, *Power)
    case = Case.objects.select_related("hazard").get(pk=case.pk)
    same = row_of(case)
    ledger = Ledger(actor=villager, now=NOW + timedelta(days=1), source="x.xlsx")
    other = Ledger(actor=villager, now=NOW + timedelta(days=1), source="y.xlsx")

    faults = [
        each.take([each.judge(Given(2, row))]).refused[0][1].fault
        for each, row in [(ledger, same), (other, same._replace(title="别的"))]
    ]

    assert faults == [RowFault.OF_ANOTHER_UNIT] * 2
