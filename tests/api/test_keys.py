"""Keys are made by administrators, shown once, kept as hashes, and ended for good."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from bihuan.api.actions import keys
from bihuan.api.actions.keys import KeyEnded, WrongKey
from bihuan.api.models import ApiKey
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.journal.models import Entry
from bihuan.orgs.models import Unit, User
from tests.factories import NOW, TODAY, make_officer, make_unit

pytestmark = pytest.mark.django_db

PAGES = "/desk/api-keys/"


@pytest.fixture
def town(county: Unit) -> Unit:
    return make_unit(county, name="双河镇")


@pytest.fixture
def administrator(county: Unit) -> User:
    return make_officer(county, Power.ADMINISTER)


def _made(administrator: User, unit: Unit) -> tuple[ApiKey, str]:
    return keys.make_key(name="市民应用", unit=unit, actor=administrator, now=NOW)


def _as(user: User, *, language: str = "zh-hans") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


# ----------------------------------------------------------------------- actions
def test_only_the_hash_of_a_key_is_kept(administrator: User, town: Unit) -> None:
    key, key_text = _made(administrator, town)

    stored = ApiKey.objects.values_list().get(pk=key.pk)
    assert len(key_text) >= 40
    assert key_text not in repr(stored)
    assert key.start == key_text[:8]
    assert key_text not in "".join(Entry.objects.values_list("detail", flat=True))


def test_a_key_is_known_again_and_counts_as_used_on_the_day(
    administrator: User, town: Unit
) -> None:
    key, key_text = _made(administrator, town)

    assert keys.known(key_text, NOW) == key

    key.refresh_from_db()
    assert key.used_on == TODAY


@pytest.mark.parametrize("text", ["", "x", " "])
def test_any_other_key_is_wrong(administrator: User, town: Unit, text: str) -> None:
    _made(administrator, town)

    with pytest.raises(WrongKey):
        keys.known(text, NOW)


def test_an_ended_key_is_wrong(administrator: User, town: Unit) -> None:
    key, key_text = _made(administrator, town)

    keys.end_key(key=key, actor=administrator, now=NOW, reason="系统下线")

    with pytest.raises(WrongKey):
        keys.known(key_text, NOW + timedelta(days=1))


def test_a_key_ends_once_and_with_a_reason(administrator: User, town: Unit) -> None:
    key, _ = _made(administrator, town)

    with pytest.raises(Missing):
        keys.end_key(key=key, actor=administrator, now=NOW, reason=" ")
    keys.end_key(key=key, actor=administrator, now=NOW, reason="系统下线")
    with pytest.raises(KeyEnded):
        keys.end_key(key=key, actor=administrator, now=NOW, reason="again")


@pytest.mark.parametrize("power", [power for power in Power if power is not Power.ADMINISTER])
def test_only_administrators_make_and_end_keys(
    power: Power, administrator: User, town: Unit
) -> None:
    key, _ = _made(administrator, town)
    officer = make_officer(town, power)

    with pytest.raises(NotAllowed):
        _made(officer, town)
    with pytest.raises(NotAllowed):
        keys.end_key(key=key, actor=officer, now=NOW, reason="x")


def test_an_administrator_of_another_unit_does_neither(administrator: User, county: Unit) -> None:
    key, _ = _made(administrator, county)
    elsewhere = make_officer(make_unit(county), Power.ADMINISTER)

    with pytest.raises(NotAllowed):
        _made(elsewhere, county)
    with pytest.raises(NotAllowed):
        keys.end_key(key=key, actor=elsewhere, now=NOW, reason="x")


def test_making_and_ending_are_journaled(administrator: User, town: Unit) -> None:
    key, _ = _made(administrator, town)
    keys.end_key(key=key, actor=administrator, now=NOW, reason="系统下线")

    entries = list(Entry.objects.filter(chain__subject=key.subject).order_by("seq"))
    assert [entry.act for entry in entries] == ["make-key", "end-key"]
    assert entries[0].details == {"name": "市民应用", "unit": "双河镇"}
    assert (entries[1].note, entries[1].actor) == ("系统下线", administrator)


# ------------------------------------------------------------------------- pages
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_key_is_shown_once(administrator: User, town: Unit, language: str) -> None:
    client = _as(administrator, language=language)

    page = client.post(f"{PAGES}make/", {"name": "市民应用", "unit": town.pk})

    text = re.findall(r"<code>([\w-]{43})</code>", page.content.decode())
    assert len(text) == 1
    assert keys.known(text[0], NOW)
    assert "no-store" in page.headers["Cache-Control"]
    assert "/language/" not in page.content.decode(), "another language would lose the key"
    listed = client.get(PAGES).content.decode()
    assert text[0] not in listed
    assert text[0][:8] in listed


def test_the_list_shows_state_and_last_use(administrator: User, town: Unit) -> None:
    key, key_text = _made(administrator, town)
    client = _as(administrator, language="en")

    unused = client.get(PAGES).content.decode()
    keys.known(key_text, NOW)
    used = client.get(PAGES).content.decode()
    keys.end_key(key=key, actor=administrator, now=NOW, reason="x")
    ended = client.get(PAGES).content.decode()

    assert "never" in unused
    assert "15 Sep 2026" in used
    assert "revoked on 15 Sep 2026" in ended


def test_a_form_with_mistakes_is_shown_again(administrator: User, town: Unit) -> None:
    page = _as(administrator).post(f"{PAGES}make/", {"name": "", "unit": "999999"})

    assert page.status_code == 200
    assert "data-error-summary" in page.content.decode()
    assert not ApiKey.objects.exists()


def test_ending_says_what_will_happen_and_asks_why(administrator: User, town: Unit) -> None:
    key, _ = _made(administrator, town)
    client = _as(administrator, language="en")

    page = client.get(f"{PAGES}{key.pk}/end/").content.decode()
    unreasoned = client.post(f"{PAGES}{key.pk}/end/", {"reason": ""})
    done = client.post(f"{PAGES}{key.pk}/end/", {"reason": "系统下线"})

    assert "are refused from now on" in page
    assert unreasoned.status_code == 200
    assert done.status_code == 302
    key.refresh_from_db()
    assert key.ended_at is not None


def test_ending_twice_is_explained(administrator: User, town: Unit) -> None:
    key, _ = _made(administrator, town)
    client = _as(administrator, language="en")
    client.post(f"{PAGES}{key.pk}/end/", {"reason": "x"})

    again = client.post(f"{PAGES}{key.pk}/end/", {"reason": "x"})

    assert "already been revoked" in again.content.decode()


@pytest.mark.parametrize("path", ["", "make/", "1/end/"])
def test_nobody_but_administrators_sees_the_pages(path: str, county: Unit) -> None:
    officer = make_officer(county, Power.COORDINATE, Power.AUDIT)

    assert _as(officer).get(PAGES + path).status_code == 403


def test_keys_of_other_units_are_not_found(administrator: User, county: Unit) -> None:
    key, _ = _made(administrator, county)
    elsewhere = make_officer(make_unit(county), Power.ADMINISTER)

    assert "市民应用" not in _as(elsewhere).get(PAGES).content.decode()
    assert _as(elsewhere).get(f"{PAGES}{key.pk}/end/").status_code == 404


def test_a_unit_that_one_does_not_administer_cannot_be_chosen(
    administrator: User, county: Unit
) -> None:
    elsewhere = make_officer(make_unit(county), Power.ADMINISTER)

    page = _as(elsewhere).post(f"{PAGES}make/", {"name": "x", "unit": county.pk})

    assert page.status_code == 200
    assert not ApiKey.objects.exists()
