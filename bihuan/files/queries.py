"""Find the files of a subject, and stored files that show the same picture."""

from __future__ import annotations

from math import inf

from django.db.models import Q, QuerySet

from bihuan.core import likeness
from bihuan.files.models import Attachment, StoredFile


def attached_to(subject: str) -> QuerySet[Attachment, Attachment]:
    """Return the attachments of a subject, oldest first."""
    rows = Attachment.objects.filter(subject=subject).select_related("file", "added_by")
    return rows.order_by("pk")


def like(stored: StoredFile, *, distance: int = likeness.NEAR) -> list[StoredFile]:
    """Return other uploads of the same or nearly the same content, nearest first.

    Indexes find the candidates: among a million pictures about a thousand share a searched band,
    and only their bits are compared.
    """
    candidates = StoredFile.objects.filter(_may_be_like(stored, distance)).exclude(pk=stored.pk)
    near = [
        (apart, pk)
        for pk, sha256, fingerprint in candidates.values_list("pk", "sha256", "perceptual_hash")
        if (apart := _apart(stored, sha256, fingerprint)) <= distance
    ]
    found = StoredFile.objects.in_bulk([pk for _, pk in near])
    return [found[pk] for _, pk in sorted(near)]


def _may_be_like(stored: StoredFile, distance: int) -> Q:
    condition = Q(sha256=stored.sha256)
    if stored.perceptual_hash is not None:
        bands = likeness.bands_within(stored.perceptual_hash, distance)
        for number, values in enumerate(bands):
            condition |= Q(**{f"band_{number}__in": values})
    return condition


def _apart(stored: StoredFile, sha256: str, fingerprint: int | None) -> float:
    if stored.sha256 == sha256:
        return 0
    if stored.perceptual_hash is None or fingerprint is None:
        return inf
    return likeness.distance(stored.perceptual_hash, fingerprint)
