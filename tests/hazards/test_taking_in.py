"""Rows become cases in one act, again and again, and never over somebody's work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import get_default_timezone

from bihuan.cases.actions import comments
from bihuan.cases.models import Case, Numbering
from bihuan.clocks.actions import ticking
from bihuan.clocks.models import Clock
from bihuan.core.hazard import Stage
from bihuan.core.history import RowFault
from bihuan.core.history import RowRefused as HistoryRefused
from bihuan.hazards.actions.ledger_rows import Ledger
from bihuan.hazards.rows import LedgerRow, row_of
from bihuan.imports.actions import row_intake
from bihuan.imports.known import known_rows
from bihuan.journal.actions import record
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.orgs.models import Post, Unit
from bihuan.sheets.ledger.rows import Given, ImportResult, RowOutcome
from tests.factories import NOW, make_case, make_cast, make_unit
from tests.hazards.rows import hazard_row

pytestmark = pytest.mark.django_db
ZONE = get_default_timezone()
DAY = timedelta(days=1)
DUE = date(2026, 9, 30)


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云岭县")


def closed(unit: Unit, **values: Any) -> LedgerRow:
    return hazard_row(unit, closed=True, ended_at=datetime(2026, 9, 10, tzinfo=ZONE), **values)


def take(
    *rows: LedgerRow, post: int | None = None, now: datetime = NOW, **how: Any
) -> ImportResult:
    """One file of these rows, in one batch; what cannot be judged is refused as the file's is."""
    ledger = Ledger(actor=None, now=now, source="台账.xlsx")
    judged, refused = [], []
    for number, row in enumerate(rows, start=2):
        try:
            judged.append(ledger.judge(Given(number, row, post)))
        except HistoryRefused as refusal:
            refused.append((number, refusal))
    taken = ledger.take(judged, **how)
    taken.refused += refused
    return taken


def outcome(taken: ImportResult) -> tuple[int, int, int]:
    return tuple(taken.counts[each] for each in RowOutcome)  # type: ignore[return-value]


def refusals(taken: ImportResult) -> list[tuple[int, RowFault]]:
    return [(row, refused.fault) for row, refused in taken.refused]


# --------------------------------------------------------------------- created
def test_an_open_row_is_a_case_with_its_clock_and_its_first_entry(county: Unit) -> None:
    post = Post.objects.create(unit=county, title="安全员", powers=[])

    taken = take(hazard_row(county, resolver_name="王整改"), post=post.pk)

    case, clock = Case.objects.get(), Clock.objects.get()
    assert outcome(taken) == (1, 0, 0)
    assert (case.number, case.stage, case.channel) == ("YH-2026-000001", "assigned", "import")
    assert (case.post_id, case.resolver_name) == (post.pk, "王整改")
    assert (clock.rule_id, clock.outcome, clock.overdue_at) == ("HAZ-5", "running", None)
    assert case.due_at == clock.due_at == datetime(2026, 9, 30, 23, 59, 59, tzinfo=ZONE)
    assert clock.next_at is not None
    entry = Entry.objects.get(chain__subject=case.subject)
    assert (entry.act, entry.at) == ("import", NOW)
    assert verify().ok


@pytest.mark.parametrize(
    ("ended", "result"), [(date(2026, 9, 30), "met"), (date(2026, 10, 1), "missed")]
)
def test_a_closed_row_keeps_its_own_dates_and_says_whether_it_was_in_time(
    county: Unit, ended: date, result: str
) -> None:
    at = datetime.combine(ended, datetime.min.time(), ZONE)

    take(hazard_row(county, closed=True, ended_at=at), now=NOW + 30 * DAY)

    case, clock = Case.objects.get(), Clock.objects.get()
    assert (case.stage, case.ended_at) == ("closed", at)
    assert (clock.outcome, clock.stopped_at, clock.next_at) == (result, at, None)
    assert (clock.overdue_at is None) is (result == "met")


def test_a_deadline_with_its_hour_is_missed_by_the_minute(county: Unit) -> None:
    row = closed(county, deadline_date=date(2026, 9, 10), deadline_time=time(8))

    take(row._replace(ended_at=datetime(2026, 9, 10, 8, 1, tzinfo=ZONE)))

    assert Clock.objects.get().outcome == "missed"


