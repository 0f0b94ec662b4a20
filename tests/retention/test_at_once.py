"""Two officers at the same time: a case lands on one list, and the other is told."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, transaction

from bihuan.core.amending import AmendmentOutcome
from bihuan.core.powers import Power
from bihuan.orgs.models import User
from bihuan.retention.actions import disposals, holds, lists
from bihuan.retention.models import Disposal, Item
from bihuan.retention.refusals import Decided, NothingDue
from tests.at_once import at_once
from tests.clock import PRESENT
from tests.factories import make_officer
from tests.receipts.amended import ask, decide, told_secretly
from tests.retention.scene import (
    GRACE,
    LATER,
    YEAR,
    Scene,
    confirmed,
    entry,
    proposed,
    rejected_hazard,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_of_two_proposals_together_one_is_told_that_nothing_is_due() -> None:
    scene = Scene()
    for _ in range(3):
        rejected_hazard(scene)
    above = make_officer(scene.office.county, Power.COORDINATE)

    def propose(actor: User) -> Disposal:
        return lists.propose(
            unit=scene.unit, entry=entry("hazard"), year=YEAR, reason="已鉴定",
            actor=actor, now=LATER,
        )  # fmt: skip

    answers = at_once(lambda: propose(scene.proposer), lambda: propose(above))

    assert sorted(type(each).__name__ for each in answers) == ["Disposal", NothingDue.__name__]
    assert (Disposal.objects.count(), Item.objects.count()) == (1, 3)


def test_of_two_confirmations_together_one_counts() -> None:
    scene = Scene()
    rejected_hazard(scene)
    row, other = proposed(scene), make_officer(scene.unit, Power.APPROVE)

    answers = at_once(
        lambda: lists.confirm(row=row, actor=scene.confirmer, now=LATER),
        lambda: lists.confirm(row=row, actor=other, now=LATER),
    )

    assert sorted(type(each).__name__ for each in answers) == [Decided.__name__, "Disposal"]


def _erasing(scene: Scene) -> Callable[[], object]:
    given = ask(told_secretly(scene.unit), "title")
    return lambda: decide(given, scene.confirmer, AmendmentOutcome.GRANTED)


def _disposing(scene: Scene) -> Callable[[], object]:
    rejected_hazard(scene)
    confirmed(scene)
    return lambda: disposals.carry_out(now=LATER + GRACE)


@pytest.mark.parametrize("going", [_erasing, _disposing])
def test_nothing_goes_while_its_unit_is_being_held_back(
    going: Callable[[Scene], Callable[[], object]],
) -> None:
    """The hold of a unit above is made and not committed yet: what it keeps has to wait for it."""
    scene = Scene()
    go = going(scene)

    def impatient() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        return go()

    with transaction.atomic():
        holds.hold_unit(unit=scene.office.county, reason="审计", actor=scene.auditor, now=PRESENT)
        (answer,) = at_once(impatient)

    assert isinstance(answer, OperationalError), answer
