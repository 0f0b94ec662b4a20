"""An inspection cannot be made to look better than it was by those who inspect."""

from __future__ import annotations

from uuid import uuid4

import pytest

from bihuan.core import inspection as core
from bihuan.core.inspection import Kind, Method, NotFinished, Outcome, Stage
from bihuan.core.powers import Power
from bihuan.files.actions import check
from bihuan.inspections import queries
from bihuan.inspections.actions import answering, course
from bihuan.inspections.models import Inspection
from bihuan.orgs.models import Post, Tenure, User
from tests.factories import NOW, TODAY, make_officer, make_photo, make_post
from tests.inspections.acts import answer_all, decide, end, photograph
from tests.inspections.conftest import Place

pytestmark = pytest.mark.django_db


def show(inspection: Inspection, by: User, photo: object, item: str, purpose: str) -> None:
    photo.seek(0)  # type: ignore[attr-defined]
    answering.add_photo(
        inspection=inspection, item=item, purpose=purpose, upload=check(photo),  # type: ignore[arg-type]
        actor=by, now=NOW, key=uuid4(),
    )  # fmt: skip


def failed(place: Place, **given: object) -> Inspection:
    made = place.begun(**given)
    answer_all(made, place.inspector, exits="no", alarm="broken")
    photograph(made, "exits", place.inspector)
    return made


def planned(place: Place) -> Inspection:
    return course.plan(
        site=place.site, checklist=place.version.checklist, unit=place.town, posts=[place.post],
        kind=Kind.ORDINARY, actor=None, now=NOW, key=uuid4(),
    )  # fmt: skip


# --------------------------------------------------------------------------- photos
def test_a_photo_of_another_inspection_is_refused(place: Place) -> None:
    same = make_photo()
    first, second = place.begun(), place.begun()
    show(first, place.inspector, same, "exits", "found")

    with pytest.raises(core.PhotoUsed):
        show(second, place.inspector, same, "exits", "found")

    assert second.photos.count() == 0


def test_a_photo_of_what_was_found_does_not_show_the_fix(place: Place) -> None:
    same = make_photo()
    made = place.begun()
    show(made, place.inspector, same, "exits", "found")

    with pytest.raises(core.PhotoUsed):
        show(made, place.inspector, same, "exits", "fixed")


def test_one_photo_may_show_two_items(place: Place) -> None:
    same = make_photo()
    made = place.begun()

    for item in ("exits", "canteen"):
        show(made, place.inspector, same, item, "found")

    assert made.photos.count() == 2


# ---------------------------------------------------------------------- abandoning
def test_who_inspects_abandons_nothing_while_failed_items_are_undecided(place: Place) -> None:
    made = failed(place)

    with pytest.raises(NotFinished) as refusal:
        course.abandon(inspection=made, actor=place.inspector, reason="重新检查", now=NOW)

    assert refusal.value.what == {"unsettled": ("exits", "alarm")}


def test_what_failed_is_a_hazard_before_the_inspection_is_abandoned(place: Place) -> None:
    made = failed(place)
    decide(made, place.inspector, "exits")
    decide(made, place.inspector, "alarm", Outcome.REASON, reason="当日更换")

    made = course.abandon(inspection=made, actor=place.inspector, reason="停电", now=NOW)

    assert made.stage == Stage.ABANDONED


def test_a_coordinator_who_does_not_inspect_abandons_it_all_the_same(place: Place) -> None:
    made = failed(place)
    coordinator = make_officer(place.town, Power.COORDINATE)

    course.abandon(inspection=made, actor=coordinator, reason="检查人员调离", now=NOW)

    assert Inspection.objects.get(pk=made.pk).stage == Stage.ABANDONED


def test_a_coordinator_who_inspects_drops_no_failed_item_either(place: Place) -> None:
    both = make_officer(place.town, Power.COORDINATE, Power.REPORT)
    made = place.begun(posts=(place.post, Post.objects.get(tenures__member=both)))
    answer_all(made, both, alarm="broken")

    with pytest.raises(NotFinished):
        course.abandon(inspection=made, actor=both, reason="重新检查", now=NOW)


def test_who_inspects_does_not_call_off_what_is_planned(place: Place) -> None:
    made = planned(place)

    with pytest.raises(core.PlannedByOthers):
        course.abandon(inspection=made, actor=place.inspector, reason="太忙", now=NOW)

    assert not queries.may_abandon(place.inspector, made, NOW)
    assert queries.may_abandon(make_officer(place.town, Power.COORDINATE), made, NOW)


# ------------------------------------------------------------------- what failed
def test_no_reason_is_enough_for_what_points_to_a_major_hazard(place: Place) -> None:
    with pytest.raises(core.MustBeReported):
        decide(failed(place), place.inspector, "exits", Outcome.REASON, reason="问题不大")


def test_an_operator_that_checks_itself_gives_a_reason(place: Place) -> None:
    posts = (Post.objects.get(tenures__member=place.head),)
    made = place.begun(kind=Kind.SELF_CHECK, unit=place.school, posts=posts)

    assert not queries.must_be_reported(queries.record_of(made), "exits")


# ------------------------------------------------------------------------ witnesses
def refused(place: Place, witness: Post) -> Inspection:
    made = place.begun()
    answer_all(made, place.inspector)
    given: dict[str, object] = {"way": Method.REFUSED, "name": "", "reason": "不认可检查结果"}
    return end(made, place.inspector, NOW, witness=witness, **given)


def test_who_inspects_is_no_witness(place: Place) -> None:
    with pytest.raises(core.WitnessInspects):
        refused(place, place.post)


def test_no_other_post_of_who_inspects_is_a_witness(place: Place) -> None:
    made, second = place.begun(), make_post(place.town, Power.HANDLE)
    Tenure.objects.create(member=place.inspector, post=second, start_date=TODAY)

    assert second not in queries.witnesses(made, place.inspector, NOW)
    assert place.other_post in queries.witnesses(made, place.inspector, NOW)


def test_a_post_that_no_one_holds_witnesses_nothing(place: Place) -> None:
    with pytest.raises(core.WitnessInspects):
        refused(place, make_post(place.town, Power.HANDLE))


def test_who_stands_in_for_who_inspects_is_no_witness(place: Place) -> None:
    held, witness = Tenure.objects.get(member=place.inspector), place.other_post
    Tenure.with_stand_ins.create(
        member=place.other, post=place.post, holder_tenure=held, start_date=TODAY, end_date=TODAY
    )

    with pytest.raises(core.WitnessInspects):
        refused(place, witness)
