"""The second step of a sign-in: what counts, how often, and that nothing opens before it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from bihuan.factors.actions import proving
from bihuan.factors.actions.proving import SecondStepProof
from bihuan.factors.models import RecoveryCode
from bihuan.factors.refusals import WrongCode
from bihuan.notices.models import Notice
from bihuan.orgs import devices
from bihuan.orgs.actions import members
from bihuan.orgs.actions.signing_in import Place
from bihuan.orgs.models import SignIn, User
from bihuan.orgs.refusals import TooManyTries
from tests.clock import PRESENT, StoppedClock
from tests.factories import NOW, PASSWORD, make_member
from tests.factors.devices import Phone, acts, give_app, is_in
from tests.sitemap import addresses

pytestmark = pytest.mark.django_db

HERE = Place("198.51.100.1")
HALF_A_MINUTE = timedelta(seconds=30)
BEFORE = NOW - timedelta(hours=2)
STEP, SET_UP = "/sign-in/second-step/", "/sign-in/set-up/"


def prove(user: User, code: str, at: Any = NOW, place: Place = HERE) -> SecondStepProof:
    return proving.by_code(user=user, code=code, place=place, now=at)


def first_step(client: Client, user: User, password: str = PASSWORD, next_: str = "") -> Any:
    values = {"username": user.username, "password": password}
    return client.post(f"/sign-in/{f'?next={next_}' if next_ else ''}", values)


def second_step(client: Client, code: str) -> Any:
    return client.post(STEP, {"code": code})


@pytest.fixture
def phone(user: User) -> Phone:
    return give_app(user, at=BEFORE)[0]


# ------------------------------------------------------------------- codes
@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_counts_half_a_minute_early_and_late(user: User, phone: Phone, steps: int) -> None:
    assert prove(user, phone.code(steps=steps)) == SecondStepProof.APP


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_time_does_not_count(user: User, phone: Phone, steps: int) -> None:
    with pytest.raises(WrongCode):
        prove(user, phone.code(steps=steps))


@pytest.mark.parametrize("spaced", ["{} {}", "{}-{}", " {}{} "])
def test_a_code_is_understood_as_apps_show_it(user: User, phone: Phone, spaced: str) -> None:
    code = phone.code()

    assert prove(user, spaced.format(code[:3], code[3:])) == SecondStepProof.APP


def test_full_width_digits_are_digits(user: User, phone: Phone) -> None:
    wide = phone.code().translate({ord("0") + n: ord("０") + n for n in range(10)})

    assert prove(user, wide) == SecondStepProof.APP


def test_a_code_counts_once(user: User, phone: Phone) -> None:
    prove(user, phone.code())

    with pytest.raises(WrongCode):
        prove(user, phone.code())


def test_no_earlier_code_counts_after_a_later_one(user: User, phone: Phone) -> None:
    prove(user, phone.code(steps=1))

    for steps in (-1, 0, 1):
        with pytest.raises(WrongCode):
            prove(user, phone.code(steps=steps))


def test_the_code_of_the_set_up_does_not_sign_in(user: User) -> None:
    phone, _ = give_app(user, at=NOW)

    with pytest.raises(WrongCode):
        prove(user, phone.code())


def test_a_recovery_code_counts_once_and_is_told(user: User) -> None:
    _, codes = give_app(user, at=BEFORE)

    assert prove(user, codes[0].upper()) == SecondStepProof.RECOVERY_CODE
    with pytest.raises(WrongCode):
        prove(user, codes[0])
    assert prove(user, codes[1].replace("-", "")) == SecondStepProof.RECOVERY_CODE
    assert Notice.objects.filter(member=user, what="use-recovery-code").exists()


def test_a_code_of_another_officer_does_not_count(user: User) -> None:
    _, codes = give_app(user, at=BEFORE)
    other = make_member()
    give_app(other, at=BEFORE)

    with pytest.raises(WrongCode):
        prove(other, codes[0])


def test_recovery_codes_are_kept_as_digests_alone(user: User) -> None:
    _, codes = give_app(user, at=BEFORE)

    stored = [bytes(row.digest) for row in RecoveryCode.objects.filter(member=user)]
    assert len(stored) == len({*stored}) == 10
    assert not any(code.replace("-", "").encode() in b"".join(stored) for code in codes)


def test_codes_are_read_under_an_earlier_secret(user: User, settings: Settings) -> None:
    phone, codes = give_app(user, at=BEFORE)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another for tests only " * 3

    assert prove(user, phone.code()) == SecondStepProof.APP
    assert prove(user, codes[0]) == SecondStepProof.RECOVERY_CODE
    settings.SECRET_KEY_FALLBACKS = []
    assert prove(user, phone.code(steps=1)) == SecondStepProof.APP  # locked again with its last use


# ------------------------------------------------------------------- tries
def test_five_wrong_codes_hold_off_from_everywhere_and_are_told(user: User, phone: Phone) -> None:
    for n in range(configured.SIGN_IN_ATTEMPTS):
        with pytest.raises(WrongCode):
            prove(user, "000000", place=Place(f"198.51.100.{n}"))

    with pytest.raises(TooManyTries):
        prove(user, phone.code(), place=Place("203.0.113.9"))
    assert Notice.objects.filter(member=user, what="second-step-failed").count() == 1
    assert prove(user, phone.code(NOW + 30 * HALF_A_MINUTE), NOW + 30 * HALF_A_MINUTE)


def test_a_right_code_forgets_the_wrong_ones_before(user: User, phone: Phone) -> None:
    for at in (NOW, NOW + 2 * HALF_A_MINUTE):
        for _ in range(configured.SIGN_IN_ATTEMPTS - 1):
            with pytest.raises(WrongCode):
                prove(user, "000000", at)
        assert prove(user, phone.code(at), at) == SecondStepProof.APP


def test_a_known_device_has_tries_of_its_own(user: User, phone: Phone, client: Client) -> None:
    first_step(client, user)
    second_step(client, phone.code(PRESENT))
    cookie = client.cookies[devices.COOKIE].value
    for _ in range(configured.SIGN_IN_ATTEMPTS):
        with pytest.raises(WrongCode):
            prove(user, "000000", PRESENT)

    known = Place("198.51.100.1", cookie)
    assert prove(user, phone.code(PRESENT, steps=1), PRESENT, known) == SecondStepProof.APP


def test_an_address_tries_only_so_many_officers(settings: Settings) -> None:
    settings.SIGN_IN_ATTEMPTS_FROM_ADDRESS = 3
    for _ in range(3):
        with pytest.raises(WrongCode):
            prove(make_member(), "000000")

    with pytest.raises(TooManyTries):
        prove(make_member(), "000000")


# -------------------------------------------------------------- the two pages
def test_a_full_sign_in_takes_both_steps(user: User, phone: Phone, client: Client) -> None:
    answer = first_step(client, user, next_="/desk/account/")

    assert answer.headers["Location"] == STEP
    assert not is_in(client)
    answer = second_step(client, phone.code(PRESENT))
    assert answer.headers["Location"] == "/desk/account/"
    assert is_in(client)
    assert acts(user)[-2:] == ["first-step", "sign-in"]
    assert SignIn.objects.get(user=user).device is not None


def test_whoever_has_no_factor_is_not_asked(client: Client) -> None:
    user = make_member()

    assert first_step(client, user).headers["Location"] == "/desk/"
    assert is_in(client)
    assert acts(user) == ["sign-in"]


def test_a_wrong_code_is_answered_and_journaled(user: User, phone: Phone, client: Client) -> None:
    first_step(client, user)

    answer = second_step(client, "123456" if phone.code(PRESENT) != "123456" else "654321")

    assert answer.status_code == 200
    assert not is_in(client)
    assert acts(user)[-1] == "second-step-failed"


def test_too_many_codes_are_answered_as_such(user: User, phone: Phone, client: Client) -> None:
    first_step(client, user)
    for _ in range(configured.SIGN_IN_ATTEMPTS):
        second_step(client, "000000")

    assert second_step(client, phone.code(PRESENT)).status_code == 429
    assert not is_in(client)


@pytest.mark.parametrize("address", [STEP, SET_UP])
def test_nobody_begins_with_the_second_step(client: Client, address: str) -> None:
    for answer in (client.get(address), client.post(address, {"code": "000000"})):
        assert answer.headers["Location"] == "/sign-in/"


def test_nothing_is_reached_between_the_steps(user: User, phone: Phone, client: Client) -> None:
    """Every address of the site, as read and as sent to: what a stranger is refused stays shut."""
    first_step(client, user)
    stranger = Client()
    compared = 0

    for route, path in addresses(lambda _route, _name: [1, "x"]):
        if route.path in (STEP, SET_UP):
            continue
        for ask in ("get", "post"):
            found, other = getattr(client, ask)(path), getattr(stranger, ask)(path)
            assert found.status_code == other.status_code, path
            assert found.headers.get("Location") == other.headers.get("Location"), path
            if not route.is_public:
                assert found.headers["Location"].startswith("/sign-in/"), path
            compared += 1

    assert compared > 100
    assert not is_in(client)


def test_the_session_of_the_first_step_is_not_that_of_the_second(
    user: User, phone: Phone, client: Client
) -> None:
    first_step(client, user)
    between = client.session.session_key
    second_step(client, phone.code(PRESENT))

    assert client.session.session_key != between
    assert not SignIn.objects.filter(session_key=between).exists()


def test_a_known_device_is_no_factor(user: User, phone: Phone, client: Client) -> None:
    first_step(client, user)
    second_step(client, phone.code(PRESENT))
    client.post("/sign-out/")

    assert first_step(client, user).headers["Location"] == STEP
    assert not is_in(client)


def test_the_password_alone_makes_no_device_known(user: User, phone: Phone, client: Client) -> None:
    first_step(client, user)

    assert devices.COOKIE not in client.cookies


def test_the_first_step_lasts_ten_minutes(
    user: User, phone: Phone, client: Client, clock: StoppedClock
) -> None:
    first_step(client, user)
    clock.wait(timedelta(minutes=10))

    answer = second_step(client, phone.code(clock.at))

    assert answer.headers["Location"] == "/sign-in/"
    assert not is_in(client)


def test_a_new_password_ends_what_the_old_one_began(
    user: User, phone: Phone, client: Client
) -> None:
    first_step(client, user)
    members.reset_password(member=user, actor=user, now=NOW)

    answer = second_step(client, phone.code(PRESENT))

    assert answer.headers["Location"] == "/sign-in/"
    assert not is_in(client)


def test_a_closed_account_does_not_take_the_second_step(
    user: User, phone: Phone, client: Client
) -> None:
    first_step(client, user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    second_step(client, phone.code(PRESENT))

    assert not is_in(client)


def test_the_page_tells_nothing_of_the_officer(user: User, phone: Phone, client: Client) -> None:
    first_step(client, user)

    answer = client.get(STEP)

    text = answer.content.decode()
    assert user.name not in text
    assert user.username not in text
    assert "no-store" in answer.headers["Cache-Control"]


def test_nobody_sets_up_a_factor_with_the_password_where_there_is_one(
    user: User, phone: Phone, client: Client
) -> None:
    first_step(client, user)

    for answer in (client.get(SET_UP), client.post(SET_UP, {"code": phone.code(PRESENT)})):
        assert answer.headers["Location"] == STEP
    assert not is_in(client)
