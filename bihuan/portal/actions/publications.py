"""Reactions of the public to publications."""

from __future__ import annotations

from django.db.models import F

from bihuan.receipts.models import Publication


def me_too(*, publication: Publication) -> None:
    """Count one more person affected. Nothing is stored about who."""
    shown = Publication.objects.filter(pk=publication.pk, withdrawn_at=None)
    shown.update(me_too=F("me_too") + 1)
