"""A setting names powers for which the password alone is not enough."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from bihuan.core import second_factor
from bihuan.core.powers import Power
from bihuan.environment import BadSettings, Environment
from bihuan.factors.models import CodeApp, Passkey
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.factories import PASSWORD, make_officer, make_post, make_tenure, make_unit
from tests.factors.devices import Key, Phone, is_in
from tests.sitemap import addresses

pytestmark = pytest.mark.django_db

SET_UP = "/sign-in/set-up/"


@pytest.fixture
def user(settings: Settings) -> User:
    settings.SECOND_FACTOR = ["administer"]
    return make_officer(make_unit(), Power.ADMINISTER)


def first_step(client: Client, user: User) -> Any:
    values = {"username": user.username, "password": PASSWORD}
    return client.post("/sign-in/?next=/desk/account/", values)


def show(client: Client) -> Any:
    return client.get(SET_UP, SERVER_NAME="localhost", SERVER_PORT="80")


def test_halfway_in_nobody_is_offered_to_begin_anew_above(client: Client, user: User) -> None:
    first_step(client, user)

    page = show(client).content.decode()

    header = page[page.index("<header") : page.index("</header>")]
    assert 'href="/sign-in/"' not in header
    assert 'href="/sign-in/"' in page  # “Use another account”


# -------------------------------------------------------------------- the setting
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("administer", ["administer"]),
        ("administer, audit,open_seals", ["administer", "audit", "open_seals"]),
    ],
)
def test_the_setting_names_powers(text: str, words: list[str]) -> None:
    env = Environment({"BIHUAN_IT": text})

    assert env.words("BIHUAN_IT", second_factor.NAMES) == words
    env.finish()


@pytest.mark.parametrize("text", ["admin", "administer;audit", "administer,", "Administer", "all"])
def test_what_names_no_power_is_refused(text: str) -> None:
    env = Environment({"BIHUAN_IT": text})
    env.words("BIHUAN_IT", second_factor.NAMES)

    with pytest.raises(BadSettings, match=r"^BIHUAN_IT.*administer"):
        env.finish()


@pytest.mark.parametrize("power", Power)
def test_opening_seals_stands_for_the_powers_that_open(power: Power) -> None:
    opens = power in (Power.HANDLE, Power.COORDINATE, Power.APPROVE)

    assert second_factor.is_required([power], ["open_seals"]) is opens


@pytest.mark.parametrize("named", Power)
@pytest.mark.parametrize("held", Power)
def test_a_power_that_is_named_is_the_one_that_needs_it(named: Power, held: Power) -> None:
    assert second_factor.is_required([held], [named.value]) is (named == held)


def test_nothing_named_is_nothing_needed() -> None:
    assert not second_factor.is_required([*Power], [])


# ------------------------------------------------------------------- on the way in
def test_others_are_not_asked(user: User, client: Client) -> None:
    other = make_officer(make_unit(), Power.HANDLE, Power.COORDINATE)

    assert first_step(client, other).headers["Location"] == "/desk/account/"
    assert is_in(client)


def test_an_app_is_set_up_on_the_way_in(user: User, client: Client) -> None:
    first_step(client, user)
    page = client.get("/sign-in/second-step/", follow=True)
    assert page.redirect_chain[-1][0] == SET_UP
    key = re.search(r"<code>([A-Z2-7 ]{39})</code>", page.content.decode())
    assert key
    assert not is_in(client)

    code = Phone.with_key(key[1]).code(PRESENT)
    answer = client.post(SET_UP, {"code": code})

    assert is_in(client)
    text = answer.content.decode()
    assert len(re.findall(r"<li><code>", text)) == 10
    assert 'href="/desk/account/"' in text
    assert client.get("/desk/account/").status_code == 200
    entries = Entry.objects.filter(chain__subject=user.subject).order_by("seq")
    assert list(entries.values_list("act", flat=True)) == [
        "first-step", "set-up-code-app", "make-recovery-codes", "sign-in",
    ]  # fmt: skip


def test_who_is_to_set_one_up_can_sign_in_as_somebody_else(user: User, client: Client) -> None:
    first_step(client, user)

    assert '<a href="/sign-in/">' in show(client).content.decode()


def test_a_passkey_is_set_up_on_the_way_in(user: User, client: Client) -> None:
    client.defaults.update(SERVER_NAME="localhost", SERVER_PORT="80")
    first_step(client, user)
    options = json.loads(show(client).context["to_make"])

    client.post(SET_UP, {"name": "办公室电脑", "answer": json.dumps(Key().make(options))})

    assert Passkey.objects.get().member == user
    assert is_in(client)


def test_a_wrong_code_lets_nobody_in(user: User, client: Client) -> None:
    first_step(client, user)
    show(client)

    answer = client.post(SET_UP, {"code": "000000"})

    assert answer.status_code == 200
    assert not is_in(client)
    assert not CodeApp.objects.exists()


def test_without_the_page_no_code_sets_anything_up(user: User, client: Client) -> None:
    first_step(client, user)

    client.post(SET_UP, {"code": Phone().code(PRESENT)})

    assert not CodeApp.objects.exists()


def test_nothing_else_is_reached_before_it_is_set_up(user: User, client: Client) -> None:
    first_step(client, user)
    show(client)

    for route, path in addresses(lambda _route, _name: [1, "x"]):
        if not route.is_public:
            for answer in (client.get(path), client.post(path)):
                assert answer.headers["Location"].startswith("/sign-in/"), path
    assert not is_in(client)


# ------------------------------------------------------------------ while signed in
def test_a_session_from_before_the_setting_ends(
    user: User, client: Client, settings: Settings
) -> None:
    settings.SECOND_FACTOR = []
    first_step(client, user)
    assert client.get("/desk/account/").status_code == 200

    settings.SECOND_FACTOR = ["administer"]

    assert client.get("/desk/account/").headers["Location"] == "/sign-in/?next=/desk/account/"
    assert not is_in(client)
    acts = Entry.objects.filter(chain__subject=user.subject).order_by("-seq")
    assert acts[0].act == "end-session-without-factor"


def test_a_session_from_before_the_power_ends(user: User, client: Client) -> None:
    other = make_officer(make_unit(), Power.HANDLE)
    first_step(client, other)
    assert client.get("/desk/account/").status_code == 200

    make_tenure(other, make_post(make_unit(), Power.ADMINISTER))

    assert client.get("/desk/account/").status_code == 302
    assert not is_in(client)


def test_a_session_with_the_second_step_goes_on(user: User, client: Client) -> None:
    first_step(client, user)
    key = re.search(r"<code>([A-Z2-7 ]{39})</code>", show(client).content.decode())
    assert key
    client.post(SET_UP, {"code": Phone.with_key(key[1]).code(PRESENT)})

    assert client.get("/desk/organisation/members/").status_code == 200
