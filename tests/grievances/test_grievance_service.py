"""A written answer that is served on paper: from that day counts what may be done against it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from bihuan.cases.models import Case
from bihuan.clocks.actions.running import last_day, local_date
from bihuan.core import procedure
from bihuan.core.deadlines import Due
from bihuan.core.grievance import GrievanceFact, Move, Service, Stage
from bihuan.core.lifecycle import FactMissing
from bihuan.core.refusal import NotAllowed, WrongStage
from bihuan.grievances import grievance_agenda, wording
from bihuan.grievances.actions import reviews
from bihuan.grievances.models import Opinion
from bihuan.grievances.queries import remedies
from bihuan.grievances.refusals import NotServedThen, UnknownService
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from bihuan.receipts.models import Message
from bihuan.receipts.wording import letters
from tests.agenda import next_move
from tests.at_once import at_once
from tests.clock import PRESENT
from tests.factories import NOW, make_photo
from tests.grievances.offices import DAY, Realm, bring, make_realm, read, review, running

pytestmark = pytest.mark.django_db
# The answer of these tests is issued on Tuesday 15 September 2026.
ISSUED = local_date(NOW)


def serve(case: Case, actor: User, *, days: int = 7, after: int = 9, **options: Any) -> Case:
    """Served so many days after the issue, which is recorded so many days after it."""
    given = {"service": Service.HANDED, **options}
    return reviews.serve(
        case=case, actor=actor, now=NOW + after * DAY, served_date=ISSUED + timedelta(days), **given
    )


@pytest.mark.parametrize("stage", [Stage.REPLIED, Stage.CLOSED])
def test_the_window_for_a_review_opens_on_the_day_of_service(realm: Realm, stage: Stage) -> None:
    case = serve(bring(realm.town, stage), realm.town.handler)

    (window,) = running(case).values()
    assert (window.rule_id, local_date(window.started_at)) == ("PET-10", date(2026, 9, 22))
    # 30 days from 22 September.
    assert local_date(window.due_at) == date(2026, 10, 22)
    assert case.stage == stage
    assert remedies(case)[0].until == Due(date(2026, 10, 22))


def test_the_window_for_a_re_review_opens_with_the_service_of_the_review(realm: Realm) -> None:
    case = review(bring(realm.town, Stage.REPLIED), realm.county, now=NOW)

    case = serve(case, realm.county.coordinator)

    (window,) = running(case).values()
    assert (window.rule_id, local_date(window.due_at)) == ("PET-12", date(2026, 10, 22))


def test_the_last_answer_is_served_and_opens_no_window(realm: Realm) -> None:
    case = review(bring(realm.town, Stage.REPLIED), realm.county, now=NOW)
    case = review(case, realm.city, now=NOW, round=Opinion.Round.REREVIEW)

    case = serve(case, realm.city.head)

    assert running(case) == {}
    assert case.opinions.get(round="rereview").received_at is not None


@pytest.mark.parametrize("way", ["duty", "accusation"])
def test_what_has_no_review_is_served_without_a_window(realm: Realm, way: str) -> None:
    case = serve(bring(realm.town, Stage.REPLIED, way=way), realm.town.handler)

    assert running(case) == {}
    assert case.opinions.get().served_way == Service.HANDED


def test_on_the_day_of_its_issue_it_is_not_served_before_that(realm: Realm) -> None:
    case = serve(bring(realm.town, Stage.REPLIED), realm.town.handler, days=0, after=0)

    assert case.opinions.get().served_at == NOW


# ------------------------------------------------------- which of the two counts
def test_whoever_was_served_and_reads_it_later_has_no_new_window(realm: Realm) -> None:
    case = serve(bring(realm.town, Stage.REPLIED), realm.town.handler)

    read(case, NOW + 20 * DAY)

    (window,) = running(case).values()
    assert last_day(window) == remedies(case)[0].until == Due(date(2026, 10, 22))
    assert case.clocks.filter(rule_id="PET-10").count() == 1


@pytest.mark.parametrize("days", [2, 6])
def test_what_was_read_is_not_served_before_or_after(realm: Realm, days: int) -> None:
    case = bring(realm.town, Stage.REPLIED)
    read(case, NOW + 4 * DAY)

    with pytest.raises(FactMissing) as refused:
        serve(case, realm.town.handler, days=days)

    assert refused.value.fact is GrievanceFact.UNSERVED
    assert local_date(running(case)["PET-10"].due_at) == date(2026, 10, 19)


def test_service_is_recorded_once(realm: Realm) -> None:
    case = serve(bring(realm.town, Stage.REPLIED), realm.town.handler)

    with pytest.raises(FactMissing) as refused:
        serve(case, realm.town.handler, days=2)

    assert refused.value.fact is GrievanceFact.UNSERVED


def test_a_review_asked_for_after_the_window_of_service_is_late_and_taken(realm: Realm) -> None:
    case = serve(bring(realm.town, Stage.REPLIED), realm.town.handler)

    case = reviews.ask_review(case=case, note="不服", now=NOW + 60 * DAY)

    case.grievance.refresh_from_db()
    assert (case.stage, case.grievance.asked_late) == ("reviewing", True)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_read_and_served_at_the_same_moment_it_counts_once() -> None:
    realm = make_realm()
    case = bring(realm.town, Stage.REPLIED)

    at_once(lambda: read(case, NOW + 9 * DAY), lambda: serve(case, realm.town.handler))

    assert case.clocks.filter(rule_id="PET-10").count() == 1
    (window,) = running(case).values()
    assert last_day(window) == remedies(case)[0].until


# ------------------------------------------------------------------ refused
@pytest.mark.parametrize("days", [-1, 10])
def test_no_letter_is_served_before_its_issue_or_in_the_future(realm: Realm, days: int) -> None:
    case = bring(realm.town, Stage.REPLIED)

    with pytest.raises(NotServedThen) as refused:
        serve(case, realm.town.handler, days=days)

    with translation.override("en"):
        assert "15 Sep 2026" in wording.explain(refused.value)
    assert running(case) == {}


@pytest.mark.parametrize("stage", [Stage.HANDLING, Stage.DRAFTED])
def test_nothing_is_served_before_there_is_an_answer(realm: Realm, stage: Stage) -> None:
    with pytest.raises(WrongStage):
        serve(bring(realm.town, stage), realm.town.handler)


def test_only_the_unit_that_answered_last_records_the_service(realm: Realm) -> None:
    case = bring(realm.town, Stage.REPLIED)
    with pytest.raises(NotAllowed):
        serve(case, realm.bureau.handler)

    case = review(case, realm.county, now=NOW)
    with pytest.raises(NotAllowed):
        serve(case, realm.town.handler)


def test_the_database_refuses_a_service_before_the_issue_and_one_in_no_way(realm: Realm) -> None:
    opinion = bring(realm.town, Stage.REPLIED).opinions.get()

    for served_at, way in [(NOW - DAY, "handed"), (NOW + DAY, ""), (None, "handed")]:
        opinion.served_at, opinion.served_way = served_at, way
        with pytest.raises(IntegrityError), transaction.atomic():
            opinion.save()


# ------------------------------------------------------------------- England
def test_england_records_its_service_without_a_window(realm: Realm, settings: Settings) -> None:
    settings.PROCEDURE = "GB-ENG"
    case = bring(realm.town, Stage.REPLIED)

    with pytest.raises(UnknownService):
        serve(case, realm.town.handler, service=Service.LEFT)
    case = serve(case, realm.town.handler, service=Service.POST)

    assert running(case) == {}
    assert case.messages.get(what="served/post").kind == Message.Kind.NOTICE


def test_every_procedure_knows_how_a_letter_is_served_and_each_way_has_its_words() -> None:
    for ruled in procedure.every():
        assert ruled.service
    assert set(wording.SERVICES) == set(Service)


# --------------------------------------------------------------------- told
@pytest.mark.parametrize("service", Service)
@pytest.mark.parametrize(("language", "day"), [("en", "22 Sep 2026"), ("zh-hans", "2026年9月22日")])
def test_the_person_is_told_what_was_recorded(
    realm: Realm, service: Service, language: str, day: str
) -> None:
    case = serve(bring(realm.town, Stage.REPLIED), realm.town.handler, service=service)

    message = case.messages.get(what=f"served/{service}")
    with translation.override(language):
        assert day in letters.letter_words(case.kind, message)


def test_it_is_journaled_with_the_day_the_way_and_the_receipt(realm: Realm) -> None:
    case = serve(bring(realm.town, Stage.REPLIED), realm.town.handler, receipt=[make_photo()])

    entry = Entry.objects.get(chain__subject=case.subject, act="serve")
    evidence = case.evidence.get()
    assert entry.details["served"] == "2026-09-22"
    assert entry.details["service"] == "handed"
    assert entry.details["files"] == [evidence.file.sha256]
    assert evidence.phase == "document"


def test_the_form_records_it_and_the_page_says_since_when_and_how(
    client: Client, realm: Realm
) -> None:
    now = PRESENT
    case = bring(realm.town, Stage.REPLIED, now=now)
    client.force_login(realm.town.handler)
    client.cookies["bihuan_language"] = "en"
    address = reverse("desk:move", args=[case.number, "serve"])

    assert client.get(address).status_code == 200
    sent = {"version": case.version, "service": "post", "served_date": local_date(now).isoformat()}
    response = client.post(address, {**sent, "receipt": make_photo()})

    assert response.status_code == 302, response.content.decode()
    page = client.get(case.get_absolute_url()).content.decode()
    assert page.count(str(wording.SERVICES[Service.POST])) >= 2  # the opinion and the timeline
    assert client.get(address).status_code == 409


def waits(who: User) -> list[str]:
    """What Today says is to be recorded."""
    sections = grievance_agenda.waiting(who, NOW + DAY)
    return [
        task.number for each in sections for task in each.items if next_move(task) == Move.SERVE
    ]


def test_today_asks_for_the_service_of_what_goes_out_on_paper(realm: Realm) -> None:
    bring(realm.town, Stage.REPLIED)
    paper = bring(realm.town, Stage.REPLIED)
    paper.grievance.wants_paper = True
    paper.grievance.save()

    assert waits(realm.town.handler) == waits(realm.town.coordinator) == [paper.number]
    assert waits(realm.county.coordinator) == []

    serve(paper, realm.town.handler, days=0, after=0)
    assert waits(realm.town.handler) == []


def test_today_asks_no_more_once_it_was_read(realm: Realm) -> None:
    paper = bring(realm.town, Stage.REPLIED)
    paper.grievance.wants_paper = True
    paper.grievance.save()
    read(paper, NOW)

    assert waits(realm.town.handler) == []
