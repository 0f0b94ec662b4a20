"""The pages of plans, rounds and draws: who gets them, what they keep, and what they refuse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.clocks.models import Clock
from bihuan.core.powers import Power
from bihuan.orgs.models import User
from bihuan.plans.actions import making
from bihuan.plans.models import Draw, Kind, Plan, Planned, Round
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_officer, make_unit
from tests.journal.lifting import tamper
from tests.plans.district import District, made, post_of

pytestmark = pytest.mark.django_db
NEW = reverse("plans:new-plan")


@pytest.fixture
def here() -> District:
    return District()


def _get(client: Client, user: User, url: str) -> Any:
    client.force_login(user)
    return client.get(url)


def _page(client: Client, user: User, url: str) -> str:
    answer = _get(client, user, url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def _filled(here: District, **given: object) -> dict[str, object]:
    return {
        "title": "每月检查", "kind": "ordinary", "checklist": here.version.checklist_id,
        "site_kinds": ["school"], "every": "month",
        "start_date": localdate(PRESENT).isoformat(), "days": 10,
        "posts": [here.post.pk], "form_key": "3c0ef4b2-93f5-4f43-9a80-a5f3cf0f2a11", **given,
    }  # fmt: skip


def _send(client: Client, here: District, **given: object) -> Any:
    client.force_login(here.planner)
    return client.post(f"{NEW}?unit={here.county.pk}", _filled(here, **given))


# ------------------------------------------------------------------ making a plan
def test_what_a_plan_makes_is_shown_before_it_is_kept(client: Client, here: District) -> None:
    site = here.sites(1)[0]

    answer = _send(client, here, go="preview")

    page = answer.content.decode()
    assert site.name in page
    assert not Plan.objects.exists()
    assert 'name="go" value="keep"' in page


def test_a_plan_that_is_kept_makes_its_first_round_at_once(client: Client, here: District) -> None:
    here.sites(2)

    answer = _send(client, here, go="keep")

    plan = Plan.objects.get()
    assert answer.headers["Location"] == plan.get_absolute_url()
    assert Planned.objects.filter(round__plan=plan).count() == 2


def test_the_same_form_sent_twice_keeps_one_plan(client: Client, here: District) -> None:
    _send(client, here, go="keep")
    _send(client, here, go="keep")

    assert Plan.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "\x00"},
        {"title": "x" * 1000},
        {"kind": "look_back"},
        {"kind": ""},
        {"checklist": "0"},
        {"checklist": "' OR 1=1"},
        {"every": "second"},
        {"start_date": "2026-13-45"},
        {"start_date": "0001-01-01", "every": "week", "days": "8"},
        {"days": "0"},
        {"days": "29"},
        {"days": "99999999999999999999"},
        {"end_date": "2020-01-01"},
        {"posts": []},
        {"posts": ["999999"]},
        {"areas": ["1e9"]},
        {"site_kinds": ["volcano"]},
        {"kind": "joint"},
    ],
)
def test_a_form_that_is_not_right_keeps_what_was_typed_and_makes_nothing(
    client: Client, here: District, wrong: dict[str, object]
) -> None:
    answer = _send(client, here, go="keep", **wrong)

    assert answer.status_code == 200
    assert not Plan.objects.exists()
    assert f'value="{here.version.checklist_id}"' in answer.content.decode()


def test_posts_of_another_district_are_refused(client: Client, here: District) -> None:
    stranger = post_of(make_officer(make_unit(), Power.VERIFY))

    _send(client, here, go="keep", posts=[stranger.pk])

    assert not Plan.objects.exists()


def test_words_of_a_plan_are_shown_as_words(client: Client, here: District) -> None:
    _send(client, here, go="keep", title="<script>alert(1)</script>")

    page = _page(client, here.planner, Plan.objects.get().get_absolute_url())
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


# ------------------------------------------------------------------------ who sees
def test_others_find_no_plan_round_or_draw(client: Client, here: District) -> None:
    here.sites(1)
    plan = here.plan(now=PRESENT)
    round_, draw = made(plan, PRESENT), here.draw()
    stranger = make_officer(make_unit(), Power.COORDINATE)
    pages = [each.get_absolute_url() for each in (plan, round_, draw)]

    for url in pages:
        assert _get(client, stranger, url).status_code == 404
        assert _get(client, here.planner, url).status_code == 200
    for name in ("plans:change-plan", "plans:stop-plan"):
        url = reverse(name, args=[plan.pk])
        assert _get(client, here.inspector, url).status_code == 404
    assert _get(client, here.inspector, NEW).status_code == 404


def test_an_inspector_begins_from_the_row_and_nobody_else_has_the_button(
    client: Client, here: District
) -> None:
    here.sites(1)
    round_ = made(here.plan(now=PRESENT), PRESENT)
    row = round_.planned.get()
    begin = reverse("plans:begin-planned", args=[row.pk])
    assert begin not in _page(client, here.planner, round_.get_absolute_url())
    assert _get(client, here.planner, begin).status_code == 404
    assert begin in _page(client, here.inspector, round_.get_absolute_url())
    assert row.site.name in _page(client, here.inspector, begin)

    answer = client.post(begin)

    row.refresh_from_db()
    assert row.inspection is not None
    assert answer.headers["Location"] == reverse("inspections:walk", args=[row.inspection.pk])
    assert client.get(begin).headers["Location"] == row.inspection.get_absolute_url()


def test_a_user_who_only_operates_begins_the_self_check_of_the_site(
    client: Client, here: District
) -> None:
    school = make_unit(here.town)
    user = make_officer(school, Power.OPERATE)
    site = here.sites(1, operator_unit=school)[0]
    row = made(here.plan(kind=Kind.SELF_CHECK, posts=(), now=PRESENT), PRESENT).planned.get()
    begin = reverse("plans:begin-planned", args=[row.pk])

    for page in ("visits:operated", "visits:operated-site"):
        args = [site.pk] if page == "visits:operated-site" else []
        assert begin in _page(client, user, reverse(page, args=args))
    asked = _page(client, user, begin)
    walk = client.post(begin).headers["Location"]

    assert site.name in asked
    assert site.get_absolute_url() not in asked
    assert client.get(walk).status_code == 200
    row.refresh_from_db()
    assert row.inspection is not None
    shown = _page(client, user, row.inspection.get_absolute_url())
    assert reverse("visits:operated-site", args=[site.pk]) in shown


def test_today_leads_to_the_inspection_with_one_tap(client: Client, here: District) -> None:
    here.sites(1)
    row = made(here.plan(now=PRESENT), PRESENT).planned.get()

    shown = _page(client, here.inspector, reverse("desk:today"))

    assert f'href="{reverse("plans:begin-planned", args=[row.pk])}"' in shown


def test_a_plan_done_once_has_no_last_day(client: Client, here: District) -> None:
    client.force_login(here.planner)
    url = f"{NEW}?unit={here.county.pk}"

    given = client.get(url).context["form"].initial
    shown = client.get(url).content.decode()
    sent = client.post(
        url,
        {
            "title": "一次检查", "kind": "self_check", "every": "once", "start_date": "2026-01-01",
            "end_date": "2020-01-01", "days": "5", "go": "preview",
            "checklist": str(here.version.checklist_id),
        },
    )  # fmt: skip

    assert given["start_date"] == localdate(PRESENT)
    assert 'data-when="every=week month' in shown
    assert sent.context["form"].errors == {}


def test_looking_back_shows_the_case_and_what_follows(client: Client, here: District) -> None:
    client.force_login(here.planner)
    draw = here.draw(purpose=Draw.Purpose.LOOK_BACK)

    form = client.get(reverse("plans:conduct-draw", args=[draw.pk])).context["form"]

    assert form.initial["until_date"] == localdate(PRESENT)
    assert form.initial["amount"] == "number"


def test_an_unannounced_inspection_is_on_no_page_of_the_operator(
    client: Client, here: District
) -> None:
    school = make_unit(here.town)
    head = make_officer(school, Power.HANDLE, Power.COORDINATE)
    site = here.sites(1, operator_unit=school)[0]
    round_ = made(here.plan(kind=Kind.UNANNOUNCED, now=PRESENT), PRESENT)

    assert _get(client, head, round_.get_absolute_url()).status_code == 404
    assert round_.title not in _page(client, head, site.get_absolute_url())
    assert round_.title not in _page(client, head, reverse("desk:today"))
    assert round_.title in _page(client, here.planner, site.get_absolute_url())


def test_what_is_due_is_on_today_of_the_inspector(client: Client, here: District) -> None:
    site = here.sites(1)[0]
    making.keep_up(now=PRESENT)
    made(here.plan(now=PRESENT), PRESENT)

    assert site.name in _page(client, here.inspector, reverse("desk:today"))


# --------------------------------------------------------------------------- draws
def test_the_seed_of_the_system_is_shown_only_after_the_draw(
    client: Client, here: District
) -> None:
    here.sites(3)
    client.force_login(here.planner)
    client.post(
        reverse("plans:open-draw"),
        {"unit": here.county.pk, "title": "抽查", "purpose": "inspect", "origin": "system"},
    )
    draw = Draw.objects.get()
    before = _page(client, here.planner, draw.get_absolute_url())
    assert draw.commitment in before
    assert draw.seed not in before

    client.post(reverse("plans:conduct-draw", args=[draw.pk]), _conditions(here))

    draw.refresh_from_db()
    assert draw.drawn_at is not None
    assert draw.seed in _page(client, here.planner, draw.get_absolute_url())


def test_a_draw_is_repeated_and_exported_with_the_same_result(
    client: Client, here: District
) -> None:
    here.sites(5)
    draw = here.draw()
    client.force_login(here.planner)
    client.post(reverse("plans:conduct-draw", args=[draw.pk]), _conditions(here))

    page = _page(client, here.planner, reverse("plans:repeat-draw", args=[draw.pk]))
    book = _get(client, here.planner, reverse("plans:export-draw", args=[draw.pk]))

    assert "message-success" in page
    assert book.content[:2] == b"PK"


def test_a_record_that_was_changed_is_found_by_repeating_it(client: Client, here: District) -> None:
    here.sites(5)
    draw = here.draw()
    client.force_login(here.planner)
    client.post(reverse("plans:conduct-draw", args=[draw.pk]), _conditions(here))
    # Another seed could draw the same sites by chance.
    tamper(f"UPDATE plans_draw SET result = '[]' WHERE id = {draw.pk}")

    page = _page(client, here.planner, reverse("plans:repeat-draw", args=[draw.pk]))

    assert "message-error" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"number": "0"},
        {"amount": "percent", "percent": "101"},
        {"amount": "all"},
        {"posts_each": "9"},
        {"complete_date": "2020-01-01"},
        {"is_weighted": ""},
        {"posts": ["x"]},
        {"number": "4"},
    ],
)
def test_conditions_that_are_not_right_draw_nothing(
    client: Client, here: District, wrong: dict[str, object]
) -> None:
    here.sites(3)
    draw = here.draw()
    client.force_login(here.planner)

    answer = client.post(
        reverse("plans:conduct-draw", args=[draw.pk]), {**_conditions(here), **wrong}
    )

    assert answer.status_code == 200
    draw.refresh_from_db()
    assert draw.is_open


def _conditions(here: District) -> dict[str, object]:
    return {
        "kind": "ordinary", "checklist": here.version.checklist_id, "amount": "number",
        "number": "2", "is_weighted": "no", "posts": [here.post.pk], "posts_each": "1",
        "start_date": localdate(PRESENT).isoformat(),
        "complete_date": localdate(PRESENT + timedelta(days=30)).isoformat(),
    }  # fmt: skip


# -------------------------------------------------------------------------- costs
def test_the_pages_make_the_same_number_of_queries_whatever_they_show(
    client: Client, here: District, count_queries: CountQueries
) -> None:
    here.sites(1)
    plan = here.plan(now=PRESENT)
    round_ = made(plan, PRESENT)
    urls = [reverse("plans:plans"), plan.get_absolute_url(), round_.get_absolute_url()]
    client.force_login(here.inspector)
    few = [_counted(client, url, count_queries) for url in (*urls, reverse("desk:today"))]

    here.sites(15)
    for _ in range(5):
        here.plan(now=PRESENT)
    making.keep_up(now=PRESENT)
    many = [_counted(client, url, count_queries) for url in (*urls, reverse("desk:today"))]

    assert many == few
    assert Clock.objects.count() == Round.objects.count() == 6


def _counted(client: Client, url: str, count_queries: CountQueries) -> int:
    client.get(url)
    with count_queries() as counted:
        assert client.get(url).status_code == 200
    return len(counted)
