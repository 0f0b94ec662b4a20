"""Signing in by the service of the house: it is believed when it should be, and never otherwise."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey
from pytest_django import Settings

from bihuan.core.powers import Power
from bihuan.factors import looks
from bihuan.factors.models import ProviderSubject
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from tests.clock import PRESENT, StoppedClock
from tests.factories import NOW, make_officer, make_unit
from tests.factors import service as services
from tests.factors.devices import give_app, is_in, written
from tests.factors.service import CLIENT, ISSUED_AT, SECRET, Service

pytestmark = pytest.mark.django_db

ASK = "/sign-in/provider/"
LONG_AGO = PRESENT - timedelta(days=30)
DAY = timedelta(days=1)


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    with services.running() as service:
        settings.OIDC_ISSUER = service.issuer
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
        yield service


@pytest.fixture
def user(service: Service, administrator: User) -> User:
    """An officer for whom the subject was entered long ago."""
    user = make_officer(make_unit(), Power.HANDLE, name="陈领导")
    ProviderSubject.objects.create(
        member=user,
        issuer=service.issuer,
        subject=service.subject,
        entered_by=administrator,
        entered_at=LONG_AGO,
    )
    return user


def go(client: Client, service: Service, *, next_: str = "") -> Any:
    """The whole way: to the service, and back with what it gave."""
    page = client.get(f"{ASK}?next={next_}" if next_ else ASK)
    assert page.status_code == 302, page.content.decode()
    return client.get(service.sign_in(page.headers["Location"]))


# ----------------------------------------------------------------------- the way in
@pytest.mark.parametrize("way", ["client_secret_basic", "client_secret_post"])
def test_the_officer_of_the_subject_comes_in(
    service: Service, user: User, client: Client, way: str
) -> None:
    service.secret_in = way

    answer = go(client, service, next_="/desk/account/")

    assert answer.headers["Location"] == "/desk/account/"
    assert get_user(client) == user
    entry = Entry.objects.get(chain__subject=user.subject)
    assert (entry.act, '"provider"' in entry.detail) == ("sign-in", True)


def test_the_second_step_is_asked_for_all_the_same(
    service: Service, user: User, client: Client
) -> None:
    phone, _ = give_app(user, at=LONG_AGO)

    assert go(client, service).headers["Location"] == "/sign-in/second-step/"
    assert not is_in(client)
    client.post("/sign-in/second-step/", {"code": phone.code(PRESENT)})
    assert get_user(client) == user


def test_the_page_of_the_sign_in_offers_it(service: Service, client: Client) -> None:
    assert (
        f'href="{ASK}?next=/desk/%3Fa'
        in client.get("/sign-in/", {"next": "/desk/?a"}).content.decode()
    )


def test_without_the_setting_there_is_no_such_page(client: Client) -> None:
    assert client.get(ASK).status_code == client.get(f"{ASK}answer/").status_code == 404
    assert ASK not in client.get("/sign-in/").content.decode()


# ------------------------------------------------------------------- whom it knows
def test_no_account_is_made_and_no_name_or_mail_is_matched(
    service: Service, user: User, client: Client
) -> None:
    service.subject = "somebody-else"  # of the same name, as the service says
    before = User.objects.count()

    answer = go(client, service)

    assert answer.status_code == 403
    assert not is_in(client)
    assert User.objects.count() == before


@pytest.mark.parametrize("text", ["3F6C0E", " 3f6c0e", "3f6c0e ", "3f6c0", ""])
def test_a_subject_is_the_very_same_or_none(
    service: Service, user: User, client: Client, text: str
) -> None:
    service.subject = text

    assert go(client, service).status_code == 403


def test_the_subject_of_another_service_is_none(
    service: Service, user: User, client: Client
) -> None:
    ProviderSubject.objects.update(issuer="https://old.example")

    assert go(client, service).status_code == 403


def test_a_closed_account_does_not_come_in(service: Service, user: User, client: Client) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert go(client, service).status_code == 403
    assert not is_in(client)


# ----------------------------------------------------------------- what is believed
def _claim(**values: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The claims with these in place of the true ones, or without them."""
    return lambda claims: {
        name: value for name, value in {**claims, **values}.items() if value is not ...
    }


@pytest.mark.parametrize(
    "claims",
    [
        _claim(iss="https://evil.example"),
        _claim(iss=...),
        _claim(aud="another client"),
        _claim(aud=["another client"]),
        _claim(aud=[CLIENT, "another client"]),
        _claim(aud=[CLIENT, "another client"], azp="another client"),
        _claim(azp="another client"),
        _claim(aud=...),
        _claim(nonce="of another sign-in"),
        _claim(nonce=...),
        _claim(nonce=7),
        _claim(exp=ISSUED_AT - 61),
        _claim(exp=...),
        _claim(exp="later"),
        _claim(iat=ISSUED_AT + 120),
        _claim(iat=...),
        _claim(sub=...),
        _claim(sub=7),
        _claim(sub="x" * 256),
    ],
)
def test_a_token_that_says_something_else_is_not_believed(
    service: Service, user: User, client: Client, claims: Any
) -> None:
    service.claims = claims

    assert go(client, service).status_code == 403
    assert not is_in(client)


def test_several_audiences_name_us_as_the_party(
    service: Service, user: User, client: Client
) -> None:
    service.claims = _claim(aud=[CLIENT, "another client"], azp=CLIENT)

    assert go(client, service).status_code == 302
    assert is_in(client)


