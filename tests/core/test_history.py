"""A ledger tells the end of a story; what it tells must be able to be true."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bihuan.core import history
from bihuan.core.hazard import HAZARD, Grade, Stage
from bihuan.core.history import HistoryFacts, RowFault, RowRefused, check, further_faults, stage_of

ZONE = UTC
NOW = datetime(2026, 9, 15, 2, 0, tzinfo=ZONE)
FOUND = datetime(2026, 9, 1, tzinfo=ZONE)
DAY = timedelta(days=1)
DUE = date(2026, 9, 30)


def told(**values: Any) -> HistoryFacts:
    """A hazard that was assigned and is not fixed yet."""
    defaults: dict[str, Any] = {
        "title": "疏散指示灯损坏",
        "place": "教学楼二层",
        "reported_at": FOUND,
        "stage": None,
        "closed": None,
        "ended_at": None,
        "deadline_date": DUE,
        "verified_date": None,
        "measures": "",
        "progress": "",
        "grade": "general",
        "standard": "",
        "resolver_name": "王整改",
        "verifier_name": "",
    }
    return HistoryFacts(**{**defaults, **values})


def fault_in(row: HistoryFacts, stage: Stage | None = None) -> tuple[RowFault, str] | None:
    try:
        check(row, stage or stage_of(row), now=NOW)
    except RowRefused as refused:
        return refused.fault, refused.field
    return None


# --------------------------------------------------------------- how far it has come
@pytest.mark.parametrize(
    ("values", "stage"),
    [
        ({}, Stage.ASSIGNED),
        ({"deadline_date": None}, Stage.CONFIRMED),
        ({"deadline_date": None, "progress": "已联系厂家"}, Stage.CONFIRMED),
        ({"progress": "材料已进场"}, Stage.RECTIFYING),
        ({"verified_date": date(2026, 9, 10), "verifier_name": "赵验收"}, Stage.VERIFIED),
        ({"verified_date": date(2026, 9, 10)}, Stage.ASSIGNED),
        ({"verifier_name": "赵验收"}, Stage.ASSIGNED),
        ({"closed": False}, Stage.ASSIGNED),
        ({"closed": True}, Stage.CLOSED),
        ({"closed": True, "stage": Stage.RECHECKED}, Stage.RECHECKED),
        ({"stage": Stage.REPORTED, "progress": "材料已进场"}, Stage.REPORTED),
    ],
)
def test_the_stage_follows_from_what_the_ledger_says(values: dict[str, Any], stage: Stage) -> None:
    assert stage_of(told(**values)) is stage


# ------------------------------------------------------------------ what cannot be true
CLOSED = {"closed": True, "ended_at": FOUND + DAY}
FAULTS = [
    ({"title": ""}, RowFault.NOTHING_FOUND, "description"),
    ({"place": ""}, RowFault.NO_PLACE, "place"),
    ({"reported_at": NOW + DAY, "deadline_date": None}, RowFault.IN_THE_FUTURE, "reported_at"),
    ({"deadline_date": date(2026, 8, 31)}, RowFault.DEADLINE_BEFORE_FOUND, "deadline"),
    ({"grade": Grade.MAJOR}, RowFault.MAJOR_WITHOUT_STANDARD, "standard"),
    ({"closed": True}, RowFault.CLOSED_WITHOUT_DATE, "ended_at"),
    ({"stage": Stage.REJECTED}, RowFault.CLOSED_WITHOUT_DATE, "ended_at"),
    (CLOSED | {"ended_at": FOUND - DAY}, RowFault.CLOSED_BEFORE_FOUND, "ended_at"),
    (CLOSED | {"ended_at": NOW + DAY}, RowFault.IN_THE_FUTURE, "ended_at"),
    ({"closed": False, "ended_at": FOUND + DAY}, RowFault.OPEN_WITH_END, "ended_at"),
    ({"stage": Stage.VERIFIED, "ended_at": FOUND + DAY}, RowFault.OPEN_WITH_END, "ended_at"),
    ({"closed": False, "ended_at": FOUND - DAY}, RowFault.CLOSED_BEFORE_FOUND, "ended_at"),
    ({"verified_date": date(2026, 9, 16)}, RowFault.IN_THE_FUTURE, "verified_date"),
    ({"stage": Stage.RECTIFYING, "deadline_date": None}, RowFault.NO_DEADLINE, "deadline"),
    ({"stage": Stage.SUBMITTED, "deadline_date": None}, RowFault.NO_DEADLINE, "deadline"),
    ({"verifier_name": "王整改"}, RowFault.VERIFIED_BY_RESOLVER, "verifier_name"),
    ({"stage": Stage.RECTIFYING, "closed": True}, RowFault.STAGE_CONTRADICTED, "stage"),
    (CLOSED | {"stage": Stage.CLOSED, "closed": False}, RowFault.STAGE_CONTRADICTED, "stage"),
]


@pytest.mark.parametrize(("values", "fault", "field"), FAULTS)
def test_a_row_that_cannot_be_true_is_refused_where_the_fault_lies(
    values: dict[str, Any], fault: RowFault, field: str
) -> None:
    assert fault_in(told(**values)) == (fault, field)


def test_every_fault_of_a_single_row_has_its_case_above() -> None:
    assert {(fault, field) for _, fault, field in FAULTS} == {
        (fault, field) for fault, field, _ in history._FAULTS
    }


@pytest.mark.parametrize(
    "values",
    [
        {},
        CLOSED,
        CLOSED | {"ended_at": FOUND},
        CLOSED | {"ended_at": NOW},
        {"reported_at": NOW, "deadline_date": date(2026, 9, 15)},
        {"deadline_date": date(2026, 9, 1)},
        {"grade": Grade.MAJOR, "standard": "工贸企业重大事故隐患判定标准"},
        CLOSED | {"grade": Grade.MAJOR},
        {"verified_date": date(2026, 9, 15)},
        {"stage": Stage.REJECTED, "closed": False, "ended_at": FOUND + DAY},
        {"resolver_name": "", "verifier_name": ""},
    ],
)
def test_what_lies_on_the_edge_is_taken(values: dict[str, Any]) -> None:
    assert fault_in(told(**values)) is None


def test_today_is_the_district_s_today() -> None:
    east = NOW.astimezone(datetime.strptime("+1400", "%z").tzinfo)
    late = NOW.replace(hour=20)
    row = told(reported_at=east, deadline_date=None, verified_date=date(2026, 9, 16))

    check(row, Stage.CONFIRMED, now=late)


@pytest.mark.parametrize("stage", list(Stage))
def test_an_ended_stage_needs_its_date_and_no_other_does(stage: Stage) -> None:
    without = fault_in(told(stage=stage))

    expected = (RowFault.CLOSED_WITHOUT_DATE, "ended_at") if stage in HAZARD.ended else None
    assert without == expected


@pytest.mark.parametrize(
    ("values", "unread", "fault"),
    [
        ({"deadline_date": date(2026, 8, 31)}, "unit", RowFault.DEADLINE_BEFORE_FOUND),
        ({"grade": Grade.MAJOR}, "deadline", RowFault.MAJOR_WITHOUT_STANDARD),
        ({"verifier_name": "王整改"}, "closed", RowFault.VERIFIED_BY_RESOLVER),
        ({"verifier_name": "王整改"}, "verifier_name", None),
        ({"verifier_name": "王整改"}, "resolver_name", None),
        ({"grade": Grade.MAJOR}, "grade", None),
        ({"place": ""}, "place", None),
    ],
)
def test_what_cannot_be_true_is_told_beside_what_cannot_be_read(
    values: dict[str, Any], unread: str, fault: RowFault | None
) -> None:
    row = told(**values)

    found = further_faults(row, stage_of(row), unread=frozenset((unread,)), now=NOW)

    assert [each.fault for each in found] == ([fault] if fault else [])
