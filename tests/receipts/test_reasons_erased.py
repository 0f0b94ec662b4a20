"""Why somebody withdrew or asked for a review stands beside the journal, and can be erased."""

from __future__ import annotations

import pytest

from bihuan.core.grievance import Stage
from bihuan.core.powers import Power
from bihuan.grievances.actions import registration, reviews
from bihuan.journal import queries as journal
from bihuan.journal.models import Entry
from bihuan.receipts.models import Message
from tests.cases.public import make_office
from tests.clock import PRESENT
from tests.factories import make_officer
from tests.grievances.offices import bring, make_realm
from tests.receipts.amended import SECRET, ask, decide, told_secretly
from tests.receipts.test_amended import everywhere

pytestmark = pytest.mark.django_db


def test_no_entry_holds_the_words_of_a_step_and_its_reason_is_erased() -> None:
    office = make_office()
    case = told_secretly(office.town)
    registration.withdraw(case=case, note=f"{SECRET}开走了", now=PRESENT)
    found = Message.objects.get(what="withdraw")
    assert SECRET not in str(list(Entry.objects.values_list()))

    for thing in ("title", "description", "place", f"message-{found.pk}"):
        decide(ask(case, thing), office.clerk)

    assert SECRET not in everywhere()
    assert journal.verify().ok


def test_the_reason_for_a_review_is_erased() -> None:
    case = bring(make_realm().town, Stage.CLOSED)
    case = reviews.ask_review(case=case, note=f"{SECRET}还在", now=PRESENT)
    found = Message.objects.get(what="ask_review")
    assert SECRET not in str(list(Entry.objects.values_list()))

    decide(ask(case, f"message-{found.pk}"), make_officer(case.owner, Power.COORDINATE))

    assert SECRET not in everywhere()
