"""Guessing passwords is held off, and nobody is locked out by a stranger."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.auth import get_user
from django.test import Client
from pytest_django import Settings

from bihuan.journal.models import Entry
from bihuan.orgs import devices, passwords
from bihuan.orgs.access import Console
from bihuan.orgs.actions import members, signing_in
from bihuan.orgs.actions.signing_in import Place
from bihuan.orgs.models import User
from bihuan.orgs.refusals import Busy, TooManyTries
from bihuan.tallies.models import Tally
from tests.conftest import CountQueries
from tests.factories import NOW, PASSWORD, make_member

pytestmark = pytest.mark.django_db

ATTEMPTS = configured.SIGN_IN_ATTEMPTS
MINUTE = timedelta(minutes=1)
HOME = "198.51.100.1"


def attempt(name: str, password: str = PASSWORD, at: Any = NOW, **place: str) -> User | None:
    where = Place(place.get("network", HOME), place.get("cookie", ""))
    return signing_in.attempt(username=name, password=password, place=where, now=at)


def fail(name: str, times: int = 1, **place: str) -> None:
    for _ in range(times):
        assert attempt(name, "wrong", **place) is None


def sign_in(client: Client, name: str, password: str = PASSWORD, address: str = HOME) -> Any:
    values = {"username": name, "password": password}
    return client.post("/sign-in/", values, REMOTE_ADDR=address)


def signed_in(client: Client) -> bool:
    return get_user(client).is_authenticated


# ------------------------------------------------------------- address and name
def test_five_failures_hold_off_the_name_from_this_address_for_fifteen_minutes() -> None:
    user = make_member()
    fail(user.username, ATTEMPTS)

    with pytest.raises(TooManyTries):
        attempt(user.username, at=NOW + 14 * MINUTE)
    assert attempt(user.username, at=NOW + 15 * MINUTE) == user


def test_strangers_do_not_lock_an_officer_out() -> None:
    user = make_member()
    fail(user.username, ATTEMPTS, network="203.0.113.5")

    assert attempt(user.username) == user


def test_one_address_tries_only_so_many_names() -> None:
    for n in range(configured.SIGN_IN_ATTEMPTS_FROM_ADDRESS):
        fail(f"name.{n}")

    with pytest.raises(TooManyTries):
        fail("another")
    fail("another", network="203.0.113.5")


def test_an_office_that_signs_in_behind_one_address_uses_nothing_up(settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS_FROM_ADDRESS = 3
    officers = [make_member() for _ in range(5)]

    assert [attempt(officer.username) for officer in officers] == officers


def test_an_unknown_name_is_held_off_as_a_known_one_is() -> None:
    fail("nobody", ATTEMPTS)

    with pytest.raises(TooManyTries):
        attempt("nobody")


def test_no_name_and_no_address_is_kept(settings: Settings) -> None:
    fail("nobody")

    rows = [f"{row.__dict__}" for row in Tally.objects.all()]
    assert rows
    assert not [row for row in rows if "nobody" in row or HOME in row]
    entry = Entry.objects.get(act="sign-in-failed")
    assert "nobody" not in f"{entry.__dict__} {entry.chain.subject}"


# ---------------------------------------------------------------- known devices
def test_many_failures_from_everywhere_shut_the_account_to_unknown_devices_alone(
    client: Client, settings: Settings
) -> None:
    settings.SIGN_IN_ATTEMPTS_AT_ACCOUNT = 6
    user = make_member()
    sign_in(client, user.username)
    cookie = client.cookies[devices.COOKIE].value
    for n in range(6):
        fail(user.username, network=f"203.0.113.{n}")

    assert attempt(user.username) is None
    assert attempt(user.username, cookie=cookie) == user
    assert Entry.objects.filter(act="lock", chain__subject=user.subject).count() == 1


def test_a_known_device_is_not_held_off_with_its_address(client: Client) -> None:
    user = make_member()
    sign_in(client, user.username)
    cookie = client.cookies[devices.COOKIE].value
    fail(user.username, ATTEMPTS)

    assert attempt(user.username, cookie=cookie) == user


def test_a_known_device_guesses_no_more_than_any_other(client: Client) -> None:
    user = make_member()
    sign_in(client, user.username)
    cookie = client.cookies[devices.COOKIE].value
    fail(user.username, ATTEMPTS, cookie=cookie)

    with pytest.raises(TooManyTries):
        attempt(user.username, cookie=cookie, network="203.0.113.5")


def test_a_device_is_known_for_the_officers_who_signed_in_on_it(client: Client) -> None:
    one, two, other = (make_member() for _ in range(3))
    for user in (one, two, one):
        sign_in(client, user.username)
        client.post("/sign-out/")

    cookie = client.cookies[devices.COOKIE].value
    assert devices.known(cookie, one) == devices.known(cookie, two) != ""
    assert devices.known(cookie, other) == devices.known(cookie, None) == ""


def test_the_cookie_of_a_device_says_nothing_and_cannot_be_made(client: Client) -> None:
    user = make_member(username="zhang.wei")
    sign_in(client, user.username)

    cookie = client.cookies[devices.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/sign-in/", True, "Strict")
    answer = devices._read(cookie.value)
    assert [len(part) for part in answer] == [32, 32]
    assert not {str(user.pk), user.username, user.name} & set(answer)
    for made in ("", "x", cookie.value[:-2], cookie.value + "x"):
        assert devices.known(made, user) == ""


def test_a_device_stays_known_under_a_new_secret(client: Client, settings: Settings) -> None:
    user = make_member()
    sign_in(client, user.username)
    cookie = client.cookies[devices.COOKIE].value

    old, settings.SECRET_KEY = settings.SECRET_KEY, "another secret " * 4
    assert devices.known(cookie, user) == ""
    settings.SECRET_KEY_FALLBACKS = [old]
    assert devices.known(cookie, user) != ""


def test_a_new_password_opens_what_strangers_shut(settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS_AT_ACCOUNT = 1
    user = make_member()
    fail(user.username, network="203.0.113.5")

    password = members.reset_password(member=user, actor=Console.CONSOLE, now=NOW)

    assert attempt(user.username, password) == user


# ------------------------------------------------------------------- equal work
def test_a_name_that_nobody_has_takes_the_same_steps(count_queries: CountQueries) -> None:
    user = make_member(username="somebody")
    for name in (user.username, "nobody"):
        fail(name)  # what is done once is done

    with count_queries() as known:
        fail(user.username)
    with count_queries() as unknown:
        fail("nobody")

    def kinds(queries: Any) -> list[str]:
        found = [query["sql"].split()[:4] for query in queries]
        return [" ".join(words) for words in found if "SAVEPOINT" not in words]

    assert kinds(known) == kinds(unknown)


# ------------------------------------------------------------ at a time, in turn
def test_only_so_many_passwords_are_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    hasher = passwords.Argon2()
    with passwords._turn():
        with pytest.raises(Busy):
            hasher.encode("x", "saltsaltsalt")
        with pytest.raises(Busy):
            hasher.verify("x", "argon2$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$YWJj")


def test_those_who_cannot_wait_are_sent_away_at_once() -> None:
    inside, done = threading.Barrier(passwords.WAITING + 2), threading.Event()
    refused: list[bool] = []

    def hold() -> None:
        with passwords._queue:
            inside.wait()
            done.wait()

    others = [threading.Thread(target=hold) for _ in range(passwords.AT_ONCE + passwords.WAITING)]
    for other in others:
        other.start()
    inside.wait()
    try:
        passwords.Argon2().encode("x", "saltsaltsalt")
    except Busy:
        refused.append(True)
    done.set()
    for other in others:
        other.join()

    assert refused == [True]


def test_a_busy_server_says_so_and_counts_nothing(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PASSWORD_HASHERS = ["bihuan.orgs.passwords.Argon2"]
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    user = make_member(username="busy")

    with passwords._room:
        answers = [sign_in(client, user.username) for _ in range(ATTEMPTS + 1)]

    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].headers["Retry-After"] == "5"
    assert sign_in(client, user.username).status_code == 302
    assert signed_in(client)


def test_the_installed_hasher_takes_turns() -> None:
    from bihuan import settings as shipped

    chosen, generated = shipped.PASSWORD_HASHERS
    assert chosen == "bihuan.orgs.passwords.Argon2"
    assert generated == "bihuan.orgs.passwords.TemporaryHash"


def test_a_wrong_temporary_password_takes_as_long_as_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = User(username="one", password=passwords.hash_temporary("abcd-efgh"))
    slow: list[str] = []
    monkeypatch.setattr(passwords, "make_password", slow.append)

    assert user.check_password("abcd-efgh")
    assert slow == []
    assert not user.check_password("wrong")
    assert slow == ["wrong"]


# --------------------------------------------------------------------- the page
def test_a_held_off_sign_in_is_told_so_whether_or_not_the_name_is_known(client: Client) -> None:
    user = make_member(username="known-1")
    for name in (user.username, "nobody-1"):
        for _ in range(ATTEMPTS):
            assert sign_in(client, name, "wrong").status_code == 200

    pages = [sign_in(client, name) for name in (user.username, "nobody-1")]

    assert [page.status_code for page in pages] == [429, 429]
    assert all("15 分钟" in page.content.decode() for page in pages)
    assert sign_in(client, user.username, address="203.0.113.5").status_code == 302
