"""Whom the deadline of a fix binds stays known when the work is given on to another unit."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_ratings_one_after_another"),
        ("orgs", "0002_successors_of_closed_units"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="bound",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orgs.unit",
            ),
        ),
    ]
