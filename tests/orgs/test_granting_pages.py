"""What waits for a second administrator, on the page, at the sign-in and at the command line."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from bihuan.core import grants
from bihuan.core.powers import OF_OFFICERS, Power
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs import wording
from bihuan.orgs.actions import members, posts, signing_in
from bihuan.orgs.actions.signing_in import Place
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.refusals import PasswordExpired
from bihuan.web.templatetags.bihuan import moment
from tests.cases.public import seal_of, told
from tests.clock import PRESENT, StoppedClock
from tests.factories import PASSWORD, make_member, make_officer, make_post, make_unit

pytestmark = pytest.mark.django_db

PAGE = "/desk/organisation/to-confirm/"
HERE = Place("198.51.100.1")
HOURS = timedelta(hours=72)


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云溪县")


@pytest.fixture
def one(county: Unit) -> User:
    return make_officer(county, Power.ADMINISTER, name="甲管理")


@pytest.fixture
def two(county: Unit) -> User:
    return make_officer(county, Power.ADMINISTER, name="乙管理")


def appointed(county: Unit, by: User, power: Power = Power.HANDLE) -> Tenure:
    post = make_post(county, power)
    day = PRESENT.date()
    return posts.appoint(
        post=post, member=make_member(name="丙新人"), start_date=day, actor=by, now=PRESENT
    )


def page(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get(PAGE).content.decode()


def confirm(client: Client, kind: str, row: Tenure | Post | User) -> str:
    url = reverse("orgs:confirm-grant", args=[kind, row.pk])
    seen = row.granted_at.isoformat() if row.granted_at else ""
    return client.post(url, {"seen": seen}, follow=True).content.decode()


# ------------------------------------------------------------------------ page
def test_the_page_shows_what_waits_and_a_button_to_others_alone(
    client: Client, county: Unit, one: User, two: User
) -> None:
    tenure = appointed(county, one)
    url = reverse("orgs:confirm-grant", args=["appointment", tenure.pk])

    own, second = page(client, one), page(client, two)

    assert "丙新人" in own
    assert url not in own
    assert url in second


def test_a_confirmation_leaves_the_empty_page(
    client: Client, county: Unit, one: User, two: User
) -> None:
    tenure = appointed(county, one)
    client.force_login(two)

    after = confirm(client, "appointment", tenure)

    tenure.refresh_from_db()
    assert tenure.confirmed_by == two
    assert "没有待确认的事项" in after


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_until_when_it_waits_is_written_as_on_any_page(language: str) -> None:
    until_at = PRESENT + HOURS

    with translation.override(language):
        assert moment(until_at) in wording.explain(grants.StillWaits(until_at))


def test_powers_and_passwords_are_confirmed_on_the_page(
    client: Client, county: Unit, one: User, two: User
) -> None:
    officer = make_officer(county, Power.REPORT)
    post = Post.objects.get(tenures__member=officer)
    post = posts.change_post(
        post=post, title=post.title, powers=[Power.HANDLE], actor=one, now=PRESENT
    )
    given = members.reset_password(member=officer, actor=one, now=PRESENT)
    officer.refresh_from_db()
    client.force_login(two)

    confirm(client, "powers", post)
    page = client.get(reverse("orgs:grants")).content.decode()
    assert "本人尚未启用" in page
    assert reverse("orgs:confirm-grant", args=["password", officer.pk]) not in page
    members.change_own_password(
        actor=officer, present=given, new="Quiet-Lantern-48", session_key="", now=PRESENT
    )
    confirm(client, "password", officer)

    post.refresh_from_db()
    officer.refresh_from_db()
    assert post.confirmed_by == officer.confirmed_by == two


def test_the_button_does_nothing_for_who_granted_it_and_for_what_was_not_seen(
    client: Client, county: Unit, one: User, two: User
) -> None:
    tenure = appointed(county, one)
    url = reverse("orgs:confirm-grant", args=["appointment", tenure.pk])
    client.force_login(one)
    confirm(client, "appointment", tenure)
    client.force_login(two)
    for seen in ("", "x", (PRESENT - HOURS).isoformat(), "2026-09-15"):
        client.post(url, {"seen": seen})

    tenure.refresh_from_db()
    assert tenure.confirmed_by is None
    assert client.post(reverse("orgs:confirm-grant", args=["unit", tenure.pk])).status_code == 302


def test_an_administrator_who_waits_reads_until_when_and_finds_no_button(
    client: Client, county: Unit, one: User
) -> None:
    new = appointed(county, one, Power.ADMINISTER).member
    appointed(county, one)

    seen = page(client, new)

    assert "您本人的岗位或密码尚待确认，至" in seen
    assert f'action="{PAGE}' not in seen


@pytest.mark.parametrize("power", sorted(OF_OFFICERS - {Power.ADMINISTER}))
def test_nobody_else_sees_the_page_or_confirms(
    client: Client, county: Unit, one: User, power: Power
) -> None:
    tenure = appointed(county, one)
    client.force_login(make_officer(county, power))

    answer = client.get(PAGE)
    confirm(client, "appointment", tenure)

    tenure.refresh_from_db()
    assert answer.status_code == 403
    assert tenure.confirmed_by is None


def test_the_form_of_a_seal_says_until_when_and_offers_danger_alone(
    client: Client, county: Unit, one: User, two: User
) -> None:
    case = told(county).case
    tenure = appointed(county, one)
    head = make_officer(county, Power.APPROVE)
    url = reverse("receipts:open-seal", args=[case.number, "reporter"])
    client.force_login(tenure.member)

    form = client.get(url).content.decode()
    unsaid = client.post(url, {"reason": "现场有人落水"}).content.decode()
    refused = seal_of(case).unseal_requests.count()
    client.post(url, {"reason": "现场有人落水", "is_danger": "on"})

    opening = seal_of(case).unseal_requests.get()
    assert "乙管理" in form
    assert 'name="is_danger"' in form
    assert refused == 0
    assert "只有情况危险、不能等待时才能启封" in unsaid
    client.force_login(head)
    seen = client.get(case.get_absolute_url()).content.decode()
    assert reverse("receipts:allow-opening", args=[case.number, opening.pk]) in seen
    assert case.number in client.get(reverse("desk:today")).content.decode()


def test_what_was_told_stands_on_today(client: Client, county: Unit, one: User, two: User) -> None:
    appointed(county, one)
    client.force_login(two)

    assert "丙新人" in client.get(reverse("desk:today")).content.decode()


# ---------------------------------------------------------- temporary passwords
def test_a_temporary_password_expires_and_says_so_only_to_who_knows_it(
    client: Client, county: Unit, one: User, clock: StoppedClock
) -> None:
    member = make_officer(county, Power.HANDLE, username="wang")
    password = members.reset_password(member=member, actor=one, now=PRESENT)
    clock.wait(HOURS)
    sign_in = {"username": "wang", "password": password}

    right = client.post(reverse("orgs:sign-in"), sign_in)
    wrong = client.post(reverse("orgs:sign-in"), {**sign_in, "password": "x"})

    assert "临时密码已过期" in right.content.decode()
    assert "临时密码已过期" not in wrong.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_temporary_password_lets_in_until_then_and_has_to_be_changed(
    client: Client, county: Unit, one: User, clock: StoppedClock
) -> None:
    member = make_officer(county, Power.HANDLE, username="wang")
    password = members.reset_password(member=member, actor=one, now=PRESENT)
    clock.wait(HOURS - timedelta(seconds=1))

    client.post(reverse("orgs:sign-in"), {"username": "wang", "password": password})

    assert client.get(reverse("desk:today")).headers["Location"] == reverse("orgs:account-password")


def test_a_session_begun_before_does_not_outlive_the_temporary_password(
    county: Unit, one: User
) -> None:
    member = make_officer(county, Power.HANDLE)
    password = members.reset_password(member=member, actor=one, now=PRESENT)

    with pytest.raises(PasswordExpired):
        members.change_own_password(
            actor=member, present=password, new="Quiet-Lantern-48", session_key="k",
            now=PRESENT + HOURS,
        )  # fmt: skip


def test_a_first_password_expires_too_and_one_s_own_never(one: User) -> None:
    member, password = members.add_member(username="new", name="新人", actor=one, now=PRESENT)
    later = PRESENT + HOURS

    with pytest.raises(PasswordExpired):
        signing_in.attempt(username="new", password=password, place=HERE, now=later)
    members.change_own_password(
        actor=member, present=password, new=PASSWORD, session_key="k", now=PRESENT
    )

    assert signing_in.attempt(username="new", password=PASSWORD, place=HERE, now=later) == member


# --------------------------------------------------------------------- commands
def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_unlock_lets_in_again_and_everybody_hears_of_it(county: Unit, one: User, two: User) -> None:
    User.objects.filter(pk=one.pk).update(locked_until=PRESENT + HOURS)

    run("unlock", one.username.upper(), "--yes")

    signed_in = signing_in.attempt(
        username=one.username, password=PASSWORD, place=HERE, now=PRESENT
    )
    heard = Notice.objects.filter(what="unlocked").values_list("member", flat=True)
    assert signed_in == one
    assert set(heard) == {one.pk, two.pk}
    assert Entry.objects.get(act="unlock").actor is None


def test_a_password_from_the_console_is_told_waits_and_is_printed_once(
    county: Unit, one: User, two: User
) -> None:
    said = run("reset_password", one.username, "--yes")

    password = said.split()[-1]
    one.refresh_from_db()
    heard = Notice.objects.filter(what="reset").values_list("member", flat=True)
    assert signing_in.attempt(username=one.username, password=password, place=HERE, now=PRESENT)
    assert set(heard) == {one.pk, two.pk}
    assert (one.granted_at, one.granted_by, one.must_change_password) == (PRESENT, None, True)
    assert Entry.objects.get(act="reset-password").actor is None


@pytest.mark.parametrize("all_of_them", [False, True])
def test_sessions_end_at_the_console_for_one_officer_or_for_everybody(
    one: User, two: User, all_of_them: bool
) -> None:
    browsers = {user: Client() for user in (one, two)}
    for user, browser in browsers.items():
        browser.force_login(user)

    said = run("end_sessions", *(["--all"] if all_of_them else [one.username]), "--yes")

    signed_out = [
        u for u, b in browsers.items() if b.get(reverse("orgs:account")).status_code == 302
    ]
    assert signed_out == ([one, two] if all_of_them else [one])
    assert str(len(signed_out)) in said
    assert Entry.objects.filter(act="end-sessions", actor=None).count() == len(signed_out)


def test_a_new_secret_beside_the_old_one_ends_no_session(
    client: Client, one: User, settings: Settings
) -> None:
    client.force_login(one)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret " * 4

    with transaction.atomic():
        assert client.get(reverse("orgs:account")).status_code == 200


def test_whose_sessions_end_is_said_and_not_guessed(one: User) -> None:
    for wrong in ([], [one.username, "--all"]):
        with pytest.raises(CommandError, match="--all"):
            run("end_sessions", *wrong, "--yes")


@pytest.mark.parametrize("command", ["unlock", "reset_password"])
def test_commands_ask_first_and_know_the_officer(command: str, one: User) -> None:
    with pytest.raises(CommandError, match="--yes"):
        run(command, one.username)
    with pytest.raises(CommandError, match="nobody-here"):
        run(command, "nobody-here", "--yes")
    User.objects.filter(pk=one.pk).update(is_active=False)
    with pytest.raises(CommandError, match=one.username):
        run(command, one.username, "--yes")

    assert not Notice.objects.exists()


def test_sentences_follow_each_other_without_a_space_in_chinese(
    client: Client, county: Unit, one: User, two: User
) -> None:
    case = told(county).case
    tenure = appointed(county, one)
    client.force_login(tenure.member)

    form = client.get(
        reverse("receipts:open-seal", args=[case.number, "reporter"])
    ).content.decode()
    today = client.get(reverse("desk:today")).content.decode()

    assert "起可以。在此之前，" in form
    assert "。如事先并未商定" in today
