"""The public's side comes through the migrations and back, and the journal still holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from bihuan.journal.queries import verify
from bihuan.receipts.actions import public, seals
from tests.anyrow import any_row
from tests.cases.public import make_office, seal_of, told
from tests.clock import PRESENT
from tests.going_back import Migrate, go_on, going_back

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

OWN = list(apps.get_app_config("receipts").get_models())


@pytest.fixture
def go_back() -> Iterator[Migrate]:
    with going_back([("cases", "0040_kinds_are_registered")]) as back:
        yield back


def rows(of: list[type[Model]]) -> dict[str, list[dict[str, Any]]]:
    found = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in of}
    for row in found["Message"]:
        assert row.pop("shown_at", None) is None  # a later column
    return found


def test_everything_said_under_a_code_comes_through_the_migrations_and_back(
    go_back: Migrate,
) -> None:
    office = make_office()
    case = told(office.town, kind="grievance").case
    public.add(case=case, text="补充：昨晚又有人摔倒", now=PRESENT, form_key="addition-1")
    seals.ask_opening(row=seal_of(case), actor=office.handler, reason="须核对位置", now=PRESENT)
    for model in OWN:
        if not model._default_manager.exists():
            any_row(model)
    before, found = rows(OWN), verify()

    old = go_back()

    assert rows([old.get_model("cases", model.__name__) for model in OWN]) == before
    go_on()
    assert all(before.values())
    assert rows(OWN) == before
    assert verify() == found
