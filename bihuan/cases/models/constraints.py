"""The database constraints of every case.

Those of one kind, such as which stages end a case, are in the migrations of that kind's app.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

CONSTRAINTS: list[models.BaseConstraint] = [
    models.CheckConstraint(
        name="only_what_is_due_is_provisional",
        condition=Q(is_due_provisional=False) | Q(due_at__isnull=False),
    ),
    models.UniqueConstraint(
        fields=["form_key", "reported_by"],
        condition=Q(form_key__isnull=False),
        name="form_taken_once",
    ),
    models.UniqueConstraint(
        fields=["form_key"],
        condition=Q(form_key__isnull=False, reported_by=None),
        name="public_form_taken_once",
    ),
    models.UniqueConstraint(
        fields=["source_key"], condition=~Q(source_key=""), name="ledger_row_once"
    ),
    models.CheckConstraint(
        name="nobody_verifies_their_own_fix",
        condition=Q(resolved_by=None) | Q(verified_by=None) | ~Q(verified_by=F("resolved_by")),
    ),
    models.CheckConstraint(
        name="nobody_closes_their_own_fix",
        condition=Q(resolved_by=None) | Q(closed_by=None) | ~Q(closed_by=F("resolved_by")),
    ),
    models.CheckConstraint(
        name="no_unit_verifies_its_own_fix",
        condition=Q(resolved_unit=None)
        | Q(verified_unit=None)
        | ~Q(verified_unit=F("resolved_unit")),
    ),
    models.CheckConstraint(
        name="no_named_resolver_verifies",
        condition=Q(resolver_name="") | ~Q(verifier_name=F("resolver_name")),
    ),
    models.CheckConstraint(
        name="only_an_import_is_ever_unverified",
        condition=Q(import_check="", import_by=None, import_checked_by=None)
        | Q(import_check="waiting", channel="import", import_checked_by=None)
        | Q(import_check="confirmed", channel="import", import_checked_by__isnull=False),
    ),
    models.CheckConstraint(
        name="nobody_confirms_their_own_import",
        condition=Q(import_by=None)
        | Q(import_checked_by=None)
        | ~Q(import_checked_by=F("import_by")),
    ),
    # Two triggers enforce that it follows a case that is not ended as a duplicate (migration 0009).
    models.CheckConstraint(
        name="what_follows_another_has_always_ended",
        condition=Q(duplicate_of=None) | Q(ended_at__isnull=False),
    ),
    models.CheckConstraint(
        name="case_never_ends_before_it_was_reported",
        condition=Q(ended_at=None) | Q(ended_at__gte=F("reported_at")),
    ),
    models.CheckConstraint(
        name="place_has_both_coordinates_or_none",
        condition=Q(latitude=None, longitude=None)
        | Q(
            latitude__isnull=False,
            longitude__isnull=False,
            latitude__range=(-90, 90),
            longitude__range=(-180, 180),
        ),
    ),
]
