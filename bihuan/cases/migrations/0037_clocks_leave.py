"""Clocks belong to an app of their own; nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0036_clocks_of_subjects"),
        ("clocks", "0001_clocks"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "unsolved",
                    "clock",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unsolved",
                        to="clocks.clock",
                    ),
                ),
                migrations.AlterField(
                    "amendment",
                    "clock",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amendment",
                        to="clocks.clock",
                    ),
                ),
                migrations.DeleteModel("Clock"),
            ],
        ),
    ]
