"""From the receipt to the written opinion: classified, accepted, worked on, drafted, issued."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from bihuan.cases.actions import comments
from bihuan.cases.models import Case
from bihuan.clocks.actions.running import local_date
from bihuan.core import procedure
from bihuan.core.clocks import ExtensionTooLong, NotExtendable
from bihuan.core.deadlines import Due
from bihuan.core.grievance import GrievanceFact, Stage
from bihuan.core.lifecycle import FactForbids, FactMissing
from bihuan.core.powers import Power
from bihuan.core.procedure import NotAnsweredHere, NotSimple, SimpleExclusion
from bihuan.core.refusal import Missing, NotAllowed, SamePerson
from bihuan.grievances.actions import (
    classification,
    deadline_extension,
    handling,
    opinions,
    registration,
    reviews,
)
from bihuan.grievances.actions.opinions import Parts
from bihuan.grievances.models import Opinion
from bihuan.journal.models import Entry
from bihuan.receipts.accounts import Account, Intake
from bihuan.receipts.models import Message
from tests.factories import NOW, make_officer
from tests.grievances.offices import ANSWER, DAY, Realm, bring, running, take

pytestmark = pytest.mark.django_db


def letters(case: Case) -> list[str]:
    return list(case.messages.order_by("pk").values_list("what", flat=True))


def test_four_people_bring_a_grievance_from_its_receipt_to_the_written_opinion(
    realm: Realm,
) -> None:
    town = realm.town

    taken = take(town.unit)
    case = taken.case
    assert (case.number, case.stage, set(running(case))) == (
        "XF-2026-000001", "received", {"PET-5", "PET-6"},
    )  # fmt: skip
    assert taken.due == Due(date(2026, 9, 30))
    case = classification.classify(case=case, actor=town.coordinator, now=NOW, way="request")
    case = classification.accept(case=case, actor=town.coordinator, now=NOW)
    assert (case.stage, set(running(case))) == ("accepted", {"PET-8"})
    case = handling.assign(case=case, actor=town.coordinator, now=NOW, post=town.post)
    case = comments.record_step(case=case, actor=town.handler, now=NOW, note="已约谈施工单位。")
    case = opinions.draft(case=case, parts=ANSWER, actor=town.handler, now=NOW)
    assert case.stage == "drafted"
    case = opinions.issue(case=case, actor=town.head, now=NOW)
    assert (case.stage, running(case)) == ("replied", {})
    assert (case.resolved_by, case.resolved_unit, case.verified_by) == (
        town.handler, town.unit, town.head,
    )  # fmt: skip
    case = reviews.close(case=case, actor=town.coordinator, now=NOW)
    assert (case.stage, case.ended_at) == ("closed", NOW)

    assert letters(case) == ["accepted/CN/request", "opinion/answer"]
    acts = Entry.objects.filter(chain__subject=case.subject).order_by("seq")
    assert [entry.act for entry in acts] == [
        "receive", "classify", "accept", "assign", "record_step", "draft", "issue", "close",
    ]  # fmt: skip


def test_the_same_form_twice_makes_one_grievance_with_one_code(realm: Realm) -> None:
    account, key = Account(title="噪声扰民", unit=realm.town.unit), str(uuid4())

    first = registration.receive(Intake(account=account, form_key=key, now=NOW))
    second = registration.receive(Intake(account=account, form_key=key, now=NOW + DAY))

    assert (first.case, first.code) == (second.case, second.code)
    assert Case.objects.count() == 1


def test_a_clerk_takes_in_only_for_units_in_reach(realm: Realm) -> None:
    clerk = make_officer(realm.bureau.unit, Power.REPORT)
    account = Account(title="噪声扰民", unit=realm.town.unit)

    with pytest.raises(NotAllowed):
        registration.receive(Intake(account=account, form_key=str(uuid4()), now=NOW, actor=clerk))


# -------------------------------------------------------------- classification
def test_what_is_not_classified_is_neither_accepted_nor_sent_away(realm: Realm) -> None:
    case = take(realm.town.unit).case

    for act in (classification.accept, classification.redirect):
        with pytest.raises(FactMissing):
            act(case=case, actor=realm.town.coordinator, now=NOW, note="理由")


WAYS = procedure.named("CN").ways
TOLD = [way for way in WAYS.values() if not way.answered and way.sort != "suggestion"]


@pytest.mark.parametrize("way", TOLD, ids=lambda way: way.id)
def test_for_every_other_route_the_person_is_told_which_one_is_open(
    realm: Realm, way: procedure.Pathway
) -> None:
    case = bring(realm.town, way=way.id)

    with pytest.raises(FactMissing) as refused:
        classification.accept(case=case, actor=realm.town.coordinator, now=NOW)
    case = classification.redirect(
        case=case, actor=realm.town.coordinator, now=NOW, note="请到县法院立案庭。"
    )

    assert refused.value.fact is GrievanceFact.ANSWERABLE
    assert (case.stage, case.ended_at, running(case)) == ("redirected", NOW, {})
    letter = case.messages.get()
    assert (letter.what, letter.kind) == (f"redirected/CN/{way.id}", Message.Kind.LETTER)
    assert letter.text == "请到县法院立案庭。"


@pytest.mark.parametrize(
    ("way", "rule", "due"),
    [
        ("request", "PET-8", date(2026, 11, 14)),
        ("duty", "PET-4", date(2026, 11, 5)),
        ("accusation", "LOC-9", date(2026, 11, 14)),
    ],
)
def test_each_path_has_its_own_time_and_start(realm: Realm, way: str, rule: str, due: date) -> None:
    case = take(realm.town.unit, now=NOW - 10 * DAY).case

    case = bring(realm.town, Stage.ACCEPTED, way=way, case=case)

    (clock,) = running(case).values()
    assert (clock.rule_id, local_date(clock.due_at)) == (rule, due)
    assert case.due_at == clock.due_at


def test_a_suggestion_goes_on_as_one_under_the_same_number_and_code(realm: Realm) -> None:
    case = take(realm.town.unit).case

    case = classification.as_suggestion(case=case, actor=realm.town.coordinator, now=NOW + DAY)

    assert (case.kind, case.stage, case.number) == ("suggestion", "received", "XF-2026-000001")
    (clock,) = running(case).values()
    assert (clock.rule_id, clock.started_at) == ("PET-1", NOW)
    assert case.suggestion.may_publish is False


def test_the_simple_procedure_counts_working_days_from_the_receipt(realm: Realm) -> None:
    case = take(realm.town.unit).case

    case = bring(realm.town, case=case, simple=True, now=NOW + DAY)
    clock = running(case)["PET-16a"]
    assert set(running(case)) == {"PET-16a", "PET-6"}
    assert local_date(clock.due_at) == date(2026, 9, 18)

    case = classification.accept(case=case, actor=realm.town.coordinator, now=NOW + DAY)
    (clock,) = running(case).values()
    # Ten working days over Mid-Autumn and National Day, with the make-up Sunday 20 September.
    assert (clock.rule_id, local_date(clock.due_at)) == ("PET-16b", date(2026, 9, 30))


@pytest.mark.parametrize("exclusion", [SimpleExclusion.NOT_FIRST, SimpleExclusion.LIKELY_REFUSED])
def test_what_is_excluded_is_not_dealt_with_simply(
    realm: Realm, exclusion: SimpleExclusion
) -> None:
    case = take(realm.town.unit).case

    with pytest.raises(NotSimple):
        classification.classify(
            case=case, actor=realm.town.coordinator, now=NOW, way="request",
            simple=True, exclusions=[exclusion],
        )  # fmt: skip


def test_out_of_the_simple_procedure_the_ordinary_time_runs_from_the_acceptance(
    realm: Realm,
) -> None:
    case = bring(realm.town, Stage.HANDLING, simple=True)

    case = classification.classify(
        case=case, actor=realm.town.coordinator, now=NOW + 5 * DAY, way="request"
    )

    (clock,) = running(case).values()
    assert (clock.rule_id, clock.started_at) == ("PET-8", NOW)


def test_what_was_accepted_is_not_sent_away_afterwards(realm: Realm) -> None:
    case = bring(realm.town, Stage.ACCEPTED)

    with pytest.raises(NotAnsweredHere):
        classification.classify(case=case, actor=realm.town.coordinator, now=NOW, way="court")


# --------------------------------------------------------------------- opinion
@pytest.mark.parametrize("part", ["request", "facts", "reasons", "decision", "basis"])
def test_an_opinion_without_one_of_its_parts_is_not_drafted(realm: Realm, part: str) -> None:
    case = bring(realm.town, Stage.HANDLING)
    parts = Parts(**{**ANSWER.__dict__, part: " "})

    with pytest.raises(Missing) as refused:
        opinions.draft(case=case, parts=parts, actor=realm.town.handler, now=NOW)

    assert refused.value.what == (part,)


def test_nobody_issues_their_own_draft(realm: Realm) -> None:
    both = make_officer(realm.town.unit, Power.HANDLE, Power.APPROVE)
    case = bring(realm.town, Stage.HANDLING)
    case = opinions.draft(case=case, parts=ANSWER, actor=both, now=NOW)

    with pytest.raises(SamePerson):
        opinions.issue(case=case, actor=both, now=NOW)
    with pytest.raises(IntegrityError, match="nobody_issues_their_own_draft"), transaction.atomic():
        Opinion.objects.filter(case=case).update(issued_by=both)


def test_nobody_closes_what_they_answered(realm: Realm) -> None:
    both = make_officer(realm.town.unit, Power.HANDLE, Power.COORDINATE)
    case = bring(realm.town, Stage.HANDLING)
    case = opinions.draft(case=case, parts=ANSWER, actor=both, now=NOW)
    case = opinions.issue(case=case, actor=realm.town.head, now=NOW)

    with pytest.raises(SamePerson):
        reviews.close(case=case, actor=both, now=NOW)


def test_a_draft_sent_back_is_written_anew(realm: Realm) -> None:
    town = realm.town
    case = bring(town, Stage.DRAFTED)

    case = opinions.send_back(case=case, actor=town.head, now=NOW, note="事实部分太简略。")
    assert case.stage == "handling"
    better = Parts(**{**ANSWER.__dict__, "facts": "逐月核对工资表，共欠 18 600 元。"})
    case = opinions.draft(case=case, parts=better, actor=town.handler, now=NOW)
    case = opinions.issue(case=case, actor=town.head, now=NOW)

    assert case.opinions.get().facts == "逐月核对工资表，共欠 18 600 元。"
    assert case.messages.latest("pk").detail["facts"] == "逐月核对工资表，共欠 18 600 元。"


def test_nothing_is_answered_while_another_body_works_on_a_part(realm: Realm) -> None:
    town, bureau = realm.town, realm.bureau
    case = bring(town, Stage.HANDLING)
    child = handling.add_child(
        case=case, actor=town.coordinator, now=NOW + DAY, unit=bureau.unit, title="核查施工许可"
    )
    case = opinions.draft(case=case, parts=ANSWER, actor=town.handler, now=NOW)

    with pytest.raises(FactForbids):
        opinions.issue(case=case, actor=town.head, now=NOW)

    assert (child.stage, child.owner, child.parent) == ("accepted", bureau.unit, case)
    assert [clock.due_at for clock in running(child).values()] == [case.due_at]
    child = handling.assign(case=child, actor=bureau.coordinator, now=NOW, post=bureau.post)
    child = opinions.draft(case=child, parts=ANSWER, actor=bureau.handler, now=NOW)
    child = opinions.issue(case=child, actor=bureau.head, now=NOW)
    reviews.close(case=child, actor=bureau.coordinator, now=NOW + 2 * DAY)
    assert opinions.issue(case=case, actor=town.head, now=NOW).stage == "replied"


def test_what_needs_several_bodies_is_not_simple_any_more(realm: Realm) -> None:
    town = realm.town
    case = bring(town, Stage.HANDLING, simple=True)

    handling.add_child(
        case=case, actor=town.coordinator, now=NOW, unit=realm.bureau.unit, title="核查许可"
    )

    assert set(running(case)) == {"PET-8"}
    case.grievance.refresh_from_db()
    assert case.grievance.is_simple is False


# ------------------------------------------------------------------- extension
def test_the_head_grants_more_time_once_and_the_person_is_told_why(realm: Realm) -> None:
    town = realm.town
    case = bring(town, Stage.HANDLING)

    with pytest.raises(ExtensionTooLong):
        deadline_extension.ask_extension(
            case=case, actor=town.handler, now=NOW, days=31, note="复杂"
        )
    case = deadline_extension.ask_extension(
        case=case, actor=town.handler, now=NOW, days=30, note="复杂"
    )
    assert "LOC-6" in running(case)
    case = deadline_extension.decide_extension(
        case=case, actor=town.head, now=NOW, granted=True, note="涉及多方，需要补充调查。"
    )

    assert {rule: local_date(c.due_at) for rule, c in running(case).items()} == {
        "PET-8": date(2026, 12, 14)
    }
    result = case.messages.latest("pk")
    assert (result.what, result.text) == ("extended", "涉及多方，需要补充调查。")
    assert result.detail == {"until": "2026-12-14"}
    with pytest.raises(NotExtendable):
        deadline_extension.ask_extension(
            case=case, actor=town.handler, now=NOW, days=1, note="还是复杂"
        )


def test_a_refused_extension_changes_nothing(realm: Realm) -> None:
    town = realm.town
    case = bring(town, Stage.HANDLING)
    case = deadline_extension.ask_extension(
        case=case, actor=town.handler, now=NOW, days=9, note="复杂"
    )
    before = running(case)["PET-8"].due_at

    case = deadline_extension.decide_extension(
        case=case, actor=town.head, now=NOW, granted=False, note="可以按期办结。"
    )

    assert running(case)["PET-8"].due_at == before
    assert "extended" not in letters(case)


def test_nobody_grants_their_own_extension(realm: Realm) -> None:
    both = make_officer(realm.town.unit, Power.HANDLE, Power.APPROVE)
    case = bring(realm.town, Stage.HANDLING)
    case = deadline_extension.ask_extension(case=case, actor=both, now=NOW, days=9, note="复杂")

    with pytest.raises(SamePerson):
        deadline_extension.decide_extension(
            case=case, actor=both, now=NOW, granted=True, note="同意"
        )


def test_what_the_simple_procedure_gives_is_not_extended(realm: Realm) -> None:
    case = bring(realm.town, Stage.HANDLING, simple=True)

    with pytest.raises(FactMissing) as refused:
        deadline_extension.ask_extension(
            case=case, actor=realm.town.handler, now=NOW, days=9, note="难"
        )

    assert refused.value.fact is GrievanceFact.EXTENDABLE


# ------------------------------------------------------------------ withdrawal
def test_the_person_takes_it_back_with_all_its_parts(realm: Realm) -> None:
    town = realm.town
    case = bring(town, Stage.HANDLING)
    child = handling.add_child(
        case=case, actor=town.coordinator, now=NOW, unit=realm.bureau.unit, title="核查许可"
    )
    deadline_extension.ask_extension(case=case, actor=town.handler, now=NOW, days=9, note="复杂")

    case = registration.withdraw(case=case, now=NOW, note="问题已经解决。")

    child.refresh_from_db()
    assert (case.stage, child.stage, running(case), running(child)) == (
        "withdrawn", "withdrawn", {}, {},
    )  # fmt: skip
    assert not case.extensions.exists()
