"""The tables have what the models and migrations say, after all of them were moved and renamed."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models

pytestmark = pytest.mark.django_db

# Indexes that no model declares, by the table that they are on.
OF_MIGRATIONS = {
    "cases_case": {"hazard_by_rare_end"},
    "cases_casewords": {"cases_words_index"} if connection.vendor == "postgresql" else set(),
}
MODELS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("bihuan.") and model._meta.managed
]


def _present(name: str) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, name))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_index_and_constraint_of_a_model_is_in_its_table(model: type[models.Model]) -> None:
    named = {index.name for index in model._meta.indexes}
    named |= {each.name for each in model._meta.constraints}

    assert named - _present(model._meta.db_table) == set()


@pytest.mark.parametrize("name", sorted(OF_MIGRATIONS))
def test_an_index_that_only_a_migration_makes_is_still_there(name: str) -> None:
    assert OF_MIGRATIONS[name] - _present(name) == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_key_leads_to_a_table_that_is_there(model: type[models.Model]) -> None:
    """SQLite says nothing of a key to a table that was renamed."""
    there = set(connection.introspection.table_names())

    with connection.cursor() as cursor:
        relations = connection.introspection.get_relations(cursor, model._meta.db_table)

    assert {other for _column, other, *_ in relations.values()} - there == set()
