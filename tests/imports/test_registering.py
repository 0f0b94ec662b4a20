"""Rows of a register become grievances, suggestions and noticed disputes, and lose nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import get_default_timezone
from hypothesis import given
from hypothesis import strategies as st

from bihuan.cases.actions import comments
from bihuan.cases.models import Case, LedgerNote
from bihuan.clocks.actions import ticking
from bihuan.core.history import RowFault
from bihuan.core.history import RowRefused as HistoryRefused
from bihuan.core.register import COURSES
from bihuan.grievances.actions.ledger_rows import Grievances, Suggestions
from bihuan.imports.actions.register_rows import Register
from bihuan.imports.register import COLUMNS, RegisterRow, merged
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.mediations.actions.ledger_rows import Disputes
from bihuan.orgs.models import Unit
from bihuan.receipts.models import Seal, TrackingCode
from bihuan.sheets.ledger.rows import Given, ImportResult, RowOutcome
from tests.factories import NOW, make_cast, make_unit

ZONE = get_default_timezone()
BOOKS: dict[str, type[Register]] = {
    "grievance": Grievances,
    "suggestion": Suggestions,
    "mediation": Disputes,
}
KINDS = pytest.mark.parametrize("kind", BOOKS)
DUE = date(2026, 9, 30)
ENDED = datetime(2026, 9, 10, tzinfo=ZONE)


@pytest.fixture
def county(db: None) -> Unit:
    return make_unit(name="云岭县")


def told(unit: Unit, **values: Any) -> RegisterRow:
    row = RegisterRow(
        title="夜间施工噪声",
        place="东关路",
        owner=unit.pk,
        origin=unit.pk,
        reported_at=datetime(2026, 9, 1, tzinfo=ZONE),
    )
    return row._replace(**values)


def ended(kind: str, unit: Unit, **values: Any) -> RegisterRow:
    own = {"adopted": True, "answer": "已列入计划。"} if kind == "suggestion" else {}
    return told(unit, closed=True, ended_at=ENDED, **{**own, **values})


def take(
    kind: str, *rows: RegisterRow, answer: frozenset[str] | None = None, **how: Any
) -> ImportResult:
    """One file of these rows, in one batch; what cannot be judged is refused as the file's is."""
    ledger = BOOKS[kind](actor=None, now=NOW, source="台账.xlsx")
    judged, refused = [], []
    for number, row in enumerate(rows, start=2):
        try:
            judged.append(ledger.judge(Given(number, row, None, answer)))
        except HistoryRefused as refusal:
            refused.append((number, refusal))
    taken = ledger.take(judged, **how)
    taken.refused += refused
    return taken


def outcome(taken: ImportResult) -> tuple[int, ...]:
    return tuple(taken.counts[each] for each in RowOutcome)


def running(case: Case) -> set[str]:
    clocks = case.clocks.filter(stopped_at=None)
    return set(clocks.values_list("rule_id", flat=True))


FIRST_CLOCKS = {
    "grievance": {"PET-5", "PET-6"},
    "suggestion": {"PET-1"},
    "mediation": {"LOC-13"},
}


@KINDS
def test_an_open_row_begins_at_the_first_step_with_its_clocks(kind: str, county: Unit) -> None:
    taken = take(kind, told(county, deadline_date=DUE, progress="已约谈", remark="注"))

    case = Case.objects.get()
    assert outcome(taken) == (1, 0, 0)
    assert (case.kind, case.stage, case.channel) == (kind, COURSES[kind].open, "import")
    assert running(case) == FIRST_CLOCKS[kind] | {"LOC-14"}
    note = LedgerNote.objects.get(case=case)
    assert (note.progress, note.remark, note.deadline_date) == ("已约谈", "注", DUE)


@KINDS
def test_an_ended_row_comes_in_as_ended_with_its_own_dates(kind: str, county: Unit) -> None:
    take(kind, ended(kind, county, deadline_date=DUE))

    case = Case.objects.get()
    assert case.stage == COURSES[kind].closed
    assert case.ended_at == ENDED
    assert running(case) == set()


