"""A form left open on a shared desk is taken once from each officer, not once from all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_ledger_filters_by_index")]

    operations = [
        migrations.RemoveConstraint("case", "form_taken_once"),
        migrations.AddConstraint(
            "case",
            models.UniqueConstraint(
                fields=["form_key", "reported_by"],
                condition=models.Q(form_key__isnull=False),
                name="form_taken_once",
            ),
        ),
    ]
