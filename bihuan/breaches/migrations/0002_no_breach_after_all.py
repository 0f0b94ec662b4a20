"""A breach that was none: a false alarm, or one that was recorded twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("breaches", "0001_breaches"),
    ]

    operations = [
        migrations.AlterField(
            model_name="breach",
            name="grade",
            field=models.CharField(
                choices=[
                    ("unknown", "Not known yet (treated as serious)"),
                    ("lesser", "Less than serious (below 较大)"),
                    ("serious", "Serious or above (较大 or above)"),
                    ("critical", "Critical information infrastructure is concerned"),
                    ("none", "No breach after all (false alarm, or recorded twice)"),
                ],
                default="unknown",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="grade",
            field=models.CharField(
                blank=True,
                choices=[
                    ("unknown", "Not known yet (treated as serious)"),
                    ("lesser", "Less than serious (below 较大)"),
                    ("serious", "Serious or above (较大 or above)"),
                    ("critical", "Critical information infrastructure is concerned"),
                    ("none", "No breach after all (false alarm, or recorded twice)"),
                ],
                max_length=8,
            ),
        ),
    ]
