"""The guard against writing outside a transaction: it refuses, and lists nothing that is gone."""

from __future__ import annotations

import pytest
from django.db import transaction

from bihuan.journal.models import Entry
from bihuan.orgs.actions.steps import note
from bihuan.orgs.acts import OrgAct
from tests.factories import NOW, make_member, make_unit
from tests.transactions import ALONE, PRODUCT, NoTransaction


@pytest.mark.django_db
def test_what_only_the_transaction_of_a_test_surrounds_is_refused() -> None:
    unit, actor = make_unit(), make_member()

    with pytest.raises(NoTransaction, match=r"orgs/actions/steps\.py:note"):
        note(unit, OrgAct.CHANGE_UNIT, actor=actor, now=NOW)
    with transaction.atomic():
        note(unit, OrgAct.CHANGE_UNIT, actor=actor, now=NOW)

    assert Entry.objects.count() == 1


@pytest.mark.parametrize("place", ALONE)
def test_every_exception_is_still_there(place: str) -> None:
    file, function = place.split(":")

    assert f"def {function}(" in (PRODUCT / file).read_text()
