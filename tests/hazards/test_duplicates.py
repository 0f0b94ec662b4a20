"""A duplicate follows a case that somebody deals with; it never waits behind one that is over."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from bihuan.cases.models import Case
from bihuan.core.hazard import Grade, RejectReason, Stage
from bihuan.core.refusal import Missing
from bihuan.hazards.actions import duplicates, reporting
from bihuan.hazards.actions.duplicates import FollowsThisOne, NotAlive
from bihuan.hazards.forms import RejectForm
from bihuan.hazards.wording import explain
from bihuan.receipts.models import Message
from tests.at_once import at_once
from tests.cases.closing import acts
from tests.factories import NOW
from tests.hazards.district import District, closed, make_district, report, running
from tests.hazards.test_public import letters, taken

pytestmark = pytest.mark.django_db


def rejected(d: District, case: Case, of: Case | None = None) -> Case:
    reason = RejectReason.NOT_A_HAZARD if of is None else RejectReason.DUPLICATE
    return reporting.reject(
        case=case, actor=d.coordinator, now=NOW, reason=reason, note="已核实", duplicate_of=of
    )


def in_ring(one: Case, two: Case) -> None:
    """As earlier releases left them: each rejected as a duplicate of the other."""
    ended = {"stage": Stage.REJECTED, "ended_at": NOW}
    Case.objects.filter(pk=one.pk).update(duplicate_of=two, **ended)
    with Lifted():
        Case.objects.filter(pk=two.pk).update(duplicate_of=one, **ended)


class Lifted:
    """The triggers are away for a moment, so that what they forbid can be planted."""

    def __enter__(self) -> None:
        self.run("disable")

    def __exit__(self, *_: object) -> None:
        self.run("enable")

    def run(self, what: str) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE cases_case {what} TRIGGER USER")
            elif what == "disable":
                cursor.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
                    "AND name LIKE 'original_is_never_rejected%%'"
                )
                self.sql = dict(cursor.fetchall())
                for name in self.sql:
                    cursor.execute(f"DROP TRIGGER {name}")
            else:
                for statement in self.sql.values():
                    cursor.execute(statement)


# ------------------------------------------------------------- what is followed
def test_two_hazards_are_not_rejected_as_duplicates_of_each_other(district: District) -> None:
    one, two = report(district), report(district)
    rejected(district, one, of=two)

    with pytest.raises(FollowsThisOne):
        rejected(district, two, of=one)

    two.refresh_from_db()
    assert two.stage == Stage.REPORTED


def test_a_duplicate_of_a_duplicate_follows_the_case_that_goes_on(district: District) -> None:
    live, second, third = report(district), report(district), report(district)
    rejected(district, second, of=live)

    case = rejected(district, third, of=second)

    assert case.duplicate_of == live
    assert acts(live).count("seen_twice") == 2


@pytest.mark.parametrize("named", ["rejected", "itself", "none", "out of sight"])
def test_only_a_case_that_goes_on_is_followed(district: District, named: str) -> None:
    d, case = district, report(district)
    if named == "rejected":
        other: Case | None = rejected(d, report(d))
    elif named == "out of sight":
        other = report(d)
        Case.objects.filter(pk=other.pk).update(is_confidential=True)
    else:
        other = case if named == "itself" else None

    with pytest.raises((NotAlive, Missing)) as refused:
        reporting.reject(
            case=case, actor=d.coordinator, now=NOW, reason=RejectReason.DUPLICATE, note="重复",
            duplicate_of=other,
        )  # fmt: skip

    case.refresh_from_db()
    assert (case.stage, case.duplicate_of) == (Stage.REPORTED, None)
    assert explain(refused.value)


def test_the_form_names_the_fault_at_the_field(district: District) -> None:
    d = district
    dead, live, case = rejected(d, report(d)), report(d), report(d)
    second = rejected(d, report(d), of=live)

    def form(number: str) -> RejectForm:
        given = {"reason": "duplicate", "duplicate_of": number, "note": "重复", "version": "1"}
        return RejectForm(given, case=case, user=d.coordinator, now=NOW)

    assert list(form(dead.number).errors) == ["duplicate_of"]
    found = form(second.number)
    assert found.is_valid()
    assert found.cleaned_data["duplicate_of"] == live


def test_a_duplicate_of_a_duplicate_reopens_the_closed_case_at_the_end(district: District) -> None:
    d = district
    live, second, third = report(d), report(d), report(d)
    rejected(d, second, of=live)
    old = closed(d)
    Case.objects.filter(pk=second.pk).update(duplicate_of=old)

    rejected(d, third, of=second)

    old.refresh_from_db()
    assert (old.stage, old.hazard.rebounds) == (Stage.CONFIRMED, 1)


# ------------------------------------------------- when the one that goes on ends
def test_rejecting_the_live_one_brings_its_duplicates_back_to_their_office(
    district: District,
) -> None:
    d = district
    live, second = report(d), taken(d).case
    rejected(d, second, of=live)

    rejected(d, live)

    second.refresh_from_db()
    assert (second.stage, second.duplicate_of, second.ended_at) == (Stage.REPORTED, None, None)
    assert running(second) == ["LOC-1"]
    assert acts(second)[-1] == "come_back"
    assert letters(second)[-1] == "letter come_back"
    assert Message.objects.filter(case=second, what="come_back").get().unit == d.county
    reporting.confirm(case=second, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)


def test_the_live_one_as_a_duplicate_takes_its_duplicates_along(district: District) -> None:
    d = district
    live, second, third = report(d), report(d), report(d)
    rejected(d, second, of=live)

    rejected(d, live, of=third)

    second.refresh_from_db()
    assert second.duplicate_of == third
    assert acts(second)[-1] == "follow"
    assert acts(third).count("seen_twice") == 2


# ----------------------------------------------------- what the database refuses
def test_the_database_refuses_a_rejected_original(district: District) -> None:
    d = district
    dead, live, case = rejected(d, report(d)), report(d), rejected(d, report(d))
    Case.objects.filter(pk=case.pk).update(duplicate_of=live)

    with pytest.raises(IntegrityError, match="original_is_never_rejected"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(duplicate_of=dead)
    with pytest.raises(IntegrityError, match="original_is_never_rejected"), transaction.atomic():
        Case.objects.filter(pk=live.pk).update(stage=Stage.REJECTED, ended_at=NOW)
    with pytest.raises(IntegrityError, match="original_is_never_rejected"), transaction.atomic():
        planted(case, dead)


def planted(case: Case, of: Case) -> None:
    case.pk, case.number, case.duplicate_of, case.form_key = None, "YH-2026-000099", of, None
    case.save(force_insert=True)


def test_the_database_refuses_a_duplicate_that_was_not_rejected(district: District) -> None:
    one, two = report(district), report(district)

    with pytest.raises(IntegrityError, match="only_what_was_rejected_is_a_duplicate"):
        Case.objects.filter(pk=one.pk).update(duplicate_of=two)


# ---------------------------------------------------------- of earlier releases
def test_hazards_in_a_ring_are_found_and_come_back(district: District) -> None:
    d = district
    one, two, three = report(d), report(d), report(d)
    rejected(d, three, of=two)
    Case.objects.filter(pk=three.pk).update(duplicate_of=None)
    in_ring(one, two)

    with pytest.raises(SystemExit, match="1"):
        call_command("free_duplicates")

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.stage, one.duplicate_of) == (Stage.REPORTED, None)
    assert (two.stage, two.duplicate_of) == (Stage.REJECTED, one)
    assert duplicates.stranded() == []
    call_command("free_duplicates")


# --------------------------------------------------------------- two at the time
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crossed", [True, False])
def test_two_rejections_at_once_never_leave_nobody(crossed: bool) -> None:
    for _ in range(8):
        d = make_district()
        one, two, three = (report(d) for _ in range(3))
        pairs = [(one, two), (two, one)] if crossed else [(one, two), (two, three)]

        def reject(d: District, one: Case, of: Case) -> Case:
            return rejected(d, one, of=Case.objects.get(pk=of.pk))

        answers = at_once(*(partial(reject, d, one, of) for one, of in pairs))

        assert not any(isinstance(answer, DatabaseError) for answer in answers)
        assert any(isinstance(answer, Case) for answer in answers)
        assert duplicates.stranded() == []
        assert Case.objects.filter(duplicate_of__duplicate_of__isnull=False).count() == 0
