"""What is sent twice makes one case, and what is sent without end is held off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from bihuan.api.actions import keys, receiving
from bihuan.api.models import Arrival
from bihuan.cases.models import Case
from tests.api.calls import case_of, make_key, make_tree, number_of, post, refusal_in
from tests.at_once import at_once
from tests.clock import StoppedClock
from tests.factories import make_photo

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
PERSON = {"first_name": "晓梅", "last_name": "欧阳", "phone": "13900008888"}


def test_the_same_body_within_a_minute_is_one_report(key: str, clock: StoppedClock) -> None:
    first = post(key, **PERSON)
    clock.wait(58 * SECOND)
    second = post(key, **PERSON)

    assert second.content == first.content
    assert Case.objects.count() == 1


def test_the_same_body_after_a_minute_is_another_report(key: str, clock: StoppedClock) -> None:
    first = number_of(post(key))
    clock.wait(61 * SECOND)

    assert number_of(post(key)) != first


@pytest.mark.parametrize("change", [{"description": "Another"}, {"phone": "1"}, {"lat": "1"}])
def test_another_body_is_another_report(key: str, change: dict[str, str]) -> None:
    assert number_of(post(key)) != number_of(post(key, **change))


def test_another_picture_is_another_report(key: str) -> None:
    first = number_of(post(key, media=make_photo()))

    assert number_of(post(key, media=make_photo())) != first


def test_an_idempotency_key_makes_one_report_however_late(key: str, clock: StoppedClock) -> None:
    first = post(key, headers={"Idempotency-Key": "abc"})
    clock.wait(timedelta(days=1))
    second = post(key, headers={"Idempotency-Key": "abc"})

    assert second.content == first.content
    assert Case.objects.count() == 1


def test_an_idempotency_key_keeps_like_reports_apart(key: str) -> None:
    numbers = {number_of(post(key, headers={"Idempotency-Key": mark})) for mark in "abc"}

    assert len(numbers) == 3


def test_an_idempotency_key_with_another_report_is_refused(key: str) -> None:
    post(key, headers={"Idempotency-Key": "abc"})

    response = post(key, headers={"Idempotency-Key": "abc"}, description="Another")

    assert "Idempotency-Key" in refusal_in(response, 400)


def test_a_new_secret_makes_nothing_double(
    key: str, clock: StoppedClock, settings: Settings
) -> None:
    first = number_of(post(key, headers={"Idempotency-Key": "abc"}))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another " * 8

    assert number_of(post(key, headers={"Idempotency-Key": "abc"})) == first


def test_the_digest_of_a_body_says_nothing_without_the_secret(key: str, settings: Settings) -> None:
    digests = []
    for secret in ("one " * 16, "two " * 16):
        settings.SECRET_KEY = secret
        digests.append(bytes(Arrival.objects.get(case=case_of(post(key))).body_digest))

    assert digests[0] != digests[1]


def test_a_system_that_sends_without_end_is_held_off(
    key: str, monkeypatch: pytest.MonkeyPatch, clock: StoppedClock
) -> None:
    monkeypatch.setattr(keys, "PER_MINUTE", 3)
    for n in range(3):
        number_of(post(key, description=f"No. {n}"))

    refused = post(key, description="No. 4")
    again = post(key, description="No. 2")
    clock.wait(61 * SECOND)
    later = post(key, description="No. 4")

    assert "api_key" in refusal_in(refused, 429)
    assert refused.headers["Retry-After"] == "60"
    assert number_of(again)
    assert number_of(later)


# ------------------------------------------------------------------------ at once
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [None, {"Idempotency-Key": "abc"}])
def test_a_report_sent_several_times_at_once_makes_one_case(headers: dict[str, str] | None) -> None:
    make_tree()
    key = make_key()

    numbers = at_once(*[lambda: number_of(post(key, headers=headers))] * 4)

    assert len(numbers) == 4
    assert len(set(numbers)) == Case.objects.count() == Arrival.objects.count() == 1


def test_another_report_with_the_same_mark_at_the_same_moment_is_refused(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"Idempotency-Key": "abc"}
    number_of(post(key, headers=headers))
    monkeypatch.setattr(receiving, "before", lambda sending, now: None)

    assert "Idempotency-Key" in refusal_in(post(key, headers=headers, description="Another"), 400)
    assert Case.objects.count() == 1
