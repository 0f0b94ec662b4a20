"""What is here by another ledger, an officer or the public makes no second case in silence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import get_default_timezone

from bihuan.cases.models import Case, LinkedRow
from bihuan.core.hazard import Stage
from bihuan.core.history import RowFault
from bihuan.grievances.actions.ledger_rows import Grievances, Suggestions
from bihuan.hazards.actions.ledger_rows import Ledger as Hazards
from bihuan.hazards.rows import LedgerRow
from bihuan.imports.actions.row_intake import Ledger
from bihuan.imports.register import RegisterRow
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.mediations.actions.ledger_rows import Disputes
from bihuan.orgs.models import Unit, User
from bihuan.sheets.ledger.rows import (
    NO_ANSWERS,
    Answer,
    Answers,
    Doubt,
    Given,
    ImportResult,
    RowOutcome,
)
from tests.factories import NOW, make_case, make_cast, make_officer, make_unit

pytestmark = pytest.mark.django_db
ZONE = get_default_timezone()
FOUND = date(2026, 9, 1)
BOOKS: dict[str, Any] = {
    "hazard": Hazards,
    "grievance": Grievances,
    "suggestion": Suggestions,
    "mediation": Disputes,
}
KINDS = pytest.mark.parametrize("kind", BOOKS)
SAME = Answers(by_doubt={Doubt.ELSEWHERE: Answer.SAME})
ANOTHER = Answers(by_doubt={Doubt.ELSEWHERE: Answer.NEW})


class District:
    """A county and its town, which keep ledgers of the same matters."""

    def __init__(self) -> None:
        self.county = make_unit(name="云岭县")
        self.town = make_unit(self.county, name="云榆镇")


@pytest.fixture
def district() -> District:
    return District()


def told(kind: str, finder: Unit, owner: Unit, **values: Any) -> Any:
    """A row of the finder's ledger about the owner."""
    common: dict[str, Any] = {
        "title": "中心小学食堂后门被杂物堵住",
        "place": "中心小学食堂",
        "owner": owner.pk,
        "origin": finder.pk,
        "reported_at": datetime.combine(FOUND, datetime.min.time(), ZONE),
    }
    if kind == "hazard":
        row: Any = LedgerRow(**common, found_date=FOUND, deadline_date=date(2026, 9, 30))
    else:
        row = RegisterRow(**common)
    return row._replace(**values)


def take(
    kind: str,
    *rows: Any,
    answers: Answers = NO_ANSWERS,
    actor: User | None = None,
    top: Unit | None = None,
    dry: bool = False,
) -> ImportResult:
    """One file of these rows."""
    ledger: Ledger[Any] = BOOKS[kind](
        actor=actor, now=NOW, source="台账.xlsx", answers=answers, top=top
    )
    judged = [ledger.judge(Given(number, row)) for number, row in enumerate(rows, start=2)]
    return ledger.take(judged, dry_run=dry)


def outcome(taken: ImportResult) -> tuple[int, ...]:
    return (*(taken.counts[each] for each in RowOutcome), len(taken.refused))


def asked(taken: ImportResult) -> list[tuple[int, Doubt, str]]:
    return [(each.row, each.sort, each.number) for each in taken.questions]


# ------------------------------------------------------------------------- asking
@KINDS
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"source_ref": "7"},
        {"place": "云榆镇中心小学食堂"},
        {"title": "中心小学食堂后门被杂物堵死"},
        {"description": "后门外堆满纸箱，疏散不便"},
    ],
    ids=["all the same", "numbered", "another place", "other words", "more words"],
)
def test_what_another_ledger_brought_is_asked_about(
    kind: str, values: dict[str, Any], district: District
) -> None:
    take(kind, told(kind, district.county, district.town, source_ref="7"))
    case = Case.objects.get()

    taken = take(kind, told(kind, district.town, district.town, **values))

    assert asked(taken) == [(2, Doubt.ELSEWHERE, case.number)]
    assert outcome(taken) == (0, 0, 0, 1)
    assert Case.objects.count() == 1


