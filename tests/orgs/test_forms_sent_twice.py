"""A double click on a form that issues a temporary password does not lose the password."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.orgs.acts import OrgAct
from bihuan.orgs.models import Tenure, Unit, User
from tests.clock import StoppedClock
from tests.factories import make_member, make_officer, make_post, make_tenure, make_unit

pytestmark = pytest.mark.django_db

NEW_MEMBER = "/desk/organisation/new-member/"
FOUND = "/desk/organisation/units/county/found/"
A_MEMBER = {"username": "Yin.Lu", "name": "尹璐"}
A_UNIT = {
    "code": "sj", "name": "水利局", "kind": "department", "title": "科员", "powers": ["report"],
    "member_name": "尹璐", "username": "Yin.Lu", "start_date": "2026-09-01",
}  # fmt: skip


@pytest.fixture
def county() -> Unit:
    return make_unit(code="county", kind=Unit.Kind.GOVERNMENT)


@pytest.fixture
def administrator(county: Unit) -> Client:
    return _signed_in(make_officer(county, Power.ADMINISTER))


@pytest.mark.parametrize(("url", "given"), [(NEW_MEMBER, A_MEMBER), (FOUND, A_UNIT)])
def test_both_answers_show_the_first_password_of_a_new_officer(
    administrator: Client, url: str, given: Mapping[str, object]
) -> None:
    sent = {**given, "form_key": _key(administrator, url)}

    first, second = (_password(administrator, url, sent) for _ in "ab")

    assert first == second
    assert User.objects.get(username="yin.lu").check_password(second)
    assert Entry.objects.filter(act=OrgAct.ADD_MEMBER).count() == 1


@pytest.mark.parametrize("name", ["orgs:reset-password", "orgs:reactivate-member"])
def test_both_answers_show_the_new_password_of_an_officer(
    administrator: Client, county: Unit, name: str
) -> None:
    member = make_officer(county)
    url = reverse(name, args=[member.username])
    sent = {"form_key": _key(administrator, url)}

    first, second = (_password(administrator, url, sent) for _ in "ab")

    member.refresh_from_db()
    assert first == second
    assert member.check_password(second)
    assert Entry.objects.filter(act=OrgAct.RESET_PASSWORD).count() == 1


def test_another_page_of_the_same_form_resets_the_password_again(
    administrator: Client, county: Unit
) -> None:
    url = reverse("orgs:reset-password", args=[make_officer(county).username])

    first, second = (
        _password(administrator, url, {"form_key": _key(administrator, url)}) for _ in "ab"
    )

    assert first != second


def test_the_same_page_with_other_values_is_another_form(administrator: Client) -> None:
    key = _key(administrator, NEW_MEMBER)
    _password(administrator, NEW_MEMBER, {**A_MEMBER, "form_key": key})

    _password(administrator, NEW_MEMBER, {"username": "b", "name": "乙", "form_key": key})

    assert User.objects.filter(username__in=["yin.lu", "b"]).count() == 2


def test_the_same_form_of_another_officer_gets_nothing(administrator: Client, county: Unit) -> None:
    sent = {**A_MEMBER, "form_key": _key(administrator, NEW_MEMBER)}
    address = administrator.post(NEW_MEMBER, sent)["Location"]
    other = _signed_in(make_officer(county, Power.ADMINISTER))

    again = other.post(NEW_MEMBER, sent)

    assert "“yin.lu”已被使用" in again.content.decode()
    assert other.get(address).status_code == other.get(f"{address}slip/").status_code == 404


def test_who_no_longer_administers_the_officer_is_not_shown_the_password(
    administrator: Client, county: Unit
) -> None:
    sent = {**A_MEMBER, "form_key": _key(administrator, NEW_MEMBER)}
    address = administrator.post(NEW_MEMBER, sent)["Location"]
    make_tenure(User.objects.get(username="yin.lu"), make_post(make_unit(code="elsewhere")))

    assert administrator.get(address).status_code == 404


def test_the_password_is_shown_for_an_hour(
    administrator: Client, county: Unit, clock: StoppedClock
) -> None:
    sent = {**A_MEMBER, "form_key": _key(administrator, NEW_MEMBER)}
    address = administrator.post(NEW_MEMBER, sent)["Location"]
    password = _shown(administrator, address)
    clock.wait(timedelta(minutes=61))
    again = _signed_in(User.objects.exclude(username="yin.lu").get())

    later = again.post(NEW_MEMBER, sent, follow=True).content.decode()

    assert password
    assert password not in later
    assert "/members/yin.lu/reset-password/" in later
    assert password not in again.get(f"{address}slip/").content.decode()


def test_a_password_that_the_officer_changed_is_not_shown(administrator: Client) -> None:
    sent = {**A_MEMBER, "form_key": _key(administrator, NEW_MEMBER)}
    address = administrator.post(NEW_MEMBER, sent)["Location"]
    member = User.objects.get(username="yin.lu")
    member.set_password("Another-one-2026")
    member.must_change_password = False
    member.save()

    page = administrator.get(address).content.decode()

    assert "<code>" not in page
    assert "本人已更改密码" in page


def test_the_slip_names_the_officer_the_address_and_the_password(administrator: Client) -> None:
    sent = {**A_UNIT, "form_key": _key(administrator, FOUND)}
    address = administrator.post(FOUND, sent)["Location"]

    slip = administrator.get(f"{address}slip/").content.decode()

    for text in ("尹璐", "水利局", "科员", "http://testserver/", "yin.lu"):
        assert text in slip
    assert _shown(administrator, address) in slip


def test_a_unit_for_an_officer_with_an_account_is_added_once(
    administrator: Client, county: Unit
) -> None:
    member = make_member()
    given = {**A_UNIT, "member_name": "", "username": "", "member": str(member.pk)}
    sent = {**given, "form_key": _key(administrator, FOUND)}

    pages = [administrator.post(FOUND, sent, follow=True) for _ in "ab"]

    assert [page.redirect_chain[-1][0] for page in pages] == ["/desk/organisation/units/sj/"] * 2
    assert Tenure.objects.filter(member=member).count() == 1


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _key(client: Client, url: str) -> str:
    found = re.search(r'name="form_key" value="(\w+)"', client.get(url).content.decode())
    assert found
    return found[1]


def _password(client: Client, url: str, sent: Mapping[str, object]) -> str:
    return _shown(client, client.post(url, sent)["Location"])


def _shown(client: Client, address: str) -> str:
    return client.get(address).content.decode().partition("<code>")[2].partition("</code>")[0]
