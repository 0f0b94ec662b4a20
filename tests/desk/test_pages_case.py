"""The page of one case: what it shows, what it offers, and to whom."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.cases import queries
from bihuan.cases.actions import comments, evidence, extensions, handover
from bihuan.cases.actions.undoing import settle
from bihuan.cases.models import Assist, Case
from bihuan.core import lifecycle
from bihuan.core.hazard import HAZARD, Grade, Move, Stage
from bihuan.core.lifecycle import SharedFact
from bihuan.core.powers import Power
from bihuan.core.undoing import WITHIN
from bihuan.hazards import kind
from bihuan.hazards.actions import listing, orders, rectification, verification
from bihuan.orgs.models import Post, Unit, User
from bihuan.receipts.actions import public, publications
from tests.cases.public import told
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.desk.pages import AT_MOST, a_case, offered, page_of
from tests.factories import Cast, bring, make_officer, make_photo, make_plan, make_unit
from tests.hazards import majors

pytestmark = pytest.mark.django_db

NAUGHTY = json.loads(
    (
        Path(__file__).parents[1] / "data" / "hostile_inputs" / "naughty_strings" / "blns_part.json"
    ).read_text(encoding="utf-8")
)


@pytest.mark.parametrize("stage", list(Stage))
def test_the_buttons_are_exactly_the_moves_that_the_rules_permit(
    client: Client, cast: Cast, stage: Stage
) -> None:
    case = a_case(cast, stage)

    for user in (cast.reporter, cast.coordinator, cast.handler, cast.verifier, cast.leader):
        seen = queries.situation(queries.case_for(user, case.number, PRESENT))
        # The form for handing in brings its own evidence.
        seen = replace(seen, facts=seen.facts | {SharedFact.AFTER_EVIDENCE})
        person = queries.person(user, PRESENT)
        allowed = {row.move for row in lifecycle.permitted(HAZARD, seen, person)}
        assert offered(page_of(client, user, case)) == allowed


@pytest.mark.parametrize(
    ("stage", "who", "move"),
    [
        (Stage.REPORTED, "coordinator", Move.CONFIRM),
        (Stage.CONFIRMED, "coordinator", Move.ASSIGN),
        (Stage.ASSIGNED, "handler", Move.START),
        (Stage.RECTIFYING, "handler", Move.SUBMIT),
        (Stage.SUBMITTED, "verifier", Move.VERIFY),
        (Stage.VERIFIED, "coordinator", Move.CLOSE),
        (Stage.CLOSED, "verifier", Move.RECHECK),
    ],
)
def test_the_next_step_is_the_one_primary_button(
    client: Client, cast: Cast, stage: Stage, who: str, move: Move
) -> None:
    case = a_case(cast, stage)

    page = page_of(client, getattr(cast, who), case)

    primary = re.findall(r'class="button button-primary" href="([^"]+)"', page)
    assert primary == [reverse("desk:move", args=[case.number, move])]


def forms_of(client: Client, cast: Cast, case: Case) -> set[str]:
    """The moves of which anybody of the cast is offered a form; each is looked at."""
    seen = set()
    for user in (cast.reporter, cast.coordinator, cast.handler, cast.verifier, cast.leader):
        for move in offered(page_of(client, user, case)):
            response = client.get(reverse("desk:move", args=[case.number, move]))
            assert response.status_code == 200, move
            assert 'name="version"' in response.content.decode(), move
            seen.add(move)
    return seen


def every_situation(cast: Cast) -> Iterator[Case]:
    """A case at each stage, and what else must be so for a move to be offered."""
    handler, leader, coordinator = cast.handler, cast.leader, cast.coordinator
    for stage in Stage:
        yield a_case(cast, stage, grade=Grade.MAJOR)
    yield handover.contest(
        case=a_case(cast, Stage.ASSIGNED), actor=handler, now=PRESENT, note="不归我们管"
    )
    fixing_, later = a_case(cast, Stage.RECTIFYING, grade=Grade.MAJOR), PRESENT + timedelta(days=20)
    until = timezone.localdate(later)
    yield rectification.add_control(
        case=fixing_, actor=handler, now=PRESENT, what="封闭", post=cast.post, expiry_date=until
    )
    chief = make_officer(leader.tenures.get().post.unit, Power.APPROVE, Power.SUPERVISE)
    yield orders.stop_work(case=fixing_, actor=chief, now=PRESENT, note="立即停工")
    yield orders.check_order(
        case=fixing_, actor=cast.verifier, now=PRESENT, complied=True, note="属实"
    )
    yield extensions.ask_extension(
        case=fixing_, actor=handler, now=PRESENT, until_date=until, note="材料未到"
    )
    helped = a_case(cast, Stage.ASSIGNED)
    yield handover.add_assist(
        case=helped, actor=coordinator, now=PRESENT, unit=make_unit(), note="测试"
    )
    from_public = told(cast.post.unit).case
    plan = make_plan(cast.post, deadline_date=until)
    yield bring(from_public, Stage.ASSIGNED, cast=cast, plan=plan, now=PRESENT)
    shown = publications.Shown(title="已整改", text="已整改。")
    publications.publish(case=from_public, actor=coordinator, now=PRESENT, shown=shown)
    rejected = bring(told(cast.post.unit).case, Stage.REJECTED, cast=cast, plan=plan, now=PRESENT)
    settle(now=PRESENT + 2 * WITHIN)
    yield public.rate(case=rejected, solved=False, now=PRESENT)
    yield from_public
    yield from of_a_listing(cast, chief)
    closed = a_case(cast, Stage.CLOSED)
    Case.objects.filter(pk=closed.pk).update(channel="import", import_check="waiting")
    yield closed


def of_a_listing(cast: Cast, chief: User) -> Iterator[Case]:
    """A major hazard that `chief` listed, at each step until the listing ends."""
    handler, later = cast.handler, timezone.localdate(PRESENT + timedelta(days=90))
    case = majors.listed(a_case(cast, Stage.RECTIFYING, grade=Grade.MAJOR), chief, PRESENT)
    yield case
    yield listing.ask_more_time(
        case=case, actor=handler, now=PRESENT, until_date=later, note="材料未到"
    )
    case = majors.listed(a_case(cast, Stage.RECTIFYING, grade=Grade.MAJOR), chief, PRESENT)
    case = majors.planned(case, handler, PRESENT)
    case = rectification.submit(
        case=case, actor=handler, now=PRESENT, note="好", photos=[make_photo()]
    )
    case = verification.verify(case=case, actor=cast.verifier, now=PRESENT, note="属实")
    yield case
    case = majors.accepted(case, cast.verifier, PRESENT)
    yield case
    yield listing.ask_removal(case=case, actor=handler, now=PRESENT, note="条件已满足。")


def test_every_move_of_the_lifecycle_has_a_form_on_the_page(client: Client, cast: Cast) -> None:
    seen: set[str] = set()

    for case in every_situation(cast):
        seen |= forms_of(client, cast, case)

    assert seen == set(kind.PAGES.moves)


def test_htmx_gets_the_form_alone(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    client.force_login(cast.coordinator)

    response = client.get(
        reverse("desk:move", args=[case.number, Move.CONFIRM]), headers={"HX-Request": "true"}
    )

    assert "<html" not in response.content.decode()
    assert 'name="grade"' in response.content.decode()


def test_the_loop_goes_round_through_the_pages(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    due = (timezone.localdate(PRESENT) + timedelta(days=9)).isoformat()
    plan = {"post": cast.post.pk, "measures": "更换", "budget": "800", "deadline_date": due}
    steps: list[tuple[User, Move, dict[str, object], Stage]] = [
        (cast.coordinator, Move.CONFIRM, {"grade": "general"}, Stage.CONFIRMED),
        (cast.coordinator, Move.ASSIGN, {**plan, "contingency": "值守"}, Stage.ASSIGNED),
        (cast.handler, Move.START, {}, Stage.RECTIFYING),
        (cast.handler, Move.SUBMIT, {"note": "换好了", "photos": [make_photo()]}, Stage.SUBMITTED),
        (cast.verifier, Move.VERIFY, {"note": "现场查看"}, Stage.VERIFIED),
        (cast.coordinator, Move.CLOSE, {}, Stage.CLOSED),
    ]

    for user, move, given, stage in steps:
        client.force_login(user)
        case.refresh_from_db()
        response = client.post(
            reverse("desk:move", args=[case.number, move]),
            {"version": case.version, "seen": " ".join(evidence.shown_fix(case)), **given},
        )
        assert response.status_code == 302, response.content.decode()
        case.refresh_from_db()
        assert case.stage == stage


def test_a_stale_form_is_refused_and_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    seen = case.version
    comments.comment(case=case, actor=cast.coordinator, now=PRESENT, note="有人先改了")
    client.force_login(cast.coordinator)
    url = reverse("desk:move", args=[case.number, Move.REJECT])

    response = client.post(url, {"version": seen, "reason": "not_a_hazard", "note": "这里没有隐患"})

    page = response.content.decode()
    case.refresh_from_db()
    assert case.stage == Stage.REPORTED
    assert "这里没有隐患" in page
    assert f'name="version" value="{case.version}"' in page


def test_the_same_form_sent_twice_acts_once(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    client.force_login(cast.coordinator)
    url = reverse("desk:move", args=[case.number, Move.COMMENT])
    seen = case.version
    form = {"version": seen, "note": "请尽快"}

    client.post(url, form)
    second = client.post(url, form)

    case.refresh_from_db()
    assert second.status_code == 200
    assert case.version == seen + 1


def test_a_move_that_is_not_permitted_says_why(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.SUBMITTED)
    client.force_login(cast.handler)

    response = client.get(reverse("desk:move", args=[case.number, Move.VERIFY]))

    assert response.status_code == 403
    assert 'name="version"' not in response.content.decode()


def test_a_move_that_nobody_knows_is_not_found(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    client.force_login(cast.coordinator)

    assert client.get(reverse("desk:move", args=[case.number, "erase"])).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "desk:case",
        "desk:sheet",
        "desk:timeline",
        "desk:clock",
        "desk:evidence",
        "desk:move",
        "desk:batch",
        "desk:sheets",
        "desk:export-chosen",
    ],
)
def test_another_units_case_is_not_found(client: Client, cast: Cast, name: str) -> None:
    case = a_case(cast, Stage.SUBMITTED)
    elsewhere = make_officer(make_unit(make_unit()), *set(Power))
    client.force_login(elsewhere)
    extras: dict[str, list[object]] = {
        "desk:clock": [case.clocks.values_list("pk", flat=True)[0]],
        "desk:evidence": [case.evidence.values_list("pk", flat=True)[0]],
        "desk:move": [Move.COMMENT],
    }
    extra = extras.get(name, [])

    if name in ("desk:batch", "desk:sheets", "desk:export-chosen"):
        args = ["assign"] if name == "desk:batch" else []
        response = client.get(reverse(name, args=args), {"case": case.number})
        assert case.number not in client.get(response.headers["Location"]).content.decode()
        return
    url = reverse(name, args=[case.number, *extra])
    question = {"before": "9"} if name == "desk:timeline" else {}
    assert client.get(url, question).status_code == 404
    if name == "desk:move":
        assert client.post(url, {"version": case.version, "note": "x"}).status_code == 404


def test_evidence_of_one_case_is_not_served_under_another(client: Client, cast: Cast) -> None:
    submitted, other = a_case(cast, Stage.SUBMITTED), a_case(cast)
    client.force_login(cast.coordinator)
    photo = submitted.evidence.get()

    own = client.get(reverse("desk:evidence", args=[submitted.number, photo.pk]))
    assert b"".join(own.streaming_content)  # type: ignore[attr-defined]
    assert client.get(reverse("desk:evidence", args=[other.number, photo.pk])).status_code == 404


@pytest.mark.parametrize("rows", [5, 50])
def test_the_page_costs_the_same_number_of_queries_whatever_it_shows(
    client: Client, cast: Cast, count_queries: CountQueries, rows: int
) -> None:
    case = a_case(cast, Stage.RECTIFYING)
    now = PRESENT
    for number in range(rows):
        comments.comment(case=case, actor=cast.coordinator, now=now, note=f"第{number}条")
        Case.objects.filter(pk=a_case(cast).pk).update(parent=case)
    for number in range(rows // 5):
        comments.record_step(
            case=case, actor=cast.handler, now=now, note="进展", photos=[make_photo(seed=number)]
        )
        rectification.add_control(
            case=case, actor=cast.handler, now=now, what="警示", post=cast.post,
            expiry_date=now.date() + timedelta(days=3),
        )  # fmt: skip
        Assist.objects.create(case=case, unit=make_unit(), task="协助", added_at=now)
    client.force_login(cast.coordinator)
    client.get(case.get_absolute_url())

    with count_queries() as queries:
        response = client.get(case.get_absolute_url())

    assert response.status_code == 200
    assert len(queries) <= AT_MOST, "\n".join(q["sql"][:150] for q in queries)


def test_pending_requests_cost_no_query_more(
    client: Client, cast: Cast, count_queries: CountQueries
) -> None:
    case = a_case(cast, Stage.ASSIGNED)
    client.force_login(cast.handler)
    until = (timezone.localdate(PRESENT) + timedelta(days=40)).isoformat()
    for move, given in (
        (Move.ASK_EXTENSION, {"until_date": until, "note": "配件未到"}),
        (Move.CONTEST, {"note": "产权属于水务局"}),
    ):
        case.refresh_from_db()
        url = reverse("desk:move", args=[case.number, move])
        assert client.post(url, {"version": case.version, **given}).status_code == 302

    client.get(case.get_absolute_url())  # what was done last is said once
    with count_queries() as queries:
        page = client.get(case.get_absolute_url()).content.decode()

    assert len(queries) <= AT_MOST
    assert "配件未到" in page
    assert "产权属于水务局" in page


def test_nothing_that_was_typed_becomes_markup(client: Client, cast: Cast) -> None:
    case = a_case(cast)
    hostile = [text for text in NAUGHTY if "<" in text and "\x00" not in text][:80]
    client.force_login(cast.coordinator)

    for start in range(0, len(hostile), 20):
        case.refresh_from_db()
        client.post(
            reverse("desk:move", args=[case.number, Move.AMEND]),
            {
                "version": case.version,
                "title": hostile[start][:200],
                "place": "<img src=x onerror=alert(1)>",
                "description": "\n".join(hostile[start : start + 20])[:4000],
                "note": "<script>alert(1)</script>",
            },
        )

    for url in (
        case.get_absolute_url(),
        reverse("desk:sheet", args=[case.number]),
        reverse("desk:ledger"),
    ):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert set(re.findall(r"<script[^>]*>", page)) <= set(
            re.findall(r'<script (?:type="module" )?src="/static/[^>]*>', page)
        )


def timeline_of(page: str) -> str:
    return page[page.index('id="timeline') :].partition("</section>")[0]


def test_the_timeline_has_the_english_names_of_units_and_posts(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.ASSIGNED)
    unit = cast.post.unit
    Unit.objects.filter(pk=unit.pk).update(name_en="Twin River Town")
    Post.objects.filter(pk=cast.post.pk).update(title_en="Safety clerk")

    chinese = timeline_of(page_of(client, cast.coordinator, case))
    User.objects.filter(pk=cast.coordinator.pk).update(language="en")
    english = timeline_of(page_of(client, cast.coordinator, case))

    for name, name_en in ((unit.name, "Twin River Town"), (cast.post.title, "Safety clerk")):
        assert name in chinese
        assert name_en in english
        assert name not in english
