"""A dispute noticed on a screening round: nobody is named, and nobody is bound."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import REPORTER, Case
from bihuan.core.mediation import Stage
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, WrongStage
from bihuan.mediations.actions import applications, dispute_notices, parties, proceedings
from bihuan.mediations.actions.dispute_notices import Dispute
from bihuan.mediations.models import Party
from bihuan.orgs.models import Unit
from bihuan.orgs.refusals import UnitClosed
from bihuan.receipts.models import Seal, TrackingCode
from tests.factories import TODAY, make_officer
from tests.mediations.table import APPLICANT, OTHER, Office, make_office, running

pytestmark = pytest.mark.django_db


def noticed(office: Office) -> Case:
    dispute = Dispute(
        title="田界争议", place="石桥村东头", unit=office.town, category="山林土地纠纷"
    )
    return dispute_notices.notice(dispute=dispute, actor=office.coordinator, now=office.now)


def asked(office: Office) -> Case:
    return dispute_notices.ask(
        case=noticed(office), actor=office.coordinator, now=office.now, identity=APPLICANT
    )


def test_a_noticed_dispute_has_no_parties_no_code_and_no_seal() -> None:
    office = make_office()

    case = noticed(office)

    assert case.stage == Stage.NOTICED
    assert running(case) == ["LOC-13"]
    assert not Party.objects.filter(mediation=case.pk).exists()
    assert not TrackingCode.objects.filter(case=case).exists()
    assert not Seal.objects.filter(case=case).exists()


def test_nothing_is_noted_in_a_closed_unit() -> None:
    office = make_office()
    Unit.objects.filter(pk=office.town.pk).update(end_date=TODAY)
    office.town.refresh_from_db()

    with pytest.raises(UnitClosed):
        noticed(office)

    assert not Case.objects.exists()


def test_the_same_form_twice_notes_one_dispute() -> None:
    office, key = make_office(), uuid4()
    dispute = Dispute(title="田界争议", place="石桥村东头", unit=office.town)

    first = dispute_notices.notice(
        dispute=dispute, actor=office.coordinator, now=office.now, form_key=key
    )
    second = dispute_notices.notice(
        dispute=dispute, actor=office.coordinator, now=office.now, form_key=key
    )

    assert first.pk == second.pk


def test_nobody_notes_a_dispute_where_their_post_does_not_reach() -> None:
    office = make_office()
    dispute = Dispute(title="田界争议", place="石桥村东头", unit=office.county)

    with pytest.raises(NotAllowed):
        dispute_notices.notice(dispute=dispute, actor=office.coordinator, now=office.now)


@pytest.mark.parametrize(("title", "place"), [("  ", "东头"), ("田界争议", " ")])
def test_a_dispute_is_noted_with_its_subject_and_its_place(title: str, place: str) -> None:
    office = make_office()
    dispute = Dispute(title=title, place=place, unit=office.town)

    with pytest.raises(Missing):
        dispute_notices.notice(dispute=dispute, actor=office.coordinator, now=office.now)


def test_it_becomes_a_mediation_when_a_party_asks_and_consents_with_its_own_code() -> None:
    office = make_office()

    case = asked(office)

    assert case.stage == Stage.BROUGHT
    assert running(case) == ["LOC-11"]
    [party] = Party.objects.filter(mediation=case.pk)
    assert (party.slot, party.role, party.consents) == (REPORTER, "applicant", None)
    slip = applications.invite(
        case=case, slot=REPORTER, actor=office.coordinator, now=office.now, form_key=uuid4().hex
    )
    assert slip.code
    parties.consent(case=case, slot=REPORTER, now=office.now)
    party.refresh_from_db()
    assert party.consents is True


def test_it_goes_on_as_every_mediation_does() -> None:
    office = make_office()
    case = asked(office)
    applications.add_party(case=case, actor=office.mediator, now=office.now, identity=OTHER)
    proceedings.name_mediator(case=case, actor=office.coordinator, now=office.now, post=office.post)
    for slot in (REPORTER, "party-2"):
        parties.consent(case=case, slot=slot, now=office.now)

    case = proceedings.begin_talks(case=case, actor=office.mediator, now=office.now)

    assert case.stage == Stage.MEDIATING


def test_nobody_asks_without_saying_who_they_are() -> None:
    office = make_office()
    nameless = type(APPLICANT)(phone="13900000001")

    with pytest.raises(Missing):
        dispute_notices.ask(
            case=noticed(office), actor=office.coordinator, now=office.now, identity=nameless
        )


def test_a_settled_dispute_has_ended_and_nobody_asks_any_more() -> None:
    office = make_office()

    case = dispute_notices.settle(
        case=noticed(office), actor=office.coordinator, now=office.now, note="双方自行和解"
    )

    assert (case.stage, case.ended_at) == (Stage.SETTLED, office.now)
    assert running(case) == []
    with pytest.raises(WrongStage):
        dispute_notices.ask(case=case, actor=office.coordinator, now=office.now, identity=APPLICANT)


@pytest.mark.parametrize("stage", [Stage.NOTICED, Stage.BROUGHT, Stage.SETTLED])
def test_every_page_of_the_case_shows_without_parties(client: Client, stage: Stage) -> None:
    office = make_office()
    case = asked(office) if stage is Stage.BROUGHT else noticed(office)
    if stage is Stage.SETTLED:
        dispute_notices.settle(case=case, actor=office.coordinator, now=office.now, note="已和解")
    client.force_login(office.coordinator)

    for url in (
        case.get_absolute_url(),
        reverse("desk:sheet", args=[case.number]),
        reverse("desk:today"),
    ):
        assert client.get(url).status_code == 200


def test_an_officer_notes_a_dispute_on_its_page(client: Client) -> None:
    office = make_office()
    client.force_login(office.coordinator)
    page = client.get(reverse("mediations:notice-dispute"))
    form = page.context["form"]
    said = {
        "form_key": form.initial["form_key"],
        "unit": office.town.pk,
        "place": "石桥村东头",
        "title": "田界争议",
        "description": "",
        "category": "山林土地纠纷",
    }

    answer = client.post(reverse("mediations:notice-dispute"), said)

    case = Case.objects.get(kind="mediation")
    assert answer["Location"] == case.get_absolute_url()
    assert (case.stage, case.category, case.owner) == ("noticed", "山林土地纠纷", office.town)


def test_whoever_may_not_receive_notes_nothing(client: Client) -> None:
    office = make_office()
    client.force_login(make_officer(office.town, Power.VERIFY, name="许验收"))
    said = {"form_key": uuid4(), "unit": office.town.pk, "place": "东头", "title": "田界争议"}

    client.post(reverse("mediations:notice-dispute"), said)

    assert not Case.objects.exists()
