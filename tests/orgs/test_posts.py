"""Who holds which post, from which day to which."""

from datetime import date, timedelta

import pytest

from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.journal.models import Entry
from bihuan.orgs import access
from bihuan.orgs.actions import members, posts
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.refusals import (
    AlreadyThere,
    DatesOutOfOrder,
    LastAdministrator,
    MemberInactive,
    PostEnded,
    PostHeld,
)
from tests.factories import (
    LONG_AGO,
    NOW,
    TODAY,
    make_member,
    make_officer,
    make_post,
    make_tenure,
    make_unit,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _acts(post: Post) -> list[str]:
    return list(
        Entry.objects.filter(chain__subject=post.subject)
        .order_by("seq")
        .values_list("act", flat=True)
    )


def test_an_appointment_gives_the_powers_from_its_first_day(
    county: Unit, administrator: User
) -> None:
    post, member = make_post(county, Power.VERIFY), make_member()

    posts.appoint(post=post, member=member, start_date=TODAY + DAY, actor=administrator, now=NOW)

    assert not access.has(member, Power.VERIFY, unit=county, now=NOW)
    assert access.has(member, Power.VERIFY, unit=county, now=NOW + DAY)
    assert _acts(post) == ["appoint"]


@pytest.mark.parametrize(
    ("start", "end", "free"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), True),
        (date(2026, 1, 1), date(2026, 2, 1), False),
        (date(2026, 2, 10), date(2026, 2, 12), False),
        (date(2026, 2, 28), None, False),
        (date(2026, 3, 1), None, True),
        (date(2026, 1, 1), None, False),
    ],
)
def test_two_officers_never_hold_one_post_on_the_same_day(
    county: Unit, administrator: User, start: date, end: date | None, free: bool
) -> None:
    post = make_post(county)
    make_tenure(make_member(), post, start_date=date(2026, 2, 1), end_date=date(2026, 2, 28))

    def appoint() -> None:
        posts.appoint(
            post=post,
            member=make_member(),
            start_date=start,
            end_date=end,
            actor=administrator,
            now=NOW,
        )

    if free:
        appoint()
    else:
        with pytest.raises(PostHeld):
            appoint()


def test_an_end_before_the_start_is_refused(county: Unit, administrator: User) -> None:
    with pytest.raises(DatesOutOfOrder):
        posts.appoint(
            post=make_post(county),
            member=make_member(),
            start_date=TODAY,
            end_date=TODAY - DAY,
            actor=administrator,
            now=NOW,
        )


def test_nobody_is_appointed_whose_account_is_closed(county: Unit, administrator: User) -> None:
    member = make_member()
    members.deactivate_member(member=member, actor=administrator, reason="调离", now=NOW)

    with pytest.raises(MemberInactive):
        posts.appoint(
            post=make_post(county), member=member, start_date=TODAY, actor=administrator, now=NOW
        )


def test_a_post_passes_from_one_day_to_the_next(county: Unit, administrator: User) -> None:
    post, old, new = make_post(county, Power.HANDLE), make_member(), make_member()
    make_tenure(old, post)

    posts.hand_over(post=post, to=new, start_date=TODAY, actor=administrator, now=NOW)

    days = Tenure.objects.filter(post=post).order_by("start_date")
    assert [(held.member, held.start_date, held.end_date) for held in days] == [
        (old, LONG_AGO, TODAY - DAY),
        (new, TODAY, None),
    ]
    assert not access.has(old, Power.HANDLE, unit=county, now=NOW)
    assert access.has(new, Power.HANDLE, unit=county, now=NOW)
    assert _acts(post) == ["hand-over"]


def test_a_post_is_not_handed_over_before_it_was_taken(county: Unit, administrator: User) -> None:
    post = make_post(county)
    make_tenure(make_member(), post, start_date=TODAY)

    with pytest.raises(DatesOutOfOrder):
        posts.hand_over(post=post, to=make_member(), start_date=TODAY, actor=administrator, now=NOW)


def test_whoever_leaves_keeps_the_powers_through_the_last_day(
    county: Unit, administrator: User
) -> None:
    post, member = make_post(county, Power.HANDLE), make_member()
    tenure = make_tenure(member, post)

    posts.end_tenure(tenure=tenure, end_date=TODAY, actor=administrator, now=NOW)

    assert access.has(member, Power.HANDLE, unit=county, now=NOW)
    assert not access.has(member, Power.HANDLE, unit=county, now=NOW + DAY)


