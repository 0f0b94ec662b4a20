"""A visit is recorded by the bound post, once, and says nothing of people."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.core.visiting import NotADayOfVisit, Outcome
from bihuan.files import actions as files
from bihuan.files.models import Attachment
from bihuan.journal.queries import verify
from bihuan.orgs.models import Unit
from bihuan.visits import queries
from bihuan.visits.actions import binding as bindings
from bihuan.visits.actions import recording
from bihuan.visits.actions.binding import Terms
from bihuan.visits.models import Binding, Visit
from bihuan.visits.refusals import NotBoundAnyMore, SiteIsClosed, Withdrawn
from tests.factories import NOW, TODAY, make_officer, make_photo, make_site, make_unit
from tests.journal.lifting import tamper
from tests.visits.scene import Scene, colleague, make_binding, make_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def binding(scene: Scene) -> Binding:
    return make_binding(scene.site(), scene.post, due_date=TODAY - timedelta(days=2))


def record(binding: Binding, scene: Scene, **given: object) -> Visit:
    facts = {"visited_date": TODAY, "outcome": Outcome.IN_ORDER, "actor": scene.officer, "now": NOW}
    return recording.record_visit(binding=binding, **(facts | given))  # type: ignore[arg-type]


def test_a_visit_moves_the_next_one(binding: Binding, scene: Scene) -> None:
    visit = record(binding, scene)

    binding.refresh_from_db()
    assert (visit.post, visit.site) == (scene.post, binding.site)
    assert (binding.last_date, binding.due_date) == (TODAY, TODAY + timedelta(days=30))


def test_a_visit_of_an_earlier_day_never_replaces_a_later_one(
    binding: Binding, scene: Scene
) -> None:
    record(binding, scene)

    record(binding, scene, visited_date=TODAY - timedelta(days=5))

    binding.refresh_from_db()
    assert binding.last_date == TODAY


def test_only_the_bound_post_records_a_visit(binding: Binding, scene: Scene) -> None:
    for other in (colleague(scene), scene.coordinator):
        with pytest.raises(NotAllowed):
            record(binding, scene, actor=other)

    assert not Visit.objects.exists()


@pytest.mark.parametrize("days", [-11, 1])
def test_a_day_before_the_binding_or_still_to_come_is_refused(
    binding: Binding, scene: Scene, days: int
) -> None:
    with pytest.raises(NotADayOfVisit):
        record(binding, scene, visited_date=TODAY + timedelta(days=days))


def test_the_same_form_records_one_visit(binding: Binding, scene: Scene) -> None:
    key = uuid4()

    first, again = (record(binding, scene, form_key=key) for _ in range(2))

    assert first == again
    assert Visit.objects.count() == 1


def test_names_and_numbers_in_a_note_are_masked(binding: Binding, scene: Scene) -> None:
    visit = record(binding, scene, note="门卫电话13812345678，消防通道畅通")

    assert visit.note == "门卫电话×××，消防通道畅通"


def test_photos_are_attached_to_the_visit(binding: Binding, scene: Scene) -> None:
    visit = record(binding, scene, photos=[files.check(make_photo())])

    assert Attachment.objects.get().subject == visit.subject


def test_a_binding_that_ended_takes_no_visit(binding: Binding, scene: Scene) -> None:
    bindings.unbind(binding=binding, reason="调整", actor=scene.coordinator, now=NOW)

    with pytest.raises(NotBoundAnyMore):
        record(binding, scene)


def test_a_closed_site_takes_no_visit(binding: Binding, scene: Scene) -> None:
    type(binding.site).objects.filter(pk=binding.site_id).update(closed_at=NOW)

    with pytest.raises(SiteIsClosed):
        record(binding, scene)


def test_a_withdrawn_visit_stays_and_no_longer_counts(binding: Binding, scene: Scene) -> None:
    visit = record(binding, scene)

    with pytest.raises(Missing):
        recording.withdraw(visit=visit, reason=" ", actor=scene.officer, now=NOW)
    recording.withdraw(visit=visit, reason="选错场所", actor=scene.officer, now=NOW)
    with pytest.raises(Withdrawn):
        recording.withdraw(visit=visit, reason="选错场所", actor=scene.officer, now=NOW)

    binding.refresh_from_db()
    assert Visit.objects.get().withdrawn_reason == "选错场所"
    assert (binding.last_date, binding.due_date) == (
        None,
        binding.start_date + timedelta(days=30),
    )


def test_only_the_post_that_visited_withdraws(binding: Binding, scene: Scene) -> None:
    visit = record(binding, scene)

    with pytest.raises(NotAllowed):
        recording.withdraw(visit=visit, reason="误记", actor=scene.coordinator, now=NOW)


def test_the_journal_proves_bindings_and_visits(scene: Scene) -> None:
    site = scene.site()
    made = bindings.bind(site=site, terms=Terms(scene.post), actor=scene.coordinator, now=NOW)
    visit = record(made, scene)
    recording.withdraw(visit=visit, reason="误记", actor=scene.officer, now=NOW)
    assert not [*verify().findings]

    tamper(f"UPDATE visits_visit SET note = '改过' WHERE id = {visit.pk}")

    assert [*verify().findings]


# -------------------------------------------------------------------- who reads
def test_visits_are_read_in_the_area_by_the_regulator_and_by_the_bound_post(
    scene: Scene,
) -> None:
    bureau = make_unit(kind=Unit.Kind.DEPARTMENT)
    site = make_site(scene.town, regulators={"education": bureau})
    visit = make_visit(make_binding(site, scene.post))
    readers = [scene.coordinator, scene.officer, make_officer(bureau, Power.HANDLE)]
    strangers = [make_officer(make_unit(), Power.COORDINATE), colleague(scene)]

    assert all(queries.may_see(each, str(visit.pk), NOW) for each in readers)
    assert not any(queries.may_see(each, str(visit.pk), NOW) for each in strangers)


@pytest.mark.parametrize("power", [Power.OPERATE, Power.HANDLE])
def test_visits_are_not_read_by_those_who_operate_the_site(scene: Scene, power: Power) -> None:
    firm = make_unit(scene.town, kind=Unit.Kind.ENTERPRISE)
    site = make_site(scene.village, operator_unit=firm)
    visit = make_visit(make_binding(site, scene.post))

    assert not queries.may_see(make_officer(firm, power), str(visit.pk), NOW)
