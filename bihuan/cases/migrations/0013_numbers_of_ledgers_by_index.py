"""A case is found by the number that its ledger gave it, whatever the size of the archive."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_open_cases_in_open_units")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("source_ref", ""), _negated=True),
                fields=["source_ref"],
                name="case_by_source_ref",
            ),
        ),
    ]
