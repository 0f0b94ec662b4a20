"""A table with a column of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

with isolate_apps("bihuan.journal"):

    class Sample(models.Model):
        """A column of every kind that the project uses."""

        text = models.TextField(null=True)
        code = models.CharField(max_length=8, null=True)
        whole = models.BigIntegerField(null=True)
        small = models.PositiveSmallIntegerField(null=True, db_column="tiny")
        money = models.DecimalField(max_digits=12, decimal_places=2, null=True)
        day = models.DateField(null=True)
        at = models.DateTimeField(null=True)
        raw = models.BinaryField(null=True)
        given = models.JSONField(null=True)
        key = models.UUIDField(null=True)
        yes = models.BooleanField(null=True)
        real = models.FloatField(null=True)
        objects: ClassVar[models.Manager[models.Model]] = models.Manager()

        class Meta:
            app_label = "journal"

        def __str__(self) -> str:
            return str(self.text)


@pytest.fixture
def sample(transactional_db: None) -> Iterator[type[Sample]]:
    with connection.schema_editor() as editor:
        editor.create_model(Sample)
    yield Sample
    with connection.schema_editor() as editor:
        editor.delete_model(Sample)
