"""An appointment entered by mistake is annulled as long as it had no effect, and bars nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.cases.actions.recipients import Shut
from bihuan.cases.models import Case
from bihuan.cases.stands import held
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.journal.actions import record
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs.actions import posts
from bihuan.orgs.actions.annulling import annul_tenure
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Tenure, User
from bihuan.orgs.refusals import (
    ActedSinceAppointed,
    NotAnnullable,
    PostElsewhere,
)
from tests.cases.public import Office, accused
from tests.cases.test_appointed_to_exclude import sees
from tests.clock import PRESENT
from tests.factories import NOW, TODAY, make_officer, make_post, make_tenure

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def admin(office: Office) -> User:
    return make_officer(office.county, Power.ADMINISTER)


def appointed(office: Office, admin: User, *, start: date = TODAY, now: datetime = NOW) -> Tenure:
    """The county's supervisor, by mistake, to a post of the town."""
    return posts.appoint(
        post=make_post(office.town),
        member=office.supervisor,
        start_date=start,
        actor=admin,
        now=now,
    )


def annul(tenure: Tenure, actor: User, *, reason: str = "录错", hours: int = 1) -> None:
    annul_tenure(tenure=tenure, actor=actor, now=NOW + hours * HOUR, reason=reason)


def test_an_annulled_appointment_excludes_from_nothing(office: Office, admin: User) -> None:
    case = accused(office.town, now=NOW).case
    tenure = appointed(office, admin)
    assert not sees(office.supervisor, case)
    shut = Shut.out_of(Case.objects.get(pk=case.pk))
    assert Tenure.objects.filter(shut.holders(NOW), member=office.supervisor).exists()

    annul(tenure, admin)

    fresh = User.objects.get(pk=office.supervisor.pk)
    assert sees(fresh, case)
    assert sees(fresh, case, days=30)
    assert not Tenure.objects.filter(shut.holders(NOW), member=fresh).exists()
    assert [each.name for each in held(fresh, NOW) if "双河镇" in each.name] == []


def test_the_journal_keeps_it_with_the_reason_and_those_concerned_are_notified(
    office: Office, admin: User
) -> None:
    tenure = appointed(office, admin)

    annul(tenure, admin, reason="选错了人")

    entry = Entry.objects.get(act=OrgAct.ANNUL, chain__subject=tenure.post.subject)
    told = Notice.objects.filter(what="annulled").values_list("member", flat=True)
    assert (entry.actor, entry.note) == (admin, "选错了人")
    assert entry.details["member"][0] == office.supervisor.username
    assert {office.supervisor.pk, office.head.pk} <= set(told)


def _is_old(tenure: Tenure, admin: User) -> None:
    Tenure.objects.filter(pk=tenure.pk).update(granted_at=NOW - 72 * HOUR)


def _is_confirmed(tenure: Tenure, admin: User) -> None:
    other = make_officer(tenure.post.unit, Power.ADMINISTER)
    Tenure.objects.filter(pk=tenure.pk).update(confirmed_at=NOW, confirmed_by=other)


def _is_of_the_founding(tenure: Tenure, admin: User) -> None:
    Tenure.objects.filter(pk=tenure.pk).update(granted_at=None, granted_by=None)


def _began_before_its_entry(tenure: Tenure, admin: User) -> None:
    Tenure.objects.filter(pk=tenure.pk).update(start_date=TODAY - DAY)


def _has_a_stand_in(tenure: Tenure, admin: User) -> None:
    other = make_officer(tenure.post.unit)
    Tenure.with_stand_ins.create(
        post=tenure.post, member=other, holder_tenure=tenure, start_date=TODAY, end_date=TODAY
    )


def _is_ones_own(tenure: Tenure, admin: User) -> None:
    Tenure.objects.filter(pk=tenure.pk).update(member=admin)


@pytest.mark.parametrize(
    "how",
    [
        _is_old, _is_confirmed, _is_of_the_founding, _began_before_its_entry, _has_a_stand_in,
        _is_ones_own,
    ],
)  # fmt: skip
def test_an_appointment_that_may_have_had_an_effect_is_not_annulled(
    office: Office, admin: User, how: Callable[[Tenure, User], None]
) -> None:
    tenure = appointed(office, admin)
    how(tenure, admin)

    with pytest.raises(NotAnnullable):
        annul(tenure, admin)

    assert Tenure.objects.filter(pk=tenure.pk).exists()


@pytest.mark.parametrize(("act", "is_refused"), [("comment", True), ("sign-in", False)])
def test_an_officer_who_acted_since_keeps_the_appointment(
    office: Office, admin: User, act: str, is_refused: bool
) -> None:
    tenure = appointed(office, admin)
    record("case/x", act, by=office.supervisor, at=NOW + HOUR)

    if is_refused:
        with pytest.raises(ActedSinceAppointed):
            annul(tenure, admin, hours=2)
    else:
        annul(tenure, admin, hours=2)

    assert Tenure.objects.filter(pk=tenure.pk).exists() is is_refused


def test_only_who_may_appoint_the_officer_annuls_and_gives_a_reason(
    office: Office, admin: User
) -> None:
    tenure = appointed(office, admin)

    with pytest.raises(PostElsewhere):
        annul(tenure, make_officer(office.town, Power.ADMINISTER))
    with pytest.raises(NotAllowed):
        annul(tenure, office.clerk)
    with pytest.raises(Missing):
        annul(tenure, admin, reason="")


def test_what_is_annulled_already_is_refused(office: Office, admin: User) -> None:
    tenure = appointed(office, admin)
    annul(tenure, admin)

    with pytest.raises(NotAnnullable):
        annul(Tenure(pk=tenure.pk, post=tenure.post, member=tenure.member), admin)


def test_the_page_of_the_unit_offers_it_and_says_what_it_does(office: Office, admin: User) -> None:
    tenure = appointed(office, admin, start=localdate(PRESENT), now=PRESENT)
    make_tenure(make_officer(office.county), make_post(office.town))
    client = Client()
    client.force_login(admin)
    unit, url = (
        f"/desk/organisation/units/{office.town.code}/",
        reverse("orgs:annul-tenure", args=[tenure.pk]),
    )

    page = client.get(unit).content.decode()
    asked = client.get(url).content.decode()
    answer = client.post(url, {"reason": "录错"})

    assert page.count("/annul/") == 1
    assert "视为从未作出" in asked
    assert answer["Location"] == unit
    assert not Tenure.objects.filter(pk=tenure.pk).exists()
