"""The pages of a mediation: buttons, forms, and papers that only the unit that mediates reads."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from bihuan.cases import queries
from bihuan.cases.models import REPORTER, Case
from bihuan.core import lifecycle
from bihuan.core.mediation import MEDIATION, Move, Stage
from bihuan.core.powers import Power
from bihuan.mediations import wording
from bihuan.mediations.actions import applications, parties, proceedings
from bihuan.mediations.models import Mediation, Party, Session
from bihuan.orgs.models import User
from bihuan.receipts import codes
from bihuan.receipts.actions import desk_codes
from bihuan.receipts.models import Message, TrackingCode
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.desk.pages import page_of
from tests.factories import make_officer
from tests.mediations import table
from tests.mediations.table import (
    BOTH,
    OTHER,
    TERMS,
    B,
    Office,
    agreed,
    announced,
    at,
    begun,
    brought,
    confirmed,
    drafted,
    items_of,
    named,
)

pytestmark = pytest.mark.django_db
# Queries, whatever a page shows; one is for unread notices.
AT_MOST = 13
OPEN = [Stage.BROUGHT, Stage.MEDIATING, Stage.DRAFTED, Stage.AGREED]


def send(client: Client, user: User, case: Case, move: Move, **data: object) -> Case:
    """Fill in the form of a move and send it; it must go through."""
    client.force_login(user)
    case.refresh_from_db()
    url = reverse("desk:move", args=[case.number, move])
    response = client.post(url, {"version": case.version, **data})
    assert response.status_code == 302, response.content.decode()
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("stage", OPEN)
def test_the_buttons_are_exactly_the_moves_that_the_rules_permit(
    client: Client, office_now: Office, stage: Stage
) -> None:
    case = at(office_now, stage)

    client.force_login(office_now.auditor)
    assert client.get(reverse("desk:case", args=[case.number])).status_code == 404
    for user in (office_now.coordinator, office_now.mediator):
        seen = queries.situation(queries.case_for(user, case.number, PRESENT))
        person = queries.person(user, PRESENT)
        allowed = {row.move for row in lifecycle.permitted(MEDIATION, seen, person)}
        page = page_of(client, user, case)
        shown = re.findall(r'<a [^>]*href="/desk/cases/[^/]+/([a-z_]+)/"[^>]*hx-get', page)
        assert set(shown) == allowed - {Move.INVITE}


@pytest.mark.parametrize("stage", OPEN)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_every_stage_can_be_read(
    client: Client, office_now: Office, stage: Stage, language: str
) -> None:
    case = at(office_now, stage)
    client.force_login(office_now.coordinator)
    client.cookies["django_language"] = language
    rows = lifecycle.permitted(
        MEDIATION, queries.situation(case), queries.person(office_now.coordinator, PRESENT)
    )
    pages = [
        reverse("desk:sheet", args=[case.number]),
        reverse("mediations:mediation-record", args=[case.number]),
    ]
    pages += [
        reverse("desk:move", args=[case.number, row.move]) for row in rows if row.move != "invite"
    ]

    for page in pages:
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("stage", OPEN)
def test_the_case_page_asks_few_questions(
    client: Client, office_now: Office, stage: Stage, count_queries: CountQueries
) -> None:
    case = at(office_now, stage)
    page_of(client, office_now.mediator, case)

    with count_queries() as queries_:
        client.get(case.get_absolute_url())

    assert len(queries_) <= AT_MOST, "\n".join(
        q["sql"][:90] + " … " + q["sql"][-130:] for q in queries_
    )


def test_a_mediation_goes_through_its_forms(client: Client, office_now: Office) -> None:
    office, case = office_now, brought(office_now, other=None).case
    today = localdate(PRESENT)

    send(client, office.mediator, case, Move.ADD_PARTY, name="孙某乙", call_me="13900000002")
    send(client, office.coordinator, case, Move.NAME_MEDIATOR, post=office.post.pk)
    parties.consent(case=case, slot=B, now=PRESENT)
    send(client, office.mediator, case, Move.BEGIN, is_open="no")
    later = timezone.localtime(PRESENT + timedelta(days=2))
    send(
        client,
        office.mediator,
        case,
        Move.MEET,
        meets_at=f"{later:%Y-%m-%dT%H:%M}",
        place="村委会调解室",
    )
    session = Session.objects.get()
    Session.objects.update(meets_at=PRESENT)
    send(client, office.mediator, case, Move.HOLD, session=session.pk, record="双方各退一步。")
    terms = {"terms": TERMS, "what_1": "修围墙", "due_1": today, "what_2": "付款", "due_2": today}
    send(client, office.mediator, case, Move.DRAFT, **terms)
    for slot in BOTH:
        digest = table.text_of(case).digest
        parties.confirm(case=case, slot=slot, now=PRESENT, digest=digest)
    send(client, office.mediator, case, Move.CONCLUDE, effective_date=today)
    for item in items_of(case):
        kept = {"item": item.pk, "outcome": "kept", "record": "已回访。"}
        send(client, office.mediator, case, Move.NOTE_PERFORMANCE, **kept)
    send(client, office.coordinator, case, Move.FINISH, note="全部履行。")

    assert case.stage == Stage.PERFORMED


def test_a_promise_needs_both_its_words_and_its_day(client: Client, office_now: Office) -> None:
    case = begun(office_now)
    client.force_login(office_now.mediator)
    url = reverse("desk:move", args=[case.number, Move.DRAFT])
    today = localdate(PRESENT)

    page = client.post(
        url,
        {
            "version": Case.objects.get().version,
            "terms": TERMS,
            "what_1": "修围墙",
            "due_1": today,
            "what_2": "付款",
            "due_3": today,
        },
    ).content.decode()

    assert 'id="id_due_2_error"' in page
    assert 'id="id_what_3_error"' in page
    assert Case.objects.get().stage == Stage.MEDIATING


def test_a_follow_up_that_found_nothing_yet_needs_a_day(client: Client, office_now: Office) -> None:
    case = agreed(office_now)
    client.force_login(office_now.mediator)
    case.refresh_from_db()
    data = {"version": case.version, "item": items_of(case)[0].pk, "record": "未付"}

    url = reverse("desk:move", args=[case.number, Move.NOTE_PERFORMANCE])
    page = client.post(url, {**data, "outcome": "later"}).content.decode()

    assert 'id="id_again_date_error"' in page


def test_a_question_goes_to_one_party_alone(client: Client, office_now: Office) -> None:
    case = begun(office_now)
    party = Party.objects.get(slot=B)

    send(client, office_now.mediator, case, Move.ASK_REPORTER, party=party.pk, note="有照片吗？")

    assert Message.objects.get(kind="question").slot == B


# --------------------------------------------------------------------- privacy
def test_terms_and_records_are_read_in_the_unit_that_mediates_and_nowhere_else(
    client: Client, office_now: Office
) -> None:
    case = begun(office_now)
    session = announced(office_now, case, office_now.now + timedelta(hours=1))
    office_now.now += timedelta(hours=2)
    proceedings.hold(
        case=case,
        actor=office_now.mediator,
        now=office_now.now,
        session=session,
        record="密谈内容",
    )
    drafted(office_now, case)
    above = make_officer(office_now.county, Power.COORDINATE, Power.HANDLE)
    papers = [
        reverse(f"mediations:mediation-{name}", args=[case.number])
        for name in ("record", "agreement")
    ]

    for user, status in ((office_now.mediator, 200), (above, 404), (office_now.auditor, 404)):
        page = page_of(client, user, case)
        sheet = client.get(reverse("desk:sheet", args=[case.number])).content.decode()
        for text in (page, sheet):
            assert "修复围墙" not in text
            assert "密谈内容" not in text
        assert [client.get(url).status_code for url in papers] == [status, status]


@pytest.mark.parametrize("move", [Move.DRAFT, Move.NOTE_PERFORMANCE])
def test_no_form_shows_the_terms_to_a_unit_above(
    client: Client, office_now: Office, move: Move
) -> None:
    case = confirmed(office_now)
    if move is Move.DRAFT:
        proceedings.take_back(case=case, actor=office_now.mediator, now=office_now.now, note="再议")
    else:
        proceedings.conclude(
            case=case,
            actor=office_now.mediator,
            now=office_now.now,
            effective_date=localdate(office_now.now),
        )
    above = make_officer(office_now.county, Power.COORDINATE, Power.HANDLE)
    url = reverse("desk:move", args=[case.number, move])

    client.force_login(above)
    assert "修复围墙" not in client.get(url).content.decode()
    client.force_login(office_now.mediator)
    assert "修复围墙" in client.get(url).content.decode()


def test_whoever_declared_an_interest_finds_nothing_any_more(
    client: Client, office_now: Office
) -> None:
    case = begun(office_now)
    client.force_login(office_now.mediator)

    proceedings.declare_interest(
        case=case, actor=office_now.mediator, now=office_now.now, note="亲戚"
    )

    assert client.get(case.get_absolute_url()).status_code == 404
    assert client.get(reverse("mediations:mediation-record", args=[case.number])).status_code == 404
    assert case.number not in client.get(reverse("desk:today")).content.decode()


def test_the_agreement_is_printed_for_each_party_and_the_file(
    client: Client, office_now: Office
) -> None:
    case = drafted(office_now)
    client.force_login(office_now.mediator)

    page = client.get(
        reverse("mediations:mediation-agreement", args=[case.number])
    ).content.decode()

    assert page.count('<article class="copy">') == 3
    assert page.count(wording.grouped(table.text_of(case).digest)) == 3
    assert OTHER.name not in page


# ------------------------------------------------------------------ invitation
def test_the_invitation_is_shown_once_and_kept_nowhere(client: Client, office_now: Office) -> None:
    case = brought(office_now).case
    client.force_login(office_now.mediator)
    url = reverse("mediations:mediation-invitation", args=[case.number, B])

    assert client.get(url).status_code == 200
    slip = client.post(url)
    again = client.post(url)

    page = slip.content.decode()
    shown = re.search(r'<p class="code">([0-9 ]+)</p>', page)
    assert shown is not None
    quick, _slow = codes.every_hash(codes.understood(shown[1]))
    kept = TrackingCode.objects.get(case=case, slot=B)
    assert bytes(kept.quick_hash or b"") in quick
    assert "no-store" in slip.headers["Cache-Control"]
    assert "data:image/png;base64," in page
    assert OTHER.name not in page
    assert "请在 http://testserver/track/ 输入查询码" in page
    assert shown[1] not in again.content.decode()


@pytest.mark.parametrize("slot", ["party-9", REPORTER])
def test_only_a_party_that_was_named_is_invited(
    client: Client, office_now: Office, slot: str
) -> None:
    case = brought(office_now).case
    client.force_login(office_now.mediator)

    response = client.post(reverse("mediations:mediation-invitation", args=[case.number, slot]))

    assert response.status_code == (404 if slot == "party-9" else 200)
    assert TrackingCode.objects.filter(case=case).count() == 1


def test_a_hazard_has_no_papers_of_a_mediation(client: Client, office_now: Office) -> None:
    case = brought(office_now).case
    Mediation.objects.all().delete()
    Case.objects.update(kind="hazard")
    client.force_login(office_now.mediator)

    assert client.get(reverse("mediations:mediation-record", args=[case.number])).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Application date"), ("zh-hans", "申请日期")]
)
def test_the_facts_say_since_when_it_was_brought(
    client: Client, office_now: Office, language: str, words: str
) -> None:
    case = begun(office_now)
    client.force_login(office_now.mediator)
    client.cookies["bihuan_language"] = language

    page = client.get(case.get_absolute_url()).content.decode()

    assert f"<dt>{words}</dt>" in page
    assert not any(f"<dt>{each}</dt>" in page for each in ("Reported", "上报"))


def test_the_page_says_of_everything_which_party_it_is(client: Client, office_now: Office) -> None:
    """Two who agree, two who are told and two who hold a code are never both “the reporter”."""
    case = named(office_now)
    applications.invite(case=case, slot=B, actor=office_now.mediator, now=PRESENT, form_key="slip")
    for slot in BOTH:
        code = TrackingCode.objects.get(case=case, slot=slot)
        desk_codes.hold(code=code.pk, act="party-consent", values={}, now=PRESENT)
        parties.consent(case=case, slot=slot, now=PRESENT)

    page = page_of(client, office_now.mediator, case)

    assert "反映人" not in page
    for whose in ("甲方（申请人）", "乙方"):
        assert f"我同意调解</b> · {whose} · " in page
        assert f'<span class="what">同意调解</span> <span>{whose}</span>' in page
        assert f"→ <b>{whose}</b>" in page
