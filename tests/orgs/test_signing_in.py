"""Signing in: what is wrong is never told, and how sessions begin and end."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.http.response import HttpResponseBase
from django.test import Client

from bihuan.core.powers import Power
from bihuan.orgs.actions import signing_in
from bihuan.orgs.actions.signing_in import Place
from bihuan.orgs.models import SignIn, User
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import NOW, PASSWORD, make_member, make_officer, make_unit
from tests.orgs.signing_in import acts_of, is_signed_in

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MINUTE = timedelta(minutes=1)
HERE = Place("198.51.100.1")


def _attempt(user: User, password: str = PASSWORD, now: datetime = NOW) -> User | None:
    return signing_in.attempt(username=user.username, password=password, place=HERE, now=now)


def _post(
    client: Client, username: str, password: str = PASSWORD, **query: str
) -> HttpResponseBase:
    return client.post(
        "/sign-in/",
        {"username": username, "password": password},
        query_params=query,
        headers={"user-agent": FIREFOX},
    )


# ------------------------------------------------------------------- the act
def test_the_right_password_signs_in_and_is_journaled() -> None:
    user = make_member()

    assert _attempt(user) == user
    assert acts_of(user) == ["sign-in"]


def test_a_success_forgets_the_failures_before_it() -> None:
    user = make_member()
    for _failure in range(settings.SIGN_IN_ATTEMPTS - 1):
        _attempt(user, "wrong")
    _attempt(user)
    _attempt(user, "wrong")

    assert _attempt(user) == user


def test_a_closed_account_does_not_sign_in() -> None:
    user = make_member()
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert _attempt(user) is None


def test_a_name_that_does_not_exist_costs_as_much_as_a_wrong_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    user = make_member()
    hashed.clear()

    _attempt(user, "wrong")
    cost = len(hashed)
    signing_in.attempt(username="nobody", password="wrong", place=HERE, now=NOW)

    assert len(hashed) == 2 * cost > 0


def test_the_user_name_is_the_same_in_capitals() -> None:
    user = make_member(username="zhang.wei")

    assert signing_in.attempt(username="Zhang.Wei", password=PASSWORD, place=HERE, now=NOW) == user


# ------------------------------------------------------------------ the page
def test_every_failure_looks_the_same(client: Client) -> None:
    make_member(username="known-1")
    locked = make_member(username="locked-1")
    User.objects.filter(pk=locked.pk).update(locked_until=PRESENT + MINUTE)

    answers = {
        _refused(client, "known-1", "wrong"),
        _refused(client, "nobody-1", "wrong"),
        _refused(client, "locked-1", PASSWORD),
    }

    assert len(answers) == 1
    assert not is_signed_in(client)


def _refused(client: Client, username: str, password: str) -> str:
    """The page less what differs on every page: the name that was typed, and the token."""
    page = client.post("/sign-in/", {"username": username, "password": password}).content.decode()
    lines = page.replace(username, "").split("\n")
    return "\n".join(line for line in lines if "csrf" not in line.lower())


def test_signing_in_leads_to_where_one_wanted_to_go(client: Client) -> None:
    user = make_member()

    answer = _post(client, user.username, next="/desk/account/")

    assert answer.headers["Location"] == "/desk/account/"
    assert is_signed_in(client)


ELSEWHERE = [
    *("https://example.org/", "//example.org", "javascript:x", "///example.org", "/\\example.org"),
    *("1", "today", "nonsense", "desk/", "?", "#x", "[", "//[", "\x00", "\n", "/\n/example.org"),
]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    user = make_member()

    assert _post(client, user.username, next=elsewhere).headers["Location"] == "/desk/"
    assert client.get("/sign-in/", {"next": elsewhere}).headers["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("sent_from", "leads_to"),
    [
        ("http://testserver/desk/cases/YH-1/?from=today", "/desk/cases/YH-1/?from=today"),
        ("http://evil.example/desk/account/", "/desk/"),
        ("", "/desk/"),
    ],
)
def test_a_button_that_was_pressed_too_late_leads_back_to_its_page(
    client: Client, sent_from: str, leads_to: str
) -> None:
    """Its own address takes forms only, so that it would be no page after the sign-in."""
    answer = client.post("/desk/notices/read/", headers={"Referer": sent_from})

    request = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert request["next"] == [leads_to]


def test_the_session_remembers_its_device_and_gets_a_new_key(client: Client) -> None:
    user = make_member()
    client.get("/sign-in/")

    _post(client, user.username)

    sign_in = SignIn.objects.get(user=user)
    assert sign_in.device == "Firefox · Linux"
    assert sign_in.started_at == sign_in.seen_at is not None


@pytest.mark.django_db(transaction=True)
def test_signing_out_ends_the_session_and_is_journaled(client: Client) -> None:
    user = make_member()
    _post(client, user.username)

    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"

    assert not is_signed_in(client)
    assert not SignIn.objects.filter(user=user).exists()
    assert acts_of(user) == ["sign-in", "sign-out"]


def test_signing_out_takes_more_than_a_link(client: Client) -> None:
    client.force_login(make_member())

    assert client.get("/sign-out/").status_code == 405


# ----------------------------------------------------------------- the guard
def _seen(user: User, ago: timedelta) -> None:
    SignIn.objects.filter(user=user).update(seen_at=PRESENT - ago)


IDLE = timedelta(seconds=settings.SESSION_IDLE_SECONDS)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/desk/account/", "/sign-in/", "/", "/sign-out/"])
def test_a_session_that_nobody_used_lets_its_officer_sign_in_again(
    client: Client, path: str
) -> None:
    user = make_member()
    client.force_login(user)
    _seen(user, IDLE + MINUTE)

    answer = client.get(path)

    assert answer.headers["Location"].startswith("/sign-in/?next=")
    assert client.get("/sign-in/").status_code == 200
    assert _post(client, user.username).headers["Location"] == "/desk/"
    assert is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_a_session_that_nobody_used_ends(client: Client) -> None:
    user = make_member()
    client.force_login(user)
    _seen(user, IDLE + MINUTE)

    answer = client.get("/desk/account/")

    assert answer.headers["Location"] == "/sign-in/?next=/desk/account/"
    assert not is_signed_in(client)
    assert acts_of(user) == ["idle-out"]


def test_use_keeps_a_session_alive(client: Client) -> None:
    user = make_member()
    client.force_login(user)
    _seen(user, IDLE - MINUTE)

    assert client.get("/desk/account/").status_code == 200
    assert SignIn.objects.get(user=user).seen_at > PRESENT - MINUTE  # type: ignore[operator]


def test_use_is_written_down_once_a_minute(client: Client, count_queries: CountQueries) -> None:
    client.force_login(make_member())
    client.get("/desk/account/")

    with count_queries() as queries:
        client.get("/desk/account/")

    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_a_signed_in_request_asks_four_queries_for_session_user_seats_and_notices(
    client: Client, count_queries: CountQueries
) -> None:
    client.force_login(make_officer(make_unit(), Power.REPORT))
    client.get("/desk/organisation/?q=zzz")

    with count_queries() as queries:
        client.get("/desk/organisation/?q=zzz")

    searches = 2
    assert len(queries) <= 4 + searches


def test_a_request_of_a_stranger_asks_nothing(client: Client, count_queries: CountQueries) -> None:
    with count_queries() as queries:
        client.get("/sign-in/")

    assert len(queries) == 0


def test_a_temporary_password_opens_only_the_page_that_changes_it(client: Client) -> None:
    user = make_member()
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    client.force_login(user)

    assert client.get("/desk/account/").headers["Location"] == "/desk/account/password/"
    assert client.get("/desk/account/password/").status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize(
    ("account", "device", "spoken"),
    [("en", "", "en"), ("en", "zh-hans", "zh-hans"), ("", "", "zh-hans"), ("zh-hans", "en", "en")],
)
def test_the_language_of_the_device_comes_before_that_of_the_account(
    client: Client, account: str, device: str, spoken: str
) -> None:
    user = make_member()
    User.objects.filter(pk=user.pk).update(language=account)
    client.force_login(user)
    if device:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = device

    assert client.get("/desk/account/").headers["Content-Language"] == spoken
