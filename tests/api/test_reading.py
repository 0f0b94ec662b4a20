"""Only what was published is answered; of the rest that came this way, how it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bihuan.api import queries
from bihuan.api.models import Arrival
from bihuan.cases.models import Case, Exclusion
from bihuan.clocks.models import Clock
from bihuan.core.amending import Wants
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.grievances.models import Category
from bihuan.orgs.models import Unit
from bihuan.receipts import places_elsewhere
from tests.api.calls import answer, case_of, get, make_key, post, publish
from tests.clock import PRESENT, StoppedClock
from tests.conftest import CountQueries
from tests.factories import NOW, make_case, make_member, make_officer, make_unit
from tests.receipts.amended import ask, decide

pytestmark = pytest.mark.django_db

BARE = {"status_notes", "description", "agency_responsible", "service_notice", "expected_datetime",
        "address", "address_id", "zipcode", "lat", "long", "media_url"}  # fmt: skip
DAY = timedelta(days=1)


def _numbers(path: str = "requests.json", **parameters: str) -> list[str]:
    return [row["service_request_id"] for row in answer(path, **parameters)]


def _made(at: datetime, unit: Unit, **changes: Any) -> Case:
    """A published danger that an officer found at that time."""
    case = make_case(unit, now=NOW)
    Case.objects.filter(pk=case.pk).update(reported_at=at, round_at=at, **changes)
    case.refresh_from_db()
    publish(case)
    return case


@pytest.fixture
def town() -> Unit:
    return make_unit(make_unit(name="云榆县"), name="双河镇")


# ------------------------------------------------------------------ what is told
def test_an_unpublished_report_tells_only_how_it_stands(key: str) -> None:
    case = case_of(post(key, address_id="A-77"))

    (row,) = answer(f"requests/{case.number}.json", by=key)

    assert {name for name, value in row.items() if value is None} == BARE
    assert (row["status"], row["service_code"]) == ("open", "020101")
    assert row["service_name"] == "路面坑洼、塌陷"
    assert _numbers() == []


def test_a_published_report_tells_what_was_published_and_no_more(key: str, county: Unit) -> None:
    case = case_of(post(key, address_id="A-77", description="Words of the person"))
    publish(case, answer="已修补。", latitude=37.77, longitude=-122.42)

    (row,) = answer("requests.json")

    assert row["service_request_id"] == case.number
    assert row["description"] == "路面坑洼\n路面有坑。"
    assert row["status_notes"] == "已修补。"
    assert row["agency_responsible"] == county.name
    assert (row["lat"], row["long"], row["address"]) == (37.77, -122.42, "第五大街")
    assert row["media_url"] is None
    assert row == answer(f"requests/{case.number}.json")[0]


def test_a_published_point_is_known_to_about_a_hundred_metres(key: str) -> None:
    case = case_of(post(key))
    publish(case, latitude=37.76524078, longitude=-122.4212043)

    (row,) = answer("requests.json")

    assert (row["lat"], row["long"]) == (37.765, -122.421)


def test_the_house_is_told_only_where_the_place_was_published_as_given(key: str) -> None:
    case = case_of(post(key, address_id="A-77", zipcode="675800"))
    shown = publish(case, place=case.place)

    as_given = answer("requests.json")[0]
    shown.place = "城关镇"
    shown.save()
    coarser = answer("requests.json")[0]

    assert (as_given["address_id"], as_given["zipcode"]) == ("A-77", "675800")
    assert (coarser["address_id"], coarser["zipcode"]) == (None, None)


@pytest.mark.parametrize("wants", Wants)
def test_the_house_goes_with_the_place_that_somebody_has_erased_or_corrected(
    key: str, county: Unit, wants: Wants
) -> None:
    case = case_of(post(key, address_id="A-77", zipcode="675800"))
    values = {"right_words": "古槐巷七号"} if wants is Wants.CORRECT else {}
    assert places_elsewhere.said(case) == ["A-77", "675800"]

    decide(ask(case, "place", wants, **values), make_officer(county, Power.COORDINATE))

    assert list(Arrival.objects.values_list("address_id", "zipcode")) == [("", "")]
    assert places_elsewhere.said(case) == []


def test_a_withdrawn_publication_tells_nothing_any_more(key: str) -> None:
    case = case_of(post(key))
    publish(case, withdrawn_at=PRESENT)

    assert _numbers() == []
    assert answer(f"requests/{case.number}.json", by=key)[0]["description"] is None


@pytest.mark.parametrize("path", ["requests/{}.json", "tokens/{}.json", "requests.json?{}"])
def test_how_a_report_stands_is_told_to_the_system_that_sent_it_alone(
    path: str, key: str, county: Unit
) -> None:
    number = case_of(post(key)).number
    other = make_key(county, name="别的应用")
    address = path.format(number if "?" not in path else f"service_request_id={number}")

    def told(by: str) -> bool:
        response = get(address, by=by)
        return response.status_code == 200 and number in response.content.decode()

    assert [told(key), told(other), told("")] == [True, False, False]
    assert get(address, by="a wrong key").status_code == 403
    assert get(f"requests/{number}.json", api_key=key).status_code == 200


@pytest.mark.parametrize("why", ["confidential", "a unit is barred", "an officer is barred"])
def test_a_case_that_is_confidential_or_barred_is_never_there(
    why: str, key: str, county: Unit
) -> None:
    case = case_of(post(key))
    publish(case)
    if why == "confidential":
        Case.objects.filter(pk=case.pk).update(is_confidential=True)
    else:
        bar = Exclusion(case=case, cause=Exclusion.Cause.COMPLAINED_OF, added_at=NOW)
        if "unit" in why:
            bar.unit, bar.since_at = county, NOW
        else:
            bar.member = make_member()
        bar.save()

    nothing = get("requests/YH-2026-999999.json", by=key)
    for path in (f"requests/{case.number}.json", f"tokens/{case.number}.json"):
        hidden = get(path, by=key)
        assert hidden.status_code == nothing.status_code == 404
    assert hidden.json()[0]["description"].replace(case.number, "") == (
        nothing.json()[0]["description"].replace("YH-2026-999999", "")
    )
    assert _numbers() == _numbers(service_request_id=case.number, by=key) == []


def test_the_time_that_is_answered_finds_the_request_again(town: Unit, clock: StoppedClock) -> None:
    clock.at = NOW + DAY
    case = _made(NOW.replace(microsecond=987_654), town)
    (row,) = answer(f"requests/{case.number}.json")
    at = row["requested_datetime"]

    assert _numbers(start_date=at, end_date=at) == [case.number]
    assert _numbers(end_date=at) == [case.number]
    assert _numbers(start_date=at) == [case.number]


def test_a_case_that_came_another_way_is_not_found_until_it_is_published(town: Unit) -> None:
    case = make_case(town)

    hidden = get(f"requests/{case.number}.json")
    publish(case)

    assert hidden.status_code == 404
    assert hidden.json()[0]["code"] == 404
    assert _numbers(f"requests/{case.number}.json") == [case.number]


@pytest.mark.parametrize("path", ["requests/nonsense.json", "tokens/nonsense.json"])
def test_an_unknown_number_is_not_found(path: str) -> None:
    response = get(path)

    assert response.status_code == 404
    assert "nonsense" in response.json()[0]["description"]


def test_a_token_is_the_number(key: str) -> None:
    number = case_of(post(key)).number

    assert answer(f"tokens/{number}.json", by=key) == [
        {"service_request_id": number, "token": number}
    ]


@pytest.mark.parametrize("stage", [s for s in Stage if s is not Stage.RECHECKED])
def test_a_case_is_closed_when_its_life_has_ended(stage: Stage, town: Unit) -> None:
    case = make_case(town, stage=stage)
    publish(case)

    (row,) = answer(f"requests/{case.number}.json")

    assert row["status"] == ("closed" if stage in (Stage.CLOSED, Stage.REJECTED) else "open")


def test_a_closed_request_was_updated_when_it_was_closed(town: Unit) -> None:
    case = _made(NOW, town, stage="rejected", ended_at=NOW + DAY)

    (row,) = answer(f"requests/{case.number}.json")

    assert row["requested_datetime"] == "2026-09-15T10:00:00+08:00"
    assert row["updated_datetime"] == "2026-09-16T10:00:00+08:00"


def test_the_deadline_told_is_the_one_that_the_law_promises(town: Unit) -> None:
    case = _made(NOW, town)
    inner = answer("requests.json", start_date="2026-09-01", end_date="2026-09-30")[0]
    Clock.objects.create(
        subject=case.subject, unit=case.owner, rule_id="HAZ-11a", rule_version="2012",
        started_at=NOW, seen_at=NOW, due_at=NOW + 60 * DAY,
    )  # fmt: skip

    promised = answer("requests.json", start_date="2026-09-01", end_date="2026-09-30")[0]

    assert case.clocks.filter(rule_id="LOC-1").exists()
    assert inner["expected_datetime"] is None
    assert promised["expected_datetime"] == "2026-11-14T10:00:00+08:00"


def test_a_case_is_called_by_the_subject_that_the_office_gave_it(
    town: Unit, tree: dict[str, Category]
) -> None:
    case = _made(NOW, town, category="路面坑洼、塌陷")

    (row,) = answer(f"requests/{case.number}.json", language="en")

    assert (row["service_code"], row["service_name"]) == ("020101", "Potholes")


def test_a_service_that_is_gone_still_names_its_requests(
    key: str, tree: dict[str, Category]
) -> None:
    case = case_of(post(key))
    Category.objects.filter(code="020101").update(retired_at=PRESENT)

    assert answer(f"requests/{case.number}.json", by=key)[0]["service_name"] == "路面坑洼、塌陷"


# --------------------------------------------------------------------- what is asked
def test_the_newest_come_first(town: Unit) -> None:
    cases = [_made(NOW + n * DAY, town) for n in (1, 3, 2)]

    numbers = _numbers(start_date="2026-09-01", end_date="2026-10-01")

    assert numbers == [cases[1].number, cases[2].number, cases[0].number]


def test_without_dates_the_last_ninety_days_are_meant(town: Unit, clock: StoppedClock) -> None:
    clock.at = NOW + 90 * DAY
    inside = _made(NOW, town)
    _made(NOW - timedelta(seconds=1), town)

    assert _numbers() == [inside.number]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"start_date": "2026-09-15"}, [1, 0]),
        ({"start_date": "2026-09-16T10:00:00+08:00"}, [1]),
        ({"start_date": "2026-09-16T10:00:01+08:00"}, []),
        ({"start_date": "2026-09-16T10:00:00 08:00"}, [1]),
        ({"end_date": "2026-09-15T02:00:00Z"}, [0]),
        ({"end_date": "2026-09-15T01:59:59Z"}, []),
        ({"start_date": "2026-09-15T02:00:00Z", "end_date": "2026-09-16T02:00:00Z"}, [1, 0]),
    ],
)
def test_dates_bound_when_it_was_reported(
    query: dict[str, str], found: list[int], town: Unit, clock: StoppedClock
) -> None:
    clock.at = NOW + 2 * DAY
    cases = [_made(NOW, town), _made(NOW + DAY, town)]

    assert _numbers(**query) == [cases[n].number for n in found]


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2026-01-01", "end_date": "2026-09-01"},
        {"start_date": "2026-09-02", "end_date": "2026-09-01"},
        {"start_date": "2026-09-01T00:00:00"},
        {"start_date": "yesterday"},
        {"end_date": "2026-02-30"},
        {"start_date": "0001-01-01T00:00:00+14:00"},
        {"end_date": "0001-01-02"},
        {"status": "pending"},
        {"status": "open,pending"},
    ],
    ids=str,
)
def test_a_question_that_makes_no_sense_is_a_400(query: dict[str, str]) -> None:
    response = get("requests.json", **query)

    assert response.status_code == 400
    assert response.json()[0]["code"] == 400


def test_ninety_days_are_not_too_many(town: Unit) -> None:
    assert get("requests.json", start_date="2026-01-01", end_date="2026-04-01").status_code == 200
    assert get("requests.json", start_date="2026-01-01", end_date="2026-04-02").status_code == 400


@pytest.mark.parametrize(
    ("status", "found"),
    [("open", ["open"]), ("closed", ["closed"]), ("open,closed", ["closed", "open"]), ("", None)],
)
def test_status_chooses(status: str, found: list[str] | None, town: Unit) -> None:
    _made(NOW, town)
    _made(NOW + DAY, town, stage="rejected", ended_at=NOW + DAY)

    rows = answer("requests.json", start_date="2026-09-01", end_date="2026-10-01", status=status)

    assert [row["status"] for row in rows] == (found or ["closed", "open"])


def test_service_codes_choose_what_came_and_what_was_found(
    key: str, town: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    came, other = case_of(post(key)), _made(NOW, town, category="别的")
    found = _made(NOW, town, category="路面坑洼、塌陷")
    publish(came)
    Case.objects.filter(pk=came.pk).update(reported_at=NOW + DAY)
    window = {"start_date": "2026-09-01", "end_date": "2026-10-01"}

    assert _numbers(service_code="020101", **window) == [came.number, found.number]
    assert _numbers(service_code="x,020101", **window) == [came.number, found.number]
    assert _numbers(service_code="020102", **window) == []
    assert other.number in _numbers(**window)


def test_numbers_override_everything_else(key: str, town: Unit) -> None:
    shown, bare, hidden = _made(NOW, town), case_of(post(key)), make_case(town)
    request = f"{shown.number}, {bare.number},{hidden.number},nonsense"

    numbers = _numbers(service_request_id=request, status="closed", service_code="x", by=key)

    assert set(numbers) == {shown.number, bare.number}


def test_no_more_than_the_limit_are_answered(town: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    cases = [_made(NOW + n * DAY, town) for n in range(3)]

    numbers = _numbers(start_date="2026-09-01", end_date="2026-10-01")

    assert queries.MOST == 2
    assert numbers == [cases[2].number, cases[1].number]


def test_the_limit_is_the_one_of_the_specification() -> None:
    assert queries.MOST == 1000


def test_a_list_takes_the_same_questions_however_long_it_is(
    town: Unit, tree: dict[str, Category], count_queries: CountQueries
) -> None:
    window = {"start_date": "2026-09-01", "end_date": "2026-10-01"}
    for n in range(5):
        _made(NOW + n * DAY, town)

    with count_queries() as five:
        assert len(_numbers(**window)) == 5
    with count_queries() as one:
        assert len(_numbers(start_date="2026-09-19", end_date="2026-10-01")) == 1

    assert len(five) == len(one) == 2


def test_one_request_takes_two_questions(town: Unit, count_queries: CountQueries) -> None:
    number = _made(NOW, town).number

    with count_queries() as counted:
        answer(f"requests/{number}.json")

    assert len(counted) == 2
