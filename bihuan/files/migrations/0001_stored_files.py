"""Stored photos and documents, with indexes that find pictures that look alike."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("photo", "Photo"), ("document", "Document")], max_length=8
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=80)),
                ("size_bytes", models.PositiveIntegerField()),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                ("name", models.CharField(max_length=100)),
                ("perceptual_hash", models.BigIntegerField(null=True)),
                (
                    "band_0",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("perceptual_hash"), ">>", models.Value(0)
                            ),
                            "&",
                            models.Value(65535),
                        ),
                        output_field=models.IntegerField(),
                    ),
                ),
                (
                    "band_1",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("perceptual_hash"), ">>", models.Value(16)
                            ),
                            "&",
                            models.Value(65535),
                        ),
                        output_field=models.IntegerField(),
                    ),
                ),
                (
                    "band_2",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("perceptual_hash"), ">>", models.Value(32)
                            ),
                            "&",
                            models.Value(65535),
                        ),
                        output_field=models.IntegerField(),
                    ),
                ),
                (
                    "band_3",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("perceptual_hash"), ">>", models.Value(48)
                            ),
                            "&",
                            models.Value(65535),
                        ),
                        output_field=models.IntegerField(),
                    ),
                ),
                ("capture_place", models.CharField(blank=True, max_length=16)),
                ("capture_time", models.CharField(blank=True, max_length=16)),
                ("stored_at", models.DateTimeField()),
                (
                    "stored_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sha256"], name="stored_file_by_sha256"),
                    models.Index(fields=["band_0"], name="stored_file_by_band_0"),
                    models.Index(fields=["band_1"], name="stored_file_by_band_1"),
                    models.Index(fields=["band_2"], name="stored_file_by_band_2"),
                    models.Index(fields=["band_3"], name="stored_file_by_band_3"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size_bytes__gt", 0)), name="stored_file_is_never_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("height__isnull", False),
                                ("kind", "photo"),
                                ("width__isnull", False),
                                ("height__gt", 0),
                                ("width__gt", 0),
                            ),
                            models.Q(("height", None), ("kind", "document"), ("width", None)),
                            _connector="OR",
                        ),
                        name="photo_always_has_a_size_in_pixels_and_a_document_never",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("capture_place__in", ["place_matches", "place_far", "no_place"]),
                                (
                                    "capture_time__in",
                                    ["time_matches", "time_old", "time_future", "no_time"],
                                ),
                                ("kind", "photo"),
                            ),
                            models.Q(
                                ("capture_place", ""), ("capture_time", ""), ("kind", "document")
                            ),
                            _connector="OR",
                        ),
                        name="photo_always_has_a_capture_verdict_and_a_document_never",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "photo"), ("perceptual_hash", None), _connector="OR"
                        ),
                        name="document_never_has_a_perceptual_hash",
                    ),
                ],
            },
        ),
    ]
