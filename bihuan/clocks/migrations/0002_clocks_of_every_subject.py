"""Clocks that run alone on their subject, that end late, and that come from other tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_clocks")]

    operations = [
        migrations.AddField(
            "clock", "is_only", models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField("clock", "journal_key", models.BigIntegerField(blank=True, null=True)),
        migrations.AlterField(
            "clock",
            "outcome",
            models.CharField(
                choices=[
                    ("running", "Running"),
                    ("met", "Met"),
                    ("late", "Met late"),
                    ("missed", "Missed"),
                    ("cancelled", "Cancelled"),
                ],
                default="running",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "clock",
            models.UniqueConstraint(
                condition=models.Q(("is_only", True), ("stopped_at", None)),
                fields=("subject",),
                name="one_clock_runs_where_only_one_may",
            ),
        ),
    ]
