"""Two officers agree on what is disposed of; nothing else can be."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection

from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, SamePerson
from bihuan.journal import queries as journal
from bihuan.journal.models import Entry
from bihuan.orgs.access import Console
from bihuan.orgs.actions import units
from bihuan.orgs.models import Post, User
from bihuan.retention import queries
from bihuan.retention.actions import holds, lists
from bihuan.retention.models import Disposal, Hold
from bihuan.retention.refusals import Decided, NothingDue
from tests.cases.public import told
from tests.conftest import CountQueries
from tests.factories import NOW, make_officer, make_unit
from tests.retention.scene import (
    LATER,
    MUCH_LATER,
    YEAR,
    Scene,
    carried_out,
    confirmed,
    end,
    proposed,
    rejected_hazard,
)

pytestmark = pytest.mark.django_db


def due(scene: Scene, now: object = LATER) -> dict[tuple[str, int], int]:
    found = queries.due(scene.proposer, [scene.unit], queries.schedule(), now)  # type: ignore[arg-type]
    return {(each.entry.id, each.year): each.count for each in found}


def numbers(row: Disposal) -> list[str]:
    return list(row.items.order_by("pk").values_list("case__number", flat=True))


# ----------------------------------------------------------------- what is due
def test_cases_are_due_by_class_and_year_once_their_time_is_over(scene: Scene) -> None:
    rejected_hazard(scene)
    rejected_hazard(scene)
    told(scene.unit, now=NOW)

    assert due(scene, LATER - timedelta(days=60)) == {}
    assert due(scene) == {("hazard", YEAR): 2}


def test_what_is_kept_for_good_is_never_due(scene: Scene) -> None:
    post = Post.objects.get(tenures__member=scene.confirmer)
    led = told(scene.unit, now=NOW, kind="grievance").case
    led.grievance.lead = post
    led.grievance.save(update_fields=["lead"])
    end(led, stage="withdrawn")
    plain = end(told(scene.unit, now=NOW, kind="grievance").case, stage="withdrawn")

    assert due(scene, MUCH_LATER) == {("grievance-no-result", YEAR): 1}
    assert queries.entry_of(led, queries.schedule()).id == "grievance-led"
    assert queries.entry_of(plain, queries.schedule()).id == "grievance-no-result"


def test_what_the_archive_is_to_have_waits_for_its_receipt(scene: Scene) -> None:
    end(told(scene.unit, now=NOW, kind="grievance").case)

    assert due(scene, MUCH_LATER) == {}


def test_a_year_begins_at_midnight_of_the_place(scene: Scene) -> None:
    last = NOW.replace(year=2025, month=12, day=31, hour=15, minute=59)
    for moment in (last, last + timedelta(minutes=1)):
        case = rejected_hazard(scene)
        Case.objects.filter(pk=case.pk).update(reported_at=moment, round_at=moment, ended_at=moment)

    assert due(scene) == {("hazard", 2025): 1, ("hazard", 2026): 1}
    assert due(scene, LATER.replace(year=2036)) == {("hazard", 2025): 1}


def test_the_cost_does_not_grow_with_what_is_due(scene: Scene, count_queries: object) -> None:
    def cost() -> int:
        queries.due(scene.proposer, [scene.unit], queries.schedule(), LATER)
        with count_queries() as counted:  # type: ignore[operator]
            queries.due(scene.proposer, [scene.unit], queries.schedule(), LATER)
        return len(counted)

    before = cost()
    for _ in range(5):
        rejected_hazard(scene)

    assert cost() == before


def test_what_is_over_is_counted_in_an_index_and_no_case_is_read(scene: Scene) -> None:
    listed = queries.schedule()
    index = next(each for each in Case._meta.indexes if each.name == "case_ended_by_kind")
    holds.hold_unit(unit=scene.office.village, reason="审计", actor=scene.proposer, now=LATER)
    asked_about, plans = set(), {}

    for line in listed.entries:
        due = queries.disposable(line, listed, LATER)
        found = queries.seen(scene.proposer, scene.unit, LATER).filter(due, queries.not_listed())
        asked_about |= set(re.findall(r'"cases_case"\."(\w+)"', str(found.values("pk").query)))
        plans[line.id] = found.values("ended_at").explain()

    columns = {each.column for each in Case._meta.concrete_fields if each.name in index.fields}
    assert asked_about <= columns
    # On tables that are empty PostgreSQL takes any index, or none.
    if connection.vendor == "sqlite":
        assert "COVERING INDEX case_ended_by_kind" in plans["hazard"]


def test_a_hold_is_looked_up_by_its_case_and_not_among_all_that_is_seen(
    scene: Scene, count_queries: CountQueries
) -> None:
    case = rejected_hazard(scene)
    hold = holds.hold_case(case=case, reason="法院调取", actor=scene.proposer, now=LATER)

    with count_queries() as counted:
        found = queries.holds(scene.proposer, LATER)

    assert found == [hold]
    assert ' = ("retention_hold"."case_id")' in counted.captured_queries[-1]["sql"]


# -------------------------------------------------------------------- proposing
def test_a_list_holds_what_is_due_and_says_why(scene: Scene) -> None:
    case = rejected_hazard(scene)

    row = proposed(scene)

    assert numbers(row) == [case.number]
    told_of = Entry.objects.get(chain__subject=row.subject)
    assert (told_of.act, told_of.actor) == (lists.PROPOSE, scene.proposer)
    assert told_of.details["count"] == 1
    assert Case.objects.filter(pk=case.pk).exists()


def test_nothing_is_on_two_lists_at_once(scene: Scene) -> None:
    rejected_hazard(scene)
    proposed(scene)

    with pytest.raises(NothingDue):
        proposed(scene)


@pytest.mark.parametrize("power", [Power.HANDLE, Power.APPROVE, Power.ADMINISTER, Power.AUDIT])
def test_only_those_who_run_the_ledger_propose(scene: Scene, power: Power) -> None:
    rejected_hazard(scene)
    scene.proposer = make_officer(scene.unit, power)

    with pytest.raises(NotAllowed):
        proposed(scene)


def test_nobody_proposes_what_another_unit_has(scene: Scene) -> None:
    rejected_hazard(scene)
    scene.proposer = make_officer(make_unit(scene.office.county), Power.COORDINATE)

    with pytest.raises(NotAllowed):
        proposed(scene)


def test_a_post_that_is_too_new_proposes_nothing(scene: Scene) -> None:
    rejected_hazard(scene)
    User.objects.filter(pk=scene.proposer.pk).update(granted_at=LATER, granted_by=scene.confirmer)
    scene.proposer = User.objects.get(pk=scene.proposer.pk)

    with pytest.raises(NotAllowed):
        proposed(scene)


def test_a_case_is_on_no_list_of_somebody_who_is_shut_out(scene: Scene) -> None:
    case = rejected_hazard(scene)
    Exclusion.objects.create(
        case=case, member=scene.proposer, cause=Exclusion.Cause.COMPLAINED_OF, added_at=NOW
    )

    assert due(scene) == {}
    with pytest.raises(NothingDue):
        proposed(scene)


# ------------------------------------------------------------------- confirming
def test_a_second_officer_confirms(scene: Scene) -> None:
    rejected_hazard(scene)
    row = proposed(scene)

    row = lists.confirm(row=row, actor=scene.confirmer, now=LATER)

    assert row.confirmed_by == scene.confirmer
    assert [*Entry.objects.filter(chain__subject=row.subject).values_list("act", flat=True)] == [
        lists.PROPOSE,
        lists.CONFIRM,
    ]


def test_nobody_confirms_their_own_list(scene: Scene) -> None:
    scene.proposer = make_officer(scene.unit, Power.COORDINATE, Power.APPROVE)
    rejected_hazard(scene)
    row = proposed(scene)

    with pytest.raises(SamePerson):
        lists.confirm(row=row, actor=scene.proposer, now=LATER)


@pytest.mark.parametrize("power", [Power.COORDINATE, Power.ADMINISTER, Power.AUDIT])
def test_only_those_who_lead_the_unit_confirm(scene: Scene, power: Power) -> None:
    rejected_hazard(scene)
    row = proposed(scene)

    with pytest.raises(NotAllowed):
        lists.confirm(row=row, actor=make_officer(scene.unit, power), now=LATER)


def test_nothing_is_confirmed_twice(scene: Scene) -> None:
    rejected_hazard(scene)
    row = confirmed(scene)

    with pytest.raises(Decided):
        lists.confirm(row=row, actor=scene.confirmer, now=LATER)


def test_what_the_second_officer_may_not_see_drops_out(scene: Scene) -> None:
    stored, gone = rejected_hazard(scene), rejected_hazard(scene)
    post = Post.objects.get(tenures__member=scene.proposer)
    Case.objects.filter(pk=stored.pk).update(is_confidential=True)
    AccessGrant.objects.create(case=stored, post=post, added_at=NOW)

    row = proposed(scene)
    assert sorted(numbers(row)) == sorted([stored.number, gone.number])
    assert [each.case_id for each in queries.waiting_items(row, scene.confirmer, LATER)] == [
        gone.pk
    ]
    lists.confirm(row=row, actor=scene.confirmer, now=LATER)

    assert numbers(row) == [gone.number]


def test_a_second_officer_asks_only_about_the_cases_on_the_list(
    scene: Scene, count_queries: CountQueries
) -> None:
    """In an archive of a million, all that is due was asked about for each case on the list."""
    rejected_hazard(scene)
    row = proposed(scene)

    with count_queries() as counted:
        lists.confirm(row=row, actor=scene.confirmer, now=LATER)

    of_items = [each["sql"] for each in counted if '"retention_item"' in each["sql"]]
    assert [sql for sql in of_items if "cases_case" in sql and "NOT (" in sql] == []


def test_what_was_held_since_drops_out(scene: Scene) -> None:
    held, gone = rejected_hazard(scene), rejected_hazard(scene)
    row = proposed(scene)
    holds.hold_case(case=held, reason="涉诉", actor=scene.proposer, now=LATER)

    lists.confirm(row=row, actor=scene.confirmer, now=LATER)

    assert numbers(row) == [gone.number]


@pytest.mark.parametrize("who", ["proposer", "confirmer", "auditor"])
def test_a_list_is_taken_back_by_any_of_those_who_watch_it(scene: Scene, who: str) -> None:
    rejected_hazard(scene)
    row = confirmed(scene)

    lists.withdraw(row=row, note="仍需查阅", actor=getattr(scene, who), now=LATER)

    assert numbers(row) == []
    assert due(scene) == {("hazard", YEAR): 1}


def test_nobody_else_takes_a_list_back(scene: Scene) -> None:
    rejected_hazard(scene)
    row = confirmed(scene)

    with pytest.raises(NotAllowed):
        lists.withdraw(row=row, note="-", actor=scene.office.handler, now=LATER)


def test_a_list_on_which_somebody_sees_nothing_is_not_there_for_them(scene: Scene) -> None:
    case = rejected_hazard(scene)
    other = make_officer(scene.unit, Power.COORDINATE)
    Exclusion.objects.create(
        case=case, member=other, cause=Exclusion.Cause.COMPLAINED_OF, added_at=NOW
    )
    row = confirmed(scene)

    def watchers() -> set[User]:
        everybody = (scene.proposer, scene.confirmer, scene.auditor, other)
        return {each for each in everybody if queries.list_for(each, row.pk, LATER)}

    assert watchers() == {scene.proposer, scene.confirmer, scene.auditor}
    carried_out(row)
    assert watchers() == {scene.proposer, scene.confirmer, scene.auditor}


# ------------------------------------------------------------------------ holds
def test_a_held_case_is_never_due_until_somebody_lets_it_go(scene: Scene) -> None:
    case = rejected_hazard(scene)
    row = holds.hold_case(case=case, reason="涉诉", actor=scene.proposer, now=LATER)
    assert due(scene) == {}

    holds.lift(row=row, why="判决生效", actor=scene.auditor, now=LATER)

    assert due(scene) == {("hazard", YEAR): 1}
    acts = Entry.objects.filter(chain__subject=case.subject).values_list("act", flat=True)
    assert {holds.HOLD, holds.LIFT_HOLD} <= set(acts)


def test_an_auditor_holds_all_cases_of_a_unit_without_seeing_one(scene: Scene) -> None:
    rejected_hazard(scene)

    holds.hold_unit(unit=scene.office.county, reason="专项审计", actor=scene.auditor, now=LATER)

    assert due(scene) == {}


def test_a_coordinator_does_not_lift_what_others_hold_in_the_own_unit(scene: Scene) -> None:
    case = rejected_hazard(scene)
    here = holds.hold_case(case=case, reason="专项审计", actor=scene.auditor, now=LATER)
    over = holds.hold_unit(unit=scene.unit, reason="涉诉", actor=scene.auditor, now=LATER)

    for row in (here, over):
        with pytest.raises(NotAllowed):
            holds.lift(row=row, why="-", actor=scene.proposer, now=LATER)

    assert due(scene) == {}
    above = make_officer(scene.office.county, Power.COORDINATE)
    holds.lift(row=here, why="审计结束", actor=above, now=LATER)
    holds.lift(row=over, why="判决生效", actor=scene.auditor, now=LATER)
    assert due(scene) == {("hazard", YEAR): 1}


def test_a_post_that_is_too_new_lifts_nothing(scene: Scene) -> None:
    case = rejected_hazard(scene)
    row = holds.hold_case(case=case, reason="涉诉", actor=scene.proposer, now=LATER)
    User.objects.filter(pk=scene.auditor.pk).update(granted_at=LATER, granted_by=scene.confirmer)

    with pytest.raises(NotAllowed):
        holds.lift(row=row, why="-", actor=User.objects.get(pk=scene.auditor.pk), now=LATER)


def test_a_unit_that_is_hung_elsewhere_stays_held(scene: Scene) -> None:
    county, town = scene.office.county, scene.unit
    rejected_hazard(scene)
    held = make_unit(county, name="县直工委")
    units.move_unit(unit=town, parent=held, actor=Console.CONSOLE, now=NOW)
    row = holds.hold_unit(unit=held, reason="专项审计", actor=scene.auditor, now=LATER)

    units.move_unit(unit=town, parent=county, actor=Console.CONSOLE, now=LATER)
    holds.lift(row=row, why="审计结束", actor=scene.auditor, now=LATER)

    assert due(scene) == {}
    own = Hold.objects.get(lifted_at=None)
    assert (own.unit, own.reason, own.set_by) == (town, "专项审计", scene.auditor)
    assert journal.verify().ok


def test_those_who_only_handle_hold_nothing(scene: Scene) -> None:
    case = rejected_hazard(scene)

    with pytest.raises(NotAllowed):
        holds.hold_case(case=case, reason="-", actor=scene.office.handler, now=LATER)
