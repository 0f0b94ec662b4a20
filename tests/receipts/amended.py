"""Requests to correct or erase, as their tests make them."""

from __future__ import annotations

from uuid import uuid4

from bihuan.cases.models import Case
from bihuan.core.amending import AmendmentOutcome, Basis, Wants
from bihuan.orgs.models import Unit, User
from bihuan.receipts.actions import amendments as actions
from bihuan.receipts.actions import public
from bihuan.receipts.models import Amendment
from tests.cases.public import told
from tests.clock import PRESENT

# Words that stand nowhere else.
SECRET = "鹦鹉螺牌三轮车"


def told_secretly(unit: Unit) -> Case:
    """A grievance whose title, description and place all hold these words."""
    return told(
        unit,
        kind="grievance",
        title=f"{SECRET}占道",
        description=f"每晚停着{SECRET}。很吵。",
        place=f"{SECRET}旁",
    ).case


def ask(case: Case, thing: str, wants: Wants = Wants.ERASE, **given: object) -> Amendment:
    values = {name: given.pop(name) for name in ("right_words", "reason") if name in given}
    request = actions.Request(thing, wants, **values)  # type: ignore[arg-type]
    given = {"slot": "reporter", "form_key": uuid4().hex, "now": PRESENT, **given}
    return actions.ask(case=case, request=request, **given)  # type: ignore[arg-type]


def decide(
    given: Amendment,
    actor: User,
    outcome: AmendmentOutcome = AmendmentOutcome.GRANTED,
    **values: object,
) -> Amendment:
    values = {"now": PRESENT, **values}
    return actions.decide(given=given, actor=actor, outcome=outcome, **values)  # type: ignore[arg-type]


def refuse(given: Amendment, actor: User) -> Amendment:
    return decide(
        given, actor, AmendmentOutcome.REFUSED, answer="案件仍在办理。", basis=Basis.NEEDED.value
    )


def add(case: Case, text: str = "", **given: object) -> None:
    public.add(case=case, text=text, now=PRESENT, form_key=uuid4().hex, **given)  # type: ignore[arg-type]
