"""Nobody is mediated against their will: consent, veto and the end are each party's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from bihuan.cases.models import REPORTER, Case, Exclusion
from bihuan.core.lifecycle import FactMissing
from bihuan.core.mediation import MOST_PARTIES, MediationFact, NotOpenToAll, Stage, TooManyParties
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, WrongStage
from bihuan.core.routing import ShutOut
from bihuan.journal.models import Entry
from bihuan.mediations.actions import applications, parties, proceedings
from bihuan.mediations.models import Party
from bihuan.notices.models import Notice
from bihuan.receipts import codes, slips
from bihuan.receipts.accounts import Identity
from bihuan.receipts.actions.seals import unsealed
from bihuan.receipts.models import Seal, TrackingCode
from tests.factories import NOW, make_officer
from tests.mediations.table import (
    BOTH,
    OTHER,
    B,
    Office,
    at,
    begun,
    brought,
    named,
    running,
    told,
)

pytestmark = pytest.mark.django_db


def test_whoever_brings_it_consents_by_that_and_nobody_else_does(office: Office) -> None:
    taken = brought(office)

    found = dict(Party.objects.values_list("slot", "consents"))
    assert (taken.case.number, taken.case.stage) == ("TJ-2026-000001", Stage.BROUGHT)
    assert found == {REPORTER: True, B: None}
    assert running(taken.case) == ["LOC-11"]


def test_what_a_clerk_types_in_is_no_consent(office: Office) -> None:
    brought(office, actor=office.coordinator)

    assert set(Party.objects.values_list("consents", flat=True)) == {None}


def test_a_clerk_brings_it_only_where_a_post_of_theirs_reaches(office: Office) -> None:
    elsewhere = make_officer(office.county, Power.VERIFY)

    with pytest.raises(NotAllowed):
        brought(office, actor=elsewhere)


def test_the_same_form_sent_twice_is_one_mediation_with_one_code(office: Office) -> None:
    first, second = brought(office, key="same"), brought(office, key="same")

    assert (first.case, first.code, first.slip) == (second.case, second.code, second.slip)
    assert Party.objects.count() == 2


def test_each_party_has_a_seal_of_its_own(office: Office) -> None:
    case = brought(office).case

    assert unsealed(Seal.objects.get(case=case, slot=B)) == OTHER
    assert unsealed(Seal.objects.get(case=case, slot=REPORTER)).name == "钱某甲"


def test_further_parties_are_named_up_to_a_limit(office: Office) -> None:
    case = brought(office).case

    for n in range(3, MOST_PARTIES + 1):
        applications.add_party(
            case=case, actor=office.mediator, now=NOW, identity=Identity(name=f"当事人{n}")
        )

    assert Party.objects.filter(slot="party-10", role=Party.Role.OTHER).exists()
    with pytest.raises(TooManyParties):
        applications.add_party(case=case, actor=office.mediator, now=NOW, identity=OTHER)


def test_a_party_without_a_name_is_none(office: Office) -> None:
    with pytest.raises(Missing):
        applications.add_party(
            case=brought(office).case, actor=office.mediator, now=NOW, identity=Identity()
        )


# ------------------------------------------------------------------ invitation
def _invite(
    office: Office, case: Case, key: str = "k1", **options: bool
) -> applications.Invitation:
    return applications.invite(
        case=case, slot=B, actor=office.mediator, now=NOW, form_key=key, **options
    )


def test_an_invitation_is_printed_once(office: Office) -> None:
    case = brought(office).case

    made = _invite(office, case)

    assert codes.understood(made.code) == made.code
    assert made.code.isdigit()
    assert slips.read(made.slip, {slips.label(): slips.public_key()}).code == made.code
    assert applications.phrase(made, "zh")
    with pytest.raises(applications.AlreadyInvited):
        _invite(office, case)


def test_a_new_slip_makes_a_lost_one_void(office: Office) -> None:
    case = brought(office).case
    lost = _invite(office, case)

    found = _invite(office, case, "k2", again=True)

    stored = TrackingCode.objects.get(case=case, slot=B)
    assert found.code != lost.code
    assert bytes(stored.quick_hash or b"") == codes.quick(found.code)


@pytest.mark.parametrize("act", [parties.consent, parties.accept_mediator])
def test_nobody_is_given_the_code_of_a_party_that_has_spoken(
    office: Office, act: Callable[..., Case]
) -> None:
    case = named(office)
    _invite(office, case)
    act(case=case, slot=B, now=NOW)

    with pytest.raises(applications.AlreadyAnswered):
        _invite(office, case, "k2", again=True)


def test_the_applicant_is_invited_by_nobody(office: Office) -> None:
    case = brought(office).case

    with pytest.raises(Missing):
        applications.invite(case=case, slot=REPORTER, actor=office.mediator, now=NOW, form_key="k")


# --------------------------------------------------------------------- consent
def test_it_begins_only_when_every_party_consents(office: Office) -> None:
    case = named(office)
    with pytest.raises(FactMissing) as refused:
        proceedings.begin_talks(case=case, actor=office.mediator, now=NOW)

    parties.consent(case=case, slot=B, now=NOW)
    case = proceedings.begin_talks(case=case, actor=office.mediator, now=NOW)

    assert refused.value.fact is MediationFact.ALL_CONSENT
    assert (case.stage, running(case)) == (Stage.MEDIATING, ["MED-3"])
    assert told(case, B) == ["mediator_named", "begun"]


def test_it_does_not_begin_without_a_mediator(office: Office) -> None:
    case = brought(office).case
    parties.consent(case=case, slot=B, now=NOW)

    with pytest.raises(FactMissing) as refused:
        proceedings.begin_talks(case=case, actor=office.coordinator, now=NOW)
    assert refused.value.fact is MediationFact.MEDIATED


@pytest.mark.parametrize("slot", BOTH)
def test_a_party_that_declines_stops_it_for_all(office: Office, slot: str) -> None:
    case = parties.decline(case=named(office), slot=slot, now=NOW)

    assert (case.stage, case.ended_at, running(case)) == (Stage.DECLINED, NOW, [])
    assert [told(case, each)[-1] for each in BOTH] == ["declined", "declined"]
    with pytest.raises(WrongStage):
        parties.consent(case=case, slot=slot, now=NOW)


def test_a_code_of_another_case_speaks_for_nobody(office: Office) -> None:
    with pytest.raises(NotAllowed), transaction.atomic():
        parties.consent(case=named(office), slot="party-3", now=NOW)


def test_meetings_are_closed_unless_every_party_wants_them_open(office: Office) -> None:
    case = named(office)
    parties.consent(case=case, slot=REPORTER, now=NOW, agrees_to_open=True)
    parties.consent(case=case, slot=B, now=NOW)
    with pytest.raises(NotOpenToAll):
        proceedings.begin_talks(case=case, actor=office.mediator, now=NOW, is_open=True)

    parties.consent(case=case, slot=B, now=NOW, agrees_to_open=True)
    case = proceedings.begin_talks(case=case, actor=office.mediator, now=NOW, is_open=True)

    assert case.mediation.is_open


# -------------------------------------------------------------------- mediator
def test_a_vetoed_mediator_does_nothing_until_another_is_named(office: Office) -> None:
    case = begun(office)

    parties.refuse_mediator(case=case, slot=B, now=NOW, words="与对方是亲戚")

    with pytest.raises(FactMissing):
        proceedings.meet(
            case=case, actor=office.mediator, now=NOW, meets_at=NOW.replace(day=20), place="x"
        )
    proceedings.name_mediator(case=case, actor=office.coordinator, now=NOW, post=office.second_post)
    proceedings.meet(
        case=case, actor=office.second, now=NOW, meets_at=NOW.replace(day=20), place="x"
    )
    assert set(Party.objects.values_list("accepts_mediator", flat=True)) == {None}


def test_a_veto_needs_words_that_only_the_office_reads(office: Office) -> None:
    case = named(office)
    with pytest.raises(Missing):
        parties.refuse_mediator(case=case, slot=B, now=NOW, words=" ")

    parties.refuse_mediator(case=case, slot=B, now=NOW, words="与对方是亲戚")

    entry = Entry.objects.filter(chain__subject=case.subject, act="refuse_mediator").get()
    assert case.messages.get(slot=B, kind="addition").text == "与对方是亲戚"
    assert "亲戚" not in f"{entry.note}{entry.details}"
    assert told(case, REPORTER) == ["mediator_named"]


def test_nobody_is_accepted_before_they_are_named(office: Office) -> None:
    with pytest.raises(Missing):
        parties.accept_mediator(case=brought(office).case, slot=B, now=NOW)


def test_whoever_declares_an_interest_is_shut_out_and_mediates_no_more(office: Office) -> None:
    case = begun(office)

    case = proceedings.declare_interest(
        case=case, actor=office.mediator, now=NOW, note="当事人是我表弟"
    )

    assert case.post is None
    assert Exclusion.objects.get(case=case).member == office.mediator
    assert told(case, B)[-1] == "mediator_withdrew"
    with pytest.raises(ShutOut):
        proceedings.name_mediator(case=case, actor=office.coordinator, now=NOW, post=office.post)


def test_another_officers_interest_leaves_the_mediator(office: Office) -> None:
    case = proceedings.declare_interest(
        case=begun(office), actor=office.second, now=NOW, note="同村"
    )

    assert case.post == office.post


def test_a_post_that_nobody_holds_does_not_mediate(office: Office) -> None:
    case = brought(office).case
    post = office.post
    post.tenures.all().delete()

    with pytest.raises(Missing):
        proceedings.name_mediator(case=case, actor=office.coordinator, now=NOW, post=post)


# --------------------------------------------------------------------- the end
@pytest.mark.parametrize("slot", BOTH)
@pytest.mark.parametrize("stage", [Stage.MEDIATING, Stage.DRAFTED])
def test_either_party_ends_it_at_any_time_before_the_agreement(
    office: Office, stage: Stage, slot: str
) -> None:
    case = parties.end(case=at(office, stage), slot=slot, now=NOW)

    assert (case.stage, running(case)) == (Stage.NO_AGREEMENT, [])
    assert [told(case, each)[-1] for each in BOTH] == ["ended", "ended"]
    assert not case.mediation.agreements.filter(withdrawn_at=None).exists()


def test_an_agreement_is_not_ended_by_one_side(office: Office) -> None:
    with pytest.raises(WrongStage):
        parties.end(case=at(office, Stage.AGREED), slot=B, now=NOW)


@pytest.mark.parametrize("stage", [Stage.BROUGHT, Stage.MEDIATING, Stage.DRAFTED])
def test_the_mediator_ends_it_without_agreement_and_every_party_is_told_the_routes(
    office: Office, stage: Stage
) -> None:
    case = proceedings.fail(case=at(office, stage), actor=office.mediator, now=NOW, note="分歧过大")

    assert case.stage == Stage.NO_AGREEMENT
    assert [told(case, each)[-1] for each in BOTH] == ["failed", "failed"]


def test_the_police_are_told_and_the_parties_are_not(office: Office) -> None:
    case = begun(office)
    before = case.messages.count()

    case = proceedings.alert(case=case, actor=office.mediator, now=NOW, note="已拨打110")

    assert case.mediation.alerted_at == NOW
    assert case.messages.count() == before
    assert Entry.objects.get(chain__subject=case.subject, act="alert").note == "已拨打110"


def test_the_office_hears_what_a_party_does_and_only_where_it_mediates(office: Office) -> None:
    case = named(office)

    parties.consent(case=case, slot=B, now=NOW)

    received = Notice.objects.filter(what="consent", subject=f"mediation/{case.number}")
    assert {notice.member for notice in received} == {office.coordinator, office.mediator}
