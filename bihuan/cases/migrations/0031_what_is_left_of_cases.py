"""What is left of a case once its file was destroyed, and ended cases by an index."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0030_amendments"),
        ("orgs", "0005_until_when_posts_were_held"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Disposed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True)),
                ("kind", models.CharField(max_length=12)),
                ("reported_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("retention", models.CharField(max_length=40)),
                ("retention_list", models.CharField(max_length=81)),
                ("is_restricted", models.BooleanField()),
                ("under", models.CharField(max_length=40)),
                ("disposed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="DisposedCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code_hash", models.BinaryField(max_length=32, unique=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["kind", "ended_at", "id"],
                name="case_ended_by_kind",
            ),
        ),
        migrations.AddField(
            model_name="disposed",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orgs.unit",
            ),
        ),
        migrations.AddIndex(
            model_name="disposed",
            index=models.Index(fields=["under", "id"], name="disposed_by_list"),
        ),
        migrations.AddConstraint(
            model_name="disposed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("disposed_at__gt", models.F("ended_at")),
                    ("ended_at__gte", models.F("reported_at")),
                ),
                name="case_is_never_disposed_of_before_it_ended",
            ),
        ),
    ]