@KINDS
def test_nothing_of_a_person_comes_with_a_row(kind: str, county: Unit) -> None:
    take(kind, told(county))

    case = Case.objects.get()
    assert not TrackingCode.objects.filter(case=case).exists()
    assert not Seal.objects.filter(case=case).exists()


@KINDS
def test_the_same_rows_again_change_nothing(kind: str, county: Unit) -> None:
    rows = [told(county), told(county, source_ref="2026-7"), ended(kind, county, place="别处")]
    take(kind, *rows)
    before = list(Case.objects.order_by("pk").values())

    again = take(kind, *rows)

    assert outcome(again) == (0, 0, 3)
    assert list(Case.objects.order_by("pk").values()) == before


@KINDS
def test_what_was_read_out_changes_nothing_when_it_is_read_in(kind: str, county: Unit) -> None:
    take(kind, told(county, deadline_date=DUE, remark="注"), ended(kind, county, place="别处"))
    book = BOOKS[kind](actor=None, now=NOW, source="台账.xlsx")
    rows = book.rows_of(list(Case.objects.values_list("pk", flat=True)))

    again = take(kind, *rows.values())

    assert outcome(again) == (0, 0, 2)


@KINDS
def test_a_row_changes_only_what_it_says(kind: str, county: Unit) -> None:
    row = told(county, source_ref="7", deadline_date=DUE, progress="已约谈", description="每晚")
    take(kind, row)

    changed = told(county, source_ref="7", deadline_date=date(2026, 10, 8))
    taken = take(kind, changed, answer=frozenset({"source_ref", "deadline"}))

    case, note = Case.objects.get(), LedgerNote.objects.get()
    assert outcome(taken) == (0, 1, 0)
    assert [(c.field, c.old, c.new) for c in taken.changes] == [
        ("deadline", "2026-09-30", "2026-10-08")
    ]
    assert (case.description, note.progress) == ("每晚", "已约谈")
    assert note.deadline_date == date(2026, 10, 8)
    [clock] = case.clocks.filter(rule_id="LOC-14")
    assert clock.due_at.astimezone(ZONE).date() == date(2026, 10, 8)


@KINDS
def test_a_row_that_now_says_finished_ends_the_case_and_its_clocks(kind: str, county: Unit) -> None:
    take(kind, told(county, source_ref="7", deadline_date=DUE))
    over = ended(kind, county, source_ref="7")

    taken = take(
        kind, over, answer=frozenset({"source_ref", "closed", "ended_at", "adopted", "answer"})
    )

    case = Case.objects.get()
    assert outcome(taken) == (0, 1, 0)
    assert (case.stage, case.ended_at) == (COURSES[kind].closed, ENDED)
    assert running(case) == set()


@KINDS
def test_no_row_reopens_or_changes_what_has_ended(kind: str, county: Unit) -> None:
    take(kind, ended(kind, county, source_ref="7"))

    opened = take(kind, told(county, source_ref="7", closed=False))
    another = take(kind, told(county, source_ref="7", closed=False, place="别处"))

    assert [(row, why.fault) for row, why in opened.refused] == [(2, RowFault.ENDED)]
    assert [(row, why.fault) for row, why in another.refused] == [(2, RowFault.RESEMBLES)]
    assert Case.objects.get().place == "东关路"


@KINDS
def test_no_row_changes_what_somebody_took_up_here(kind: str, county: Unit) -> None:
    cast = make_cast(county)
    take(kind, told(county, source_ref="7"))
    case = Case.objects.get()
    comments.comment(case=case, actor=cast.coordinator, now=NOW, note="已电话了解")

    taken = take(kind, told(case.owner, source_ref="7", remark="催办"))

    assert [why.fault for _, why in taken.refused] == [RowFault.WORKED_ON]


