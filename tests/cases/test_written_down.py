"""Cases from before the journal said how each stands."""

from __future__ import annotations

import pytest

from bihuan.cases.models import Case
from bihuan.journal import actions, queries
from bihuan.journal.models import Entry
from tests.anyrow import any_row
from tests.clock import NOW

pytestmark = pytest.mark.django_db


def test_a_case_from_before_is_said_not_to_be_proven_and_then_written_down() -> None:
    case = any_row(Case)
    old, first = actions.first_entry(case.subject, "report", by=None, at=NOW)
    old.save()
    first.save()

    before = queries.verify()
    count = actions.record_standing(now=NOW)
    again = actions.record_standing(now=NOW)
    after = queries.verify()

    assert (before.ok, before.proof.stands, before.proof.unsaid) == (True, 0, 1)
    assert (count, again) == (1, 0)
    assert (after.ok, after.proof.stands, after.proof.unsaid) == (True, 1, 0)
    assert Entry.objects.latest("pk").act == "stands"
