"""An undo in two windows, or while another officer acts on the case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.cases.models import Case
from bihuan.core import undoing as rules
from bihuan.core.hazard import Stage
from bihuan.hazards.actions import verification
from bihuan.journal.models import Entry
from tests.at_once import at_once
from tests.cases.test_undoing import at, undone
from tests.factories import NOW, Cast, make_cast, make_unit


@pytest.fixture
def here() -> Cast:
    return make_cast(make_unit(make_unit()))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_windows_undo_it_once(here: Cast) -> None:
    case = at(Stage.SUBMITTED, here)
    verification.verify(case=case, actor=here.verifier, now=NOW, note="合格")

    came = at_once(*[lambda: undone(case, here.verifier)] * 2)

    assert sorted(type(each).__name__ for each in came) == ["AlreadyUndone", "Case"]
    assert Entry.objects.filter(chain__subject=case.subject, act="undo").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_act_and_an_undo_at_once_never_both_succeed(here: Cast) -> None:
    case = at(Stage.SUBMITTED, here)
    verification.verify(case=case, actor=here.verifier, now=NOW, note="合格")
    late = NOW + rules.WITHIN - timedelta(seconds=1)

    came = at_once(
        lambda: undone(case, here.verifier, late),
        lambda: verification.close(case=case, actor=here.coordinator, now=late),
    )

    assert sum(isinstance(each, Case) for each in came) == 1
    case.refresh_from_db()
    assert case.stage in (Stage.SUBMITTED, Stage.CLOSED)