REFUSED = [
    ({"title": ""}, RowFault.NOTHING_FOUND),
    ({"reported_at": datetime(2026, 12, 1, tzinfo=ZONE)}, RowFault.IN_THE_FUTURE),
    ({"deadline_date": date(2026, 8, 1)}, RowFault.DEADLINE_BEFORE_FOUND),
    ({"ended_at": ENDED}, RowFault.OPEN_WITH_END),
    ({"closed": True, "adopted": True, "answer": "是"}, RowFault.CLOSED_WITHOUT_DATE),
    (
        {
            "closed": True, "adopted": True, "answer": "是",
            "ended_at": datetime(2026, 8, 1, tzinfo=ZONE),
        },
        RowFault.CLOSED_BEFORE_FOUND,
    ),
    ({"stage": "mediating"}, RowFault.STAGE_NOT_TOLD_BY_ROWS),
]  # fmt: skip


@KINDS
@pytest.mark.parametrize(("values", "fault"), REFUSED)
def test_a_row_that_cannot_be_true_is_refused(
    kind: str, values: dict[str, Any], fault: RowFault, county: Unit
) -> None:
    taken = take(kind, told(county, **values))

    assert [why.fault for _, why in taken.refused] == [fault]
    assert not Case.objects.exists()


@KINDS
def test_what_came_in_at_this_very_moment_is_not_in_the_future(kind: str, county: Unit) -> None:
    assert not take(kind, told(county, reported_at=NOW)).refused


def test_a_suggestion_that_is_over_says_whether_it_was_adopted_and_why(county: Unit) -> None:
    unstated = take("suggestion", told(county, closed=True, ended_at=ENDED))
    silent = take("suggestion", told(county, closed=True, ended_at=ENDED, adopted=False))
    take("suggestion", ended("suggestion", county, adopted=False, answer="不符合规划。"))

    assert [why.fault for _, why in unstated.refused] == [RowFault.ADOPTED_UNSAID]
    assert [why.fault for _, why in silent.refused] == [RowFault.ANSWER_UNSAID]
    case = Case.objects.get()
    assert (case.stage, case.suggestion.answer) == ("not_adopted", "不符合规划。")


def test_a_dispute_is_noticed_somewhere(county: Unit) -> None:
    taken = take("mediation", told(county, place=""))

    assert [why.fault for _, why in taken.refused] == [RowFault.NO_PLACE]


@KINDS
def test_a_trial_run_writes_nothing(kind: str, county: Unit) -> None:
    taken = take(kind, told(county), dry_run=True)

    assert outcome(taken) == (1, 0, 0)
    assert not Case.objects.exists()
    assert not Entry.objects.exists()


@KINDS
def test_imported_rows_are_journaled_shown_and_moved_by_time(
    kind: str, county: Unit, client: Client
) -> None:
    cast = make_cast(county)
    take(kind, told(county, deadline_date=date(2026, 9, 10), progress="已约谈"))
    case = Case.objects.get()
    client.force_login(cast.coordinator)

    page = client.get(case.get_absolute_url()).content.decode()
    ticking.tick(now=NOW)

    assert "已约谈" in page
    assert Entry.objects.filter(chain__subject=case.subject, act="import").count() == 1
    assert not verify().findings


ROWS = st.builds(
    RegisterRow,
    title=st.text(min_size=1, max_size=5),
    owner=st.integers(1, 3),
    origin=st.just(1),
    reported_at=st.just(datetime(2026, 9, 1, tzinfo=ZONE)),
    place=st.text(max_size=5),
    description=st.text(max_size=9),
    category=st.text(max_size=5),
    deadline_date=st.none() | st.just(DUE),
    resolver_name=st.text(max_size=3),
    progress=st.text(max_size=5),
    remark=st.text(max_size=5),
    closed=st.none(),
)
FIELD_OF = {"deadline": "deadline_date", "unit": "owner"}


@given(old=ROWS, new=ROWS, answer=st.frozensets(st.sampled_from(sorted(COLUMNS))))
def test_columns_that_a_file_lacks_are_left_alone(
    old: RegisterRow, new: RegisterRow, answer: frozenset[str]
) -> None:
    left = merged("grievance", old, new, answer)

    for column in COLUMNS - answer - {"title", "description"}:
        name = FIELD_OF.get(column, column)
        assert getattr(left, name) == getattr(old, name)
    if not answer & {"title", "description"}:
        assert (left.title, left.description) == (old.title, old.description)
