"""A missed visit cannot be made to vanish, nor a visit be recorded for a day long past."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from bihuan.core import visiting
from bihuan.core.powers import Power
from bihuan.core.visiting import Outcome, Risk, State
from bihuan.journal import queries as journal
from bihuan.visits import norms
from bihuan.visits.actions import binding as bindings
from bihuan.visits.actions import recording
from bihuan.visits.actions.binding import Terms
from bihuan.visits.models import Binding
from tests.factories import NOW, TODAY, make_post
from tests.visits.scene import Scene, make_binding

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def overdue(scene: Scene) -> Binding:
    return make_binding(scene.site(), scene.post, due_date=TODAY - 3 * DAY)


def bind(scene: Scene, held: Binding, terms: Terms) -> Binding:
    return bindings.bind(site=held.site, terms=terms, actor=scene.coordinator, now=NOW)


def test_a_visit_of_more_than_a_week_ago_is_not_recorded(scene: Scene, overdue: Binding) -> None:
    given = {"binding": overdue, "outcome": Outcome.IN_ORDER, "actor": scene.officer, "now": NOW}

    with pytest.raises(visiting.TooLongAgo):
        recording.record_visit(visited_date=TODAY - 8 * DAY, **given)  # type: ignore[arg-type]

    made = recording.record_visit(visited_date=TODAY - 7 * DAY, **given)  # type: ignore[arg-type]
    assert made.made_at == NOW


def test_another_frequency_leaves_an_overdue_visit_overdue(scene: Scene, overdue: Binding) -> None:
    seldomer = norms.frequencies().days(overdue.site.kind)

    made = bind(scene, overdue, Terms(scene.post, every_days=seldomer))

    assert made.state(TODAY) is State.OVERDUE
    assert made.due_date == overdue.due_date


def test_unbinding_and_binding_again_leaves_an_overdue_visit_overdue(
    scene: Scene, overdue: Binding
) -> None:
    bindings.unbind(binding=overdue, reason="调整", actor=scene.coordinator, now=NOW)

    made = bind(scene, overdue, Terms(scene.post, risk=Risk.RED))

    assert made.due_date == overdue.due_date


def test_so_does_binding_many_at_once(scene: Scene, overdue: Binding) -> None:
    bindings.unbind(binding=overdue, reason="调整", actor=scene.coordinator, now=NOW)

    (made,) = bindings.bind_many(
        sites=[overdue.site], terms=Terms(scene.post), batch=uuid4(),
        actor=scene.coordinator, now=NOW,
    )  # fmt: skip

    assert made.due_date == overdue.due_date


def test_to_another_post_an_overdue_visit_is_due_today(scene: Scene, overdue: Binding) -> None:
    bindings.unbind(binding=overdue, reason="调整", actor=scene.coordinator, now=NOW)

    made = bind(scene, overdue, Terms(make_post(scene.village, Power.HANDLE)))

    assert made.due_date == TODAY


def test_the_end_of_a_binding_says_what_was_missed(scene: Scene, overdue: Binding) -> None:
    bindings.unbind(binding=overdue, reason="调整", actor=scene.coordinator, now=NOW)

    (entry,) = journal.page(overdue.subject)
    assert json.loads(entry.detail)["missed"] == overdue.due_date.isoformat()


def test_a_site_is_visited_at_least_as_often_as_was_decided(scene: Scene) -> None:
    site = scene.site()
    decided = norms.frequencies().days(site.kind, Risk.RED)

    with pytest.raises(visiting.SeldomerThanDecided) as refusal:
        bindings.bind(
            site=site, terms=Terms(scene.post, risk=Risk.RED, every_days=decided + 1),
            actor=scene.coordinator, now=NOW,
        )  # fmt: skip

    assert refusal.value.days == decided
