"""Opinions name letters where these are now; nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grievances", "0005_kinds_are_registered"),
        ("receipts", "0001_public_side"),
    ]
    run_before = [("cases", "0042_public_side_leaves")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "opinion",
                    "letter",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinion",
                        to="receipts.message",
                    ),
                ),
            ],
        ),
    ]
