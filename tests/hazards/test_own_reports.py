"""Who reported a hazard corrects or withdraws the report, until it is confirmed."""

from __future__ import annotations

import pytest

from bihuan.cases.actions import undoing
from bihuan.cases.models import Case, UndoableAct
from bihuan.core.hazard import Stage
from bihuan.core.lifecycle import FactForbids, NotTheAuthor
from bihuan.core.refusal import Missing, WrongStage
from bihuan.hazards.actions import own_reports, reporting
from bihuan.journal.models import Entry
from tests.factories import NOW, Cast, make_case, make_cast, make_unit
from tests.hazards.district import District
from tests.hazards.test_public import taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Cast:
    return make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))


@pytest.fixture
def report(here: Cast) -> Case:
    return make_case(here.post.unit, cast=here)


def withdrawn(case: Case, here: Cast) -> Case:
    return own_reports.withdraw(case=case, actor=here.reporter, now=NOW, note="报错了地方")


def test_the_author_corrects_words_place_and_category(here: Cast, report: Case) -> None:
    case = own_reports.correct(
        case=report,
        actor=here.reporter,
        now=NOW,
        title="疏散通道堵塞",
        place="食堂一层",
        category="消防安全",
    )

    assert (case.title, case.place, case.stage) == ("疏散通道堵塞", "食堂一层", Stage.REPORTED)
    assert Entry.objects.filter(chain__subject=case.subject, act="correct").exists()


def test_the_author_withdraws_it_with_a_reason(here: Cast, report: Case) -> None:
    with pytest.raises(Missing):
        own_reports.withdraw(case=report, actor=here.reporter, now=NOW, note="")

    case = withdrawn(report, here)

    assert (case.stage, case.ended_at) == (Stage.REJECTED, NOW)
    assert not case.clocks.filter(stopped_at=None).exists()
    assert Entry.objects.filter(chain__subject=case.subject, act="withdraw").exists()


def test_a_withdrawal_can_be_undone(here: Cast, report: Case) -> None:
    withdrawn(report, here)
    seq = UndoableAct.objects.get(case=report).seq

    case = undoing.undo(case=report, seq=seq, actor=here.reporter, now=NOW)

    assert (case.stage, case.ended_at) == (Stage.REPORTED, None)


def test_others_neither_correct_nor_withdraw_it(here: Cast, report: Case) -> None:
    for officer in (here.coordinator, here.handler):
        with pytest.raises(NotTheAuthor):
            own_reports.withdraw(case=report, actor=officer, now=NOW, note="不是隐患")


def test_it_is_not_withdrawn_once_it_is_confirmed(here: Cast, report: Case) -> None:
    reporting.confirm(case=report, actor=here.coordinator, now=NOW, grade="general")

    with pytest.raises(WrongStage):
        withdrawn(report, here)


def test_what_the_public_reported_stays(district: District) -> None:
    case = taken(district).case
    Case.objects.filter(pk=case.pk).update(reported_by=district.grid)

    with pytest.raises(FactForbids):
        own_reports.withdraw(case=case, actor=district.grid, now=NOW, note="误报")


def test_a_duplicate_of_it_is_assessed_again(here: Cast, report: Case) -> None:
    other = make_case(here.post.unit, cast=here)
    reporting.reject(
        case=other,
        actor=here.coordinator,
        now=NOW,
        reason="duplicate",
        note="重复",
        duplicate_of=report,
    )

    withdrawn(report, here)

    other.refresh_from_db()
    assert (other.stage, other.duplicate_of) == (Stage.REPORTED, None)
    assert not UndoableAct.objects.filter(case=report).exists()
