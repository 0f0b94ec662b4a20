"""Today: what waits for this officer, the most urgent first, one tap from its next step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.cases.actions import extensions, handover
from bihuan.cases.models import Case
from bihuan.core.hazard import REPORTERS, Move, Stage
from bihuan.core.powers import OF_OFFICERS, Power
from bihuan.hazards.actions import rectification
from bihuan.notices.actions import tell
from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.desk.crowd import make_crowd
from tests.desk.pages import a_case
from tests.factories import Cast, make_officer

pytestmark = pytest.mark.django_db

# Queries of a coordinator, and of whoever has every power and something of every sort: each sort of
# work is one, each kind of case adds its own, three say who is there, and whoever administers is
# reminded of holidays that are not loaded, and of data breaches. Unread notices are two, what the
# officer reported is one, what is overdue in the officer's units another; a leader's numbers, five.
# One asks whether the officer is asked to be a stand-in, another who the officer's stand-ins are.
# The parts with registers, such as sites, risks and plans, are asked together which of their
# sections have rows; each section that has adds one.
TODAY_AT_MOST, EVERYTHING_AT_MOST = 24, 36


def today(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get(reverse("desk:today")).content.decode()


def step(case: Case, move: Move) -> str:
    return f'href="{reverse("desk:move", args=[case.number, move])}?back=today'


@pytest.mark.parametrize(
    ("stage", "who", "move"),
    [
        (Stage.REPORTED, "coordinator", Move.CONFIRM),
        (Stage.CONFIRMED, "coordinator", Move.ASSIGN),
        (Stage.ASSIGNED, "handler", Move.START),
        (Stage.RECTIFYING, "handler", Move.SUBMIT),
        (Stage.SUBMITTED, "verifier", Move.VERIFY),
        (Stage.VERIFIED, "coordinator", Move.CLOSE),
    ],
)
def test_a_case_waits_for_whoever_has_the_next_step_and_for_nobody_else(
    client: Client, cast: Cast, stage: Stage, who: str, move: Move
) -> None:
    case = a_case(cast, stage)

    for name in ("reporter", "coordinator", "handler", "verifier"):
        assert (step(case, move) in today(client, getattr(cast, name))) is (name == who)


@pytest.mark.parametrize("power", sorted(OF_OFFICERS))
def test_reporting_is_offered_to_those_who_may(client: Client, cast: Cast, power: Power) -> None:
    page = today(client, make_officer(cast.post.unit, power))

    content = page[page.index("<main") :]
    assert (reverse("hazards:report-hazard") in content) is (power in REPORTERS)


def test_requests_wait_for_a_decision_one_level_up(client: Client, cast: Cast) -> None:
    request, contested = a_case(cast, Stage.ASSIGNED), a_case(cast, Stage.ASSIGNED)
    now = PRESENT
    later = timezone.localdate(now) + timedelta(days=60)
    extensions.ask_extension(
        case=request, actor=cast.handler, now=now, until_date=later, note="等件"
    )
    handover.contest(case=contested, actor=cast.handler, now=now, note="不归我镇")

    leader, handler = today(client, cast.leader), today(client, cast.handler)

    assert step(request, Move.DECIDE_EXTENSION) in leader
    assert step(contested, Move.DECIDE_CONTEST) in leader
    assert step(request, Move.START) not in handler
    assert step(contested, Move.START) not in handler


def test_what_is_due_comes_before_what_is_not(client: Client, cast: Cast) -> None:
    later, late = a_case(cast, Stage.RECTIFYING), a_case(cast, Stage.RECTIFYING)
    Case.objects.filter(pk=late.pk).update(due_at=PRESENT - timedelta(hours=5))

    page = today(client, cast.handler)

    assert page.index(late.number) < page.index(later.number)


def test_an_interim_control_that_ends_soon_waits_for_its_post(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.RECTIFYING)
    now = PRESENT
    for what, days in (("围挡", 2), ("夜间巡查", 40)):
        rectification.add_control(
            case=case, actor=cast.handler, now=now, what=what, post=cast.post,
            expiry_date=timezone.localdate(now) + timedelta(days=days),
        )  # fmt: skip

    page = today(client, cast.handler)

    assert "围挡" in page
    assert "夜间巡查" not in page


def test_a_closed_case_waits_for_a_second_look_when_its_time_comes(
    client: Client, cast: Cast
) -> None:
    case = a_case(cast, Stage.CLOSED)
    assert step(case, Move.RECHECK) not in today(client, cast.verifier)

    case.clocks.filter(rule_id="LOC-4").update(due_at=PRESENT + timedelta(days=2))

    assert step(case, Move.RECHECK) in today(client, cast.verifier)


def test_notices_are_shown_until_they_are_read(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    tell(
        [cast.coordinator, cast.handler],
        subject=case.subject,
        what="overdue",
        cause="x",
        now=PRESENT,
        detail={"rule": "LOC-1", "due_at": PRESENT.isoformat(), "title": case.title},
    )
    mine = Notice.objects.get(member=cast.coordinator, what="overdue")
    other = Notice.objects.get(member=cast.handler, what="overdue")

    before = today(client, cast.coordinator)
    client.post(reverse("desk:read-notices"), {"notice": mine.pk, "from": "today"})
    after = today(client, cast.coordinator)

    other.refresh_from_db()
    assert "核实确认隐患" in before
    assert "核实确认隐患" not in after
    assert other.read_at is None


@pytest.mark.parametrize("rows", [5, 50])
def test_the_page_costs_the_same_number_of_queries_whatever_waits(
    client: Client, cast: Cast, count_queries: CountQueries, rows: int
) -> None:
    for stage in (Stage.REPORTED, Stage.RECTIFYING):
        first = a_case(cast, stage)
        for number in range(rows):
            copy = Case.objects.get(pk=first.pk)
            copy.pk, copy.number = None, f"{first.number}{number:03}"
            copy.form_key = None
            copy.save()
    client.force_login(cast.coordinator)
    client.get(reverse("desk:today"))

    with count_queries() as queries:
        page = client.get(reverse("desk:today")).content.decode()

    assert len(queries) <= TODAY_AT_MOST, "\n".join(q["sql"][:150] for q in queries)
    assert page.count("data-row") <= 20 + 5


def test_whatever_an_officer_may_do_the_page_asks_for_each_sort_once(
    client: Client, count_queries: CountQueries
) -> None:
    crowd = make_crowd(0)
    officer = crowd.officers[1]
    subject = Case.objects.earliest("pk").subject
    tell(
        [officer],
        subject=subject,
        what="overdue",
        cause="x",
        now=PRESENT,
        detail={"rule": "LOC-1", "due_at": PRESENT.isoformat(), "title": "x"},
    )
    client.force_login(officer)
    client.get(reverse("desk:today"))

    with count_queries() as queries:
        page = client.get(reverse("desk:today")).content.decode()

    assert page.count("<section") > 15
    assert len(queries) <= EVERYTHING_AT_MOST, "\n".join(q["sql"][:150] for q in queries)


def test_nothing_to_do_says_so(client: Client, cast: Cast) -> None:
    assert 'class="empty"' in today(client, cast.reporter)


def test_what_presses_comes_first_whatever_it_is_and_names_its_section(
    client: Client, cast: Cast
) -> None:
    soon, late = a_case(cast, Stage.CONFIRMED), a_case(cast, Stage.VERIFIED)
    Case.objects.filter(pk=soon.pk).update(due_at=PRESENT + timedelta(days=2))
    Case.objects.filter(pk=late.pk).update(due_at=PRESENT - timedelta(days=2))

    page = today(client, cast.coordinator)

    assert page.index("逾期和今日到期") < page.index(step(late, Move.CLOSE))
    assert page.index(step(late, Move.CLOSE)) < page.index(step(soon, Move.ASSIGN))
    assert page.count(step(late, Move.CLOSE)) == 1


def test_a_coordinator_sees_what_others_have_let_run_out(client: Client, cast: Cast) -> None:
    late, in_time = a_case(cast, Stage.RECTIFYING), a_case(cast, Stage.RECTIFYING)
    Case.objects.filter(pk=late.pk).update(due_at=PRESENT - timedelta(days=2))
    Case.objects.filter(pk=in_time.pk).update(due_at=PRESENT + timedelta(days=2))

    page, other = today(client, cast.coordinator), today(client, cast.verifier)

    assert step(late, Move.COMMENT) in page
    assert step(in_time, Move.COMMENT) not in page
    assert step(late, Move.COMMENT) not in other


def test_an_officer_follows_what_he_reported_and_nobody_elses(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.CLOSED)
    Case.objects.filter(pk=a_case(cast).pk).update(reported_by=cast.coordinator)
    others = Case.objects.get(reported_by=cast.coordinator)

    page = today(client, cast.reporter)
    ledger = client.get(reverse("desk:ledger") + "?entered=1&state=all").content.decode()

    assert case.number in page
    assert case.number in ledger
    assert others.number not in page
    assert f'id="{others.number}"' not in ledger
