"""Notices: an unread number on every page; opening one reads it and leads to its case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases import queries
from bihuan.cases.models import AccessGrant, Assist, Case, Exclusion
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.notices.actions import forget_read, tell
from bihuan.notices.models import Notice
from bihuan.orgs.models import Tenure, User
from bihuan.web import subjects
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.desk.pages import a_case
from tests.factories import TODAY, Cast, make_officer, make_unit

pytestmark = pytest.mark.django_db


def tell_of(case: Case, member: User, times: int = 1) -> list[Notice]:
    for n in range(times):
        tell(
            [member],
            subject=case.subject,
            what="comment",
            cause=f"{case.number}/{n}",
            now=PRESENT + timedelta(minutes=n),
            detail={"title": case.title, "kind": case.kind, "to": "post", "unit": "双河镇"},
        )
    return list(Notice.objects.filter(member=member).order_by("pk"))


@pytest.fixture
def case(cast: Cast) -> Case:
    found = a_case(cast, Stage.ASSIGNED)
    Notice.objects.all().delete()
    return found


def page(client: Client, user: User, name: str = "desk:ledger", query: str = "") -> str:
    client.force_login(user)
    return client.get(reverse(name) + query).content.decode()


def test_the_number_of_unread_notices_is_in_the_title_and_the_menu_of_every_page(
    client: Client, cast: Cast, case: Case
) -> None:
    tell_of(case, cast.handler, 2)

    shown, others = page(client, cast.handler), page(client, cast.coordinator)

    assert "<title>(2) " in shown
    assert '2<span class="hidden"> 条未读提醒' in shown
    assert "badge" not in others


def test_a_notice_of_a_case_that_is_shut_to_the_officer_is_neither_shown_nor_counted(
    client: Client, cast: Cast, case: Case
) -> None:
    (row,) = tell_of(case, cast.handler)
    Exclusion.objects.create(
        case=case, member=cast.handler, cause=Exclusion.Cause.INTEREST, added_at=PRESENT
    )

    for shown in (
        page(client, cast.handler),
        page(client, cast.handler, "desk:notices"),
        page(client, cast.handler, "desk:notices", "?show=all"),
        page(client, cast.handler, "desk:today"),
    ):
        assert case.number not in shown
        assert "badge" not in shown
    assert client.get(reverse("desk:notice", args=[row.pk])).status_code == 404


def test_opening_a_notice_reads_it_and_leads_to_its_case(
    client: Client, cast: Cast, case: Case
) -> None:
    row, other = tell_of(case, cast.handler, 2)
    client.force_login(cast.handler)

    answer = client.get(reverse("desk:notice", args=[row.pk]))

    row.refresh_from_db()
    assert answer.headers["Location"] == case.get_absolute_url()
    assert row.read_at is not None
    other.refresh_from_db()
    assert other.read_at is None


def test_the_page_of_a_case_reads_what_was_told_of_it(
    client: Client, cast: Cast, case: Case
) -> None:
    tell_of(case, cast.handler, 2)
    client.force_login(cast.handler)

    shown = client.get(case.get_absolute_url()).content.decode()

    assert "badge" not in shown
    assert not Notice.objects.filter(member=cast.handler, read_at=None).exists()


def test_nobody_opens_or_reads_the_notice_of_another(
    client: Client, cast: Cast, case: Case
) -> None:
    (row,) = tell_of(case, cast.handler)
    client.force_login(cast.coordinator)

    opened = client.get(reverse("desk:notice", args=[row.pk]))
    client.post(reverse("desk:read-notices"), {"notice": row.pk})
    client.post(reverse("desk:read-notices"), {"until": row.pk})

    row.refresh_from_db()
    assert opened.status_code == 404
    assert row.read_at is None


def test_notices_are_read_one_by_one_or_all_that_were_shown(
    client: Client, cast: Cast, case: Case
) -> None:
    first, second, later = tell_of(case, cast.handler, 3)
    client.force_login(cast.handler)

    client.post(reverse("desk:read-notices"), {"notice": second.pk})
    one = set(Notice.objects.exclude(read_at=None))
    client.post(reverse("desk:read-notices"), {"until": second.pk, "from": "today"})

    assert one == {second}
    assert set(Notice.objects.exclude(read_at=None)) == {first, second}
    later.refresh_from_db()
    assert later.read_at is None


def test_earlier_notices_stay_readable_page_by_page(client: Client, cast: Cast, case: Case) -> None:
    rows = tell_of(case, cast.handler, 25)
    Notice.objects.update(read_at=PRESENT)
    client.force_login(cast.handler)

    assert page(client, cast.handler, "desk:notices").count("data-row") == 0
    assert page(client, cast.handler, "desk:notices", "?show=all").count("data-row") == 20
    last = page(client, cast.handler, "desk:notices", f"?show=all&older={rows[5].pk}")
    assert last.count("data-row") == 5


@pytest.mark.parametrize("times", [2, 60])
def test_the_number_costs_the_same_however_many_are_unread(
    client: Client, cast: Cast, case: Case, count_queries: CountQueries, times: int
) -> None:
    tell_of(case, cast.handler, times)
    client.force_login(cast.handler)
    client.get(reverse("desk:notices"))

    with count_queries() as queries:
        client.get(reverse("desk:notices"))

    assert len(queries) <= 8, "\n".join(q["sql"][:150] for q in queries)


def test_notices_are_listed_by_time_on_every_page(client: Client, cast: Cast, case: Case) -> None:
    rows = tell_of(case, cast.handler, 45)
    for n, row in enumerate(rows):  # those written first are the newest
        Notice.objects.filter(pk=row.pk).update(created_at=PRESENT - timedelta(hours=n))
    client.force_login(cast.handler)

    shown, address = [], reverse("desk:notices")
    for _n in range(3):
        answer = client.get(address)
        shown += [said.notice.pk for said in answer.context["notices"]]
        address = reverse("desk:notices") + answer.context["next_url"]
    back = client.get(reverse("desk:notices") + answer.context["previous_url"])

    assert shown == [row.pk for row in rows]
    assert [said.notice.pk for said in back.context["notices"]] == shown[20:40]


def test_what_was_read_long_ago_is_deleted_and_nothing_unread(
    cast: Cast, case: Case, settings: Any
) -> None:
    settings.NOTICES_KEPT_DAYS = 40
    old, new, _unread = tell_of(case, cast.handler, 3)
    Notice.objects.filter(pk=old.pk).update(read_at=PRESENT - timedelta(days=41))
    Notice.objects.filter(pk=new.pk).update(read_at=PRESENT - timedelta(days=40))

    assert forget_read(now=PRESENT) == 1

    assert not Notice.objects.filter(pk=old.pk).exists()
    assert Notice.objects.filter(member=cast.handler).count() == 2


def test_a_case_that_left_the_reach_is_neither_counted_nor_linked(
    client: Client, cast: Cast, case: Case
) -> None:
    tell_of(case, cast.handler)
    assert f"{case.number}" in page(client, cast.handler, "desk:notices")
    Tenure.objects.filter(member=cast.handler).update(
        start_date=TODAY - timedelta(days=9), end_date=TODAY - timedelta(days=1)
    )

    shown = page(client, cast.handler, "desk:notices")

    assert case.number not in shown
    assert "badge" not in shown


def test_what_has_a_page_is_asked_for_many_as_for_one(cast: Cast, case: Case) -> None:
    elsewhere = make_unit(make_unit())
    helper = make_officer(elsewhere, Power.HANDLE)
    cases = [a_case(cast, Stage.ASSIGNED) for _n in range(4)]
    Case.objects.filter(pk=cases[0].pk).update(is_confidential=True)
    AccessGrant.objects.create(case=cases[1], post=cast.post, added_at=PRESENT)
    Case.objects.filter(pk=cases[1].pk).update(is_confidential=True)
    Assist.objects.create(case=cases[2], unit=elsewhere, added_at=PRESENT)
    Case.objects.filter(pk=cases[3].pk).update(owner=elsewhere, reported_by=cast.reporter)
    found = {each.number: each for each in Case.objects.with_facts()}

    for officer in (*vars(cast).values(), helper):
        if isinstance(officer, User):
            closed = subjects.out_of_reach(officer, (c.subject for c in found.values()), PRESENT)
            one_by_one = {
                each.subject
                for each in found.values()
                if not queries.may_see(officer, each, PRESENT)
            }
            assert closed == one_by_one