@KINDS
@pytest.mark.parametrize(
    "values",
    [
        {"title": "院墙开裂"},
        {"place": "东关路口", "title": "院墙开裂"},
        {"place": "县水泥厂"},
    ],
    ids=["other words", "all differs", "another place"],
)
def test_another_matter_is_not_asked_about(
    kind: str, values: dict[str, Any], district: District
) -> None:
    take(kind, told(kind, district.county, district.town))

    taken = take(kind, told(kind, district.town, district.town, **values))

    assert (asked(taken), outcome(taken)) == ([], (1, 0, 0, 0))


@KINDS
def test_another_day_is_not_asked_about(kind: str, district: District) -> None:
    take(kind, told(kind, district.county, district.town))
    day = FOUND + timedelta(days=1)
    values: dict[str, Any] = {"reported_at": datetime.combine(day, datetime.min.time(), ZONE)}
    if kind == "hazard":
        values["found_date"] = day

    taken = take(kind, told(kind, district.town, district.town, **values))

    assert (asked(taken), outcome(taken)) == ([], (1, 0, 0, 0))


def test_who_is_responsible_makes_no_other_hazard(district: District) -> None:
    take("hazard", told("hazard", district.county, district.county))

    taken = take("hazard", told("hazard", district.town, district.town))

    assert [sort for _, sort, _ in asked(taken)] == [Doubt.ELSEWHERE]


def test_what_has_ended_is_asked_about_and_can_be_linked(district: District) -> None:
    ended = {"closed": True, "ended_at": datetime(2026, 9, 10, tzinfo=ZONE)}
    take("hazard", told("hazard", district.county, district.town, **ended))
    row = told("hazard", district.town, district.town)
    before = Case.objects.values().get()

    assert [sort for _, sort, _ in asked(take("hazard", row))] == [Doubt.ELSEWHERE]
    assert outcome(take("hazard", row, answers=SAME)) == (0, 0, 1, 0)
    assert Case.objects.values().get() == before


@pytest.mark.parametrize("channel", [Case.Channel.DESK, Case.Channel.PORTAL])
def test_what_was_made_here_is_asked_about(district: District, channel: str) -> None:
    row = told("hazard", district.town, district.town)
    cast = make_cast(district.town)
    case = make_case(
        district.town, cast=cast, stage=Stage.CONFIRMED, title=row.title, place=row.place
    )
    Case.objects.update(channel=channel, reported_at=row.reported_at + timedelta(hours=9))
    case.hazard.__class__.objects.update(found_date=FOUND)

    assert asked(take("hazard", row)) == [(2, Doubt.ELSEWHERE, case.number)]
    assert outcome(take("hazard", row, answers=SAME)) == (0, 0, 1, 0)
    assert outcome(take("hazard", row)) == (0, 0, 1, 0)


# ---------------------------------------------------------------------- answering
@KINDS
def test_a_linked_row_changes_nothing_and_is_asked_about_once(
    kind: str, district: District
) -> None:
    take(kind, told(kind, district.county, district.town, source_ref="7"))
    row = told(kind, district.town, district.town, source_ref="3", remark="镇里督办")
    before = Case.objects.values().get()

    first = take(kind, row, answers=SAME)
    again = take(kind, row)

    assert (first.linked, again.linked) == (1, 0)
    assert outcome(first) == outcome(again) == (0, 0, 1, 0)
    assert again.questions == []
    assert Case.objects.values().get() == before
    entry = Entry.objects.filter(chain__subject=Case.objects.get().subject).latest("pk")
    assert entry.act == "link"
    assert '"row":2' in entry.detail
    assert verify().ok


def test_a_trial_links_nothing(district: District) -> None:
    take("hazard", told("hazard", district.county, district.town))

    taken = take("hazard", told("hazard", district.town, district.town), answers=SAME, dry=True)

    assert (taken.linked, outcome(taken)) == (1, (0, 0, 1, 0))
    assert not LinkedRow.objects.exists()


