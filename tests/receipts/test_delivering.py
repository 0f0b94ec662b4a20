"""Word goes to a sealed address: that there is news, and nothing of what, to nobody's knowledge."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Model
from pytest_django import Settings

from bihuan.cases.models import Case
from bihuan.receipts.accounts import Identity
from bihuan.receipts.actions import public, seals
from bihuan.receipts.actions.delivery import deliver_due
from bihuan.receipts.models import Delivery, Message
from bihuan.receipts.wording.mail import news
from tests.cases.public import WHO, Office, seal_of, told
from tests.factories import NOW

pytestmark = pytest.mark.django_db


class Refusing(BaseEmailBackend):
    """A mail server that takes nothing, and repeats the address as real ones do."""

    def send_messages(self, messages: Any) -> int:
        raise SMTPRecipientsRefused({to: (550, b"no such user") for m in messages for to in m.to})


class Dying(BaseEmailBackend):
    """The worker is killed while the mail server thinks."""

    def send_messages(self, messages: Any) -> int:
        raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def _set_up(settings: Settings) -> None:
    settings.SMTP_URL = "smtp://mail.example"
    settings.PUBLIC_URL = "https://bihuan.example"


@pytest.fixture
def asked(office: Office) -> Case:
    """A question of the office waits for the reporter."""
    case = told(office.town, now=NOW).case
    return public.ask_reporter(case=case, actor=office.handler, now=NOW, note="门牌号是多少？")


def deliver(minutes: float = 0) -> dict[str, int]:
    return deliver_due(news=news(), now=NOW + timedelta(minutes=minutes))


def sent() -> list[EmailMessage]:
    return list(mail.outbox)


def test_the_mail_says_that_there_is_news_and_nothing_else(asked: Case) -> None:
    counts = deliver()

    (letter,) = sent()
    answer = f"{letter.subject} {letter.body}"
    assert counts["sent"] == 1
    assert letter.to == [WHO.email]
    assert "https://bihuan.example/track/" in answer
    for stored in (asked.number, asked.title, asked.place, "门牌号", WHO.name, WHO.phone):
        assert stored not in answer


def test_a_message_is_sent_once(asked: Case) -> None:
    assert deliver()["sent"] == 1
    assert deliver(60)["sent"] == 0
    assert len(sent()) == 1


def test_one_mail_tells_of_everything_said_so_far(office: Office, asked: Case) -> None:
    public.ask_reporter(case=asked, actor=office.handler, now=NOW, note="何时看到的？")

    deliver()
    deliver(1)

    assert len(sent()) == 1
    assert not Delivery.objects.exclude(next_at=None).exists()


def test_without_a_mail_server_nothing_is_sent_and_nothing_waits(
    office: Office, asked: Case, settings: Settings
) -> None:
    settings.SMTP_URL = ""
    public.ask_reporter(case=asked, actor=office.handler, now=NOW, note="何时看到的？")

    deliver()

    assert sent() == []
    assert Delivery.objects.count() == 1
    assert not Delivery.objects.exclude(next_at=None).exists()


def test_whoever_left_no_address_is_written_to_on_the_tracking_page_only(office: Office) -> None:
    case = told(office.town, now=NOW, identity=Identity(phone=WHO.phone)).case
    public.ask_reporter(case=case, actor=office.handler, now=NOW, note="门牌号是多少？")

    assert deliver()["nowhere"] == 1
    assert not Delivery.objects.exclude(next_at=None).exists()


def test_what_was_read_already_is_not_announced(asked: Case) -> None:
    public.seen(case=asked, slot="reporter", now=NOW)

    deliver()

    assert sent() == []


def test_an_erased_address_gets_nothing(asked: Case) -> None:
    seals.erase(row=seal_of(asked), now=NOW)

    assert deliver()["nowhere"] == 1
    assert sent() == []


def test_a_mail_that_is_refused_is_tried_again_later_and_later_and_then_no_more(
    asked: Case, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    at, tries = NOW, 0

    while Delivery.objects.exclude(next_at=None).exists():
        row = Delivery.objects.get()
        assert row.next_at is not None
        assert row.next_at - at == (public.RETRY[tries - 1] if tries else timedelta())
        at = row.next_at
        assert deliver_due(news=news(), now=at)["failed"] == 1
        tries += 1

    assert tries == 1 + len(public.RETRY)


def test_neither_log_nor_error_names_the_address(
    asked: Case, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    with caplog.at_level(logging.DEBUG):
        deliver()

    assert "SMTPRecipientsRefused" in caplog.text
    assert WHO.email not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


def test_a_worker_that_dies_while_it_sends_makes_the_mail_late_not_lost(
    asked: Case, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(KeyboardInterrupt):
        deliver()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    at_once = deliver()
    later = deliver(5)

    assert (at_once["sent"], later["sent"]) == (0, 1)


def test_a_delivery_that_another_worker_claimed_is_left_to_it(
    asked: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers have read the same row; the update of only one touches it."""
    from bihuan.receipts.actions import delivery

    rows: list[Model] = list(delivery._due(NOW))
    monkeypatch.setattr(delivery, "_due", lambda now: iter(rows))

    first, second = deliver(), deliver()

    assert (first["sent"], second["sent"]) == (1, 0)


def test_a_name_with_a_line_break_in_the_address_sends_nothing_to_anybody(office: Office) -> None:
    case = told(office.town, now=NOW, identity=Identity(email="a@b.example\nBcc: c@d.example")).case
    public.ask_reporter(case=case, actor=office.handler, now=NOW, note="门牌号是多少？")

    assert deliver()["failed"] == 1
    assert sent() == []
    assert Message.objects.count() == 1
