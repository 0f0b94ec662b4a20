"""What is confirmed goes, all of it and nothing else; what stays proves what was done."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from pytest_django import Settings

from bihuan.breaches.actions.registration import record_breach
from bihuan.cases.actions.evidence import keep
from bihuan.cases.models import Case, Disposed, Evidence
from bihuan.core.breach import Grade
from bihuan.core.hazard import RejectReason
from bihuan.core.powers import Power
from bihuan.files import disk
from bihuan.files.actions import attach, check
from bihuan.files.models import StoredFile
from bihuan.hazards.actions import reporting
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from bihuan.portal.queries import track
from bihuan.receipts.models import DisposedCode, TrackingCode
from bihuan.retention.actions import disposals, holds, lists, removal
from bihuan.retention.models import HandedOver, HandOver, Hold, Item
from bihuan.retention.refusals import NothingDue
from tests.anyrow import any_row
from tests.breaches.register import found
from tests.cases.public import told
from tests.conftest import CountQueries
from tests.core.test_retention import LIST, written
from tests.factories import NOW, TODAY, make_officer, make_photo
from tests.journal.lifting import lifted
from tests.retention.scene import (
    GRACE,
    LATER,
    MUCH_LATER,
    Scene,
    carried_out,
    confirmed,
    end,
    proposed,
    rejected_hazard,
)

pytestmark = pytest.mark.django_db


def bytes_of(seed: int) -> bytes:
    return bytes(make_photo(seed=seed).read())


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", data, "image/jpeg")


def rows_about(case: Case) -> list[str]:
    return [
        model._meta.label
        for model, way in removal.paths()
        if removal.about([case], model, way).exists()
    ]


# ---------------------------------------------------------------------- all goes
def test_nothing_goes_before_the_days_of_grace_are_over(scene: Scene) -> None:
    case = rejected_hazard(scene)
    row = carried_out(confirmed(scene), after=GRACE - timedelta(minutes=1))

    assert row.done_at is None
    assert Case.objects.filter(pk=case.pk).exists()


def test_nothing_goes_that_nobody_confirmed(scene: Scene) -> None:
    case = rejected_hazard(scene)
    proposed(scene)

    disposals.carry_out(now=LATER + 10 * GRACE)

    assert Case.objects.filter(pk=case.pk).exists()


def test_nothing_goes_of_a_list_that_was_taken_back(scene: Scene) -> None:
    case = rejected_hazard(scene)
    row = confirmed(scene)
    lists.withdraw(row=row, note="仍需查阅", actor=scene.auditor, now=LATER)

    disposals.carry_out(now=LATER + GRACE)

    assert Case.objects.filter(pk=case.pk).exists()


def test_everything_about_a_case_goes_but_its_number_and_dates(scene: Scene) -> None:
    case = rejected_hazard(scene)
    assert {"receipts.TrackingCode", "receipts.Seal", "clocks.Clock"} <= set(rows_about(case))

    row = carried_out(confirmed(scene))

    assert rows_about(case) == []
    left = Disposed.objects.get()
    assert (left.number, left.kind, left.unit) == (case.number, "hazard", scene.unit)
    assert (left.reported_at, left.ended_at) == (case.reported_at, case.ended_at)
    assert (left.retention, left.under) == ("hazard", row.subject)
    assert (row.cases_gone, row.done_at is not None) == (1, True)
    assert Entry.objects.filter(chain__subject=case.subject).last().act == removal.DISPOSE  # type: ignore[union-attr]


def test_a_row_in_any_table_that_tells_of_a_case_goes(scene: Scene) -> None:
    case = rejected_hazard(scene)
    row = confirmed(scene)
    shortest = dict(removal.paths())
    for model, way in shortest.items():
        fill(model, way, case)
    assert {model._meta.label for model, _ in removal.paths()} == set(rows_about(case))

    carried_out(row)

    assert rows_about(case) == []
    assert_nothing_dangles()


PLAIN: dict[str, dict[str, Any]] = {
    "cases.Exclusion": {"since_at": NOW},
    "hazards.Opinion": {"agrees": True},
    "hazards.Order": {"kind": "stop_work", "until_date": None},
    "retention.Hold": {"unit": None, "lifted_at": NOW, "why_lifted": "判决生效"},
    "retention.Item": {"state": "left", "why": "held"},
}


def fill(model: type[models.Model], way: str, case: Case) -> models.Model:
    """A row that leads to the case by this way, and what lies in between."""
    found: models.Model | None = removal.about([case], model, way).first()
    if found is not None:
        return found
    if way == removal.BY_NAME:
        by_name: models.Model = any_row(model, subject=case.subject)
        return by_name
    name, _, rest = way.partition("__")
    field = model._meta.get_field(name)
    over = fill(field.related_model, rest, case) if rest else case  # type: ignore[arg-type]
    given = dict(PLAIN.get(model._meta.label, {}))
    if model is Hold:
        given["lifted_by"] = any_row(User)
    made: models.Model = any_row(model, **{name: over, **given})
    return made


def assert_nothing_dangles() -> None:
    connection.check_constraints()


# Photos go after the commit, so these tests have no transaction around them.
@pytest.mark.django_db(transaction=True)
def test_photos_go_from_the_disk_unless_another_case_has_them() -> None:
    scene = Scene()
    case, other = rejected_hazard(scene), told(scene.unit, now=NOW).case
    own, shared = bytes_of(3), bytes_of(4)
    for pictured, data in ((case, own), (case, shared), (other, shared)):
        with transaction.atomic():
            keep(pictured, [upload(data)], "before", actor=scene.office.clerk, now=NOW)
    row = confirmed(scene)
    files = {each.sha256: each for each in StoredFile.objects.all()}
    assert len(files) == 2
    for each in files.values():
        age(each)

    carried_out(row)

    (left,) = StoredFile.objects.all()
    assert Evidence.objects.get().case == other
    for digest, each in files.items():
        is_left = digest == left.sha256
        assert disk.place(each.path).exists() == is_left
        assert disk.place(each.thumbnail_path).exists() == is_left


@pytest.mark.django_db(transaction=True)
def test_a_photo_that_is_attached_to_another_subject_stays() -> None:
    scene = Scene()
    case, keeper = rejected_hazard(scene), make_officer(scene.unit, Power.ADMINISTER)
    breach = record_breach(
        unit=scene.unit, found=found(NOW), grade=Grade.UNKNOWN, actor=keeper, now=NOW
    )
    with transaction.atomic():
        keep(case, [upload(bytes_of(3))], "before", actor=scene.office.clerk, now=NOW)
    (row,) = attach(
        subject=breach.subject, uploads=[check(upload(bytes_of(3)))], actor=keeper, now=NOW
    )
    age(row.file)

    carried_out(confirmed(scene))

    assert Evidence.objects.count() == 0
    assert StoredFile.objects.get() == row.file
    assert disk.place(row.file.path).exists()


def age(stored: StoredFile) -> None:
    """As if its bytes had lain there since the case was new."""
    long_ago = NOW.timestamp()
    for path in (stored.path, stored.thumbnail_path):
        os.utime(disk.place(path), (long_ago, long_ago))


# ------------------------------------------------------------------ what is kept
def test_a_case_that_is_held_at_the_last_moment_is_kept(scene: Scene) -> None:
    held, gone = rejected_hazard(scene), rejected_hazard(scene)
    row = confirmed(scene)
    holds.hold_case(case=held, reason="涉诉", actor=scene.auditor, now=LATER + GRACE)

    carried_out(row)

    assert [*Case.objects.values_list("pk", flat=True)] == [held.pk]
    assert Item.objects.get().why == Item.Why.HELD
    assert not Case.objects.filter(pk=gone.pk).exists()


def test_a_case_that_was_reopened_is_kept(scene: Scene) -> None:
    case = rejected_hazard(scene)
    row = confirmed(scene)
    Case.objects.filter(pk=case.pk).update(stage="reported", ended_at=None)

    carried_out(row)

    assert Item.objects.get().why == Item.Why.OPEN
    assert Case.objects.filter(pk=case.pk).exists()


def test_a_case_whose_part_is_kept_stays_with_it(scene: Scene) -> None:
    whole, part = rejected_hazard(scene), told(scene.unit, now=NOW).case
    Case.objects.filter(pk=part.pk).update(parent=whole)

    carried_out(confirmed(scene))

    assert Item.objects.get().why == Item.Why.REFERRED_TO
    assert Case.objects.count() == 2


def test_a_duplicate_goes_before_what_it_is_a_duplicate_of(scene: Scene) -> None:
    one, two = rejected_hazard(scene), rejected_hazard(scene)
    with lifted():
        Case.objects.filter(pk=one.pk).update(duplicate_of=two)

    row = carried_out(confirmed(scene))

    assert (row.cases_gone, Case.objects.count()) == (2, 0)


def test_a_longer_list_of_the_office_keeps_what_was_confirmed(
    scene: Scene, settings: Settings, tmp_path: Path
) -> None:
    case = rejected_hazard(scene)
    row = confirmed(scene)
    settings.RETENTION = written(tmp_path, LIST.replace("years = 5", "years = 50"))

    carried_out(row)

    assert Item.objects.get().why == Item.Why.NOT_YET
    assert Case.objects.filter(pk=case.pk).exists()


def test_the_database_itself_keeps_what_is_held(scene: Scene) -> None:
    case = rejected_hazard(scene)
    holds.hold_case(case=case, reason="涉诉", actor=scene.auditor, now=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        removed_and_checked(case)


def removed_and_checked(case: Case) -> None:
    removal._remove_rows([case])
    connection.check_constraints()


def test_what_goes_to_the_archive_first_goes_once_it_is_received(scene: Scene) -> None:
    case = end(told(scene.unit, now=NOW, kind="grievance").case)
    package = any_row(HandOver)
    HandedOver.objects.create(hand_over=package, case=case)
    with pytest.raises(NothingDue):
        proposed(scene, "grievance", now=MUCH_LATER)
    HandOver.objects.update(receipt="档接〔2037〕3号", received_date=TODAY, received_at=NOW)

    row = carried_out(confirmed(scene, "grievance", now=MUCH_LATER))

    assert row.cases_gone == 1


def test_a_picture_that_was_used_again_loses_only_the_mark(scene: Scene) -> None:
    case, other = rejected_hazard(scene), told(scene.unit, now=NOW).case
    first = any_row(Evidence, case=case)
    officer = scene.office.handler
    again = any_row(
        Evidence, case=other, reused_from=first, phase="after", added_by=officer, slot="",
        shown_to="office",
    )  # fmt: skip

    carried_out(confirmed(scene))

    again.refresh_from_db()
    assert again.reused_from is None


# --------------------------------------------------------------------- its code
def test_the_code_of_a_case_that_is_not_kept_is_known_as_such(scene: Scene) -> None:
    taken = told(scene.unit, now=NOW)
    case = reporting.reject(
        case=taken.case,
        actor=scene.office.clerk,
        now=NOW,
        reason=RejectReason.NOT_A_HAZARD,
        note="不是隐患。",
    )
    assert track.find(taken.code).code is not None

    carried_out(confirmed(scene))

    found = track.find(taken.code)
    assert (found.code, found.spent, found.is_disposed) == (None, None, True)
    assert not TrackingCode.objects.filter(case=case.pk).exists()
    assert DisposedCode.objects.count() == 1
    assert not track.find("1234 5678 9012 3456").is_disposed


# ---------------------------------------------------------------------- the cost
def test_more_cases_and_files_ask_no_more_of_the_database(
    scene: Scene, count_queries: CountQueries
) -> None:
    def cost(count: int) -> int:
        for _ in range(count):
            case = rejected_hazard(scene)
            with transaction.atomic():
                keep(case, [upload(bytes_of(case.pk))], "before", actor=scene.proposer, now=NOW)
        row = confirmed(scene)
        with count_queries() as queries:
            assert carried_out(row).files_gone == count
        return len(queries)

    cost(1)

    assert cost(2) == cost(5)


def test_what_names_a_row_that_goes_is_found_by_an_index() -> None:
    """The database looks for it with each row that is removed: else in the whole table."""
    gone = {model for model, _ in removal.paths()} | {Case, StoredFile}
    unfound = [
        str(field) for model in gone for field in removal._referring(model) if not is_indexed(field)
    ]

    assert unfound == []


def is_indexed(field: models.Field[Any, Any]) -> bool:
    """Some index begins with it and leaves out no row that has a value in it."""
    there = Q(**{f"{field.name}__isnull": False})
    meta = field.model._meta
    first = [
        (names[0], each.condition)
        for each in (*meta.indexes, *meta.constraints)
        if isinstance(each, models.Index | models.UniqueConstraint) and (names := each.fields)
    ]
    return (
        field.db_index  # type: ignore[attr-defined]
        or field.unique
        or any(name == field.name and condition in (None, there) for name, condition in first)
    )
