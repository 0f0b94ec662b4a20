"""An import betrays nothing of a case that the officer who imports may not see."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.timezone import get_default_timezone

from bihuan.cases.models import Case, Exclusion
from bihuan.core.history import RowFault
from bihuan.core.powers import Power
from bihuan.hazards.actions.ledger_rows import Ledger
from bihuan.hazards.rows import LedgerRow
from bihuan.orgs.models import Unit, User
from bihuan.sheets.ledger.rows import Given, ImportResult, RowOutcome
from tests.factories import NOW, make_officer
from tests.hazards.district import DAY, District
from tests.hazards.rows import hazard_row

pytestmark = pytest.mark.django_db
ZONE = get_default_timezone()


def told(unit: Unit, **values: Any) -> LedgerRow:
    return hazard_row(unit, **{"remark": "县里督办", **values})


def take(row: LedgerRow, actor: User | None, top: Unit, *, dry: bool = False) -> ImportResult:
    ledger = Ledger(actor=actor, now=NOW + DAY, source="台账.xlsx", top=top)
    return ledger.take([ledger.judge(Given(2, row))], dry_run=dry)


def said_of(taken: ImportResult) -> tuple[Any, ...]:
    """All that an import tells of its rows."""
    counts = tuple(taken.counts[each] for each in RowOutcome)
    refused = [(refusal.fault, refusal.field) for _, refusal in taken.refused]
    return counts, refused, taken.questions, taken.changes, taken.unkept


def of_another(d: District) -> Case:
    """A case of the county, which no post of the village reaches."""
    take(told(d.county), None, d.county)
    return Case.objects.get()


def confidential(d: District) -> Case:
    """A case of the village that only some posts above know of."""
    take(told(d.village), None, d.village)
    Case.objects.update(is_confidential=True)
    return Case.objects.get()


def shut(d: District) -> Case:
    """A case of the village in which the village is complained of."""
    take(told(d.village), None, d.village)
    case = Case.objects.get()
    Exclusion.objects.create(
        case=case, unit=d.village, cause="complained_of", since_at=NOW, added_at=NOW
    )
    return case


HIDDEN = pytest.mark.parametrize("hide", [of_another, confidential, shut])
DRY = pytest.mark.parametrize("dry", [True, False])
NOTHING_THERE: tuple[Any, ...] = ((1, 0, 0), [], [], [], set())
GUESSES: list[dict[str, Any]] = [
    {},
    {"remark": "别的"},
    {"description": "二层"},
    {"place": "综合楼一层"},
    {"title": "护栏松动了"},
    {"found_date": date(2026, 9, 2)},
]


@DRY
@HIDDEN
def test_a_number_is_refused_alike_whether_the_rest_is_guessed_or_not(
    district: District, hide: Any, dry: bool
) -> None:
    case = hide(district)
    officer = make_officer(district.village, *Power)

    answers = {
        repr(
            said_of(
                take(told(unit, number=case.number, **guess), officer, district.village, dry=dry)
            )
        )
        for unit in (district.village, case.origin)
        for guess in GUESSES
    }

    refused = [(RowFault.OF_ANOTHER_UNIT, "number")]
    assert answers == {repr(((0, 0, 0), refused, [], [], set()))}


@pytest.mark.parametrize("guess", GUESSES)
@DRY
@HIDDEN
def test_a_row_without_a_number_comes_in_as_if_there_were_none(
    district: District, hide: Any, dry: bool, guess: dict[str, Any]
) -> None:
    hide(district)
    officer = make_officer(district.village, *Power)

    taken = take(told(district.village, **guess), officer, district.village, dry=dry)

    assert said_of(taken) == NOTHING_THERE


def test_the_source_s_number_finds_nothing_that_is_hidden(district: District) -> None:
    take(told(district.village, source_ref="A1"), None, district.village)
    Case.objects.update(is_confidential=True)
    officer = make_officer(district.village, *Power)
    row = told(district.village, source_ref="A1", place="别处")

    assert said_of(take(row, officer, district.village)) == NOTHING_THERE


@HIDDEN
def test_what_came_in_beside_it_is_found_again(district: District, hide: Any) -> None:
    hide(district)
    officer = make_officer(district.village, *Power)
    row = told(district.village)

    take(row, officer, district.village)
    again = take(row, officer, district.village)
    changed = take(row._replace(remark="催办"), officer, district.village)

    assert said_of(again)[0] == (0, 0, 1)
    assert said_of(changed)[0] == (0, 1, 0)
    assert Case.objects.count() == 2


def test_what_the_officer_sees_is_compared_as_before(district: District) -> None:
    d = district
    take(told(d.village), None, d.village)

    assert said_of(take(told(d.village), d.coordinator, d.village))[0] == (0, 0, 1)
