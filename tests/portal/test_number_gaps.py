"""Numbers tell nobody that something is there which they must not know of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bihuan.grievances.actions import registration
from bihuan.orgs.models import Unit
from bihuan.receipts.accounts import Account, Intake
from tests.clock import PRESENT
from tests.portal.conftest import County

pytestmark = pytest.mark.django_db


def test_what_is_shut_to_somebody_leaves_no_gap_in_the_numbers(county: County) -> None:
    """Who counts the numbers would know that there is an accusation, and since when."""
    account = Account(title="路灯坏了", unit=county.town)

    def brought(key: str, *about: Unit) -> str:
        result = replace(account, about_units=about)
        return registration.receive(Intake(account=result, form_key=key, now=PRESENT)).case.number

    before, hidden, after = brought("a"), brought("b", county.village), brought("c")

    assert int(after[-6:]) == int(before[-6:]) + 1
    assert len(hidden) > len(after)
    assert hidden.startswith(after[:8])
