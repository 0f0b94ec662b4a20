"""A row of any table, with no more in it than the table asks for."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from bihuan.orgs.models import Post, Unit
from tests.factories import NOW, TODAY

# What a table's own constraints ask of a row that says nothing else.
PLAIN: Mapping[str, Mapping[str, Any]] = {
    "api.Picture": {"url": "https://example.org/a.jpg", "next_at": NOW},
    "breaches.Step": {"act": "contain", "authority": "", "grade": ""},
    "cases.Case": {"kind": "hazard", "stage": "reported", "channel": "officer"},
    "cases.Evidence": {"slot": "reporter", "shown_to": "giver"},
    "receipts.Amendment": {"wants": "erase", "outcome": ""},
    "cases.GoneRow": {"key": lambda: _digest()},
    "cases.LinkedRow": {"key": lambda: _digest()},
    "cases.Disposed": {"disposed_at": NOW + timedelta(seconds=1)},
    "cases.Exclusion": {"unit": lambda: any_row(Unit)},
    "receipts.Rating": {"solved": True},
    "receipts.UnsealRequest": {"reason": "to visit"},
    "receipts.Seal": {"content": "sealed", "wrapped_key": "wrapped"},
    "receipts.TrackingCode": {"quick_hash": lambda: _bytes(), "sealed_code": "-"},
    "files.StoredFile": {
        "kind": "document",
        "size_bytes": 1,
        "name": "document.pdf",
        "media_type": "application/pdf",
    },
    "inspections.Answer": {"value": "yes", "state": "ok"},
    "inspections.Inspection": {
        "reason": "",
        "result": "",
        "paper": "",
        "checklist": lambda: any_row(apps.get_model("checklists", "Checklist")),
    },
    "inspections.Settlement": {"outcome": "hazard", "case_number": "YH-1"},
    "inspections.Signature": {
        "side": "inspector",
        "way": "drawn",
        "post": lambda: any_row(Post),
        "name": "",
        "reason": "",
    },
    "retention.Hold": {"unit": lambda: any_row(Unit)},
    "retention.HandOver": {"cases": 1},
    "retention.Item": {"why": ""},
    "plans.Round": {
        "plan": lambda: any_row(apps.get_model("plans", "Plan")),
        "checklist": lambda: any_row(apps.get_model("checklists", "Checklist")),
    },
    "transfers.Letter": {"to_unit": lambda: any_row(Unit), "answer": ""},
    "portal.Reception": {"starts_at": time(9), "ends_at": time(10)},
}
_numbers = itertools.count(1)


def any_row(model: type[models.Model], **given: Any) -> Any:
    """Insert a row; whatever it refers to is made with it, unless it is given."""
    plain = {**PLAIN.get(model._meta.label, {}), **given}
    values = {name: found() if callable(found) else found for name, found in plain.items()}
    for field in model._meta.concrete_fields:
        if field.name not in values and not _goes_without(field):
            values[field.name] = any_value(field)
    return model._default_manager.create(**values)


def _goes_without(field: models.Field[Any, Any]) -> bool:
    made = isinstance(field, models.AutoField) or field.generated
    return made or field.null or (field.has_default() and not field.unique)


def any_value(field: models.Field[Any, Any]) -> Any:
    """Something that may stand in the column, and in no other row."""
    number = next(_numbers)
    if isinstance(field, models.ForeignKey):
        return any_row(field.related_model)
    if field.choices:
        return next(value for value, _ in field.flatchoices if value)
    if isinstance(field, models.DateTimeField):
        return NOW
    if isinstance(field, models.DateField):
        return TODAY
    if isinstance(field, models.TimeField):
        return time(9)
    if isinstance(field, models.BinaryField):
        return _bytes()
    if isinstance(field, models.UUIDField):
        return UUID(int=number)
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField):
        return 1
    if isinstance(field, models.CharField | models.TextField):
        word = f"{field.name}{number}"[-(field.max_length or 40) :]
        return "" if field.blank and not field.unique else word
    raise TypeError(f"{field}: say in PLAIN what stands there")


def _bytes() -> bytes:
    return b"%032d" % next(_numbers)


def _digest() -> str:
    return _bytes().decode()


def own_models() -> list[type[models.Model]]:
    """Every table of the project."""
    return [model for model in apps.get_models() if model.__module__.startswith("bihuan.")]
