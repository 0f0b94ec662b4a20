"""Several people at the same moment: one is first, the others hear of it, nothing happens twice."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from threading import Event
from uuid import uuid4

import pytest
from django.core.management import call_command

from bihuan.cases.models import Case
from bihuan.clocks.actions.ticking import Ticked, tick
from bihuan.core.hazard import Move, Stage
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal, Stale, WrongStage
from bihuan.hazards.actions import reporting, verification
from bihuan.journal.models import Chain, Entry
from bihuan.journal.queries import verify
from bihuan.notices.models import Notice
from bihuan.web import work
from bihuan.web.management.commands import work as work_command
from bihuan.web.models import Run
from tests.at_once import at_once
from tests.factories import NOW, TODAY, make_case, make_cast, make_officer, make_unit

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

TIMES = 4


@pytest.mark.parametrize(("version", "refusal"), [(True, Stale), (False, WrongStage)])
def test_of_two_verifiers_one_is_first_and_the_other_hears_of_it(
    version: bool, refusal: type[Refusal]
) -> None:
    unit = make_unit(make_unit())
    cast = make_cast(unit)
    case = make_case(unit, stage=Stage.SUBMITTED, cast=cast)
    assert unit.parent
    other = make_officer(unit.parent, Power.VERIFY)
    seen = case.version if version else None

    answers = at_once(
        *(
            lambda who=who: verification.verify(
                case=case, actor=who, now=NOW, note="现场查看属实", version=seen
            )
            for who in (cast.verifier, other)
        )
    )

    case.refresh_from_db()
    winners = [answer for answer in answers if isinstance(answer, Case)]
    assert [type(answer) for answer in answers if not isinstance(answer, Case)] == [refusal]
    assert case.verified_by_id == winners[0].verified_by_id
    assert Entry.objects.filter(act=Move.VERIFY).count() == 1
    assert Chain.objects.get(subject=case.subject).length == case.version


def test_reports_at_once_have_numbers_of_their_own() -> None:
    unit = make_unit()
    officers = [make_officer(unit, Power.REPORT) for _ in range(TIMES)]
    found = reporting.Finding(title="消火栓被遮挡", place="车间", unit=unit, found_date=TODAY)

    made = at_once(
        *(lambda who=who: reporting.report(finding=found, actor=who, now=NOW) for who in officers)
    )

    numbers = sorted(case.number for case in made if isinstance(case, Case))
    assert numbers == [f"YH-2026-{number:06d}" for number in range(1, TIMES + 1)]
    assert verify().ok


def test_one_form_sent_several_times_at_once_makes_one_case() -> None:
    unit, key = make_unit(), uuid4()
    officer = make_officer(unit, Power.REPORT)
    found = reporting.Finding(title="消火栓被遮挡", place="车间", unit=unit, found_date=TODAY)

    made = at_once(
        *[lambda: reporting.report(finding=found, actor=officer, now=NOW, form_key=key)] * TIMES
    )

    assert {case.pk for case in made if isinstance(case, Case)} == {Case.objects.get().pk}
    assert len(made) == TIMES
    assert Entry.objects.filter(act=Move.REPORT).count() == 1


def test_ticks_at_once_do_nothing_twice() -> None:
    unit = make_unit(make_unit())
    cast = make_cast(unit)
    for _ in range(6):
        make_case(unit, stage=Stage.ASSIGNED, cast=cast)
    later = NOW + timedelta(days=18)

    done = at_once(*[lambda: tick(now=later)] * TIMES)

    ticked = [each for each in done if isinstance(each, Ticked)]
    assert sum(each.clocks for each in ticked) == 6
    assert sum(each.overdue for each in ticked) == 6
    assert sum(each.failed for each in ticked) == 0
    assert Entry.objects.filter(act="overdue").count() == 6
    overdue = Notice.objects.filter(what="overdue")
    assert overdue.count() == len(set(overdue.values_list("member", "subject")))
    assert verify().ok


def test_workers_at_once_take_each_turn_of_a_job_once() -> None:
    done = at_once(*[lambda: work.run_due(now=NOW)] * TIMES)

    taken = [run.name for runs in done if isinstance(runs, list) for run in runs]
    assert sorted(taken) == sorted(job.name for job in work.jobs())
    assert not Run.objects.exclude(outcome=Run.Outcome.DONE).exists()


def test_a_long_job_delays_no_urgent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is told to stop by the urgent job, while the long one waits for it to come."""
    came = Event()

    def import_rows(now: datetime) -> dict[str, int]:
        return {"waited": int(came.wait(timeout=60))}

    def tick_clocks(now: datetime) -> dict[str, int]:
        came.set()
        os.kill(os.getpid(), signal.SIGTERM)
        return {"ticked": 1}

    monkeypatch.setattr(work, "_jobs", {})
    monkeypatch.setattr(work_command, "LOOK_EVERY_SECONDS", 0.01)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    work.register("imports", import_rows, timedelta(minutes=1), lane=work.Lane.LONG)
    work.register("tick", tick_clocks, timedelta(minutes=1), lane=work.Lane.URGENT)

    try:
        call_command("work")
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)

    done = {run.name: run.counts for run in Run.objects.all()}
    assert done == {"imports": {"waited": 1}, "tick": {"ticked": 1}}
