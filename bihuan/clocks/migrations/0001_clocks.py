"""The clocks that ran on cases alone until now; their table is there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0036_clocks_of_subjects"),
        ("orgs", "0005_until_when_posts_were_held"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Clock",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("subject", models.CharField(max_length=60)),
                        ("rule_id", models.CharField(max_length=16)),
                        ("rule_version", models.CharField(max_length=16)),
                        ("calendar_version", models.CharField(blank=True, max_length=40)),
                        ("started_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("is_provisional", models.BooleanField(db_default=False, default=False)),
                        ("stopped_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("running", "Running"),
                                    ("met", "Met"),
                                    ("missed", "Missed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="running",
                                max_length=10,
                            ),
                        ),
                        ("events", models.JSONField(default=list)),
                        ("next_at", models.DateTimeField(blank=True, null=True)),
                        ("seen_at", models.DateTimeField()),
                        ("overdue_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orgs.unit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["subject"], name="clock_by_subject"),
                            models.Index(
                                condition=models.Q(("next_at__isnull", False)),
                                fields=["next_at", "id"],
                                name="clock_next",
                            ),
                            models.Index(
                                condition=models.Q(("stopped_at", None)),
                                fields=["rule_id", "due_at"],
                                name="clock_running",
                            ),
                            models.Index(
                                condition=models.Q(("is_provisional", True)),
                                fields=["id"],
                                name="clock_provisional",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "running"), ("stopped_at", None)),
                                    models.Q(
                                        models.Q(("outcome", "running"), _negated=True),
                                        ("stopped_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="clock_stopped_exactly_when_it_has_an_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("stopped_at", None), ("next_at", None), _connector="OR"
                                ),
                                name="stopped_clock_never_causes_anything",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_provisional", False),
                                    models.Q(("calendar_version", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="provisional_clock_names_its_holidays",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
