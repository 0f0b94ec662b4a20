"""The grievance on the shared pages: buttons, forms, facts, the sheet, the opinion, Today."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases import kind_wording, queries
from bihuan.cases.models import Case
from bihuan.core import lifecycle, procedure
from bihuan.core.grievance import GRIEVANCE, Move, Stage
from bihuan.grievances import grievance_agenda, letters
from bihuan.grievances.actions import deadline_extension, handling, reviews, transfers
from bihuan.grievances.kind import grievance
from bihuan.orgs.models import Post, User
from tests.agenda import next_move
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.desk.pages import offered
from tests.grievances.offices import Realm, bring, read, review, take

pytestmark = pytest.mark.django_db

# Queries, whatever a page shows; one is for the acts that can be undone, one for unread notices.
AT_MOST = 15
EVERY = [
    Stage.RECEIVED, Stage.ACCEPTED, Stage.HANDLING, Stage.DRAFTED, Stage.REPLIED, Stage.CLOSED,
]  # fmt: skip


@pytest.fixture
def now() -> datetime:
    return PRESENT


def page_of(client: Client, user: User, case: Case, language: str = "zh-hans") -> str:
    client.force_login(user)
    client.cookies["bihuan_language"] = language
    response = client.get(case.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def people(realm: Realm) -> list[User]:
    offices = (realm.town, realm.county)
    return [who for each in offices for who in (each.coordinator, each.handler, each.head)]


@pytest.mark.parametrize("stage", EVERY)
def test_the_buttons_are_exactly_the_moves_that_the_rules_permit(
    client: Client, realm: Realm, stage: Stage, now: datetime
) -> None:
    case = bring(realm.town, stage, now=now)

    for user in people(realm):
        seen = queries.situation(queries.case_for(user, case.number, now))
        rows = lifecycle.permitted(GRIEVANCE, seen, queries.person(user, now))
        assert offered(page_of(client, user, case)) == {row.move for row in rows}


def test_every_move_of_an_officer_has_a_button_and_every_act_has_words() -> None:
    office = {row.move for row in GRIEVANCE.transitions if row.powers} - {Move.RECEIVE}
    public = {row.move for row in GRIEVANCE.transitions if row.public} - {Move.RECEIVE}
    unsaid = {Move.REPORT_RETALIATION}  # never stands on the timeline of the case

    assert set(grievance.PAGES.moves) == office
    for act in (office | public | {"letter_seen"}) - unsaid:
        assert kind_wording.act_words(grievance.KIND, act) != act, act
    assert set(grievance.STAGES) == set(Stage)


def test_every_path_has_a_letter() -> None:
    for ruled in procedure.every():
        for way in ruled.ways.values():
            what = "accepted" if way.answered else "redirected"
            said = str(letters.LETTERS[f"{what}/{ruled.id}/{way.id}"])
            assert way.advice.zh in said or way.advice.en in said


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("stage", EVERY)
def test_each_button_leads_to_a_form(
    client: Client, realm: Realm, stage: Stage, language: str, now: datetime
) -> None:
    case = bring(realm.town, stage, now=now)

    for user in (realm.town.coordinator, realm.town.handler, realm.town.head):
        for move in offered(page_of(client, user, case, language)):
            response = client.get(reverse("desk:move", args=[case.number, move]))
            assert response.status_code == 200, move
            assert 'name="version"' in response.content.decode(), move


@pytest.mark.parametrize("act", ["transfer", "review", "hearing", "extension"])
def test_the_page_stays_within_its_questions_in_whatever_state(
    client: Client, realm: Realm, count_queries: CountQueries, act: str, now: datetime
) -> None:
    case = _brought(realm, act, now)
    user = realm.county.coordinator
    page_of(client, user, case)

    with count_queries() as asked:
        assert client.get(case.get_absolute_url()).status_code == 200

    assert len(asked) <= AT_MOST, "\n".join(each["sql"][:140] for each in asked)


def _brought(realm: Realm, act: str, now: datetime) -> Case:
    town = realm.town
    if act == "transfer":
        return transfers.transfer(
            case=bring(town, now=now), actor=town.coordinator, now=now, unit=realm.bureau.unit,
            note="住建部门职责",
        )  # fmt: skip
    if act == "extension":
        case = bring(town, Stage.HANDLING, now=now)
        return deadline_extension.ask_extension(
            case=case, actor=town.handler, now=now, days=20, note="复杂"
        )
    case = bring(town, Stage.REPLIED, now=now)
    read(case, now)
    case = review(case, realm.county, now=now)
    if act == "hearing":
        case = reviews.ask_review(case=case, note="不服", now=now)
        handler = realm.city.handler
        return reviews.begin_hearing(case=case, actor=handler, now=now, note="听证")
    return case


# ------------------------------------------------------------------ by a browser
def post(client: Client, user: User, case: Case, move: Move, **given: object) -> Case:
    client.force_login(user)
    case.refresh_from_db()
    data = {"version": case.version, **given}
    response = client.post(reverse("desk:move", args=[case.number, move]), data)
    assert response.status_code == 302, response.content.decode()[-3000:]
    case.refresh_from_db()
    return case


OPINION = {
    "request": "补发工资", "facts": "拖欠属实", "reasons": "应当支付", "decision": "support",
    "basis": "条例第三条",
}  # fmt: skip


def test_the_whole_way_goes_through_the_pages(client: Client, realm: Realm, now: datetime) -> None:
    town, case = realm.town, take(realm.town.unit, now=now).case

    case = post(client, town.coordinator, case, Move.CLASSIFY, way="request")
    case = post(client, town.coordinator, case, Move.ACCEPT, note="")
    case = post(client, town.coordinator, case, Move.SET_LEAD, post=_head_post(realm))
    case = post(client, town.coordinator, case, Move.ASSIGN, post=town.post.pk)
    case = post(client, town.handler, case, Move.RECORD_STEP, note="已约谈")
    case = post(client, town.handler, case, Move.ASK_EXTENSION, days=10, note="复杂")
    case = post(client, town.head, case, Move.DECIDE_EXTENSION, granted="yes", note="复杂")
    case = post(client, town.handler, case, Move.DRAFT, **OPINION)
    case = post(client, town.head, case, Move.SEND_BACK, note="再核实")
    case = post(client, town.handler, case, Move.DRAFT, **OPINION)
    case = post(client, town.head, case, Move.ISSUE, note="")
    reviews.ask_review(case=case, note="不服", now=PRESENT)
    county = realm.county
    case = post(client, county.handler, case, Move.DRAFT_REVIEW, **OPINION, outcome="changed")
    case = post(client, county.head, case, Move.ISSUE_REVIEW, note="")
    case = post(client, county.coordinator, case, Move.CLOSE, note="")

    assert case.stage == "closed"
    page = page_of(client, county.coordinator, case)
    for word in ("处理意见书", "复查意见书", "拖欠属实", "变更", "申请行政复议"):
        assert word in page


def _head_post(realm: Realm) -> int:
    return Post.objects.get(tenures__member=realm.town.head).pk


def test_a_transfer_and_its_objection_go_through_the_pages(
    client: Client, realm: Realm, now: datetime
) -> None:
    town, bureau, case = realm.town, realm.bureau, bring(realm.town, now=now)

    case = post(client, town.coordinator, case, Move.TRANSFER, unit=bureau.unit.pk, note="职责")
    case = post(client, bureau.coordinator, case, Move.OBJECT, note="不属于我局")
    assert "不属于我局" in page_of(client, town.coordinator, case)
    case = post(client, town.coordinator, case, Move.ANSWER_OBJECTION, agreed="no", note="职责明确")

    assert (case.stage, case.owner) == ("received", bureau.unit)


def test_a_unit_that_is_complained_of_is_not_offered(
    client: Client, realm: Realm, now: datetime
) -> None:
    case = take(realm.town.unit, now=now, about_units=(realm.bureau.unit,)).case
    case = bring(realm.county, case=case, now=now)
    client.force_login(realm.county.coordinator)

    form = client.get(reverse("desk:move", args=[case.number, Move.TRANSFER])).content.decode()

    assert f'value="{realm.town.unit.pk}"' in form
    assert f'value="{realm.bureau.unit.pk}"' not in form


def test_whoever_declares_an_interest_is_led_away_and_sees_it_no_more(
    client: Client, realm: Realm, now: datetime
) -> None:
    case = bring(realm.town, Stage.HANDLING, now=now)

    case = post(client, realm.town.handler, case, Move.DECLARE_INTEREST, note="亲属")

    assert client.get(case.get_absolute_url()).status_code == 404
    client.force_login(realm.town.coordinator)
    assign = client.get(reverse("desk:move", args=[case.number, Move.ASSIGN])).content.decode()
    assert f'value="{realm.town.post.pk}"' not in assign


def test_a_refusal_is_explained_beside_what_was_typed(
    client: Client, realm: Realm, now: datetime
) -> None:
    case = take(realm.town.unit, now=now).case
    client.force_login(realm.town.coordinator)
    given = {"version": case.version, "way": "request", "simple": "on", "exclusions": "not_first"}

    response = client.post(reverse("desk:move", args=[case.number, Move.CLASSIFY]), given)

    page = response.content.decode()
    assert response.status_code == 200
    assert "不适用简易办理" in page
    assert "不是初次反映" in page


# ------------------------------------------------------------- printed, and Today
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["处理意见书", "法律政策依据", "予以支持", "请求复查", "自收到之日起30日内"]),
        ("en", ["Written opinion", "Legal basis", "supported", "within 30 days of receipt"]),
    ],
)
def test_the_opinion_is_a_page_to_print(
    client: Client, realm: Realm, language: str, words: list[str], now: datetime
) -> None:
    case = bring(realm.town, Stage.REPLIED, now=now)
    client.force_login(realm.town.head)
    client.cookies["bihuan_language"] = language

    page = client.get(reverse("grievances:opinion", args=[case.number, "answer"])).content.decode()

    for word in [*words, "双河镇", case.number]:
        assert word in page


def test_a_draft_and_a_case_out_of_sight_are_not_printed(
    client: Client, realm: Realm, now: datetime
) -> None:
    case = bring(realm.town, Stage.DRAFTED, now=now)
    address = reverse("grievances:opinion", args=[case.number, "answer"])

    client.force_login(realm.town.head)
    assert client.get(address).status_code == 404
    issued = bring(realm.town, Stage.REPLIED, now=now)
    client.force_login(realm.bureau.head)
    assert (
        client.get(reverse("grievances:opinion", args=[issued.number, "answer"])).status_code == 404
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_sheet_shows_who_answered_what(
    client: Client, realm: Realm, language: str, now: datetime
) -> None:
    case = bring(realm.town, Stage.CLOSED, now=now)
    client.force_login(realm.town.coordinator)
    client.cookies["bihuan_language"] = language

    page = client.get(reverse("desk:sheet", args=[case.number])).content.decode()

    assert case.number in page
    assert "拖欠属实" in page


def waiting(user: User, now: datetime) -> list[tuple[str, str]]:
    """The moves that wait for this officer, with the numbers of their cases."""
    found = grievance_agenda.waiting(user, now)
    return [(task.number, next_move(task)) for section in found for task in section.items]


@pytest.mark.parametrize(
    ("stage", "who", "move"),
    [
        (Stage.RECEIVED, "coordinator", Move.ACCEPT),
        (Stage.ACCEPTED, "coordinator", Move.ASSIGN),
        (Stage.HANDLING, "handler", Move.DRAFT),
        (Stage.DRAFTED, "head", Move.ISSUE),
    ],
)
def test_today_names_the_next_step_for_whoever_makes_it(
    realm: Realm, stage: Stage, who: str, move: Move, now: datetime
) -> None:
    case = bring(realm.town, stage, now=now)

    assert waiting(getattr(realm.town, who), now) == [(case.number, move)]
    for other in {"coordinator", "handler", "head"} - {who}:
        assert waiting(getattr(realm.town, other), now) == []
    assert waiting(realm.bureau.coordinator, now) == []


def test_today_tells_what_was_passed_on_and_what_is_objected_to(
    realm: Realm, now: datetime
) -> None:
    case = _brought(realm, "transfer", now)
    assert waiting(realm.bureau.coordinator, now) == [(case.number, Move.TAKE_OVER)]
    assert waiting(realm.town.coordinator, now) == []

    transfers.object_(case=case, actor=realm.bureau.coordinator, now=now, note="不属于")

    assert waiting(realm.bureau.coordinator, now) == []
    assert waiting(realm.town.coordinator, now) == [(case.number, Move.ANSWER_OBJECTION)]


def test_today_tells_the_head_that_more_time_is_asked_for(realm: Realm, now: datetime) -> None:
    case = _brought(realm, "extension", now)

    assert waiting(realm.town.head, now) == [(case.number, Move.DECIDE_EXTENSION)]


def test_a_review_waits_for_those_above_who_took_no_part(realm: Realm, now: datetime) -> None:
    case = bring(realm.town, Stage.REPLIED, now=now)

    reviews.ask_review(case=case, note="不服", now=now)

    assert waiting(realm.county.handler, now) == [(case.number, Move.DRAFT_REVIEW)]
    assert waiting(realm.town.handler, now) == []


def test_what_is_shut_to_somebody_does_not_wait_for_them(realm: Realm, now: datetime) -> None:
    shut = bring(realm.town, now=now)
    handling.declare_interest(case=shut, actor=realm.town.coordinator, now=now, note="亲属")
    secret = take(realm.town.unit, now=now, way="accusation").case

    assert waiting(realm.county.coordinator, now) == [(shut.number, Move.ACCEPT)]
    assert waiting(realm.town.coordinator, now) == [(secret.number, Move.ACCEPT)]


def test_today_asks_one_question_about_grievances(
    realm: Realm, count_queries: CountQueries, now: datetime
) -> None:
    for _ in range(3):
        bring(realm.town, now=now)
    user = realm.town.coordinator
    queries.person(user, now)

    with count_queries() as asked:
        assert len(waiting(user, now)) == 3

    assert len(asked) == 1


@pytest.mark.parametrize(
    ("language", "words", "others"),
    [
        ("en", ("First received by", "Received"), ("Found at", "Reported")),
        ("zh-hans", ("首接单位", "收到"), ("发现单位", "上报")),
    ],
)
def test_the_facts_say_who_received_it_and_not_who_found_it(
    client: Client,
    realm: Realm,
    now: datetime,
    language: str,
    words: tuple[str, str],
    others: tuple[str, str],
) -> None:
    case = reviews.ask_review(case=bring(realm.town, Stage.REPLIED, now=now), note="不服", now=now)

    page = page_of(client, realm.county.head, case, language)

    assert all(f"<dt>{each}</dt>" in page for each in words)
    assert not any(f"<dt>{each}</dt>" in page for each in others)
