"""An inspection is planned, begun by a version that stays its own, and ended or abandoned."""

from __future__ import annotations

from uuid import uuid4

import pytest

from bihuan.checklists.actions import versions
from bihuan.core.inspection import Kind, NotTheOperator, OneUnit, SiteClosed, Stage
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, WrongStage
from bihuan.inspections import hooks, queries
from bihuan.inspections.actions import course
from bihuan.inspections.models import Inspection
from bihuan.orgs.access import Console
from bihuan.orgs.models import User
from bihuan.sites.models import Site
from tests.factories import NOW, make_content, make_items, make_officer, make_post, make_unit
from tests.inspections.acts import end
from tests.inspections.conftest import Place

pytestmark = pytest.mark.django_db


def planned(place: Place, kind: Kind = Kind.ORDINARY) -> Inspection:
    return course.plan(
        site=place.site,
        checklist=place.version.checklist,
        unit=place.town,
        posts=[place.post],
        kind=kind,
        actor=None,
        now=NOW,
        key=uuid4(),
    )


def sees(user: User, inspection: Inspection) -> bool:
    return queries.visible_to(user, NOW).filter(pk=inspection.pk).exists()


def begin(place: Place, by: User, **given: object) -> Inspection:
    values = {
        "site": place.site,
        "version": place.version,
        "unit": place.town,
        "posts": [place.post],
        "kind": Kind.ORDINARY,
        "key": uuid4(),
    }
    return course.begin(**{**values, **given}, actor=by, now=NOW)  # type: ignore[arg-type]


def test_an_inspection_begins_by_the_version_in_use(place: Place) -> None:
    made = begin(place, place.inspector)

    assert (made.stage, made.version, made.begun_at) == (Stage.BEGUN, place.version, NOW)
    assert made.area == made.site.unit == place.town


def test_the_same_form_begins_one_inspection(place: Place) -> None:
    key = uuid4()

    first, second = (begin(place, place.inspector, key=key) for _ in range(2))

    assert first == second
    assert Inspection.objects.count() == 1


def test_who_neither_inspects_nor_coordinates_begins_nothing(place: Place) -> None:
    with pytest.raises(NotAllowed):
        begin(place, place.other)

    assert not Inspection.objects.exists()


def test_a_coordinator_has_posts_of_the_unit_inspect(place: Place) -> None:
    coordinator = make_officer(place.town, Power.COORDINATE)

    assert begin(place, coordinator).stage == Stage.BEGUN


def test_a_site_that_the_officer_does_not_see_is_not_inspected(place: Place) -> None:
    elsewhere = make_unit(place.county)
    stranger = make_officer(elsewhere, Power.REPORT)
    post = stranger.tenures.get().post

    with pytest.raises(NotAllowed):
        begin(place, stranger, unit=elsewhere, posts=[post])


def test_a_closed_site_is_not_inspected(place: Place) -> None:
    Site.objects.filter(pk=place.site.pk).update(closed_at=NOW)
    place.site.refresh_from_db()

    with pytest.raises(SiteClosed):
        begin(place, place.inspector)


def test_only_the_operator_checks_itself(place: Place) -> None:
    with pytest.raises(NotTheOperator):
        begin(place, place.inspector, kind=Kind.SELF_CHECK)

    post = place.head.tenures.get().post
    made = begin(place, place.head, kind=Kind.SELF_CHECK, unit=place.school, posts=[post])

    assert sees(place.inspector, made)


def test_an_operator_checks_itself_and_inspects_nothing_else(place: Place) -> None:
    operator = make_officer(place.school, Power.OPERATE)
    post = operator.tenures.get().post
    given = {"unit": place.school, "posts": [post]}

    made = begin(place, operator, kind=Kind.SELF_CHECK, **given)
    with pytest.raises(NotAllowed):
        begin(place, operator, **given)

    assert queries.own_post(operator, made, NOW) == post
    assert sees(operator, made)
    assert sees(place.inspector, made)


def test_a_joint_inspection_is_seen_by_each_unit(place: Place) -> None:
    bureau = make_unit(place.county, name="消防大队")
    firefighter = make_officer(bureau, Power.VERIFY)
    post = firefighter.tenures.get().post

    with pytest.raises(OneUnit):
        begin(place, place.inspector, kind=Kind.JOINT)
    made = begin(place, place.inspector, kind=Kind.JOINT, posts=[place.post, post])

    assert sees(firefighter, made)
    assert queries.own_post(firefighter, made, NOW) == post


def test_an_unannounced_inspection_is_hidden_from_the_operator_until_it_begins(
    place: Place,
) -> None:
    made = planned(place, Kind.UNANNOUNCED)
    assert sees(place.inspector, made)
    assert not sees(place.head, made)

    course.start(inspection=made, version=place.version, actor=place.inspector, now=NOW)

    assert sees(place.head, made)


def test_an_announced_inspection_is_seen_by_the_operator_when_it_is_planned(place: Place) -> None:
    assert sees(place.head, planned(place))


def test_a_changed_checklist_leaves_an_inspection_that_has_begun_as_it_is(place: Place) -> None:
    made = place.begun()
    draft = versions.begin_draft(
        checklist=place.version.checklist,
        content=make_content(make_items(2)),
        actor=Console.CONSOLE,
        now=NOW,
    )
    versions.put_to_use(version=draft, revision=draft.revision, actor=Console.CONSOLE, now=NOW)

    made.refresh_from_db()

    assert made.version == place.version
    assert next(item.key for item in queries.record_of(made).content.items) == "exits"


def test_an_inspection_stays_with_its_unit_when_the_site_moves(place: Place) -> None:
    made = place.begun()
    elsewhere = make_unit(place.county)
    Site.objects.filter(pk=place.site.pk).update(unit=elsewhere)

    made = queries.visible_to(place.inspector, NOW).get(pk=made.pk)

    assert made.unit == place.town
    assert made.has_moved


def test_a_planned_inspection_is_begun_once(place: Place) -> None:
    made = planned(place)

    for _ in range(2):
        course.start(inspection=made, version=place.version, actor=place.inspector, now=NOW)

    made.refresh_from_db()
    assert made.stage == Stage.BEGUN


def test_abandoning_needs_a_reason_and_ends_it(place: Place) -> None:
    made = place.begun()

    with pytest.raises(Missing):
        course.abandon(inspection=made, actor=place.inspector, reason=" ", now=NOW)
    course.abandon(inspection=made, actor=place.inspector, reason="场所停业", now=NOW)

    with pytest.raises(WrongStage):
        end(made, place.inspector)


def test_others_hear_when_an_inspection_begins(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[int, object]] = []
    registered = {stage: dict(found) for stage, found in hooks._hooks.items()}
    monkeypatch.setattr(hooks, "_hooks", registered)
    hooks.register(Stage.BEGUN, "test", lambda made, actor, now: heard.append((made.pk, actor)))

    made = begin(place, place.inspector)

    assert heard == [(made.pk, place.inspector)]


def test_a_post_that_works_on_nothing_does_not_inspect(place: Place) -> None:
    auditor = make_post(place.town, Power.AUDIT)

    with pytest.raises(NotAllowed):
        begin(place, place.inspector, posts=[place.post, auditor])
