"""Whatever registers its kind of subject has clocks: warned of, overdue, escalated, explained."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from bihuan.calendars import wording
from bihuan.clocks import subjects
from bihuan.clocks.actions import running
from bihuan.clocks.actions.ticking import Ticked, foresee, tick
from bihuan.clocks.explaining import explained
from bihuan.clocks.models import Clock
from bihuan.core.powers import Power
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit, User
from tests.clocks.umbrellas import RETRY_AFTER, known
from tests.factories import NOW, make_officer, make_unit

pytestmark = pytest.mark.django_db

UMBRELLA, OTHER = "umbrella/7", "umbrella/8"
# Five days for what is found on a Tuesday at ten.
RULE = "LOC-3"
DUE = datetime.fromisoformat("2026-09-20T23:59:59+08:00")
LATE = DUE + timedelta(seconds=1)
DAY = timedelta(days=1)


class Office:
    """A unit below another one, and who keeps the umbrellas of each."""

    def __init__(self) -> None:
        self.above = make_unit()
        self.unit = make_unit(self.above)
        self.keeper = make_officer(self.unit, Power.REPORT)
        self.keeper_above = make_officer(self.above, Power.REPORT)

    @property
    def keepers(self) -> dict[Unit, User]:
        return {self.unit: self.keeper, self.above: self.keeper_above}


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    with known({UMBRELLA: "red", OTHER: "blue"}, made.keepers):
        yield made


def begun(subject: str, unit: Unit) -> Clock:
    with transaction.atomic():
        return running.start(subject, unit, RULE, NOW)


def told(member: User) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(member=member).order_by("pk")
    return [(row.what, row.detail["colour"]) for row in rows]


def acts(subject: str) -> list[str]:
    entries = Entry.objects.filter(chain__subject=subject).order_by("seq")
    return list(entries.values_list("act", flat=True))


def test_who_answers_for_it_is_warned_before_the_end(office: Office) -> None:
    begun(UMBRELLA, office.unit)

    assert tick(now=DUE - DAY).warnings == 1
    assert told(office.keeper) == [("warning", "red")]
    assert acts(UMBRELLA) == []


def test_overdue_is_told_and_journaled_and_each_day_a_level_higher_hears_of_it(
    office: Office,
) -> None:
    begun(UMBRELLA, office.unit)

    assert foresee(now=LATE + DAY) == Ticked(clocks=1, overdue=1, escalations=1)
    assert tick(now=LATE + DAY) == Ticked(clocks=1, overdue=1, escalations=1)

    assert told(office.keeper) == [("overdue", "red")]
    assert told(office.keeper_above) == [("escalation", "red")]
    assert acts(UMBRELLA) == ["overdue", "escalate"]
    assert Clock.objects.get().next_at is None
    assert verify().ok


def test_a_clock_that_was_stopped_in_time_says_so_in_the_words_of_its_kind(office: Office) -> None:
    clock = begun(UMBRELLA, office.unit)

    with transaction.atomic():
        running.stop(clock, DUE)

    assert subjects.outcome(clock) == "Given back"
    assert tick(now=LATE + DAY) == Ticked()


def test_how_its_end_came_about_is_explained(office: Office) -> None:
    clock = begun(UMBRELLA, office.unit)

    derived = explained(clock)

    assert derived.target is not None
    assert derived.target.at == clock.due_at == DUE
    assert "5" in wording.sentence(derived)


def test_one_of_a_subject_that_is_not_there_is_tried_again_when_its_kind_says(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    gone = begun("umbrella/9", office.unit)
    begun(OTHER, office.unit)

    assert tick(now=LATE) == Ticked(clocks=1, overdue=1, failed=1)

    gone.refresh_from_db()
    assert gone.next_at == LATE + RETRY_AFTER
    assert "umbrella/9" in caplog.text


def test_one_of_a_kind_that_nobody_registered_keeps_no_other_from_its_turn(
    office: Office,
) -> None:
    begun("hat/1", office.unit)
    begun(OTHER, office.unit)

    assert tick(now=LATE) == Ticked(clocks=1, overdue=1, failed=1)


def test_where_a_batch_fails_for_one_the_others_are_seen_to_one_by_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whom to tell of one of them cannot be found out."""
    lone = make_unit()
    bad = begun(UMBRELLA, lone)
    begun(OTHER, office.unit)

    assert tick(now=LATE) == Ticked(clocks=1, overdue=1, failed=1)

    bad.refresh_from_db()
    assert (bad.overdue_at, bad.next_at) == (None, LATE + RETRY_AFTER)
    assert told(office.keeper) == [("overdue", "blue")]
    assert acts(UMBRELLA) == []


def test_of_what_only_one_clock_may_run_on_no_second_one_is_started(office: Office) -> None:
    clock = running.of(begun(UMBRELLA, office.unit))
    with transaction.atomic():
        running.start_as(OTHER, office.unit, clock, is_only=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        running.start_as(OTHER, office.unit, clock, is_only=True)
