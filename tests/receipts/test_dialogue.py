"""What passes between the office and the reporter, as the page of a case and Today show it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.cases.actions.undoing import settle
from bihuan.cases.models import Case
from bihuan.core.hazard import Grade, Move, Stage
from bihuan.core.undoing import WITHIN
from bihuan.hazards.actions import reporting
from bihuan.orgs.models import Post, User
from bihuan.receipts.accounts import Identity
from bihuan.receipts.actions import public
from bihuan.receipts.models import FollowUp, Message
from tests.cases.public import Office, told
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.desk.pages import AT_MOST
from tests.factories import bring, make_cast, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(office: Office) -> Case:
    return told(office.town).case


@pytest.fixture
def solved(office: Office) -> Case:
    """Closed, and answered for by the handler of the town."""
    case, now = told(office.town).case, PRESENT
    cast = make_cast(office.town)
    plan = make_plan(cast.post, deadline_date=timezone.localdate(now))
    return bring(case, Stage.CLOSED, cast=cast, plan=plan, grade=Grade.GENERAL, now=now)


def page(client: Client, user: User, name: str, *numbers: str) -> str:
    client.force_login(user)
    return client.get(reverse(name, args=numbers)).content.decode()


def test_a_question_goes_out_and_its_answer_comes_to_whoever_works_on_it(
    client: Client, office: Office, case: Case
) -> None:
    client.force_login(office.handler)
    ask = reverse("desk:move", args=[case.number, Move.ASK_REPORTER])
    client.post(ask, {"version": case.version, "note": "在哪个路口？"})
    question = Message.objects.get()
    now = PRESENT
    public.add(case=case, text="在学校东门。", now=now, form_key="a", question=question)

    shown = page(client, office.clerk, "desk:case", case.number)

    assert "在哪个路口？" in shown
    assert "在学校东门。" in shown
    assert office.handler.name in shown
    assert shown.count("未阅") == 2  # the answer; the question was not read by the person yet
    for officer in (office.handler, office.clerk):
        assert case.number in page(client, officer, "desk:today")


def test_what_was_read_waits_no_more_and_the_person_is_told(
    client: Client, office: Office, case: Case
) -> None:
    public.add(case=case, text="还有一处。", now=PRESENT, form_key="a")
    client.force_login(office.handler)

    client.post(reverse("receipts:read-messages", args=[case.number]))

    assert Message.objects.get().seen_at is not None
    assert "待阅的答复与补充" not in page(client, office.clerk, "desk:today")
    assert reverse("receipts:read-messages", args=[case.number]) not in page(
        client, office.handler, "desk:case", case.number
    )


def test_only_whoever_works_on_it_notes_it_as_read(
    client: Client, office: Office, case: Case
) -> None:
    public.add(case=case, text="还有一处。", now=PRESENT, form_key="a")
    watcher = Post.objects.get(tenures__member=office.head)
    watcher.powers = ["verify"]
    watcher.save()
    client.force_login(office.head)

    answer = client.post(reverse("receipts:read-messages", args=[case.number]))

    assert answer.status_code == 403
    assert Message.objects.get().seen_at is None


def test_not_solved_waits_for_somebody_other_than_who_handled_it(
    client: Client, office: Office, solved: Case
) -> None:
    handled_by = solved.resolved_by
    assert handled_by
    powers = Post.objects.get(tenures__member=handled_by)
    powers.powers = ["handle", "coordinate"]
    powers.save()
    settle(now=PRESENT + 2 * WITHIN)
    public.rate(case=solved, solved=False, now=PRESENT, stars=1, text="还在漏水。")
    link = reverse("desk:move", args=[solved.number, Move.FOLLOW_UP])

    mine, theirs = (page(client, user, "desk:today") for user in (handled_by, office.clerk))
    shown = page(client, office.clerk, "desk:case", solved.number)

    assert link in theirs
    assert link not in mine
    assert "还在漏水。" in shown
    assert "评价：未解决" in shown


def test_what_was_looked_into_is_answered_and_waits_no_more(
    client: Client, office: Office, solved: Case
) -> None:
    settle(now=PRESENT + 2 * WITHIN)
    public.rate(case=solved, solved=False, now=PRESENT)
    solved.refresh_from_db()
    client.force_login(office.clerk)
    link = reverse("desk:move", args=[solved.number, Move.FOLLOW_UP])

    client.post(link, {"version": solved.version, "note": "已重新修好。"})

    assert FollowUp.objects.get().done_by == office.clerk
    assert "已重新修好。" in page(client, office.clerk, "desk:case", solved.number)
    assert link not in page(client, office.clerk, "desk:today")


def test_what_is_urgent_comes_before_everything_else(
    client: Client, office: Office, case: Case
) -> None:
    urgent = told(office.town, is_urgent=True).case

    shown = page(client, office.clerk, "desk:today")

    assert shown.index(urgent.number) < shown.index(case.number)
    assert "紧急" in page(client, office.clerk, "desk:ledger")


def test_a_long_dialogue_costs_no_more_queries(
    client: Client, office: Office, case: Case, count_queries: CountQueries
) -> None:
    now = PRESENT
    for number in range(9):
        public.ask_reporter(case=case, actor=office.handler, now=now, note=f"第{number}问")
        public.add(case=case, text=f"第{number}答", now=now, form_key=f"{number}")
    client.force_login(office.handler)
    open_ = reverse("receipts:open-seal", args=[case.number, "reporter"])
    client.post(open_, {"reason": "须到现场核对"})
    client.get(case.get_absolute_url())

    with count_queries() as queries:
        shown = client.get(case.get_absolute_url()).content.decode()

    assert "第8答" in shown
    assert "须到现场核对" in shown
    assert len(queries) <= AT_MOST, "\n".join(q["sql"][:150] for q in queries)


def test_a_report_without_a_name_says_that_it_is_anonymous(client: Client, office: Office) -> None:
    case = told(office.town, identity=Identity()).case

    assert "匿名反映" in page(client, office.handler, "desk:case", case.number)


def test_a_hazard_of_an_officer_has_nobody_to_talk_to(client: Client, office: Office) -> None:
    cast = make_cast(office.town)
    case = reporting.report(
        finding=reporting.Finding("灯坏了", "二楼", office.town, timezone.localdate(PRESENT)),
        actor=cast.reporter,
        now=PRESENT,
    )

    shown = page(client, cast.handler, "desk:case", case.number)

    assert 'id="who"' not in shown
    assert 'id="dialogue"' not in shown
