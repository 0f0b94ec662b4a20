"""What stays of a case that was disposed of proves what was done, also after a kill."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import translation

from bihuan.cases.models import Case, Disposed, Exclusion
from bihuan.cases.queries import shut_among
from bihuan.journal import actions as journal
from bihuan.journal.actions import Change
from bihuan.journal.models import Chain, Entry, KeptValues
from bihuan.notices.models import Notice
from bihuan.retention.actions import disposals, hand_overs, holds, lists, removal
from bihuan.retention.models import Item
from tests.anyrow import any_row
from tests.factories import NOW
from tests.hazards.district import closed, make_district
from tests.journal.lifting import lifted, tamper
from tests.retention.scene import (
    GRACE,
    LATER,
    Scene,
    carried_out,
    confirmed,
    rejected_hazard,
)

pytestmark = pytest.mark.django_db


def verified() -> tuple[int, str]:
    out = StringIO()
    with translation.override("en"):
        try:
            call_command("journal", "verify", stdout=out)
        except SystemExit as stopped:
            return int(stopped.code or 0), out.getvalue()
    return 0, out.getvalue()


# ------------------------------------------------------------------- the journal
def test_the_journal_verifies_after_a_disposal(scene: Scene) -> None:
    rejected_hazard(scene)
    closed(make_district())
    row = confirmed(scene)
    assert not verified()[0], verified()[1]

    carried_out(row)

    status, output = verified()
    assert status == 0, output


def test_a_case_that_was_removed_beside_the_journal_is_still_found(scene: Scene) -> None:
    case, stored = rejected_hazard(scene), rejected_hazard(scene)
    row = confirmed(scene)
    Item.objects.filter(case=stored).delete()
    carried_out(row)
    remove_beside(stored)

    status, output = verified()

    assert status == 1
    assert stored.number in output
    assert case.number not in output


def remove_beside(case: Case) -> None:
    with lifted(), transaction.atomic():
        removal._remove_rows([case])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE retention_disposal SET confirmed_by_id = {other}",
        "UPDATE retention_disposal SET year = 2025",
        "DELETE FROM retention_item; DELETE FROM retention_disposal",
        "UPDATE retention_hold SET unit_id = {unit}",
        "DELETE FROM retention_hold",
        "UPDATE retention_handover SET year = 2025",
    ],
)
def test_a_list_a_hold_or_a_receipt_that_was_changed_beside_the_journal_is_named(
    scene: Scene, statement: str
) -> None:
    case = rejected_hazard(scene)
    row = confirmed(scene)
    head = bytes(Chain.objects.get(subject=case.subject).head)
    holds.hold_unit(unit=scene.unit, reason="审计", actor=scene.auditor, now=LATER)
    package = hand_overs.record_package(
        heads={case.pk: head}, unit=None, year=2026, retention_list="CN 2026", digest="0" * 64,
        now=LATER,
    )  # fmt: skip
    assert not verified()[0], verified()[1]
    other, unit = scene.auditor.pk, scene.office.county.pk
    tamper(*statement.format(other=other, unit=unit).split("; "))

    status, output = verified()

    assert status == 1
    assert any(each in output for each in (row.subject, package.subject, "hold/"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_disposed SET kind = 'grievance'",
        "UPDATE cases_disposed SET under = 'disposal/999'",
        "DELETE FROM cases_disposed",
    ],
)
def test_what_is_left_of_a_case_is_held_against_the_journal(scene: Scene, statement: str) -> None:
    case = rejected_hazard(scene)
    carried_out(confirmed(scene))
    tamper(statement)

    status, output = verified()

    assert status == 1
    assert case.number in output


def test_a_case_that_comes_back_beside_the_journal_is_found(scene: Scene) -> None:
    case = rejected_hazard(scene)
    carried_out(confirmed(scene))
    any_row(Case, number=case.number)

    assert verified()[0] == 1


def test_old_values_kept_beside_entries_are_erased(scene: Scene) -> None:
    case = rejected_hazard(scene)
    change = Change(case.subject, {"title": "旧标题"}, {"title": "新标题"})
    with transaction.atomic():
        journal.record_many("update", [change], by=None, at=NOW, keep=True)

    carried_out(confirmed(scene))

    stored = KeptValues.objects.get()
    assert (stored.before, stored.after) == ("", "")
    assert not verified()[0], verified()[1]


def test_what_officers_were_told_about_it_goes(scene: Scene) -> None:
    case = rejected_hazard(scene)
    any_row(Notice, subject=case.subject)
    any_row(Notice, subject=f"mediation/{case.number}")
    any_row(Notice, subject=f"opening/{case.number}")
    other = any_row(Notice, subject="case/YH-1999-000001")

    carried_out(confirmed(scene))

    assert list(Notice.objects.filter(subject__endswith=case.number)) == []
    assert Notice.objects.filter(pk=other.pk).exists()


def test_a_number_that_was_shut_to_somebody_is_kept_from_everybody_once_it_is_gone(
    scene: Scene,
) -> None:
    gone, plain = rejected_hazard(scene), rejected_hazard(scene)
    Exclusion.objects.create(
        case=gone, member=scene.office.handler, cause=Exclusion.Cause.INTEREST, added_at=NOW
    )

    carried_out(confirmed(scene))

    both = [gone.number, plain.number]
    for officer in (scene.office.handler, scene.confirmer):
        assert shut_among(officer, both, LATER) == {gone.number}


def test_a_list_that_is_withdrawn_half_way_leaves_no_notice_of_what_went(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = rejected_hazard(scene), rejected_hazard(scene)
    row = confirmed(scene)
    for case in (first, second):
        any_row(Notice, subject=case.subject)
    monkeypatch.setattr(disposals, "AT_ONCE", 1)
    monkeypatch.setattr(disposals, "A_TURN", 1)
    disposals.carry_out(now=LATER + GRACE)

    lists.withdraw(row=row, note="仍需查阅", actor=scene.auditor, now=LATER + GRACE)

    assert [*Case.objects.values_list("pk", flat=True)] == [second.pk]
    assert not Notice.objects.filter(subject=first.subject).exists()
    assert Notice.objects.filter(subject=second.subject).exists()
    assert not verified()[0], verified()[1]


# ----------------------------------------------------------------- kills, twice
def test_a_worker_that_is_killed_goes_on_where_it_was(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [rejected_hazard(scene) for _ in range(5)]
    row = confirmed(scene)
    monkeypatch.setattr(disposals, "AT_ONCE", 2)
    batches = iter(range(100))
    really = removal.remove

    def killed(*given: Any) -> int:
        count = really(*given)
        if next(batches) == 1:
            raise KeyboardInterrupt
        return count

    monkeypatch.setattr(removal, "remove", killed)
    with pytest.raises(KeyboardInterrupt):
        disposals.carry_out(now=LATER + GRACE)
    assert Case.objects.count() == 3
    assert Disposed.objects.count() == 2
    assert not verified()[0], verified()[1]

    row = carried_out(row)

    assert (row.cases_gone, Case.objects.count()) == (5, 0)
    assert Disposed.objects.count() == len(cases)
    assert Entry.objects.filter(act=removal.DISPOSE).count() == len(cases)
    assert not verified()[0], verified()[1]


def test_a_list_that_is_done_is_done_once(scene: Scene) -> None:
    rejected_hazard(scene)
    row = carried_out(confirmed(scene))
    entries = Entry.objects.count()

    assert disposals.carry_out(now=LATER + 2 * GRACE) == {}

    row.refresh_from_db()
    assert row.done_at == LATER + GRACE
    assert Entry.objects.count() == entries


def test_one_turn_leaves_time_for_other_jobs(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        rejected_hazard(scene)
    row = confirmed(scene)
    monkeypatch.setattr(disposals, "AT_ONCE", 1)
    monkeypatch.setattr(disposals, "A_TURN", 2)

    assert disposals.carry_out(now=LATER + GRACE)["cases"] == 2
    carried_out(row)

    assert Case.objects.count() == 0
