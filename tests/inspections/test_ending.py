"""What follows from failed items, how both sides sign, and what stays afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from bihuan.cases.models import Case, Evidence
from bihuan.core.inspection import AlreadySettled, Method, NotFailed, NotFinished, Outcome, Stage
from bihuan.core.refusal import Missing, NotAllowed, WrongStage
from bihuan.inspections.actions import settling
from bihuan.inspections.actions.erasing import erase_due
from bihuan.inspections.models import Answer, Inspection, Settlement, Signature
from bihuan.journal.queries import verify
from bihuan.retention.models import Hold
from bihuan.sites.models import SiteCase
from tests.factories import NOW
from tests.inspections.acts import answer_all, decide, end, photograph, save
from tests.inspections.conftest import Place

pytestmark = pytest.mark.django_db


def failed(place: Place) -> Inspection:
    """An inspection with one failed item, with a photo of it."""
    made = place.begun()
    answer_all(made, place.inspector, exits="no")
    photograph(made, "exits", place.inspector)
    return made


def broken(place: Place) -> Inspection:
    """An inspection with one failed item that points to no major hazard."""
    made = place.begun()
    answer_all(made, place.inspector, alarm="broken")
    return made


# -------------------------------------------------------------------- failed items
def test_a_failed_item_becomes_a_hazard_at_the_site_with_its_photo(place: Place) -> None:
    made = failed(place)

    decide(made, place.inspector, "exits", unit=place.school)

    case = Case.objects.get()
    assert (case.kind, case.stage, case.owner) == ("hazard", "reported", place.school)
    assert SiteCase.objects.get(case=case).site == place.site
    assert Evidence.objects.get(case=case).phase == "before"
    row = Settlement.objects.get()
    assert (row.case_number, row.proposed_grade) == (case.number, "major")


def test_a_grade_is_only_proposed(place: Place) -> None:
    decide(failed(place), place.inspector, "exits")

    assert Case.objects.get().hazard.grade == ""


def test_the_same_decision_sent_again_reports_nothing_twice(place: Place) -> None:
    made = failed(place)

    for _ in range(2):
        decide(made, place.inspector, "exits")

    assert Case.objects.count() == 1


def test_a_fix_on_the_spot_needs_its_photo(place: Place) -> None:
    made = failed(place)
    with pytest.raises(Missing):
        decide(made, place.inspector, "exits", Outcome.FIXED)

    photograph(made, "exits", place.inspector, purpose="fixed")
    decide(made, place.inspector, "exits", Outcome.FIXED)

    assert Settlement.objects.get().outcome == Outcome.FIXED
    assert not Case.objects.exists()


def test_neither_needs_a_reason(place: Place) -> None:
    with pytest.raises(Missing):
        decide(broken(place), place.inspector, "alarm", Outcome.REASON, reason=" ")


def test_an_item_that_does_not_fail_becomes_no_hazard(place: Place) -> None:
    with pytest.raises(NotFailed):
        decide(failed(place), place.inspector, "canteen")


def test_only_who_inspects_decides(place: Place) -> None:
    with pytest.raises(NotAllowed):
        decide(failed(place), place.other, "exits")


def test_a_reason_is_taken_back_and_a_hazard_is_not(place: Place) -> None:
    made = broken(place)
    decide(made, place.inspector, "alarm", Outcome.REASON, reason="当日更换")
    settling.withdraw(settlement=Settlement.objects.get(), actor=place.inspector, now=NOW)
    assert not Settlement.objects.exists()

    decide(made, place.inspector, "alarm")
    with pytest.raises(AlreadySettled):
        settling.withdraw(settlement=Settlement.objects.get(), actor=place.inspector, now=NOW)


# ------------------------------------------------------------------------- the end
def test_it_ends_only_with_every_answer_photo_and_decision(place: Place) -> None:
    made = place.begun()
    save(made, "exits", "no", place.inspector)

    with pytest.raises(NotFinished) as refusal:
        end(made, place.inspector)

    assert refusal.value.what == {
        "unanswered": ("canteen", "alarm"),
        "without_photo": ("exits",),
        "unsettled": ("exits",),
    }


def test_it_ends_with_both_signatures(place: Place) -> None:
    made = failed(place)
    decide(made, place.inspector, "exits")

    made = end(made, place.inspector)

    assert (made.stage, made.done_at, made.failed_count) == (Stage.DONE, NOW, 1)
    sides = {row.side: (row.way, row.name) for row in Signature.objects.all()}
    assert sides == {"inspector": ("drawn", ""), "site": ("drawn", "周代表")}


def test_a_refusal_is_recorded_with_a_witness(place: Place) -> None:
    made = place.begun()
    answer_all(made, place.inspector)
    with pytest.raises(Missing):
        end(made, place.inspector, way=Method.REFUSED, reason="不认可检查结果")

    end(
        made,
        place.inspector,
        way=Method.REFUSED,
        name="",
        reason="不认可检查结果",
        witness=place.other_post,
    )

    row = Signature.objects.get(side="site")
    assert (row.way, row.name, row.witness) == ("refused", "", place.other_post)


@pytest.mark.parametrize("drawing", ["", "x", "1,1", "5000,1 2,2", "<svg/>", "1,1 2,2;;=cmd"])
def test_what_is_no_drawing_is_no_signature(place: Place, drawing: str) -> None:
    made = place.begun()
    answer_all(made, place.inspector)

    with pytest.raises(Missing):
        end(made, place.inspector, drawing=drawing)


def test_ending_twice_ends_once(place: Place) -> None:
    made = place.begun()
    answer_all(made, place.inspector)

    for _ in range(2):
        end(made, place.inspector)

    assert Signature.objects.count() == 2


def test_nothing_changes_after_the_end(place: Place) -> None:
    made = place.begun()
    answer_all(made, place.inspector)
    end(made, place.inspector)

    with pytest.raises(WrongStage):
        save(made, "exits", "no", place.inspector, based_on=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(inspection=made).update(value="no", state="failed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=made.pk).update(result="")


# ------------------------------------------------------------------------- erasing
def signed_off(place: Place) -> Signature:
    made = place.begun()
    answer_all(made, place.inspector)
    end(made, place.inspector)
    return Signature.objects.get(side="site")


def test_name_and_signature_of_the_site_are_erased_on_their_day(place: Place) -> None:
    row = signed_off(place)
    assert row.erase_date == date(NOW.year + 4, 1, 1)
    assert erase_due(now=NOW + timedelta(days=365)) == 0

    assert erase_due(now=NOW + timedelta(days=4 * 366)) == 1

    row.refresh_from_db()
    assert (row.name, row.drawing) == ("", "")
    assert Signature.objects.get(side="inspector").drawing
    assert not verify().findings


def test_what_is_held_is_not_erased(place: Place) -> None:
    signed_off(place)
    Hold.objects.create(unit=place.county, reason="诉讼中", set_by=place.other, set_at=NOW)

    assert erase_due(now=NOW + timedelta(days=4 * 366)) == 0
