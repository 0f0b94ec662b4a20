"""A confidential case that nobody may open any more causes an alarm, once until it is mended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from bihuan.cases import looks, queries
from bihuan.cases.actions import lifting
from bihuan.cases.models import AccessGrant, Case
from bihuan.core.powers import Power
from bihuan.journal import queries as journal
from bihuan.journal.models import Entry
from bihuan.notices import voices
from bihuan.notices.models import Notice
from bihuan.orgs.actions import members
from bihuan.orgs.models import Tenure, User
from bihuan.web import subjects
from tests.cases.public import Office, accused
from tests.cases.test_who_was_there import is_as_the_journal_says
from tests.factories import NOW, TODAY, make_officer, make_post, make_tenure

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOBODY = "nobody_may_open"


@pytest.fixture
def top(office: Office) -> User:
    """An administrator of the county, who works on no case."""
    return make_officer(office.county, Power.ADMINISTER)


@pytest.fixture
def case(office: Office, top: User) -> Case:
    """An accusation of the town, which the county has; the county's officers then get a post in
    the town, so that the case is closed to them.
    """
    make_officer(office.town, Power.ADMINISTER)
    case = accused(office.town, now=NOW).case
    assert case.owner == office.county
    make_tenure(office.supervisor, make_post(office.town, Power.REPORT))
    return case


def test_an_administrator_at_the_top_is_notified_once(case: Case, top: User) -> None:
    found = [lifting.lift(now=NOW + n * DAY)["with nobody"] for n in range(3)]

    (notice,) = Notice.objects.filter(what=NOBODY)
    assert found == [1, 1, 1]
    assert notice.member == top
    assert Entry.objects.filter(act=NOBODY, actor=None).count() == 1
    assert is_as_the_journal_says(case)


def test_the_notice_has_the_number_and_nothing_else(case: Case, top: User) -> None:
    lifting.lift(now=NOW)

    (notice,) = Notice.objects.filter(what=NOBODY)
    (shown,) = voices.say(top, [notice], NOW)
    assert notice.detail == {"number": case.number}
    assert case.number in shown.words
    assert case.title not in shown.words + shown.name
    assert shown.url == "/desk/organisation/"
    assert not subjects.out_of_reach(top, [notice.subject], NOW)
    assert queries.is_shut_to(top, case, NOW)


def test_no_administrator_of_the_unit_complained_of_is_notified(
    case: Case, office: Office, top: User
) -> None:
    make_tenure(top, make_post(office.village, Power.REPORT))

    assert lifting.lift(now=NOW)["with nobody"] == 1

    assert not Notice.objects.filter(what=NOBODY).exists()


def test_the_alarm_comes_when_there_is_somebody_to_notify(
    case: Case, office: Office, top: User
) -> None:
    Tenure.objects.filter(member=top).update(end_date=TODAY)
    lifting.lift(now=NOW + DAY)
    later = make_officer(office.county, Power.ADMINISTER, start_date=TODAY + 2 * DAY)

    lifting.lift(now=NOW + 2 * DAY)

    assert [each.member for each in Notice.objects.filter(what=NOBODY)] == [later]


def test_a_case_whose_posts_are_vacant_causes_an_alarm(office: Office, top: User) -> None:
    case = accused(office.village, now=NOW).case
    Tenure.objects.filter(post__in=AccessGrant.objects.filter(case=case).values("post")).update(
        end_date=TODAY
    )

    assert lifting.lift(now=NOW)["with nobody"] == 0
    assert lifting.lift(now=NOW + DAY)["with nobody"] == 1


def test_an_officer_who_is_appointed_may_open_it_and_the_next_alarm_is_sent_again(
    case: Case, office: Office, top: User
) -> None:
    lifting.lift(now=NOW)
    helper = make_officer(office.county, Power.COORDINATE)

    mended = [lifting.lift(now=NOW + n * DAY)["open again"] for n in range(2, 5)]
    is_open = not queries.is_shut_to(User.objects.get(pk=helper.pk), case, NOW)
    make_tenure(helper, make_post(office.town, Power.REPORT))
    lifting.lift(now=NOW + 5 * DAY)

    assert mended == [0, 1, 0]
    assert is_open
    assert Notice.objects.filter(what=NOBODY, member=top).count() == 2
    assert is_as_the_journal_says(case)
    assert journal.verify().ok


def test_closed_accounts_do_not_open_it_to_newer_officers_for_as_long_as_an_appointment_waits(
    office: Office, top: User
) -> None:
    """The administrator, who is a friend of those complained of, closes the accounts of all who may
    read it: the friend's coordinator, who came later, does not get it in this moment.
    """
    case = accused(office.village, now=NOW).case
    readers = User.objects.filter(tenures__post__in=AccessGrant.objects.values("post"))
    friend = make_officer(case.owner, Power.COORDINATE)
    for reader in readers:
        members.deactivate_member(member=reader, actor=top, now=NOW + 9 * DAY, reason="离职")

    done = [lifting.lift(now=NOW + n * DAY)["with nobody"] for n in (9, 11)]
    User.objects.filter(pk__in=readers).update(is_active=True)
    lifting.lift(now=NOW + 13 * DAY)

    assert done == [1, 1]
    assert queries.is_shut_to(friend, case, NOW + 13 * DAY)


def test_a_case_that_came_while_no_post_was_held_opens_to_the_first_who_are_appointed(
    office: Office,
) -> None:
    Tenure.objects.filter(post__unit=office.town).update(end_date=TODAY - DAY)
    case = accused(office.village, now=NOW).case
    AccessGrant.objects.filter(case=case).delete()
    Case.objects.filter(pk=case.pk).update(owner=office.town)
    lifting.lift(now=NOW)
    helper = make_officer(office.town, Power.COORDINATE)

    assert lifting.lift(now=NOW + DAY)["open again"] == 1
    assert not queries.is_shut_to(User.objects.get(pk=helper.pk), case, NOW + DAY)


def test_the_operator_is_told_how_many(case: Case, office: Office) -> None:
    with translation.override("en"):
        (found,) = list(looks.unopened(NOW))
        lifting.lift(now=NOW)
        make_officer(office.county, Power.COORDINATE)
        lifting.lift(now=NOW + 3 * DAY)
        assert list(looks.unopened(NOW + 3 * DAY)) == []

    assert found[1].startswith("no officer may open one of the open confidential cases")
    assert case.number not in found[1]
