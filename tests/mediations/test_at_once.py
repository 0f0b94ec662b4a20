"""Two people at the same time: an agreement and its end, two prints of one slip, two workers."""

from __future__ import annotations

import pytest
from django.utils.timezone import localdate

from bihuan.core.mediation import Stage
from bihuan.core.refusal import Refusal
from bihuan.mediations.actions import applications, parties, proceedings
from bihuan.mediations.actions.reminders import remind
from bihuan.receipts.models import Message, TrackingCode
from tests.at_once import at_once
from tests.factories import NOW
from tests.mediations.table import DAY, B, begun, brought, confirmed, make_office

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_party_that_ends_it_and_a_mediator_who_concludes_it_do_not_both_win() -> None:
    office = make_office()
    case = confirmed(office)
    today = localdate(NOW)

    answers = at_once(
        lambda: parties.end(case=case, slot=B, now=NOW),
        lambda: proceedings.conclude(
            case=case, actor=office.mediator, now=NOW, effective_date=today
        ),
    )

    case.refresh_from_db()
    in_force = case.mediation.agreements.filter(in_force_at__isnull=False).exists()
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1
    assert in_force is (case.stage == Stage.AGREED)


def test_one_slip_is_printed_once_by_two_officers() -> None:
    office = make_office()
    case = brought(office).case

    def invite(key: str) -> applications.Invitation:
        return applications.invite(case=case, slot=B, actor=office.mediator, now=NOW, form_key=key)

    answers = at_once(lambda: invite("k1"), lambda: invite("k2"))

    assert sum(isinstance(answer, applications.AlreadyInvited) for answer in answers) == 1
    assert TrackingCode.objects.filter(case=case, slot=B).count() == 1


def test_two_workers_remind_each_party_once() -> None:
    begun(make_office())
    later = NOW + 24 * DAY

    done = at_once(lambda: remind(now=later), lambda: remind(now=later))

    assert sum(result for result in done if isinstance(result, int)) == 2
    assert Message.objects.filter(what="go_on_asked").count() == 2
