"""Interim controls name clocks where these are now; nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0001_clocks"),
        ("hazards", "0002_imported_closures"),
    ]
    run_before = [("cases", "0037_clocks_leave")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "control",
                    "clock",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="control",
                        to="clocks.clock",
                    ),
                ),
            ],
        ),
    ]
