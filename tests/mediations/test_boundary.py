"""Who the parties are lies in the ciphertext of their seals, and in no table, file or answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.core.mediation import Move
from bihuan.core.refusal import Refusal
from bihuan.mediations.actions import parties, performance, proceedings
from bihuan.mediations.actions.applications import add_party, invite
from bihuan.mediations.actions.performance import PromiseOutcome
from bihuan.mediations.actions.reminders import remind
from bihuan.receipts.accounts import Identity
from bihuan.receipts.actions.seals import unsealed
from bihuan.receipts.models import Seal
from tests.mediations.table import (
    APPLICANT,
    BOTH,
    OTHER,
    B,
    Office,
    agreed,
    begun,
    brought,
    items_of,
)

pytestmark = pytest.mark.django_db

THIRD = Identity(name="李某丙", phone="13900000003", email="c@example.org", address="石桥村3号")
SECRETS = [
    each
    for identity in (APPLICANT, OTHER, THIRD)
    for each in (identity.name, identity.phone, identity.email, identity.address)
    if each
]


def _everything(office: Office) -> Case:
    """Every sort of act that a mediation knows."""
    case = brought(office).case
    add_party(case=case, actor=office.mediator, now=office.now, identity=THIRD)
    invite(case=case, slot=B, actor=office.mediator, now=office.now, form_key="k")
    parties.decline(case=case, slot="party-3", now=office.now)
    talks = begun(office)
    parties.refuse_mediator(case=talks, slot=B, now=office.now, words="不合适")
    proceedings.alert(case=talks, actor=office.mediator, now=office.now, note="已报警")
    proceedings.fail(case=talks, actor=office.mediator, now=office.now, note="分歧大")
    done = agreed(office)
    remind(now=office.now + timedelta(days=25))
    for item in items_of(done):
        performance.note_performance(
            case=done,
            actor=office.mediator,
            now=office.now,
            item=item,
            outcome=PromiseOutcome.BROKEN,
            record="未付",
        )
    return performance.finish_case(
        case=done, actor=office.coordinator, now=office.now, note="已回访"
    )


def _cells() -> Iterator[tuple[str, str]]:
    """Everything that the database holds, as text."""
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')
            for row in cursor.fetchall():
                for value in row:
                    kept = bytes(value).hex() if isinstance(value, memoryview) else str(value)
                    yield name, kept


def test_no_table_holds_the_name_or_contact_of_a_party(office: Office) -> None:
    _everything(office)

    found = [(name, secret) for name, kept in _cells() for secret in SECRETS if secret in kept]

    assert found == []
    # They are kept, so that nothing found is no accident.
    names = {unsealed(row).name for row in Seal.objects.all()}
    assert names == {APPLICANT.name, OTHER.name, THIRD.name}


def test_no_page_of_the_office_shows_who_the_parties_are(
    client: Client, office_now: Office
) -> None:
    case = _everything(office_now)
    pages = [reverse("desk:today"), reverse("desk:ledger")]
    for number in Case.objects.values_list("number", flat=True):
        pages += [
            reverse("desk:case", args=[number]),
            reverse("desk:sheet", args=[number]),
            reverse("mediations:mediation-record", args=[number]),
            reverse("mediations:mediation-invitation", args=[number, B]),
        ]
    pages.append(reverse("mediations:mediation-agreement", args=[case.number]))
    client.force_login(office_now.coordinator)

    for url in pages:
        response = client.get(url)
        assert response.status_code == 200, url
        assert not [secret for secret in SECRETS if secret in response.content.decode()], url


def test_no_refusal_tells_who_a_party_is(office: Office) -> None:
    case = brought(office).case
    said = []

    for _n in range(9):
        try:
            add_party(case=case, actor=office.mediator, now=office.now, identity=THIRD)
        except Refusal as refusal:
            said.append(repr(refusal))

    assert said
    assert not any(secret in text for secret in SECRETS for text in said)


def test_what_a_clerk_typed_does_not_come_back_from_a_refused_form(
    client: Client, office_now: Office
) -> None:
    """It does while the form is wrong, so that nothing typed is lost; once taken it is sealed."""
    case = brought(office_now, other=None).case
    client.force_login(office_now.mediator)
    url = reverse("desk:move", args=[case.number, Move.ADD_PARTY])

    wrong = client.post(url, {"version": 1, "name": THIRD.name, "write_me": "no address"})
    taken = client.post(
        url, {"version": case.version, "name": THIRD.name, "call_me": THIRD.phone}, follow=True
    )

    assert THIRD.name in wrong.content.decode()
    assert THIRD.name not in taken.content.decode()
    assert {slot for slot in Seal.objects.values_list("slot", flat=True)} == set(BOTH)