def test_an_appointment_that_has_not_begun_is_withdrawn(county: Unit, administrator: User) -> None:
    post = make_post(county)
    tenure = make_tenure(make_member(), post, start_date=TODAY + 5 * DAY)

    posts.end_tenure(tenure=tenure, end_date=TODAY, actor=administrator, now=NOW)

    assert not Tenure.objects.filter(post=post).exists()
    assert _acts(post) == ["withdraw-appointment"]


def test_a_tenure_is_not_stretched_over_its_successors(county: Unit, administrator: User) -> None:
    post = make_post(county)
    first = make_tenure(make_member(), post, end_date=TODAY - DAY)
    make_tenure(make_member(), post, start_date=TODAY)

    with pytest.raises(PostHeld):
        posts.end_tenure(tenure=first, end_date=TODAY, actor=administrator, now=NOW)


def test_ending_a_post_ends_the_tenure_and_all_appointments(
    county: Unit, administrator: User
) -> None:
    post, member = make_post(county, Power.DUTY), make_member()
    make_tenure(member, post)

    posts.end_post(post=post, end_date=TODAY, actor=administrator, now=NOW)

    assert not access.has(member, Power.DUTY, unit=county, now=NOW + DAY)
    with pytest.raises(PostEnded):
        posts.appoint(
            post=post, member=member, start_date=TODAY + DAY, actor=administrator, now=NOW
        )


def test_a_title_stands_once_in_a_unit(county: Unit, administrator: User) -> None:
    posts.add_post(unit=county, title="安全员", powers=[], actor=administrator, now=NOW)

    with pytest.raises(AlreadyThere):
        posts.add_post(unit=county, title="安全员", powers=[], actor=administrator, now=NOW)


def test_an_administrator_gives_no_power_beyond_the_own_unit(county: Unit) -> None:
    town = make_unit(county)
    officer = make_officer(town, Power.ADMINISTER)
    above = make_post(county)

    with pytest.raises(NotAllowed):
        posts.add_post(unit=county, title="x", powers=[Power.AUDIT], actor=officer, now=NOW)
    with pytest.raises(NotAllowed):
        posts.change_post(post=above, title="x", powers=[Power.AUDIT], actor=officer, now=NOW)
    with pytest.raises(NotAllowed):
        posts.appoint(post=above, member=officer, start_date=TODAY, actor=officer, now=NOW)


# ------------------------------------------------- somebody can always administer
def _own_post(administrator: User) -> Post:
    return Post.objects.get(tenures__member=administrator)


def test_the_last_administrator_stays(administrator: User) -> None:
    post = _own_post(administrator)
    tenure = Tenure.objects.get(post=post)

    with pytest.raises(LastAdministrator):
        posts.end_tenure(tenure=tenure, end_date=TODAY + DAY, actor=administrator, now=NOW)
    with pytest.raises(LastAdministrator):
        posts.end_post(post=post, end_date=TODAY, actor=administrator, now=NOW)
    with pytest.raises(LastAdministrator):
        posts.change_post(post=post, title=post.title, powers=[], actor=administrator, now=NOW)
    with pytest.raises(LastAdministrator):
        members.deactivate_member(member=administrator, actor=administrator, reason="x", now=NOW)

    tenure.refresh_from_db()
    administrator.refresh_from_db()
    assert tenure.end_date is None
    assert administrator.is_active


def test_the_last_administrator_may_hand_over(administrator: User) -> None:
    post, successor = _own_post(administrator), make_member()

    posts.hand_over(post=post, to=successor, start_date=TODAY, actor=administrator, now=NOW)

    assert access.has(successor, Power.ADMINISTER, unit=post.unit, now=NOW)


def test_an_administrator_with_another_one_above_may_leave(county: Unit) -> None:
    make_officer(county, Power.ADMINISTER)
    town = make_unit(county)
    officer = make_officer(town, Power.ADMINISTER)

    posts.end_tenure(
        tenure=Tenure.objects.get(member=officer), end_date=TODAY, actor=officer, now=NOW
    )

    assert not access.has(officer, Power.ADMINISTER, unit=town, now=NOW + DAY)
