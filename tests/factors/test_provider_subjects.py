"""Whose subject of the sign-in service it is: entered by administrators, and told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.environment import BadSettings, Environment
from bihuan.factors.actions import provided
from bihuan.factors.models import ProviderSubject
from bihuan.factors.refusals import SubjectTaken, UnknownSubject
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from bihuan.web.templatetags.bihuan import moment
from tests.clock import PRESENT
from tests.factories import NOW, make_officer, make_unit

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def service(settings: Settings) -> None:
    settings.OIDC_ISSUER = "https://sso.example"


# ------------------------------------------------------------------ whose subject it is
def enter(holder: User, actor: User, subject: str = "4711") -> None:
    provided.enter_subject(holder=holder, subject=subject, actor=actor, now=NOW)


def test_an_administrator_enters_it_and_it_counts_after_three_days(administrator: User) -> None:
    holder = make_officer(administrator.tenures.get().post.unit, Power.HANDLE)
    enter(holder, administrator)

    with pytest.raises(UnknownSubject):
        provided.come_in(subject="4711", now=NOW + 3 * DAY - timedelta(seconds=1))
    assert provided.come_in(subject="4711", now=NOW + 3 * DAY) == holder
    acts = Entry.objects.filter(chain__subject=holder.subject).order_by("seq")
    assert acts[0].act == "enter-provider-subject"
    assert Notice.objects.get(member=holder).what == "enter-provider-subject"


def test_another_subject_waits_again(administrator: User) -> None:
    holder = make_officer(administrator.tenures.get().post.unit, Power.HANDLE)
    enter(holder, administrator)

    provided.enter_subject(holder=holder, subject="4712", actor=administrator, now=NOW + 4 * DAY)

    for subject in ("4711", "4712"):
        with pytest.raises(UnknownSubject):
            provided.come_in(subject=subject, now=NOW + 5 * DAY)


def test_a_subject_belongs_to_one_officer(administrator: User) -> None:
    unit = administrator.tenures.get().post.unit
    enter(make_officer(unit, Power.HANDLE), administrator)

    with pytest.raises(SubjectTaken):
        enter(make_officer(unit, Power.HANDLE), administrator)


def test_a_subject_is_taken_out(administrator: User) -> None:
    holder = make_officer(administrator.tenures.get().post.unit, Power.HANDLE)
    enter(holder, administrator)

    enter(holder, administrator, subject=" ")

    assert not ProviderSubject.objects.exists()


def test_only_administrators_over_the_officer_enter_it(administrator: User) -> None:
    with pytest.raises(NotAllowed):
        enter(make_officer(make_unit(), Power.HANDLE), administrator)


def test_the_page_enters_it(administrator: User, client: Client) -> None:
    holder = make_officer(administrator.tenures.get().post.unit, Power.HANDLE)
    client.force_login(administrator)
    at = f"/desk/organisation/members/{holder.username}/"
    assert f"{at}sign-in-service/" in client.get(at).content.decode()

    client.post(f"{at}sign-in-service/", {"subject": "4711"})

    assert ProviderSubject.objects.get(member=holder).subject == "4711"


# ---------------------------------------------------------------------- the settings
@pytest.mark.parametrize(
    "text", ["http://sso.example.gov.cn", "sso.example.gov.cn", "https://sso.example/?a=b"]
)
def test_an_issuer_is_asked_by_https(text: str) -> None:
    env = Environment({"BIHUAN_IT": text})
    env.service("BIHUAN_IT")

    with pytest.raises(BadSettings, match=r"^BIHUAN_IT"):
        env.finish()


@pytest.mark.parametrize("text", ["https://sso.example.gov.cn/realms/a", "http://127.0.0.1:8080"])
def test_an_issuer_is_kept_as_it_is_written(text: str) -> None:
    env = Environment({"BIHUAN_IT": text})

    assert env.service("BIHUAN_IT") == text
    env.finish()


def test_the_settings_of_the_service_come_together() -> None:
    env = Environment({"BIHUAN_A": "x", "BIHUAN_B": "", "BIHUAN_C": "y"})
    for name in ("BIHUAN_A", "BIHUAN_B", "BIHUAN_C"):
        env.text(name)
    env.together("BIHUAN_A", "BIHUAN_B", "BIHUAN_C")

    with pytest.raises(BadSettings, match=r"^BIHUAN_B: missing"):
        env.finish()


def test_the_page_says_from_when_the_one_that_is_entered_counts(
    administrator: User, client: Client
) -> None:
    holder = make_officer(administrator.tenures.get().post.unit, Power.HANDLE)
    provided.enter_subject(holder=holder, subject="4711", actor=administrator, now=PRESENT)
    client.force_login(administrator)
    url = reverse("factors:member-provider", args=[holder.username])

    waits = client.get(url).content.decode()
    ProviderSubject.objects.update(entered_at=PRESENT - 3 * DAY)
    counts = client.get(url).content.decode()

    assert f"现已登记的标识自{moment(PRESENT + 3 * DAY)}起生效" in waits
    assert "起生效。</li>" not in counts
