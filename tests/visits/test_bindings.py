"""A site is bound to one post at a time, by a coordinator of its area; the load of posts shows."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.core.visiting import Load, Risk, TooOftenOrSeldom
from bihuan.journal.models import Entry
from bihuan.orgs.actions import posts
from bihuan.sites import queries as sites
from bihuan.visits import norms, queries
from bihuan.visits.actions import binding, grouping
from bihuan.visits.actions.binding import Terms
from bihuan.visits.models import Binding
from bihuan.visits.refusals import (
    BoundAlready,
    NameTaken,
    NotAVisitingPost,
    NotBoundAnyMore,
    SiteIsClosed,
    StillBound,
    VisitedSince,
)
from tests.at_once import at_once
from tests.factories import NOW, TODAY, make_officer, make_post, make_site, make_unit
from tests.visits.scene import Scene, colleague, make_binding, make_scene, make_visit

pytestmark = pytest.mark.django_db


def test_a_coordinator_binds_a_site_to_a_post_of_its_area(scene: Scene) -> None:
    site = scene.site(kind="hotel")

    made = binding.bind(site=site, terms=Terms(scene.post), actor=scene.coordinator, now=NOW)

    days = norms.frequencies().days("hotel")
    assert (made.every_days, made.due_date) == (days, TODAY + timedelta(days=days))
    assert [*queries.mine(scene.officer, NOW)] == [made]
    assert Entry.objects.filter(chain__subject=made.subject, act="bind").exists()


def test_a_higher_risk_is_visited_more_often(scene: Scene) -> None:
    terms = Terms(scene.post, risk=Risk.RED)

    made = binding.bind(site=scene.site(), terms=terms, actor=scene.coordinator, now=NOW)

    assert made.every_days == norms.frequencies().by_risk[Risk.RED]


def test_the_officer_of_the_bound_post_sees_the_site(scene: Scene) -> None:
    site = scene.site()
    assert site not in sites.visible_to(scene.officer, NOW)

    make_binding(site, scene.post)

    assert site in sites.visible_to(scene.officer, NOW)


def test_only_a_coordinator_of_the_unit_binds(scene: Scene) -> None:
    site, terms = scene.site(), Terms(scene.post)
    others = [scene.officer, make_officer(make_unit(), Power.COORDINATE)]

    for other in others:
        with pytest.raises(NotAllowed):
            binding.bind(site=site, terms=terms, actor=other, now=NOW)

    assert not Binding.objects.exists()


def test_a_site_is_not_bound_to_a_post_elsewhere_or_without_the_power(scene: Scene) -> None:
    wrong = [
        make_post(make_unit(scene.town), Power.REPORT),
        make_post(scene.village, Power.VERIFY),
        make_post(make_unit(), Power.REPORT),
    ]

    for post in wrong:
        with pytest.raises(NotAVisitingPost):
            binding.bind(site=scene.site(), terms=Terms(post), actor=scene.coordinator, now=NOW)


def test_a_closed_site_is_bound_to_no_post(scene: Scene) -> None:
    site = scene.site()
    type(site).objects.filter(pk=site.pk).update(closed_at=NOW)

    with pytest.raises(SiteIsClosed):
        binding.bind(site=site, terms=Terms(scene.post), actor=scene.coordinator, now=NOW)


def test_a_changed_binding_keeps_the_last_visit_and_is_never_overdue_at_once(
    scene: Scene,
) -> None:
    site = scene.site()
    old = make_binding(site, scene.post, due_date=TODAY - timedelta(days=3))
    Binding.objects.filter(pk=old.pk).update(last_date=TODAY - timedelta(days=40))
    other = make_post(scene.village, Power.HANDLE)

    new = binding.bind(
        site=site, terms=Terms(other, every_days=7), actor=scene.coordinator, now=NOW
    )

    old.refresh_from_db()
    assert old.ended_at == NOW
    assert (new.last_date, new.due_date) == (TODAY - timedelta(days=40), TODAY)


def test_the_same_binding_again_changes_nothing(scene: Scene) -> None:
    site, terms = scene.site(), Terms(scene.post)
    first = binding.bind(site=site, terms=terms, actor=scene.coordinator, now=NOW)

    again = binding.bind(site=site, terms=terms, actor=scene.coordinator, now=NOW)

    assert first == again
    assert Binding.objects.count() == 1


def test_an_impossible_frequency_is_refused(scene: Scene) -> None:
    with pytest.raises(TooOftenOrSeldom):
        binding.bind(
            site=scene.site(),
            terms=Terms(scene.post, every_days=400),
            actor=scene.coordinator,
            now=NOW,
        )


def test_an_ended_binding_needs_a_reason_and_leaves_the_site_unbound(scene: Scene) -> None:
    site = scene.site()
    held = make_binding(site, scene.post)

    with pytest.raises(Missing):
        binding.unbind(binding=held, reason=" ", actor=scene.coordinator, now=NOW)
    binding.unbind(binding=held, reason="调整", actor=scene.coordinator, now=NOW)
    with pytest.raises(NotBoundAnyMore):
        binding.unbind(binding=held, reason="调整", actor=scene.coordinator, now=NOW)

    assert [*queries.unbound(scene.coordinator, NOW)] == [site]


# ------------------------------------------------------------------------- many
def test_many_sites_are_bound_once_and_undone_together(scene: Scene) -> None:
    found, batch = [scene.site(), scene.site()], uuid4()
    given = {"sites": found, "terms": Terms(scene.post), "actor": scene.coordinator, "now": NOW}

    first = binding.bind_many(**given, batch=batch)  # type: ignore[arg-type]
    again = binding.bind_many(**given, batch=batch)  # type: ignore[arg-type]
    undone = binding.undo(batch=batch, actor=scene.coordinator, now=NOW)

    assert [each.pk for each in first] == [each.pk for each in again]
    assert undone == 2
    assert queries.unbound(scene.coordinator, NOW).count() == 2


def test_many_sites_are_bound_all_or_none(scene: Scene) -> None:
    free, taken = scene.site(), scene.site()
    make_binding(taken, scene.post)

    with pytest.raises(BoundAlready):
        binding.bind_many(
            sites=[free, taken],
            terms=Terms(scene.post),
            batch=uuid4(),
            actor=scene.coordinator,
            now=NOW,
        )

    assert queries.of_site(free) is None


def test_what_was_visited_since_is_not_undone(scene: Scene) -> None:
    batch = uuid4()
    (made,) = binding.bind_many(
        sites=[scene.site()],
        terms=Terms(scene.post),
        batch=batch,
        actor=scene.coordinator,
        now=NOW,
    )
    make_visit(made)

    with pytest.raises(VisitedSince):
        binding.undo(batch=batch, actor=scene.coordinator, now=NOW)


def test_another_coordinator_undoes_nothing(scene: Scene) -> None:
    batch = uuid4()
    binding.bind_many(
        sites=[scene.site()],
        terms=Terms(scene.post),
        batch=batch,
        actor=scene.coordinator,
        now=NOW,
    )

    with pytest.raises(NotAllowed):
        binding.undo(batch=batch, actor=make_officer(make_unit(), Power.COORDINATE), now=NOW)


# ------------------------------------------------------------------------- load
def test_the_load_of_a_post_counts_its_sites_and_their_visits(scene: Scene) -> None:
    for days in (30, 30, 10):
        make_binding(scene.site(), scene.post, every_days=days)
    closed = scene.site()
    make_binding(closed, scene.post)
    type(closed).objects.filter(pk=closed.pk).update(closed_at=NOW)

    assert queries.loads([scene.post.pk]) == {scene.post.pk: Load(3, 5)}


# ----------------------------------------------------------------- a post ends
def test_a_post_that_ends_passes_its_sites_on(scene: Scene) -> None:
    site = scene.site()
    make_binding(site, scene.post, every_days=9)
    heir = make_post(scene.village, Power.HANDLE)
    administrator = make_officer(scene.town, Power.ADMINISTER)

    posts.end_post(post=scene.post, end_date=TODAY, actor=administrator, now=NOW, to=heir)

    held = queries.of_site(site)
    assert held is not None
    assert (held.post, held.every_days) == (heir, 9)


def test_a_post_that_ends_without_an_heir_leaves_its_sites_unbound(scene: Scene) -> None:
    site = scene.site()
    make_binding(site, scene.post)
    administrator = make_officer(scene.town, Power.ADMINISTER)

    posts.end_post(
        post=scene.post, end_date=TODAY, actor=administrator, now=NOW, to_coordinators=True
    )

    assert [*queries.unbound(scene.coordinator, NOW)] == [site]


# ----------------------------------------------------------------------- groups
def test_a_group_has_posts_of_its_unit_and_a_name_of_its_own(scene: Scene) -> None:
    given = {"unit": scene.village, "name": "东片组", "actor": scene.coordinator, "now": NOW}

    group = grouping.form(**given, posts=[scene.post])  # type: ignore[arg-type]
    with pytest.raises(NameTaken):
        grouping.form(**given, posts=[scene.post])  # type: ignore[arg-type]
    with pytest.raises(NotAVisitingPost):
        grouping.form(**given, posts=[make_post(make_unit(), Power.REPORT)])  # type: ignore[arg-type]

    assert [*queries.groups(scene.coordinator, NOW)] == [group]


def test_a_group_with_sites_is_not_dissolved(scene: Scene) -> None:
    group = grouping.form(
        unit=scene.village, name="东片组", posts=[scene.post], actor=scene.coordinator, now=NOW
    )
    held = make_binding(scene.site(), scene.post, group=group)

    with pytest.raises(StillBound):
        grouping.dissolve(group=group, actor=scene.coordinator, now=NOW)
    binding.unbind(binding=held, reason="调整", actor=scene.coordinator, now=NOW)
    grouping.dissolve(group=group, actor=scene.coordinator, now=NOW)

    assert not queries.groups(scene.coordinator, NOW).exists()


def test_the_sites_of_a_group_are_those_of_each_of_its_posts(scene: Scene) -> None:
    other = colleague(scene)
    post = other.tenures.get().post
    group = grouping.form(
        unit=scene.village, name="东片组", posts=[post], actor=scene.coordinator, now=NOW
    )

    held = make_binding(scene.site(), scene.post, group=group)

    assert [*queries.mine(other, NOW)] == [held]
    assert queries.visiting_post(other, held, NOW) == post


# --------------------------------------------------------------------- coverage
def test_the_coverage_counts_sites_by_unit_and_no_officer(scene: Scene) -> None:
    make_binding(scene.site(), scene.post)
    make_binding(scene.site(), scene.post, due_date=TODAY - timedelta(days=1))
    scene.site()
    make_site(scene.town)
    make_site(make_unit())

    rows = queries.coverage(scene.coordinator, scene.town, TODAY, NOW)

    found = {row.unit: (row.sites, row.bound, row.unbound, row.in_time) for row in rows}
    assert found == {scene.town: (1, 0, 1, 0), scene.village: (3, 2, 1, 1)}


def test_a_site_bound_twice_in_its_history_counts_once(scene: Scene) -> None:
    site = scene.site()
    old = make_binding(site, scene.post)
    Binding.objects.filter(pk=old.pk).update(ended_at=NOW)
    make_binding(site, scene.post)

    rows = queries.coverage(scene.coordinator, scene.village, TODAY, NOW)

    assert [(row.sites, row.bound, row.in_time) for row in rows] == [(1, 1, 1)]


# Row locks do nothing on SQLite, so two presses at one moment meet on PostgreSQL.
@pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks")
@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_the_same_moment_bind_a_site_once() -> None:
    scene = make_scene()
    site, other = scene.site(), make_post(scene.village, Power.HANDLE)

    at_once(
        *(
            lambda post=post: binding.bind(
                site=site, terms=Terms(post), actor=scene.coordinator, now=NOW
            )
            for post in (scene.post, other)
        )
    )

    assert Binding.objects.filter(site=site, ended_at=None).count() == 1
