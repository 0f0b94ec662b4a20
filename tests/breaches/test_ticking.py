"""What time alone causes on the clock of a breach, at night as by day."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from bihuan.breaches.actions import due
from bihuan.clocks.actions.ticking import Ticked, tick
from bihuan.core.breach import Grade
from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.orgs.models import Tenure
from bihuan.web import work
from tests.breaches.register import HOUR, Office, a_breach, clock_of, tell, told
from tests.factories import NOW, make_officer

SECOND = timedelta(seconds=1)
LATE = NOW + 4 * HOUR + SECOND
HEARD = ("recorded", "breach")


def test_the_other_keepers_and_the_auditor_hear_of_a_new_breach(office: Office) -> None:
    a_breach(office)

    assert told(office.second) == told(office.auditor) == [HEARD]
    assert told(office.keeper) == told(office.leader) == told(office.above) == []


def test_half_way_the_keepers_are_reminded_once(office: Office) -> None:
    a_breach(office)

    assert tick(now=NOW + 2 * HOUR - SECOND).clocks == 0
    assert tick(now=NOW + 2 * HOUR).clocks == 1
    assert tick(now=NOW + 3 * HOUR).clocks == 0

    assert told(office.keeper) == [("warning", "breach")]
    assert told(office.auditor) == [HEARD]


def test_overdue_is_told_to_the_leaders_and_journaled(office: Office) -> None:
    breach = a_breach(office)

    tick(now=LATE)

    assert told(office.keeper) == [("overdue", "breach")]
    assert told(office.auditor) == [HEARD, ("overdue", "breach")]
    assert told(office.leader) == [("overdue", "breach-overdue")]
    assert told(office.city_leader) == []
    last = Entry.objects.filter(chain__subject=breach.subject).latest("seq")
    assert (last.act, last.actor) == ("overdue", None)
    assert clock_of(breach).overdue_at == LATE
    assert verify().ok


def test_each_hour_late_it_is_told_one_level_higher_until_the_top(office: Office) -> None:
    breach = a_breach(office)
    tick(now=LATE)

    tick(now=LATE + HOUR)
    tick(now=LATE + 2 * HOUR)

    assert told(office.above) == [("escalation", "breach")]
    assert told(office.city_leader) == [("escalation", "breach-overdue")]
    assert clock_of(breach).next_at is None


def test_what_a_worker_that_was_down_has_missed_is_made_up_for(office: Office) -> None:
    a_breach(office, now=NOW + 30 * HOUR)

    tick(now=NOW + 30 * HOUR)

    assert [what for what, _ in told(office.keeper)] == ["overdue"]
    assert [what for what, _ in told(office.above)] == ["escalation"]


def test_once_reported_nothing_more_happens(office: Office) -> None:
    breach = a_breach(office, grade=Grade.SERIOUS)
    tell(breach, office.keeper, NOW + HOUR)

    assert tick(now=NOW + 30 * HOUR) == Ticked()


def test_where_a_unit_has_no_keeper_the_nearest_above_is_reminded(office: Office) -> None:
    a_breach(office)
    Tenure.objects.filter(member__in=[office.keeper, office.second]).delete()
    higher = make_officer(office.city, Power.ADMINISTER)

    tick(now=NOW + 2 * HOUR)

    assert told(higher) == [("warning", "breach")]


def test_a_clock_that_fails_is_tried_again_and_the_others_go_on(office: Office) -> None:
    first, second = a_breach(office), a_breach(office)
    first.clocks.update(rule_version="unknown")

    assert tick(now=LATE) == Ticked(clocks=1, overdue=1, failed=1)
    assert clock_of(first).next_at == LATE + due.RETRY_AFTER
    assert clock_of(second).overdue_at == LATE


# ------------------------------------------------------------------- both ways of it
def counted(text: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(text)
    return {name: told[name] for name in ("clocks", "warnings", "overdue", "escalations")}


def test_the_command_sees_to_the_clocks_of_breaches_once(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    breach = a_breach(office)

    call_command("tick", now=LATE.isoformat(), json=True)
    first = counted(capsys.readouterr().out)
    call_command("tick", now=LATE.isoformat(), json=True)

    assert first == {"clocks": 1, "warnings": 0, "overdue": 1, "escalations": 0}
    assert counted(capsys.readouterr().out)["clocks"] == 0
    assert told(office.leader) == [("overdue", "breach-overdue")]
    acts = Entry.objects.filter(chain__subject=breach.subject).values_list("act", flat=True)
    assert list(acts).count("overdue") == 1


def test_the_worker_and_the_command_do_nothing_twice(office: Office) -> None:
    a_breach(office)

    work.run_due(now=LATE)
    call_command("tick", now=LATE.isoformat(), json=True)

    assert told(office.leader) == [("overdue", "breach-overdue")]


def test_what_the_command_foresees_is_what_it_then_does(
    office: Office, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    breach = a_breach(office)
    settings.TEST_CLOCK = False

    call_command("tick", now=(LATE + HOUR).isoformat(), json=True)

    foreseen = counted(capsys.readouterr().out)
    assert clock_of(breach).overdue_at is None
    assert told(office.leader) == []
    settings.TEST_CLOCK = True
    call_command("tick", now=(LATE + HOUR).isoformat(), json=True)
    assert counted(capsys.readouterr().out) == foreseen
    assert foreseen == {"clocks": 1, "warnings": 0, "overdue": 1, "escalations": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "hours"), [("PRV-8a", 4), ("PRV-8b", 1)])
def test_the_limit_of_the_report_is_explained_with_its_source(
    rule: str, hours: int, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("explain", rule, start=NOW.isoformat(), as_json=True)

    data = json.loads(capsys.readouterr().out)
    assert datetime.fromisoformat(data["due_at"]) == NOW + hours * HOUR
    assert data["source"]
