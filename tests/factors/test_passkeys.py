"""Signing in with a passkey: signed for this browser, this host and this officer, and once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client

from bihuan.core.powers import Power
from bihuan.factors.actions import setting_up
from bihuan.factors.actions.setting_up import Setter
from bihuan.factors.models import Passkey
from bihuan.factors.passkeys import Site, to_make
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.factories import PASSWORD, make_officer, make_unit
from tests.factors.devices import Key, give_app

pytestmark = pytest.mark.django_db

STEP = "/sign-in/second-step/"
HERE = Site("localhost", "http://localhost")
BEFORE = PRESENT - timedelta(hours=2)


def give(user: User, key: Key, name: str = "电脑", site: Site = HERE) -> Key:
    options, challenge = to_make(user, [], site)
    answer = key.make(options)
    setting_up.add_passkey(
        actor=Setter(user), name=name, challenge=challenge, answer=answer, site=site, now=BEFORE
    )
    return key


@pytest.fixture
def key(user: User) -> Key:
    return give(user, Key())


@pytest.fixture
def browser(client: Client) -> Client:
    client.defaults.update(SERVER_NAME="localhost", SERVER_PORT="80")
    return client


def question(browser: Client, user: User) -> dict[str, Any]:
    browser.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    return asked_again(browser)


def asked_again(browser: Client) -> dict[str, Any]:
    options: dict[str, Any] = json.loads(browser.get(STEP).context["to_sign"])
    return options


def send(browser: Client, answer: object) -> Any:
    return browser.post(STEP, {"answer": json.dumps(answer)})


def is_in(browser: Client) -> bool:
    return get_user(browser).is_authenticated


def test_a_passkey_signs_in(user: User, key: Key, browser: Client) -> None:
    options = question(browser, user)

    assert send(browser, key.sign(options)).headers["Location"] == "/desk/"
    assert get_user(browser) == user
    entry = Entry.objects.filter(chain__subject=user.subject).latest("seq")
    assert (entry.act, "passkey" in entry.detail) == ("sign-in", True)


def test_only_passkeys_of_this_host_are_asked_for(user: User, key: Key, browser: Client) -> None:
    other = Site("other.example", "https://other.example")
    give(user, Key(other.origin, other.host), "别处", other)

    request = question(browser, user)["publicKey"]["allowCredentials"]

    assert len(request) == 1


@pytest.mark.parametrize("spoil", [{"origin": "https://evil.example"}, {"host": "evil.example"}])
def test_what_was_signed_for_another_page_is_refused(
    user: User, key: Key, browser: Client, spoil: dict[str, Any]
) -> None:
    options = question(browser, user)

    send(browser, replace(key, **spoil).sign(options))

    assert not is_in(browser)


def test_what_another_key_signed_is_refused(user: User, key: Key, browser: Client) -> None:
    options = question(browser, user)

    send(browser, Key(credential=key.credential).sign(options))

    assert not is_in(browser)


def test_a_passkey_of_another_officer_is_refused(user: User, key: Key, browser: Client) -> None:
    other = give(make_officer(make_unit(), Power.ADMINISTER), Key())

    send(browser, other.sign(question(browser, user)))

    assert not is_in(browser)


@pytest.mark.parametrize("has_app", [True, False])
def test_only_whoever_has_a_code_app_is_asked_for_its_code(
    user: User, key: Key, browser: Client, has_app: bool
) -> None:
    if has_app:
        give_app(user)
    question(browser, user)

    page = browser.get(STEP).content.decode()

    assert ("六位数字" in page) == has_app
    assert "恢复码" in page


def test_an_answer_to_an_earlier_question_is_refused(user: User, key: Key, browser: Client) -> None:
    earlier = question(browser, user)
    asked_again(browser)

    send(browser, key.sign(earlier))

    assert not is_in(browser)


def test_an_answer_counts_once(user: User, key: Key, browser: Client) -> None:
    answer = key.sign(question(browser, user))
    send(browser, answer)
    browser.post("/sign-out/")
    question(browser, user)

    send(browser, answer)

    assert not is_in(browser)


def test_an_answer_to_no_question_is_refused(user: User, key: Key, browser: Client) -> None:
    answer = key.sign(question(browser, user))
    other = Client(SERVER_NAME="localhost", SERVER_PORT="80")
    other.post("/sign-in/", {"username": user.username, "password": PASSWORD})

    send(other, answer)

    assert not is_in(other)


def test_a_copy_that_counts_less_is_refused(user: User, key: Key, browser: Client) -> None:
    copy = replace(key)
    send(browser, key.sign(question(browser, user)))
    browser.post("/sign-out/")

    send(browser, copy.sign(question(browser, user)))

    assert not is_in(browser)
    assert Entry.objects.filter(act="second-step-failed").count() == 1


def test_a_key_that_stops_counting_is_a_copy(user: User, key: Key, browser: Client) -> None:
    send(browser, key.sign(question(browser, user)))
    browser.post("/sign-out/")

    send(browser, replace(key, counts=False, uses=0).sign(question(browser, user)))

    assert not is_in(browser)


def test_a_key_that_never_counts_is_no_copy(user: User, browser: Client) -> None:
    key = give(user, Key(counts=False))
    for _ in range(2):
        send(browser, key.sign(question(browser, user)))
        assert is_in(browser)
        browser.post("/sign-out/")


@pytest.mark.parametrize("answer", [{}, [], None, {"response": {}}, {"id": 5, "rawId": "-"}])
def test_nonsense_is_no_answer(user: User, key: Key, browser: Client, answer: object) -> None:
    question(browser, user)

    assert send(browser, answer).status_code == 200
    assert not is_in(browser)


def test_wrong_answers_are_held_off(user: User, key: Key, browser: Client) -> None:
    stranger = Key(credential=key.credential)
    options = question(browser, user)
    for _ in range(5):
        send(browser, stranger.sign(options))
        options = asked_again(browser)

    assert send(browser, key.sign(options)).status_code == 429
    assert not is_in(browser)


def test_a_passkey_belongs_to_one_officer(user: User, key: Key) -> None:
    assert Passkey.objects.get().member == user
