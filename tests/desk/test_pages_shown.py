"""What stands on the page of a case: photos, clocks, timeline, the printed sheet."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.cases.actions import comments
from bihuan.cases.models import Case, Evidence
from bihuan.core.hazard import Grade, Move, Stage
from bihuan.files import disk
from bihuan.hazards.actions import listing, rectification, verification
from tests.clock import PRESENT
from tests.desk.pages import a_case, page_of
from tests.factories import (
    Cast,
    bring,
    make_photo,
    make_plan,
)
from tests.hazards.majors import accepted, listed, planned

pytestmark = pytest.mark.django_db


def test_a_photo_seen_on_another_case_is_flagged_to_whoever_checks(
    client: Client, cast: Cast
) -> None:
    first = a_case(cast, Stage.RECTIFYING)
    second = a_case(cast, Stage.RECTIFYING)
    for case in (first, second):
        rectification.submit(
            case=case, actor=cast.handler, now=PRESENT, note="好了",
            photos=[make_photo(seed=7) if case is first else _copy_of(first)],
        )  # fmt: skip

    for user, flagged in ((cast.verifier, True), (cast.handler, False)):
        page = page_of(client, user, second)
        assert (f'<a href="{first.get_absolute_url()}">{first.number}</a>' in page) is flagged


def _copy_of(case: Case) -> SimpleUploadedFile:
    stored = Evidence.objects.select_related("file").get(case=case).file
    return SimpleUploadedFile("again.jpg", disk.place(stored.path).read_bytes(), "image/jpeg")


def test_every_running_clock_shows_its_source_and_explains_itself_day_by_day(
    client: Client, cast: Cast
) -> None:
    case = a_case(cast, Stage.ASSIGNED)
    client.force_login(cast.handler)
    clock = case.clocks.get(stopped_at=None)

    page = client.get(case.get_absolute_url()).content.decode()
    days = client.get(reverse("desk:clock", args=[case.number, clock.pk])).content.decode()

    assert "安监总局令第16号" in page
    assert days.count('class="counted"') == 15


def test_a_rule_that_nobody_verified_says_so(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.RECTIFYING, grade=Grade.MAJOR)
    now = PRESENT
    listed(case, cast.leader, now)
    planned(case, cast.handler, now)
    rectification.submit(case=case, actor=cast.handler, now=now, note="好了", photos=[make_photo()])
    verification.verify(case=case, actor=cast.verifier, now=now, note="属实")
    accepted(case, cast.verifier, now)
    listing.ask_removal(case=case, actor=cast.handler, now=now, note="条件已满足")

    page = page_of(client, cast.verifier, case)

    assert "未经核实的内部时限" in page


def test_the_timeline_is_paged_newest_first(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    for number in range(60):
        comments.comment(case=case, actor=cast.coordinator, now=PRESENT, note=f"第{number:02}条")

    page = page_of(client, cast.coordinator, case)
    earlier = re.search(r'href="([^"]+/timeline/\?before=\d+)"', page)
    assert earlier
    rest = client.get(earlier[1]).content.decode()

    assert "第59条" in page
    assert "第05条" not in page
    assert "第05条" in rest


def test_a_rebound_reopens_the_closed_case(client: Client, cast: Cast) -> None:
    closed = a_case(cast, Stage.CLOSED, title="楼梯扶手松动")
    again = a_case(cast, title="楼梯扶手又松动")
    client.force_login(cast.coordinator)
    url = reverse("desk:move", args=[again.number, Move.REJECT])

    offered_page = client.get(url).content.decode()
    client.post(
        url,
        {
            "version": again.version,
            "reason": "duplicate",
            "duplicate_of": closed.number,
            "note": "同一处",
        },
    )

    closed.refresh_from_db()
    assert closed.number in offered_page
    assert closed.stage == Stage.CONFIRMED
    assert closed.hazard.rebounds == 1


def test_the_sheet_names_what_was_done_and_who_checked_it(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    soon = timezone.localdate(PRESENT) + timedelta(days=5)
    plan = make_plan(cast.post, deadline_date=soon)
    bring(case, Stage.CLOSED, cast=cast, plan=plan, now=PRESENT)
    client.force_login(cast.coordinator)

    page = client.get(reverse("desk:sheet", args=[case.number])).content.decode()

    assert "隐患整改销号单" in page
    assert "赵验收" in page
    assert "更换破损的灯具" in page


def test_the_sheet_names_the_officer_whom_only_a_ledger_names(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    Case.objects.filter(pk=case.pk).update(resolver_name="龙云")
    client.force_login(cast.coordinator)
    address = reverse("desk:sheet", args=[case.number])

    page = client.get(address).content.decode()
    Case.objects.filter(pk=case.pk).update(resolved_by=cast.handler)
    later = client.get(address).content.decode()

    assert "龙云（台账所写）" in page
    assert "龙云" not in later