def test_an_overdue_row_says_so_at_once(county: Unit) -> None:
    take(hazard_row(county, deadline_date=date(2026, 9, 10)))

    assert Case.objects.overdue(NOW).count() == 1
    assert Clock.objects.get().overdue_at == datetime(2026, 9, 11, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("stage", "rule"),
    [(Stage.REPORTED, "LOC-1"), (Stage.CONFIRMED, "LOC-2"), (Stage.SUBMITTED, "LOC-3"),
     (Stage.VERIFIED, "LOC-8")],
)  # fmt: skip
def test_what_waits_for_an_office_waits_from_the_import_on(
    county: Unit, stage: Stage, rule: str
) -> None:
    take(hazard_row(county, stage=stage, deadline_date=date(2026, 9, 2)))

    case, clock = Case.objects.get(), Clock.objects.get()
    assert (clock.rule_id, clock.started_at) == (rule, NOW)
    assert case.due_at == clock.due_at
    assert case.due_at is not None
    assert case.due_at > NOW


def test_numbers_run_on_within_the_year_of_the_report(county: Unit) -> None:
    old = hazard_row(county, place="旧", reported_at=datetime(2025, 1, 1, tzinfo=ZONE))

    take(hazard_row(county), hazard_row(county, place="b"), old)

    numbers = Case.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["YH-2025-000001", "YH-2026-000001", "YH-2026-000002"]


def test_a_number_that_nobody_gave_out_here_moves_no_series_and_is_a_reference(
    county: Unit,
) -> None:
    far = hazard_row(county, number="YH-2026-999999", place="b")
    take(hazard_row(county), far)
    take(hazard_row(county, place="c"), hazard_row(county, number="YH-2027-000001", place="d"))

    assert set(Case.objects.values_list("number", "place", "source_ref")) == {
        ("YH-2026-000001", "综合楼", ""),
        ("YH-2026-000002", "b", "YH-2026-999999"),
        ("YH-2026-000003", "c", ""),
        ("YH-2026-000004", "d", "YH-2027-000001"),
    }
    assert Numbering.objects.get().last == 4
    assert outcome(take(far)) == (0, 0, 1)
    assert outcome(take(far._replace(progress="已处理"))) == (0, 1, 0)


def test_it_stays_a_reference_once_the_number_is_given_out(county: Unit) -> None:
    row = hazard_row(county, number="YH-2026-000002", place="b")
    take(row)
    take(hazard_row(county, place="c"))

    assert outcome(take(row._replace(progress="已处理"))) == (0, 1, 0)

    changed = Case.objects.get(hazard__progress="已处理")
    assert (changed.number, changed.source_ref) == ("YH-2026-000001", "YH-2026-000002")


def test_a_number_whose_case_is_gone_comes_back_only_where_the_journal_knows_nothing_of_it(
    county: Unit,
) -> None:
    Numbering.objects.create(series="YH-2026", last=5)
    with transaction.atomic():
        record("case/YH-2026-000003", "dispose", by=None, at=NOW, detail={"state": {}})

    take(
        hazard_row(county, number="YH-2026-000002", place="b"),
        hazard_row(county, number="YH-2026-000003", place="c"),
    )

    assert set(Case.objects.values_list("number", "place", "source_ref")) == {
        ("YH-2026-000002", "b", ""),
        ("YH-2026-000006", "c", "YH-2026-000003"),
    }


def test_a_dry_run_counts_and_writes_nothing(county: Unit) -> None:
    taken = take(hazard_row(county), dry_run=True)

    assert outcome(taken) == (1, 0, 0)
    assert not Case.objects.exists()
    assert not Entry.objects.exists()
    assert not Numbering.objects.exists()


def test_no_rows_are_no_act(county: Unit) -> None:
    assert outcome(take()) == (0, 0, 0)
    assert not Entry.objects.exists()


# ------------------------------------------------------------------------- again
def test_the_same_row_again_changes_nothing(county: Unit) -> None:
    take(hazard_row(county))
    before = Case.objects.values().get()

    assert outcome(take(hazard_row(county))) == (0, 0, 1)
    assert Case.objects.values().get() == before
    assert Entry.objects.count() == 1


def test_a_changed_row_changes_its_case_and_nothing_else(county: Unit) -> None:
    take(hazard_row(county), hazard_row(county, place="b"))

    taken = take(closed(county, progress="已加固"), hazard_row(county, place="b"))

    case = Case.objects.select_related("hazard").get(place="综合楼")
    assert outcome(taken) == (0, 1, 1)
    assert (case.stage, case.hazard.progress, case.version) == ("closed", "已加固", 2)
    assert case.clocks.get().outcome == "met"
    entries = Entry.objects.filter(chain__subject=case.subject).order_by("seq")
    assert [entry.act for entry in entries] == ["import", "update"]
    assert verify().ok


