"""That a written opinion was served on paper, and in which way."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grievances", "0001_grievances_suggestions")]

    operations = [
        migrations.AddField(
            model_name="opinion",
            name="served_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="opinion",
            name="served_way",
            field=models.CharField(blank=True, default="", max_length=10),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("served_at", None), ("served_way", "")),
                    models.Q(
                        ("issued_at__isnull", False),
                        ("served_at__isnull", False),
                        ("served_at__gte", models.F("issued_at")),
                        models.Q(("served_way", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="opinion_never_served_before_its_issue",
            ),
        ),
    ]
