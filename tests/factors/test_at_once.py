"""Two people at the same time: a code that both know lets one of them in."""

import pytest

from bihuan.core.powers import Power
from bihuan.factors.actions import proving, removing
from bihuan.factors.actions.proving import SecondStepProof
from bihuan.factors.refusals import RemovalGone
from bihuan.orgs.actions.signing_in import Place
from tests.at_once import at_once
from tests.factories import NOW, make_member, make_officer, make_unit
from tests.factors.devices import BEFORE, give_app

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("is_from_paper", [True, False])
def test_a_code_lets_one_of_two_in(is_from_paper: bool) -> None:
    user = make_member()
    phone, codes = give_app(user, at=BEFORE)
    code = codes[0] if is_from_paper else phone.code()

    def prove() -> SecondStepProof:
        return proving.by_code(user=user, code=code, place=Place("198.51.100.1"), now=NOW)

    answers = at_once(*[prove] * 3)

    assert sum(isinstance(answer, SecondStepProof) for answer in answers) == 1


def test_a_removal_is_confirmed_once() -> None:
    unit = make_unit()
    holder, first, *others = (make_officer(unit, Power.ADMINISTER) for _ in range(4))
    give_app(holder)
    removal = removing.ask_removal(holder=holder, actor=first, reason="手机丢失", now=NOW)

    answers = at_once(
        *(
            lambda actor=actor: removing.confirm_removal(removal=removal, actor=actor, now=NOW)
            for actor in others
        )
    )

    assert sorted(map(type, answers), key=str) == sorted([RemovalGone, type(None)], key=str)