def test_like_rows_are_told_apart_by_their_turn(county: Unit) -> None:
    assert outcome(
        take(hazard_row(county), hazard_row(county), hazard_row(county, remark="x"))
    ) == (3, 0, 0)
    assert outcome(
        take(hazard_row(county), hazard_row(county), hazard_row(county, remark="y"))
    ) == (0, 1, 2)


def test_a_source_s_number_makes_the_row_as_long_as_place_day_and_words_agree(
    county: Unit,
) -> None:
    take(hazard_row(county, source_ref="A1"))

    assert outcome(take(hazard_row(county, source_ref="A1", remark="催办"))) == (0, 1, 0)
    taken = take(hazard_row(county, source_ref="A1", place="别处", title="别的"))

    assert refusals(taken) == [(2, RowFault.RESEMBLES)]
    assert Case.objects.get().place == "综合楼"


@pytest.mark.parametrize("field", ["source_ref", "number"])
def test_a_number_stands_in_a_file_once(county: Unit, field: str) -> None:
    row = hazard_row(county, **{field: "YH-2026-000007"})

    taken = take(row, row._replace(place="b"))

    assert outcome(taken) == (1, 0, 0)
    assert refusals(taken) == [(3, RowFault.TWICE_IN_THE_FILE)]


def test_a_number_just_given_out_is_not_taken_for_another_row(county: Unit) -> None:
    ledger = Ledger(actor=None, now=NOW, source="台账.xlsx")
    ledger.take([ledger.judge(Given(2, hazard_row(county)))])

    named = hazard_row(county, number="YH-2026-000001", place="b")
    taken = ledger.take([ledger.judge(Given(3, named))])

    assert refusals(taken) == [(3, RowFault.TWICE_IN_THE_FILE)]
    assert Case.objects.get().place == "综合楼"


# --------------------------------------------------------------- somebody's work
def test_a_case_that_was_worked_on_is_changed_here_and_not_by_the_ledger(county: Unit) -> None:
    take(hazard_row(county))
    case = Case.objects.get()
    comments.comment(case=case, actor=make_cast(county).coordinator, now=NOW, note="已去现场。")

    taken = take(hazard_row(county, remark="x"))

    assert refusals(taken) == [(2, RowFault.WORKED_ON)]
    assert outcome(take(hazard_row(county))) == (0, 0, 1)


def test_what_time_alone_causes_is_nobody_s_work(county: Unit) -> None:
    make_cast(county)
    take(hazard_row(county))
    ticking.tick(now=NOW + 40 * DAY)
    assert set(Entry.objects.values_list("act", flat=True)) > {"import"}

    assert outcome(take(hazard_row(county, remark="x"), now=NOW + 41 * DAY)) == (0, 1, 0)
    assert verify().ok


def test_a_live_case_comes_back_unchanged_and_is_not_changed(county: Unit) -> None:
    case = make_case(make_unit(county), stage=Stage.RECHECKED, now=NOW.replace(microsecond=7))
    row = row_of(Case.objects.select_related("hazard").get(pk=case.pk))

    assert outcome(take(row, now=NOW + DAY)) == (0, 0, 1)
    assert refusals(take(row._replace(remark="x"), now=NOW + DAY)) == [(2, RowFault.WORKED_ON)]


def test_a_case_that_another_unit_found_is_not_changed_by_its_number(county: Unit) -> None:
    take(hazard_row(county))
    number = Case.objects.get().number

    taken = take(hazard_row(make_unit(), number=number, title="别人的"))

    assert refusals(taken) == [(2, RowFault.OF_ANOTHER_UNIT)]
    assert Case.objects.get().title == "护栏松动"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_rows_at_once_make_one_case_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unit = make_unit()
    looked, both = known_rows, Barrier(2, timeout=10)
    waits = iter([True, True])

    def known(rows: Any) -> Any:
        """Neither sees what the other is about to write."""
        found = looked(rows)
        if next(waits, False):
            both.wait()
        return found

    def run() -> tuple[int, int, int]:
        try:
            return outcome(take(hazard_row(unit), hazard_row(unit, place="b")))
        finally:
            connection.close()

    monkeypatch.setattr(row_intake, "known_rows", known)
    with ThreadPoolExecutor(2) as threads:
        taken = [each.result() for each in [threads.submit(run), threads.submit(run)]]

    assert sorted(taken) == [(0, 0, 2), (2, 0, 0)]
    assert Case.objects.count() == 2
    assert verify().ok


def test_rows_that_break_a_constraint_are_no_silent_loss(county: Unit) -> None:
    broken = hazard_row(county, rebounds=-1)

    with pytest.raises(IntegrityError):
        take(broken)

    assert not Case.objects.exists()
