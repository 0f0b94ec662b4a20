"""A later day in a ledger is the same act as on the page: not for whom the deadline binds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.utils.timezone import get_default_timezone

from bihuan.cases.models import Case
from bihuan.clocks.actions.running import local_date
from bihuan.clocks.models import Clock
from bihuan.core.hazard import Grade, Stage
from bihuan.core.history import RowFault
from bihuan.core.powers import Power
from bihuan.hazards.actions.ledger_rows import Ledger
from bihuan.hazards.models import Hazard
from bihuan.hazards.rows import LedgerRow
from bihuan.imports.register import RegisterRow
from bihuan.orgs.models import User
from bihuan.sheets.ledger.rows import Given, ImportResult, RowOutcome
from tests.factories import NOW, make_officer
from tests.hazards.district import DAY, District
from tests.hazards.rows import hazard_row
from tests.ledgers.kinds import LEDGERS

pytestmark = pytest.mark.django_db
ZONE = get_default_timezone()
DUE, LATER, SOONER = date(2026, 9, 10), date(2026, 10, 30), date(2026, 9, 5)


@pytest.fixture
def own(district: District) -> User:
    """Who coordinates in the town whose ledger it is, and which fixes."""
    return make_officer(district.town, Power.COORDINATE)


def told(d: District, **values: Any) -> LedgerRow:
    return hazard_row(d.town, **{"source_ref": "A1", "deadline_date": DUE, **values})


def take(
    d: District, row: LedgerRow, actor: User | None, *, dry: bool = False, **how: Any
) -> ImportResult:
    ledger = Ledger(actor=actor, now=NOW, source="台账.xlsx", top=d.town)
    return ledger.take([ledger.judge(Given(2, row, **how))], dry_run=dry)


def refusals(taken: ImportResult) -> list[tuple[RowFault, str]]:
    return [(refused.fault, refused.field) for _, refused in taken.refused]


POSTPONED = [(RowFault.POSTPONED, "deadline")]


@pytest.mark.parametrize("dry", [True, False])
def test_the_unit_that_fixes_gives_itself_no_more_time(
    district: District, own: User, dry: bool
) -> None:
    take(district, told(district), own)

    taken = take(district, told(district, deadline_date=LATER), own, dry=dry)

    assert refusals(taken) == POSTPONED
    assert not taken.changes
    assert Case.objects.overdue(NOW).count() == 1
    assert local_date(Clock.objects.get().due_at) == DUE


@pytest.mark.parametrize(
    "values",
    [
        {"progress": "已加固", "closed": True, "deadline_date": LATER,
         "ended_at": datetime(2026, 9, 14, tzinfo=ZONE)},
        {"stage": Stage.CONFIRMED},
        {"stage": Stage.SUBMITTED, "deadline_date": LATER},
    ],
)  # fmt: skip
def test_neither_with_its_closing_nor_by_another_stage(
    district: District, own: User, values: dict[str, Any]
) -> None:
    take(district, told(district), own)

    assert refusals(take(district, told(district, **values), own)) == POSTPONED


def test_it_does_not_empty_it_either(district: District, own: User) -> None:
    take(district, told(district, progress="已采购"), own)
    emptied = frozenset({"deadline"})

    taken = take(district, told(district, deadline_date=None), own, names=frozenset({"progress"}),
                 emptied=emptied)  # fmt: skip

    assert refusals(taken) == POSTPONED


MAJOR = {"grade": Grade.MAJOR, "standard": "判定标准第三条"}


@pytest.mark.parametrize(
    ("grade", "emptied"), [(Grade.GENERAL, frozenset()), ("", frozenset({"grade"}))]
)
def test_the_unit_that_fixes_makes_its_major_hazard_no_general_one(
    district: District, own: User, grade: str, emptied: frozenset[str]
) -> None:
    take(district, told(district, **MAJOR), own)

    taken = take(district, told(district, **MAJOR | {"grade": grade}), own, emptied=emptied)

    assert refusals(taken) == [(RowFault.DOWNGRADED, "grade")]
    assert Hazard.objects.get().grade == Grade.MAJOR


def test_the_level_above_does_and_anybody_makes_it_major(district: District, own: User) -> None:
    take(district, told(district, grade=Grade.GENERAL), own)

    raised = take(district, told(district, **MAJOR), own)
    lowered = take(district, told(district, grade=Grade.GENERAL), district.coordinator)

    assert raised.counts[RowOutcome.UPDATED] == lowered.counts[RowOutcome.UPDATED] == 1


@pytest.mark.parametrize("values", [{"deadline_date": SOONER}, {"progress": "已采购"}])
def test_an_earlier_day_and_other_words_come_in(
    district: District, own: User, values: dict[str, Any]
) -> None:
    take(district, told(district), own)

    assert take(district, told(district, **values), own).counts[RowOutcome.UPDATED] == 1


def test_the_level_above_sets_a_later_day_and_what_was_missed_stays_so(
    district: District, own: User
) -> None:
    d = district
    take(d, told(d), own)

    taken = take(d, told(d, deadline_date=LATER), d.coordinator)

    assert taken.counts[RowOutcome.UPDATED] == 1
    ran = Clock.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(ran) == ["missed", "running"]
    assert not Case.objects.overdue(NOW).exists()


def test_a_day_moved_before_it_came_leaves_no_missed_one(district: District, own: User) -> None:
    d = district
    take(d, told(d, deadline_date=local_date(NOW + DAY)), own)

    take(d, told(d, deadline_date=LATER), d.coordinator)

    assert Clock.objects.get().outcome == "running"


def test_given_to_a_unit_below_by_one_file_it_binds_as_before_in_the_next(
    district: District, own: User
) -> None:
    d = district
    take(d, told(d), own)
    take(d, told(d, owner=d.village.pk), own)
    assert Case.objects.get().owner == d.village

    taken = take(d, told(d, owner=d.village.pk, deadline_date=LATER), own)

    assert refusals(taken) == POSTPONED
    take(d, told(d), own)
    assert Case.objects.get().bound is None


@pytest.mark.parametrize("kind", ["grievance", "suggestion", "mediation"])
def test_the_day_that_a_register_gives_is_kept_as_well(
    district: District, own: User, kind: str
) -> None:
    d = district

    def register(day: date, actor: User) -> ImportResult:
        ledger = LEDGERS[kind](actor=actor, now=NOW, source="台账.xlsx", top=d.town)
        reported_at = datetime(2026, 9, 1, tzinfo=ZONE)
        row = RegisterRow(
            "夜间施工噪声",
            d.town.pk,
            d.town.pk,
            reported_at,
            source_ref="1",
            deadline_date=day,
            place="东关路",
        )
        return ledger.take([ledger.judge(Given(2, row))])

    register(DUE, own)

    assert refusals(register(LATER, own)) == POSTPONED
    assert register(LATER, d.coordinator).counts[RowOutcome.UPDATED] == 1
    ran = Clock.objects.filter(rule_id="LOC-14").order_by("pk")
    assert [clock.outcome for clock in ran] == ["missed", "running"]
