"""A disk without room while a ledger is read in: a clear refusal, and the way on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bihuan.cases.models import Case
from bihuan.ledgers.actions.findings import CHANGES
from bihuan.orgs.models import Unit
from bihuan.sheets.refusals import SheetFault, SheetRefused
from tests.factories import make_unit
from tests.ledgers.books import counts, hazard, table, take, xlsx


@pytest.mark.django_db
def test_no_room_for_what_is_reported_is_said_and_the_file_can_be_given_again(
    tmp_path: Path,
) -> None:
    unit = make_unit(kind=Unit.Kind.TOWN)
    take(xlsx(tmp_path / "first.xlsx", table([hazard(1)])), unit)
    changed = xlsx(tmp_path / "second.xlsx", table([hazard(1, 备注="已约谈"), hazard(2)]))
    full = tmp_path / "full"
    full.mkdir()
    (full / CHANGES).symlink_to("/dev/full")

    with pytest.raises(SheetRefused) as caught:
        take(changed, unit, report_to=full)

    assert caught.value.fault is SheetFault.NO_ROOM
    again = counts(take(changed, unit))
    assert again == (0, 0, 2, 0)
    assert Case.objects.count() == 2
