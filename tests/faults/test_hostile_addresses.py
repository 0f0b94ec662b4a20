"""Whatever stands in an address: a page, or nothing found, and never an error of ours."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.desk.views.ledger import PARAMETERS
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_officer, make_unit
from tests.faults.forms import LEDGER, NAUGHTY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/desk/cases/YH-0000-000000/",
        "/desk/cases/" + "x" * 5000 + "/",
        "/desk/cases/%00/",
        "/desk/cases/%ff%fe/",
        "/desk/cases/..%2f..%2fetc/",
        "/desk/cases/YH-2026-000001/clocks/" + "9" * 30 + "/",
        "/desk/cases/YH-2026-000001/files/" + "9" * 30 + "/",
        "/desk/cases/YH-2026-000001/nonsense/",
        "/desk/cases/views/" + "9" * 30 + "/delete/",
    ],
)
def test_an_address_of_nothing_is_not_found(desk: Client, path: str) -> None:
    assert desk.get(path).status_code in (404, 405)


# ---------------------------------------------------------------- query texts
def position(*values: object) -> str:
    """A position in a list, as links to the next page have it."""
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


ANYTHING = st.text(max_size=40) | st.sampled_from(NAUGHTY) | st.integers().map(str)
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
POSITIONS = st.lists(VALUES, max_size=4).map(lambda values: position(*values))
CURSORS = ANYTHING | POSITIONS
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        **{name: ANYTHING for name in PARAMETERS},
        "sort": st.sampled_from(["due", "-due", "reported", "-number", "due,-number"]),
        "state": st.sampled_from(["open", "ended", "all"]),
        "from": ANYTHING | st.dates().map(str) | st.sampled_from(["0001-01-01", "9999-12-31"]),
        "to": ANYTHING | st.dates().map(str) | st.sampled_from(["0001-01-01", "9999-12-31"]),
        "due": st.sampled_from(["late", "today", "week", "?"]),
        "after": CURSORS,
        "before": CURSORS,
    },
)


@pytest.mark.slow
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=QUERIES)
@example(asked={"from": "0001-01-01", "to": "9999-12-31"})
@example(
    asked={
        "sort": "number",
        "after": position("YH-2026-000001", 10**30),
    }
)
@example(asked={"sort": "place", "after": position("\ud800", 1)})
@example(asked={"sort": "due", "after": position(10**18, 1)})
@example(asked={"sort": "due", "before": "-62135596800000000.1"})
@example(asked={"unit": "\x00", "category": "\x00", "q": "\x00"})
@example(asked={"q": "'"})
@example(asked={"q": "a" * 100})
def test_no_query_of_the_ledger_is_an_error_of_ours(
    desk: Client, cast: Cast, asked: dict[str, str]
) -> None:
    if not Case.objects.exists():
        for stage in (Stage.REPORTED, Stage.ASSIGNED, Stage.REJECTED):
            make_case(cast.post.unit, stage=stage, cast=cast, now=PRESENT)

    assert desk.get(LEDGER, asked).status_code == 200
    assert desk.get(LEDGER + "filters/", asked).status_code == 200


@pytest.mark.slow
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=ANYTHING, at=ANYTHING | st.floats().map(str))
@example(text="\x00", at="\x00")
def test_no_query_beside_a_form_is_an_error_of_ours(
    desk: Client, cast: Cast, text: str, at: str
) -> None:
    case = Case.objects.first() or make_case(cast.post.unit, cast=cast, now=PRESENT)
    asked = {"title": text, "place": text, "latitude": at, "longitude": at}

    assert desk.get(reverse("desk:similar"), asked).status_code == 200
    assert desk.get(case.get_absolute_url(), {"back": text}).status_code == 200
    timeline = reverse("desk:timeline", args=[case.number])
    assert desk.get(timeline, {"before": at}).status_code in (200, 404)
    many = reverse("desk:batch", args=["assign"])
    assert desk.get(many, {"case": [text, at], "query": text}).status_code in (200, 302)
    assert desk.get(many, {"all": at, "query": text}).status_code in (200, 302)


@pytest.mark.parametrize(
    "name",
    [
        "orgs:organisation",
        "orgs:members",
        "grievances:categories",
        "portal:where",
        "portal:receptions",
        "portal:open",
        "portal:near",
        "portal:figures",
        "checklists:checklists",
        "criteria:catalogue",
        "duties:duties",
        "hazards:majors",
        "inspections:inspections",
        "maps:map",
        "plans:draws",
        "plans:plans",
        "risks:risks",
        "sites:places",
        "sites:posters",
        "sites:sites",
        "transfers:letters",
        "visits:bound",
        "visits:coverage",
        "visits:unbound",
    ],
)
def test_a_nul_in_an_address_is_left_out(client: Client, name: str) -> None:
    client.force_login(make_officer(make_unit(), *Power))
    asked = dict.fromkeys(
        ("q", "unit", "year", "kind", "after", "site", "state", "trade", "at", "post", "page"),
        "a\x00b",
    )

    assert client.get(reverse(name), asked).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "0001-12-31"])
@pytest.mark.parametrize(
    "name", ["desk:ledger", "inspections:inspections", "inspections:export", "transfers:letters"]
)
def test_a_day_at_the_end_of_the_calendar_is_no_error_of_ours(
    client: Client, name: str, day: str
) -> None:
    client.force_login(make_officer(make_unit(), *Power))

    answer = client.get(reverse(name), dict.fromkeys(("from", "to", "since", "until"), day))

    assert answer.status_code == 200
    answer.close()


def test_a_nul_in_a_chosen_number_chooses_nothing(desk: Client) -> None:
    many = reverse("desk:batch", args=["assign"])
    assert desk.post(many, {"case": "\x00"}).status_code == 302
