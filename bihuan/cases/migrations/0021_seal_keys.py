"""A probe of each key that sealed something, to notice that one is lost or wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_for_whom_evidence_is")]

    operations = [
        migrations.CreateModel(
            name="SealKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=12)),
                ("probe", models.TextField()),
                ("first_used_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("lost_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("label",), name="one_probe_for_each_seal_key")
                ],
            },
        ),
    ]
