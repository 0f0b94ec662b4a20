"""From the talks to an agreement that each party confirmed word by word, and what follows it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bihuan.cases.models import REPORTER, Case
from bihuan.clocks.actions.ticking import tick
from bihuan.core.lifecycle import FactForbids, FactMissing
from bihuan.core.mediation import MediationFact, Stage, TextChanged, digest, text_of
from bihuan.core.refusal import Missing, NotAllowed, WrongStage
from bihuan.journal.models import Entry
from bihuan.mediations.actions import parties, performance, proceedings
from bihuan.mediations.actions.performance import PromiseOutcome
from bihuan.mediations.actions.proceedings import Promise
from bihuan.mediations.actions.reminders import remind
from bihuan.mediations.models import Agreement, Confirmation
from bihuan.mediations.queries import COURT, USUAL_TIME
from bihuan.notices.models import Notice
from tests.factories import NOW, TODAY
from tests.mediations import table
from tests.mediations.table import (
    BOTH,
    DAY,
    TERMS,
    B,
    Office,
    agreed,
    announced,
    begun,
    confirmed,
    drafted,
    items_of,
    promised,
    running,
    told,
)

pytestmark = pytest.mark.django_db


# ----------------------------------------------------------------------- talks
def test_a_meeting_is_announced_to_every_party_and_recorded_for_the_unit_alone(
    office: Office,
) -> None:
    case = begun(office)
    session = announced(office, case, NOW + 2 * DAY)

    proceedings.hold(
        case=case,
        actor=office.mediator,
        now=NOW + 3 * DAY,
        session=session,
        record="乙方承认围墙是其车辆撞倒。",
    )

    entry = Entry.objects.get(chain__subject=case.subject, act="hold")
    session.refresh_from_db()
    assert [told(case, slot)[-1] for slot in BOTH] == ["meeting_closed", "meeting_closed"]
    assert session.held_at == NOW + 3 * DAY
    assert "撞倒" not in f"{entry.note}{entry.details}"


def test_a_meeting_lies_ahead_when_announced_and_behind_when_recorded(office: Office) -> None:
    case = begun(office)
    with pytest.raises(proceedings.MeetingPast), transaction.atomic():
        announced(office, case, NOW)
    session = announced(office, case, NOW + DAY)

    with pytest.raises(proceedings.NotYetHeld), transaction.atomic():
        proceedings.hold(case=case, actor=office.mediator, now=NOW, session=session, record="x")
    with pytest.raises(Missing):
        proceedings.hold(
            case=case, actor=office.mediator, now=NOW + 2 * DAY, session=session, record=" "
        )


# ------------------------------------------------------------------------ time
def test_past_the_month_nothing_new_begins_unless_every_party_goes_on(office: Office) -> None:
    case = begun(office)
    late = NOW + 31 * DAY
    office.now = late
    with pytest.raises(FactMissing) as refused, transaction.atomic():
        announced(office, case, late + DAY)
    with pytest.raises(FactMissing), transaction.atomic():
        drafted(office, case)

    parties.go_on(case=case, slot=REPORTER, now=late)
    with pytest.raises(FactMissing), transaction.atomic():
        drafted(office, case)
    parties.go_on(case=case, slot=B, now=late)

    assert refused.value.fact is MediationFact.PROLONGED
    proceedings.draft(
        case=case,
        actor=office.mediator,
        now=late,
        terms=TERMS,
        promised=[Promise("付款", localdate(late))],
    )
    clock = case.clocks.get(rule_id="MED-3")
    assert localdate(clock.due_at) == date(2026, 11, 15)
    assert told(case, B)[-2:] == ["goes_on", "drafted"]


def test_each_further_month_is_asked_for_anew(office: Office) -> None:
    case = begun(office)
    late = NOW + 25 * DAY

    for slot in BOTH:
        parties.go_on(case=case, slot=slot, now=late)
    with pytest.raises(WrongStage):
        parties.go_on(case=case, slot=REPORTER, now=late)

    clock = case.clocks.get(rule_id="MED-3")
    assert localdate(clock.due_at) == date(2026, 11, 15)
    assert not case.mediation.parties.filter(goes_on=True).exists()


def test_parties_that_decide_very_late_get_a_month_that_is_not_over(office: Office) -> None:
    case = begun(office)
    late = NOW + 100 * DAY

    for slot in BOTH:
        parties.go_on(case=case, slot=slot, now=late)

    assert case.clocks.get(rule_id="MED-3").due_at > late


# -------------------------------------------------------------------- the text
def test_the_hash_is_of_the_terms_and_of_every_promise(office: Office) -> None:
    case = drafted(office)

    text = text_of(TERMS, [(item.due_date, item.what) for item in promised(office)])
    assert table.text_of(case).digest == digest(text)
    assert case.messages.filter(what="drafted", slot=B).get().detail == {"digest": digest(text)}


@pytest.mark.parametrize(
    ("terms", "items", "refusal"),
    [
        (" ", [Promise("付款", TODAY)], Missing),
        (TERMS, [], Missing),
        (TERMS, [Promise("  ", TODAY)], Missing),
        (TERMS, [Promise("付款", TODAY - DAY)], proceedings.PromisePast),
    ],
)
def test_a_text_has_terms_and_says_what_is_done_by_when(
    office: Office, terms: str, items: list[Promise], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        proceedings.draft(
            case=begun(office), actor=office.mediator, now=NOW, terms=terms, promised=items
        )


def test_nothing_is_concluded_until_every_party_confirmed(office: Office) -> None:
    case = confirmed(office, slots=(B,))

    with pytest.raises(FactMissing) as refused:
        proceedings.conclude(case=case, actor=office.mediator, now=NOW, effective_date=TODAY)
    assert refused.value.fact is MediationFact.CONFIRMED_BY_ALL


def test_a_changed_text_needs_new_confirmations(office: Office) -> None:
    case = confirmed(office)
    old = table.text_of(case).digest

    case = proceedings.take_back(case=case, actor=office.mediator, now=NOW, note="金额有误")
    case = drafted(office, case, terms=f"{TERMS}\n费用为一千元。")

    with pytest.raises(FactMissing), transaction.atomic():
        proceedings.conclude(case=case, actor=office.mediator, now=NOW, effective_date=TODAY)
    with pytest.raises(TextChanged):
        parties.confirm(case=case, slot=B, now=NOW, digest=old)


def test_even_the_same_words_drafted_anew_are_confirmed_anew(office: Office) -> None:
    case = confirmed(office)
    case = proceedings.take_back(case=case, actor=office.mediator, now=NOW, note="再议")

    case = drafted(office, case)

    with pytest.raises(FactMissing):
        proceedings.conclude(case=case, actor=office.mediator, now=NOW, effective_date=TODAY)


def test_a_party_that_refuses_the_text_sends_it_back_to_the_talks(office: Office) -> None:
    case = parties.refuse_terms(case=confirmed(office), slot=B, now=NOW, words="金额太高")

    assert case.stage == Stage.MEDIATING
    assert told(case, REPORTER)[-1] == "terms_refused"
    assert not Agreement.objects.filter(withdrawn_at=None).exists()


def test_a_text_confirmed_twice_is_confirmed_once(office: Office) -> None:
    case = confirmed(office, slots=(B, B))

    assert Confirmation.objects.count() == 1
    assert case.stage == Stage.DRAFTED


def test_the_database_keeps_one_text_on_the_table(office: Office) -> None:
    case = drafted(office)

    with pytest.raises(IntegrityError, match=r"one_text_on_the_table|mediation_id"):
        Agreement.objects.create(mediation_id=case.pk, terms="x", digest="x", drafted_at=NOW)


# -------------------------------------------------------------- the agreement
def test_an_agreement_binds_from_its_day_and_starts_its_clocks(office: Office) -> None:
    case = agreed(office)

    court = case.clocks.get(rule_id="MED-6")
    assert (case.stage, running(case)) == (Stage.AGREED, ["LOC-12", "LOC-12", "MED-6"])
    assert localdate(court.due_at) == date(2026, 10, 15)
    assert case.messages.get(slot=B, what="agreed").detail["until"] == "2026-10-15"
    assert [item.clock and localdate(item.clock.due_at) for item in items_of(case)] == [
        date(2026, 10, 10),
        date(2026, 10, 20),
    ]


def test_an_oral_agreement_counts_from_the_day_it_was_made(office: Office) -> None:
    office.now = NOW - 5 * DAY
    case = drafted(office, is_oral=True)
    for slot in BOTH:
        parties.confirm(case=case, slot=slot, now=NOW, digest=table.text_of(case).digest)

    case = proceedings.conclude(
        case=case, actor=office.mediator, now=NOW, effective_date=TODAY - 3 * DAY
    )

    court = case.clocks.get(rule_id="MED-6")
    assert case.mediation.is_oral
    assert localdate(court.due_at) == TODAY + 27 * DAY


@pytest.mark.parametrize("shift", [-1, 1])
def test_an_agreement_takes_effect_neither_before_the_case_nor_in_the_future(
    office: Office, shift: int
) -> None:
    with pytest.raises(proceedings.NotEffectiveYet):
        proceedings.conclude(
            case=confirmed(office),
            actor=office.mediator,
            now=NOW,
            effective_date=TODAY + shift * DAY,
        )


# ------------------------------------------------------------------- follow-up
def _note(
    office: Office, case: Case, item: int, outcome: PromiseOutcome, again_date: date | None = None
) -> Case:
    return performance.note_performance(
        case=case,
        actor=office.mediator,
        now=NOW + 25 * DAY,
        item=items_of(case)[item],
        outcome=outcome,
        record="电话回访，围墙已修好。",
        again_date=again_date,
    )


def test_it_is_closed_once_every_promise_was_seen_to(office: Office) -> None:
    case = agreed(office)
    _note(office, case, 0, PromiseOutcome.KEPT)
    with pytest.raises(FactForbids), transaction.atomic():
        performance.finish_case(case=case, actor=office.coordinator, now=NOW, note="x")

    case = _note(office, case, 1, PromiseOutcome.KEPT)
    case = performance.finish_case(
        case=case, actor=office.coordinator, now=NOW + 26 * DAY, note="全部履行"
    )

    assert (case.stage, running(case)) == (Stage.PERFORMED, [])
    assert [item.was_kept for item in items_of(case)] == [True, True]


def test_of_a_broken_promise_the_parties_are_told_where_to_turn(office: Office) -> None:
    case = _note(office, agreed(office), 0, PromiseOutcome.BROKEN)

    assert [told(case, slot)[-1] for slot in BOTH] == ["not_performed", "not_performed"]
    assert running(case) == ["LOC-12", "MED-6"]


def test_what_is_not_kept_yet_is_looked_at_again_on_a_day(office: Office) -> None:
    case = agreed(office)
    again = TODAY + 40 * DAY

    _note(office, case, 0, PromiseOutcome.LATER, again_date=again)

    item = items_of(case)[0]
    assert item.clock is not None
    assert (localdate(item.clock.due_at), item.done_at) == (again, None)
    with pytest.raises(Missing):
        _note(office, case, 0, PromiseOutcome.LATER)


def test_a_promise_that_was_seen_to_is_not_seen_to_again(office: Office) -> None:
    case = _note(office, agreed(office), 0, PromiseOutcome.KEPT)

    with pytest.raises(Missing):
        _note(office, case, 0, PromiseOutcome.BROKEN)


def test_the_record_of_a_follow_up_stays_out_of_the_journal(office: Office) -> None:
    case = _note(office, agreed(office), 0, PromiseOutcome.KEPT)

    entry = Entry.objects.get(chain__subject=case.subject, act="note_performance")
    assert "围墙" not in f"{entry.note}{entry.details}"


def test_only_whoever_coordinates_closes_it(office: Office) -> None:
    case = agreed(office)
    for item in (0, 1):
        _note(office, case, item, PromiseOutcome.KEPT)

    with pytest.raises(NotAllowed):
        performance.finish_case(case=case, actor=office.mediator, now=NOW, note="x")


# -------------------------------------------------------------------- reminders
def test_the_mediator_is_reminded_before_a_promise_falls_due(office: Office) -> None:
    case = agreed(office)

    tick(now=NOW + 22 * DAY)

    warned = Notice.objects.filter(subject=case.subject, what="warning", member=office.mediator)
    assert "LOC-12" in [notice.detail["rule"] for notice in warned]


def test_the_parties_are_asked_whether_they_go_on_and_reminded_of_the_court_once_each(
    office: Office,
) -> None:
    talking, done = begun(office), agreed(office)

    assert remind(now=NOW + 10 * DAY) == 0
    assert remind(now=NOW + 24 * DAY) == 4
    assert remind(now=NOW + 24 * DAY + timedelta(hours=1)) == 0

    assert [told(talking, slot)[-1] for slot in BOTH] == ["go_on_asked", "go_on_asked"]
    assert [told(done, slot)[-1] for slot in BOTH] == ["court_soon", "court_soon"]
    assert Entry.objects.filter(act="remind").count() == 2


@pytest.mark.parametrize(("ends", "days"), [("usual time", 10), ("way to court", 7)])
def test_the_parties_are_reminded_so_many_days_before_the_end(
    office: Office, ends: str, days: int
) -> None:
    begins, rule_id = {"usual time": (begun, USUAL_TIME), "way to court": (agreed, COURT)}[ends]
    until = begins(office).clocks.get(rule_id=rule_id).due_at
    soon = until - days * DAY

    assert remind(now=soon - timedelta(seconds=1)) == 0
    assert remind(now=soon) == 2


def test_of_what_is_long_over_nobody_is_reminded(office: Office) -> None:
    agreed(office)

    assert remind(now=NOW + 60 * DAY) == 0