def _by_public_key(token: str, service: Service) -> str:
    """What a library takes for true that lets the token say by which kind of key it is signed."""
    head = written(b'{"alg":"HS256","kid":"one"}')
    text = f"{head}.{token.split('.')[1]}"
    signature = hmac.digest(service.key.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{written(signature)}"


def _forged(service: Service) -> dict[str, Callable[[str], Any]]:
    """Tokens with the right claims and a wrong signature."""

    def claims(token: str) -> dict[str, Any]:
        return dict(jwt.decode(token, service.key, algorithms=["ES256"]).claims)

    other = ECKey.generate_key("P-256", {"kid": "one"})
    return {
        "by another key": lambda token: jwt.encode(
            {"alg": "ES256", "kid": "one"}, claims(token), other
        ),
        "by the public key": lambda token: _by_public_key(token, service),
        "by none": lambda token: "eyJhbGciOiJub25lIn0." + token.split(".")[1] + ".",
        "cut off": lambda token: token.rpartition(".")[0] + ".",
        "changed": lambda token: token[:-8] + "AAAAAAAA",
        "not a token": lambda _token: "x",
        "no text": lambda _token: 7,
        "of another key": lambda token: jwt.encode(
            {"alg": "ES256", "kid": "two"}, claims(token), other
        ),
    }


@pytest.mark.parametrize("how", list(_forged(Service())))
def test_a_forged_token_is_not_believed(
    service: Service, user: User, client: Client, how: str
) -> None:
    service.token = _forged(service)[how]

    assert go(client, service).status_code == 403
    assert not is_in(client)


# -------------------------------------------------------------- who brings it back
def test_what_another_browser_began_is_not_believed(
    service: Service, user: User, client: Client
) -> None:
    """An attacker begins, and has the victim's browser end it."""
    attacker = Client()
    back = service.sign_in(attacker.get(ASK).headers["Location"])
    client.get(ASK)

    assert client.get(back).status_code == 403
    assert not is_in(client)


def test_nothing_was_asked(service: Service, user: User, client: Client) -> None:
    assert client.get(f"{ASK}answer/?code=x&state=x").status_code == 403
    assert service.asked == []


def test_an_answer_counts_once(service: Service, user: User, client: Client) -> None:
    back = service.sign_in(client.get(ASK).headers["Location"])
    client.get(back)
    client.post("/sign-out/")

    assert client.get(back).status_code == 403
    assert not is_in(client)


def test_an_answer_after_ten_minutes_is_none(
    service: Service, user: User, client: Client, clock: StoppedClock
) -> None:
    back = service.sign_in(client.get(ASK).headers["Location"])
    clock.wait(timedelta(minutes=10))

    assert client.get(back).status_code == 403


def test_somebody_who_cancels_there_is_told_that_and_not_of_another_browser(
    service: Service, client: Client
) -> None:
    page = client.get(ASK).headers["Location"]
    state = parse_qs(urlsplit(page).query)["state"][0]

    answer = client.get(f"{ASK}answer/?error=access_denied&state={state}")

    assert answer.status_code == 403
    assert "您没有完成统一登录" in answer.content.decode()
    assert client.get(ASK).status_code == 302


@pytest.mark.parametrize("query", ["error=access_denied&state={state}", "state={state}", "code=x"])
def test_what_is_no_answer_is_refused(
    service: Service, user: User, client: Client, query: str
) -> None:
    back = service.sign_in(client.get(ASK).headers["Location"])
    state = back.partition("state=")[2]

    assert client.get(f"{ASK}answer/?{query.format(state=state)}").status_code == 403


def test_an_answer_that_names_another_issuer_is_refused(
    service: Service, user: User, client: Client
) -> None:
    back = service.sign_in(client.get(ASK).headers["Location"])

    assert client.get(f"{back}&iss=https://evil.example").status_code == 403


# ---------------------------------------------------------------------- when it is away
@pytest.mark.parametrize(
    "spoil",
    [
        lambda service: setattr(service, "status", 500),
        lambda service: setattr(service, "status", 302),
        lambda service: setattr(service, "discovery", lambda answer: b"<html>"),
        lambda service: setattr(service, "discovery", lambda answer: []),
        lambda service: setattr(service, "discovery", lambda answer: b"[" * 100_000),
        lambda service: setattr(service, "discovery", lambda answer: b" " * 300_000),
        lambda service: setattr(service, "discovery", lambda answer: {**answer, "issuer": "x"}),
        lambda service: setattr(
            service, "discovery",
            lambda answer: {**answer, "authorization_endpoint": "http://evil.example/"},
        ),
        lambda service: setattr(
            service,
            "discovery",
            lambda answer: {**answer, "authorization_endpoint": "javascript:1"},
        ),
    ],
)  # fmt: skip
def test_a_service_that_is_away_or_ill_is_said_so(
    service: Service, user: User, client: Client, spoil: Callable[[Service], None]
) -> None:
    spoil(service)

    answer = client.get(ASK)

    assert answer.status_code == 503
    assert 'href="/sign-in/"' in answer.content.decode()
    assert [level for level, _ in looks.look_at_provider(NOW)] in ([], ["bad"])


def test_a_service_that_nobody_answers_for(user: User, client: Client, settings: Settings) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"

    assert client.get(ASK).status_code == 503
    assert [level for level, _ in looks.look_at_provider(NOW)] == ["bad"]


def test_the_check_is_content_with_a_service_that_answers(service: Service) -> None:
    assert list(looks.look_at_provider(NOW)) == []


def test_one_address_does_not_keep_it_busy(
    service: Service, user: User, client: Client, settings: Settings
) -> None:
    settings.SIGN_IN_ATTEMPTS_FROM_ADDRESS = 1
    for _ in range(2):
        assert client.get(ASK).status_code == 302

    assert client.get(ASK).status_code == 429
    assert client.get(ASK, REMOTE_ADDR="198.51.100.7").status_code == 302
