"""What the public does with what was published."""

from __future__ import annotations

from django.db.models import F

from bihuan.receipts.models import Publication


def me_too(*, publication: Publication) -> None:
    """One more says that it concerns them too. Nothing is kept of who."""
    shown = Publication.objects.filter(pk=publication.pk, withdrawn_at=None)
    shown.update(me_too=F("me_too") + 1)
