"""Rows of a ledger are compared with cases of their place or title, of their days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_provisional_due_times")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["place", "reported_at"], name="case_by_place_and_day"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["title", "reported_at"], name="case_by_title_and_day"),
        ),
    ]
