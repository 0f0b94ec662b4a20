"""The form of a decision shows what is decided, and says what will happen and what happened."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from bihuan.cases.actions import evidence
from bihuan.cases.actions.evidence import NotSeen
from bihuan.cases.models import Case, Evidence
from bihuan.core.hazard import Move, Stage
from bihuan.desk.way_back import WayBack
from bihuan.hazards.actions import verification
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.desk.pages import a_case
from tests.factories import Cast, make_photo

pytestmark = pytest.mark.django_db


def url_of(case: Case, move: str) -> str:
    return reverse("desk:move", args=[case.number, move])


def shown(client: Client, user: User, case: Case, move: str) -> str:
    client.force_login(user)
    return client.get(url_of(case, move)).content.decode()


def carried(page: str) -> dict[str, Any]:
    """The hidden fields of the form, as a browser sends them back."""
    found = re.findall(r'<input type="hidden" name="(seen|version)" value="([^"]*)"', page)
    return dict(found)


def test_whoever_verifies_sees_the_words_the_photos_and_who_did_what(
    client: Client, cast: Cast
) -> None:
    case = a_case(cast, Stage.SUBMITTED)
    after = Evidence.objects.get(case=case, phase="after")

    page = shown(client, cast.verifier, case, Move.VERIFY)

    assert escape(case.place) in page
    assert case.description in page
    assert reverse("desk:evidence", args=[case.number, after.pk]) in page
    assert cast.handler.name in page
    assert "已更换。" in page
    assert carried(page)["seen"] == after.file.sha256


def test_a_fix_is_not_verified_by_photos_that_were_replaced_meanwhile(
    client: Client, cast: Cast
) -> None:
    case = a_case(cast, Stage.SUBMITTED)
    given = carried(shown(client, cast.verifier, case, Move.VERIFY))
    with transaction.atomic():
        evidence.keep(case, [make_photo()], "after", actor=cast.handler, now=PRESENT)

    refused = client.post(url_of(case, Move.VERIFY), {**given, "note": "现场查看属实。"})

    page = refused.content.decode()
    assert "不是本表单显示过的照片" in page
    assert "现场查看属实。" in page
    case.refresh_from_db()
    assert case.stage == Stage.SUBMITTED
    # The page shows the photos of now, so it can be sent again.
    client.post(url_of(case, Move.VERIFY), {**carried(page), "note": "现场查看属实。"})
    case.refresh_from_db()
    assert case.stage == Stage.VERIFIED


@pytest.mark.parametrize(
    ("stage", "move", "who"),
    [(Stage.SUBMITTED, Move.VERIFY, "verifier"), (Stage.VERIFIED, Move.CLOSE, "coordinator")],
)
def test_nobody_verifies_or_closes_by_a_form_without_the_photos(
    client: Client, cast: Cast, stage: Stage, move: Move, who: str
) -> None:
    case = a_case(cast, stage)
    client.force_login(getattr(cast, who))

    client.post(url_of(case, move), {"version": case.version, "note": "属实。"})

    case.refresh_from_db()
    assert case.stage == stage


def test_the_photos_are_compared_in_the_transaction_of_the_act(cast: Cast) -> None:
    case = a_case(cast, Stage.SUBMITTED)
    seen = evidence.shown_fix(case)

    with pytest.raises(NotSeen):
        verification.verify(
            case=case, actor=cast.verifier, now=PRESENT, note="属实。", seen=seen | {"0" * 64}
        )
    assert verification.verify(
        case=case, actor=cast.verifier, now=PRESENT, note="属实。", seen=seen
    ).verified_by


def test_similar_cases_stand_where_a_report_is_confirmed(client: Client, cast: Cast) -> None:
    case = a_case(cast, title="安全出口被杂物堵住", place="文化活动中心")
    other = a_case(cast, title="安全出口被杂物堵住了", place="文化活动中心")

    for move in (Move.CONFIRM, Move.REJECT):
        assert other.number in shown(client, cast.coordinator, case, move)


def test_a_form_leads_to_the_other_decision(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.SUBMITTED)

    page = shown(client, cast.verifier, case, Move.VERIFY)

    instead = page.partition('class="instead"')[2].partition("</p>")[0]
    assert url_of(case, Move.RETURN) in instead
    assert url_of(case, Move.VERIFY) not in instead
    assert 'class="instead"' not in shown(client, cast.verifier, case, Move.GRADE)


def test_a_form_says_what_will_happen(client: Client, cast: Cast) -> None:
    case = a_case(cast)

    page = shown(client, cast.coordinator, case, Move.CONFIRM)

    assert "环节变为“待交办”" in page
    assert re.search(r"时限“[^”]+”开始计算：\d+", page)
    assert "告知反映人" not in page  # an officer found it


# --------------------------------------------------------------------- afterwards
def confirm(client: Client, case: Case, back: str) -> Any:
    given = {"version": case.version, "grade": "general"}
    return client.post(f"{url_of(case, Move.CONFIRM)}?{back}", given, follow=True)


def test_an_act_leads_back_to_today_and_on_to_the_next_one(client: Client, cast: Cast) -> None:
    first, *_others = (a_case(cast) for _n in range(3))
    client.force_login(cast.coordinator)

    after = confirm(client, first, "back=today&at=0")

    assert after.redirect_chain[-1][0] == reverse("desk:today")
    page = after.content.decode()
    assert f">{first.number}</a>：已确认" in page
    assert re.search(r"（第\d件，共3件）", page)
    # It is said once.
    assert "下一件" not in client.get(reverse("desk:today")).content.decode()


def test_the_next_one_of_the_ledger_is_counted_with_those_that_left_it(
    client: Client, cast: Cast
) -> None:
    a_case(cast), a_case(cast), a_case(cast)
    client.force_login(cast.coordinator)
    query = "back=stage%3Dreported"
    rows = client.get(reverse("desk:ledger"), {"stage": "reported"}).content.decode()
    numbers = re.findall(r'<tr data-row id="([^"]+)"', rows)

    page = confirm(client, Case.objects.get(number=numbers[1]), f"{query}&at=1").content.decode()

    onward = re.search(r'href="([^"]+)" data-next>下一件（第3件，共3件）', page)
    assert onward is not None
    assert onward[1].startswith(f"/desk/cases/{numbers[2]}/?back=stage%3Dreported")
    assert "gone=1" in onward[1]


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "x" * 9999,
    ],
)
def test_no_link_leads_an_act_away_from_the_desk(rf: Any, back: str) -> None:
    way = WayBack.of(rf.get("/desk/", {"back": back}))

    assert way.url.startswith(f"{reverse('desk:ledger')}?")


def test_an_assignment_says_to_whom_and_until_when(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.CONFIRMED)
    client.force_login(cast.coordinator)
    given = {
        "version": case.version,
        "post": cast.post.pk,
        "measures": "清理通道。",
        "budget": "300",
        "deadline_date": (PRESENT + timedelta(days=15)).date().isoformat(),
        "contingency": "专人值守。",
    }

    page = client.post(url_of(case, Move.ASSIGN), given, follow=True).content.decode()

    assert re.search(
        f"已交办：{cast.post.unit.name} · {cast.post.title} · 王整改 · 隐患整改，期限", page
    )


def test_a_look_alike_ends_the_report_as_its_duplicate_with_one_tap(
    client: Client, cast: Cast
) -> None:
    known, case = a_case(cast, Stage.CONFIRMED), a_case(cast)
    page = shown(client, cast.coordinator, case, Move.CONFIRM)
    start = f"{url_of(case, Move.REJECT)}?duplicate_of={known.number}"
    assert start in page

    form = client.get(start).context["form"]

    assert form.initial["reason"] == "duplicate"
    assert form.initial["duplicate_of"] == known.number
    client.post(start, {**form.initial})
    case.refresh_from_db()
    assert (case.stage, case.duplicate_of) == (Stage.REJECTED, known)


def test_a_link_names_no_case_that_is_not_alike(client: Client, cast: Cast) -> None:
    case, other = a_case(cast), a_case(cast, Stage.CLOSED)
    Case.objects.filter(pk=other.pk).update(title="河堤塌陷", description="", place="河堤")
    client.force_login(cast.coordinator)

    answer = client.get(f"{url_of(case, Move.REJECT)}?duplicate_of={other.number}")

    assert "duplicate_of" not in answer.context["form"].initial


def test_the_form_stands_before_the_plan_and_the_timeline(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.SUBMITTED)

    page = shown(client, cast.verifier, case, Move.VERIFY)

    photos, form, plan = (page.index(each) for each in ("<img", 'id="id_note"', "decided-more"))
    assert photos < form < plan


def test_a_return_does_not_promise_a_day_that_its_form_does_not_ask_for(
    client: Client, cast: Cast
) -> None:
    returned = shown(client, cast.verifier, a_case(cast, Stage.SUBMITTED), Move.RETURN)
    assigned = shown(client, cast.coordinator, a_case(cast, Stage.CONFIRMED), Move.ASSIGN)

    assert "截止日期不变" in returned
    assert "您确定的日期" not in returned
    assert "您确定的日期" in assigned
