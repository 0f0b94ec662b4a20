"""The quarterly report of major hazards: signed once, with figures that stay as they were."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core import quarters
from bihuan.core.hazard import Grade, Stage
from bihuan.core.powers import Power
from bihuan.core.quarters import Quarter
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.hazards import quarterly
from bihuan.hazards.actions import quarterly_reports
from bihuan.hazards.actions.quarterly_reports import QuarterNotOver, SignedMeanwhile
from bihuan.hazards.models import MajorsReport
from bihuan.journal.models import Entry
from bihuan.orgs.models import Post, User
from tests.clock import PRESENT
from tests.factories import Cast, make_case, make_cast, make_officer, make_unit

pytestmark = pytest.mark.django_db
LIST = reverse("hazards:majors-reports")
LAST = quarterly.last_quarter(PRESENT)


@pytest.fixture
def cast() -> Cast:
    return make_cast(make_unit(make_unit()))


def post_of(user: User) -> Post:
    return Post.objects.get(tenures__member=user)


def sign(
    user: User, *, edition: int = 1, reason: str = "", quarter: Quarter = LAST
) -> MajorsReport:
    return quarterly_reports.sign(
        quarter=quarter, post=post_of(user), actor=user, now=PRESENT, reason=reason, edition=edition
    )


def a_major(cast: Cast) -> None:
    case = make_case(
        cast.post.unit, stage=Stage.RECTIFYING, cast=cast, grade=Grade.MAJOR, now=PRESENT
    )
    case.reported_at = PRESENT.replace(year=PRESENT.year - 1)
    case.save()
    case.hazard.found_date = LAST.first_date
    case.hazard.save()


@pytest.mark.parametrize(
    ("day", "quarter", "first", "last"),
    [
        (date(2026, 1, 1), Quarter(2026, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 9, 30), Quarter(2026, 3), date(2026, 7, 1), date(2026, 9, 30)),
        (date(2024, 12, 31), Quarter(2024, 4), date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_each_day_is_in_one_quarter(day: date, quarter: Quarter, first: date, last: date) -> None:
    assert quarters.of(day) == quarter
    assert (quarter.first_date, quarter.last_date) == (first, last)
    assert quarter.after.before == quarter


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, 5), (0, 1), (9999, 1)])
def test_there_is_no_other_quarter(year: int, number: int) -> None:
    with pytest.raises(ValueError, match="has no quarter"):
        Quarter(year, number)


def test_signed_figures_stay_and_a_correction_is_a_new_edition(cast: Cast) -> None:
    first = sign(cast.leader)
    a_major(cast)

    with pytest.raises(Missing):
        sign(cast.leader, edition=2)
    second = sign(cast.leader, edition=2, reason="漏报一处")

    first.refresh_from_db()
    assert (first.found_count, second.found_count, second.open_count) == (0, 1, 1)
    assert Entry.objects.get(chain__subject=second.subject).note == "漏报一处"


def test_the_same_edition_is_signed_once(cast: Cast) -> None:
    sign(cast.leader)

    with pytest.raises(SignedMeanwhile):
        sign(cast.leader)

    assert MajorsReport.objects.count() == 1


def test_a_quarter_is_not_signed_before_its_end(cast: Cast) -> None:
    with pytest.raises(QuarterNotOver):
        sign(cast.leader, quarter=LAST.after)


@pytest.mark.parametrize("power", sorted(set(Power) - {quarterly.SIGNER}))
def test_only_the_principal_signs(power: Power) -> None:
    with pytest.raises(NotAllowed):
        sign(make_officer(make_unit(), power))


def test_no_one_signs_for_the_post_of_another(cast: Cast) -> None:
    other = make_officer(make_unit(), Power.APPROVE)

    with pytest.raises(NotAllowed):
        quarterly_reports.sign(
            quarter=LAST, post=post_of(cast.leader), actor=other, now=PRESENT, edition=1
        )


def test_a_report_is_signed_on_its_page_and_printed_by_those_who_may(
    client: Client, cast: Cast
) -> None:
    a_major(cast)
    url = reverse("hazards:sign-majors", args=[post_of(cast.leader).pk, LAST.year, LAST.number])
    for other in (cast.coordinator, make_officer(make_unit(), Power.APPROVE)):
        client.force_login(other)
        assert client.get(url).status_code == 404
    client.force_login(cast.leader)
    assert url in client.get(LIST).content.decode()
    assert reverse("hazards:majors-reports") in client.get(reverse("desk:today")).content.decode()

    sent = {"edition": "1", "remark": "=无<b>"}
    assert client.post(url, sent).status_code == 302
    again = client.post(url, {**sent, "reason": "再次"})

    made = MajorsReport.objects.get()
    assert again.status_code == 200
    paper = client.get(made.get_absolute_url()).content.decode()
    assert "=无&lt;b&gt;" in paper
    client.force_login(make_officer(make_unit(), Power.APPROVE))
    assert client.get(made.get_absolute_url()).status_code == 404
    assert made.get_absolute_url() not in client.get(LIST).content.decode()


@pytest.mark.parametrize("path", ["2026/5", "0/1", "9999/1", "2026/0"])
def test_a_quarter_that_is_none_is_not_found(client: Client, cast: Cast, path: str) -> None:
    client.force_login(cast.leader)
    base = f"/desk/hazards/majors/reports/{post_of(cast.leader).pk}/{path}/sign/"

    assert client.get(base).status_code == 404
