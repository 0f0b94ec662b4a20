"""The metadata of stored photos and documents; the bytes are on disk."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.capture import PlaceVerdict, TimeVerdict
from bihuan.core.likeness import BAND_BITS, BANDS
from bihuan.files import names
from bihuan.files.media import EXTENSIONS, NEUTRAL_NAMES, MediaType


def _band(number: int) -> models.GeneratedField:
    """Sixteen bits of the perceptual hash, computed by the database so that they are indexed."""
    return models.GeneratedField(
        expression=F("perceptual_hash")
        .bitrightshift(number * BAND_BITS)
        .bitand((1 << BAND_BITS) - 1),
        output_field=models.IntegerField(),
        db_persist=True,
    )


class StoredFile(models.Model):
    """One upload; equal bytes of several uploads are stored on disk once."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        DOCUMENT = "document", _("Document")

    kind = models.CharField(max_length=8, choices=Kind)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=80)
    size_bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=names.LONGEST)
    perceptual_hash = models.BigIntegerField(null=True)
    band_0 = _band(0)
    band_1 = _band(1)
    band_2 = _band(2)
    band_3 = _band(3)
    capture_place = models.CharField(max_length=16, blank=True)
    capture_time = models.CharField(max_length=16, blank=True)
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    stored_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["sha256"], name="stored_file_by_sha256"),
            *(
                models.Index(fields=[f"band_{n}"], name=f"stored_file_by_band_{n}")
                for n in range(BANDS)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="stored_file_is_never_empty", condition=Q(size_bytes__gt=0)
            ),
            models.CheckConstraint(
                name="photo_always_has_a_size_in_pixels_and_a_document_never",
                # Without "not null", a missing width would make the check NULL, which passes.
                condition=Q(kind="photo", width__isnull=False, height__isnull=False)
                & Q(width__gt=0, height__gt=0)
                | Q(kind="document", width=None, height=None),
            ),
            models.CheckConstraint(
                name="photo_always_has_a_capture_verdict_and_a_document_never",
                condition=Q(
                    kind="photo",
                    capture_place__in=[verdict.value for verdict in PlaceVerdict],
                    capture_time__in=[verdict.value for verdict in TimeVerdict],
                )
                | Q(kind="document", capture_place="", capture_time=""),
            ),
            models.CheckConstraint(
                name="document_never_has_a_perceptual_hash",
                condition=Q(kind="photo") | Q(perceptual_hash=None),
            ),
            models.CheckConstraint(
                # The name that a person or their phone gives a photo can identify them.
                name="photo_of_the_public_never_has_a_name_of_its_own",
                condition=Q(stored_by__isnull=False)
                | Q(kind="document")
                | Q(name__in=NEUTRAL_NAMES),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def own_name(self) -> str:
        """Return the name that the sender gave it; empty if none was kept."""
        return "" if self.name in NEUTRAL_NAMES else self.name

    @property
    def path(self) -> str:
        return path_of(self.sha256, EXTENSIONS[MediaType(self.media_type)])

    @property
    def thumbnail_path(self) -> str:
        return path_of(self.sha256, "thumbnail.webp")

    def turned_thumbnail_path(self, turns: int) -> str:
        """Return the path of the thumbnail turned by quarters, which exists once it was shown."""
        return path_of(self.sha256, f"thumbnail-{turns}.webp")

    @property
    def every_path(self) -> list[str]:
        """Return the paths of everything that may be on disk of it."""
        turned = [self.turned_thumbnail_path(turns) for turns in (1, 2, 3)]
        return [self.path, self.thumbnail_path, *turned]


class Attachment(models.Model):
    """A file that an officer attached to a subject of the journal, like "breach/XL-2026-0001"."""

    subject = models.CharField(max_length=80)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    added_at = models.DateTimeField()
    # The form that brought the file, together with the file's digest.
    form_key = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject"], name="attachment_by_subject")]
        constraints = [
            models.CheckConstraint(
                name="attachment_always_has_a_subject", condition=~Q(subject="")
            ),
            models.UniqueConstraint(fields=["form_key"], name="form_attaches_the_same_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.file_id}"


def path_of(sha256: str, extension: str) -> str:
    """Return the path of the bytes, named by digest, in folders of a few hundred files at most."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.{extension}"
