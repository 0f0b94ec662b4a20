"""A double click imports a workbook once."""

from __future__ import annotations

import pytest

from bihuan.core.powers import Power
from bihuan.orgs.actions.district import LoadResult
from bihuan.orgs.models import User
from bihuan.staffing import importing
from bihuan.staffing.carrying import Carried
from bihuan.staffing.reading import Book
from tests.at_once import at_once
from tests.factories import NOW, make_officer, make_unit

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_of_two_confirmations_together_one_imports_and_both_find_the_passwords() -> None:
    administrator = make_officer(make_unit(), Power.ADMINISTER)
    book = Book(tables={"officers": [{"username": "new.one", "name": "新人"}]}, rows={})

    def confirm() -> LoadResult | None:
        return importing.carry_out(Carried(book, "n1"), administrator, NOW)

    answers = at_once(confirm, confirm)

    assert [answer for answer in answers if answer is None] == [None]
    found = importing.imported("n1", administrator, NOW)
    assert found is not None
    (officer,) = found.officers
    assert User.objects.get(username="new.one").check_password(officer.password)
