"""What an import replaced is kept beside the journal, where it can be erased."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="KeptValues",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("chain", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.chain")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "seq"), name="values_kept_once_for_an_entry"),
                    models.CheckConstraint(condition=models.Q(("erased_at", None), models.Q(("after", ""), ("before", "")), _connector="OR"), name="erased_values_are_never_there"),
                ],
            },
        ),
    ]
