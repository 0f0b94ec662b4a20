"""What the public learns of an act that can be undone: nothing, until it no longer can."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from bihuan.cases.actions import undoing
from bihuan.cases.models import Case, UndoableAct
from bihuan.cases.queries import as_shown
from bihuan.core.hazard import Grade, Stage
from bihuan.core.undoing import WITHIN
from bihuan.hazards.actions import reporting
from bihuan.portal.queries import track
from bihuan.receipts.actions import public
from bihuan.receipts.actions.delivery import deliver_due
from bihuan.receipts.models import Message, TrackingCode
from bihuan.receipts.wording.mail import news
from tests.cases.public import WHO
from tests.factories import NOW
from tests.hazards.district import District, make_district
from tests.hazards.test_public import taken

pytestmark = pytest.mark.django_db
SOON, LATER = NOW + timedelta(minutes=5), NOW + WITHIN + timedelta(seconds=1)


@pytest.fixture
def d(settings: Settings) -> District:
    settings.SMTP_URL = "smtp://mail.example"
    settings.PUBLIC_URL = "https://bihuan.example"
    return make_district()


@pytest.fixture
def report(d: District) -> Case:
    return taken(d, identity=WHO).case


def confirm(case: Case, d: District) -> Case:
    return reporting.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)


def undo(case: Case, d: District) -> Case:
    seq = UndoableAct.objects.get(case=case).seq
    return undoing.undo(case=case, seq=seq, actor=d.coordinator, now=SOON)


def shown(case: Case, now: datetime) -> track.View:
    who = track.holder(TrackingCode.objects.get(case=case).pk)
    assert who is not None
    return track.view(who, now)


def test_the_letter_of_an_act_is_shown_once_it_can_no_longer_be_undone(
    d: District, report: Case
) -> None:
    confirm(report, d)

    assert shown(report, SOON).messages == []
    assert [message.what for message in shown(report, LATER).messages] == ["confirmed"]


def test_an_act_is_on_the_public_timeline_once_it_can_no_longer_be_undone(
    d: District, report: Case
) -> None:
    case = confirm(report, d)

    assert [entry.act for entry in shown(report, SOON).entries] == ["report"]
    assert [entry.act for entry in shown(report, LATER).entries] == ["confirm", "report"]
    assert as_shown.of(case, SOON).case.stage == Stage.REPORTED
    assert as_shown.of(case, LATER).case.stage == Stage.CONFIRMED


def test_an_undone_act_never_reaches_the_public(d: District, report: Case) -> None:
    undo(confirm(report, d), d)

    assert not Message.objects.filter(case=report).exists()
    assert [entry.act for entry in shown(report, LATER).entries] == ["report"]


def test_opening_the_page_meanwhile_reads_no_letter_that_waits(d: District, report: Case) -> None:
    confirm(report, d)

    public.seen(case=report, slot="reporter", now=SOON)

    assert Message.objects.get(case=report).seen_at is None


def test_the_mail_waits_and_is_dropped_by_the_undo(d: District, report: Case) -> None:
    confirm(report, d)
    early = deliver_due(news=news(), now=SOON)
    undo(report, d)
    late = deliver_due(news=news(), now=LATER)

    assert (early["sent"], late["sent"], len(mail.outbox)) == (0, 0, 0)


def test_the_mail_is_sent_after_the_time_even_if_another_one_was_sent_meanwhile(
    d: District, report: Case
) -> None:
    case = confirm(report, d)
    public.ask_reporter(case=case, actor=d.coordinator, now=SOON, note="门牌号是多少？")

    first = deliver_due(news=news(), now=SOON)
    second = deliver_due(news=news(), now=LATER)

    assert (first["sent"], second["sent"]) == (1, 1)
