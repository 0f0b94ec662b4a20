"""To the competent unit: passed on, taken over, objected to; never to whom it is about."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.cases import queries as cases
from bihuan.cases.models import Assist, Case, Exclusion
from bihuan.clocks.actions.ticking import tick
from bihuan.core.grievance import GrievanceFact
from bihuan.core.lifecycle import FactForbids
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.core.routing import NoUnitAbove
from bihuan.grievances.actions import classification, handling, registration, transfers
from bihuan.grievances.models import Handover
from bihuan.grievances.refusals import AboutThem, HasItAlready
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit, User
from tests.clock import PRESENT
from tests.factories import NOW, make_officer, make_post, make_unit
from tests.grievances.offices import DAY, Realm, bring, running, take

pytestmark = pytest.mark.django_db


def passed(realm: Realm, *, simple: bool = False) -> Case:
    """Passed from the county to the bureau."""
    case = bring(realm.county, simple=simple)
    return transfers.transfer(
        case=case, actor=realm.county.coordinator, now=NOW, unit=realm.bureau.unit,
        note="住房建设事项由住建局办理。",
    )  # fmt: skip


def sees(user: User, case: Case) -> bool:
    return cases.visible_to(user, NOW).filter(pk=case.pk).exists()


def test_the_first_receiver_answers_for_it_until_it_is_taken_over(realm: Realm) -> None:
    case = passed(realm)

    assert (case.stage, case.owner) == ("transferred", realm.county.unit)
    assert set(running(case)) == {"PET-7", "PET-6"}
    assert sees(realm.bureau.coordinator, case)

    case = transfers.take_over(case=case, actor=realm.bureau.coordinator, now=NOW + DAY)

    assert (case.stage, case.owner, case.sender) == (
        "received", realm.bureau.unit, realm.county.unit,
    )  # fmt: skip
    # PET-6: for the body that it came to, the days count from the transfer.
    assert {rule: clock.started_at for rule, clock in running(case).items()} == {"PET-6": NOW}
    assert not Assist.objects.filter(case=case, ended_at=None).exists()
    assert list(case.messages.order_by("pk").values_list("what", flat=True)) == [
        "transferred", "taken_over",
    ]  # fmt: skip


def test_the_sender_takes_nothing_over_for_the_unit_it_went_to(realm: Realm) -> None:
    case = passed(realm)

    for act in (transfers.take_over, transfers.object_):
        with pytest.raises(NotAllowed):
            act(case=case, actor=realm.county.coordinator, now=NOW, note="代为接收")


def test_an_objection_within_its_time_brings_it_back_if_the_sender_agrees(realm: Realm) -> None:
    case = passed(realm)

    case = transfers.object_(
        case=case, actor=realm.bureau.coordinator, now=NOW + 2 * DAY, note="属于人社部门职责。"
    )
    assert (case.stage, set(running(case))) == ("transferred", {"PET-6"})
    case = transfers.answer_objection(
        case=case, actor=realm.county.coordinator, now=NOW + 3 * DAY, agreed=True, note="同意退回。"
    )

    assert (case.stage, case.owner) == ("received", realm.county.unit)
    # The time of the sender goes on as if it had never left.
    assert {rule: clock.started_at for rule, clock in running(case).items()} == {
        "PET-5": NOW, "PET-6": NOW,
    }  # fmt: skip
    assert Handover.objects.get(case=case).objected_late is False
    assert not sees(realm.bureau.coordinator, case)


def test_without_the_consent_of_the_sender_the_transfer_stands(realm: Realm) -> None:
    case = passed(realm)
    case = transfers.object_(
        case=case, actor=realm.bureau.coordinator, now=NOW, note="不属于我局职责。"
    )

    case = transfers.answer_objection(
        case=case, actor=realm.county.coordinator, now=NOW, agreed=False, note="职责明确。"
    )

    assert (case.stage, case.owner) == ("received", realm.bureau.unit)


def test_a_late_objection_is_noted_and_decided_all_the_same(realm: Realm) -> None:
    case = passed(realm)

    case = transfers.object_(
        case=case, actor=realm.bureau.coordinator, now=NOW + 20 * DAY, note="不属于我局。"
    )

    assert Handover.objects.get(case=case).objected_late is True
    assert Entry.objects.filter(chain__subject=case.subject).latest("seq").details["late"] is True


def test_one_objection_is_enough(realm: Realm) -> None:
    case = passed(realm)
    case = transfers.object_(case=case, actor=realm.bureau.coordinator, now=NOW, note="不属于")

    with pytest.raises(FactForbids) as refused:
        transfers.object_(case=case, actor=realm.bureau.coordinator, now=NOW, note="不属于")

    assert refused.value.fact is GrievanceFact.OBJECTED


def test_in_the_simple_procedure_each_level_has_a_day_to_pass_it_on(realm: Realm) -> None:
    case = passed(realm, simple=True)
    assert set(running(case)) == {"PET-7", "PET-16c", "PET-6"}

    case = transfers.take_over(case=case, actor=realm.bureau.coordinator, now=NOW + DAY)

    assert {rule: clock.started_at for rule, clock in running(case).items()} == {
        "PET-6": NOW, "PET-16a": NOW,
    }  # fmt: skip


def test_nothing_is_passed_to_the_unit_that_has_it(realm: Realm) -> None:
    case = bring(realm.county)

    with pytest.raises(HasItAlready):
        transfers.transfer(
            case=case, actor=realm.county.coordinator, now=NOW, unit=realm.county.unit, note="自办"
        )


def test_the_help_of_the_unit_it_is_on_its_way_to_is_not_ended(realm: Realm) -> None:
    case = passed(realm)

    with pytest.raises(Missing):
        handling.end_assist(
            case=case, actor=realm.county.coordinator, now=NOW, unit=realm.bureau.unit
        )


def test_the_unit_it_came_to_hears_that_its_time_to_object_ends(realm: Realm) -> None:
    case = passed(realm)

    tick(now=NOW + 30 * DAY)

    notices = Notice.objects.filter(subject=case.subject, detail__rule="PET-7")
    assert {notice.member for notice in notices.filter(what="overdue")} >= {
        realm.bureau.coordinator
    }


# --------------------------------------------------------- whom it is about
def test_what_is_about_a_unit_goes_above_it_and_is_shut_to_it(realm: Realm) -> None:
    case = take(realm.town.unit, about_units=(realm.town.unit,)).case

    assert (case.owner, case.origin) == (realm.county.unit, realm.county.unit)
    for person in (realm.town.coordinator, realm.town.handler, realm.town.head):
        assert not sees(person, case)
        with pytest.raises(Case.DoesNotExist):
            cases.case_for(person, case.number, PRESENT)
    assert sees(realm.county.coordinator, case)


@pytest.mark.parametrize("act", ["transfer", "add_child", "add_assist", "set_lead"])
def test_nothing_passes_it_to_the_unit_it_is_about_nor_below(realm: Realm, act: str) -> None:
    village = make_unit(realm.town.unit)
    case = take(realm.town.unit, about_units=(realm.town.unit,)).case
    case = classification.classify(
        case=case, actor=realm.county.coordinator, now=NOW, way="request"
    )
    if act != "transfer":
        case = classification.accept(case=case, actor=realm.county.coordinator, now=NOW)

    for unit in (realm.town.unit, village):
        with pytest.raises(AboutThem):
            _try(act, realm, case, unit)


def _try(act: str, realm: Realm, case: Case, unit: Unit) -> None:
    given: dict[str, Any] = {"case": case, "actor": realm.county.coordinator, "now": NOW}
    note = "请办理"
    if act == "transfer":
        transfers.transfer(**given, unit=unit, note=note)
    elif act == "add_child":
        handling.add_child(**given, unit=unit, title="一部分")
    elif act == "add_assist":
        handling.add_assist(**given, unit=unit, note=note)
    else:
        handling.set_lead(**given, post=make_post(unit, Power.APPROVE))


def test_nor_to_the_unit_of_an_officer_that_it_is_about(realm: Realm) -> None:
    case = take(realm.county.unit, about_officers=(realm.bureau.handler,)).case
    case = classification.classify(
        case=case, actor=realm.county.coordinator, now=NOW, way="request"
    )

    with pytest.raises(AboutThem):
        transfers.transfer(
            case=case, actor=realm.county.coordinator, now=NOW, unit=realm.bureau.unit, note="请办"
        )


# ---------------------------------------------------------------- accusations
def test_an_accusation_is_known_only_to_who_needs_to_know(realm: Realm) -> None:
    case = take(realm.town.unit, way="accusation", about_units=(realm.town.unit,)).case
    bystander = make_officer(realm.county.unit, Power.HANDLE, Power.SUPERVISE)

    assert (case.is_confidential, case.owner) == (True, realm.county.unit)
    assert sees(realm.county.coordinator, case)
    assert sees(realm.county.head, case)
    for other in (bystander, realm.city.head, realm.province.coordinator, realm.town.head):
        assert not sees(other, case)


def test_an_accusation_that_names_nobody_goes_to_where_somebody_can_take_it_up(
    realm: Realm,
) -> None:
    village = make_unit(realm.town.unit)

    case = take(village, way="accusation").case

    assert case.owner == realm.town.unit
    assert sees(realm.town.coordinator, case)


def test_what_turns_out_to_be_an_accusation_goes_above_and_never_becomes_open_again(
    realm: Realm,
) -> None:
    case = take(realm.town.unit).case

    case = classification.classify(
        case=case, actor=realm.town.coordinator, now=NOW, way="accusation", about=realm.town.unit
    )

    assert (case.is_confidential, case.owner) == (True, realm.county.unit)
    assert not sees(realm.town.coordinator, case)
    case = classification.classify(
        case=case, actor=realm.county.coordinator, now=NOW, way="request"
    )
    assert case.is_confidential
    assert not sees(realm.city.coordinator, case)


def test_whoever_classified_it_from_above_goes_on_knowing_of_it(realm: Realm) -> None:
    case = take(realm.town.unit).case

    case = classification.classify(
        case=case, actor=realm.county.coordinator, now=NOW, way="accusation"
    )

    assert case.owner == realm.town.unit
    assert sees(realm.county.coordinator, case)
    assert sees(realm.town.coordinator, case)
    assert not sees(realm.city.coordinator, case)


def test_a_confidential_case_on_its_way_is_known_where_it_goes(realm: Realm) -> None:
    case = take(realm.county.unit, way="accusation").case

    case = transfers.transfer(
        case=case, actor=realm.county.coordinator, now=NOW, unit=realm.bureau.unit, note="请办理"
    )
    case = transfers.take_over(case=case, actor=realm.bureau.coordinator, now=NOW)

    assert sees(realm.bureau.head, case)
    assert not sees(realm.bureau.handler, case)


# ----------------------------------------------------------------- retaliation
def test_retaliation_is_an_urgent_case_elsewhere_of_which_the_first_says_nothing(
    realm: Realm,
) -> None:
    first = bring(realm.town)
    before = Entry.objects.filter(chain__subject=first.subject).count()

    taken = registration.report_retaliation(
        case=first, text="反映之后被停发低保。", form_key="retaliation-form-key-0001", now=NOW + DAY
    )

    case = taken.case
    assert (case.is_urgent, case.is_confidential, case.owner) == (True, True, realm.county.unit)
    assert case.grievance.way == "accusation"
    assert case.parent is None
    assert taken.code
    bar = Exclusion.objects.get(case=case)
    assert (bar.unit, bar.cause) == (realm.town.unit, Exclusion.Cause.RETALIATION)
    assert Entry.objects.filter(chain__subject=first.subject).count() == before
    for person in (realm.town.coordinator, realm.town.head):
        assert not sees(person, case)
    assert sees(realm.county.coordinator, case)


def test_retaliation_by_the_topmost_unit_is_for_a_level_above_this_system(realm: Realm) -> None:
    case = bring(realm.province)

    with pytest.raises(NoUnitAbove):
        registration.report_retaliation(
            case=case, text="被约谈警告。", form_key="retaliation-form-key-0002", now=NOW
        )