@KINDS
def test_another_matter_is_a_case_of_its_own_from_then_on(kind: str, district: District) -> None:
    take(kind, told(kind, district.county, district.town))
    row = told(kind, district.town, district.town)

    assert outcome(take(kind, row, answers=ANOTHER)) == (1, 0, 0, 0)
    assert outcome(take(kind, row)) == (0, 0, 1, 0)
    assert outcome(take(kind, row._replace(remark="镇里督办"))) == (0, 1, 0, 0)
    assert Case.objects.count() == 2


def test_the_first_ledger_goes_on_changing_its_case(district: District) -> None:
    row = told("hazard", district.county, district.town)
    take("hazard", row)
    take("hazard", told("hazard", district.town, district.town), answers=SAME)

    assert outcome(take("hazard", row._replace(remark="县里督办"))) == (0, 1, 0, 0)


def test_a_linked_row_that_says_something_else_is_refused_by_name(district: District) -> None:
    take("hazard", told("hazard", district.county, district.town))
    row = told("hazard", district.town, district.town)
    take("hazard", row, answers=SAME)

    taken = take("hazard", row._replace(progress="已清理"))

    ((_, refused),) = taken.refused
    assert (refused.fault, refused.named[0]) == (RowFault.LINKED, Case.objects.get().number)


def test_a_number_used_again_is_not_taken_for_the_linked_row(district: District) -> None:
    take("hazard", told("hazard", district.county, district.town))
    row = told("hazard", district.town, district.town, source_ref="1")
    take("hazard", row, answers=SAME)

    other = row._replace(title="院墙开裂", place="东关路口", found_date=FOUND + timedelta(days=3))

    assert outcome(take("hazard", other)) == (1, 0, 0, 0)
    assert outcome(take("hazard", other)) == (0, 0, 1, 0)


def test_two_rows_that_are_alike_are_linked_both(district: District) -> None:
    take("hazard", told("hazard", district.county, district.town))
    row = told("hazard", district.town, district.town)

    assert outcome(take("hazard", row, row, answers=SAME)) == (0, 0, 2, 0)
    assert outcome(take("hazard", row, row)) == (0, 0, 2, 0)


# ----------------------------------------------------------------- what is here first
def test_the_own_case_is_found_before_that_of_another_ledger(district: District) -> None:
    county, town = district.county, district.town
    own = told("hazard", town, town)
    take("hazard", own)
    take("hazard", told("hazard", county, town), answers=ANOTHER)

    taken = take("hazard", own._replace(description="后门外堆满纸箱"))

    assert [(sort, number) for _, sort, number in asked(taken)] == [
        (Doubt.ALIKE, Case.objects.get(origin=town).number)
    ]


def test_a_file_with_the_rows_of_both_finders_makes_a_case_of_each(district: District) -> None:
    rows = [
        told("hazard", district.county, district.town),
        told("hazard", district.town, district.town),
    ]

    assert outcome(take("hazard", *rows)) == (2, 0, 0, 0)
    assert outcome(take("hazard", *rows)) == (0, 0, 2, 0)


# ---------------------------------------------------------------------- who sees what
def test_a_case_that_the_officer_may_not_see_is_not_told_of(district: District) -> None:
    take("hazard", told("hazard", district.county, district.county))
    officer = make_officer(district.town, name="镇调度")

    taken = take(
        "hazard", told("hazard", district.town, district.town), actor=officer, top=district.town
    )

    assert (asked(taken), outcome(taken)) == ([], (1, 0, 0, 0))


def test_a_link_to_a_case_that_was_hidden_since_betrays_nothing(district: District) -> None:
    take("hazard", told("hazard", district.county, district.town))
    row = told("hazard", district.town, district.town)
    take("hazard", row, answers=SAME)
    Case.objects.update(is_confidential=True)
    officer = make_officer(district.town, name="镇调度")

    taken = take("hazard", row, actor=officer, top=district.town)
    again = take("hazard", row, actor=officer, top=district.town)

    assert (asked(taken), outcome(taken), outcome(again)) == ([], (1, 0, 0, 0), (0, 0, 1, 0))
