"""The register of data breaches: statements that stay, and the clock of the first report."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orgs", "0005_until_when_posts_were_held"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Breach",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("found_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known yet (treated as serious)"),
                            ("lesser", "Less than serious (below 较大)"),
                            ("serious", "Serious or above (较大 or above)"),
                            ("critical", "Critical information infrastructure is concerned"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("found", "Found"),
                            ("contained", "Contained"),
                            ("reported", "Reported"),
                            ("closed", "Closed"),
                        ],
                        default="found",
                        max_length=9,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule_id", models.CharField(max_length=16)),
                ("rule_version", models.CharField(max_length=16)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("met", "Reported in time"),
                            ("late", "Reported late"),
                            ("missed", "Overdue, then replaced"),
                            ("cancelled", "Ended by another grade"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("seen_at", models.DateTimeField()),
                ("overdue_at", models.DateTimeField(blank=True, null=True)),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="breaches.breach",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Particulars",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("how_found", models.TextField()),
                ("happened", models.TextField()),
                ("kinds", models.JSONField(default=list)),
                ("people", models.PositiveIntegerField(blank=True, null=True)),
                ("cause", models.TextField(blank=True)),
                ("harm", models.TextField(blank=True)),
                ("advice", models.TextField(blank=True)),
                ("contact", models.TextField(blank=True)),
                ("cases", models.JSONField(default=list)),
                ("reason", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="particulars",
                        to="breaches.breach",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("contain", "Remedied"),
                            ("grade", "Graded"),
                            ("tell", "Authority told"),
                            ("tell_persons", "Persons concerned told"),
                            ("spare_persons", "Persons concerned not told, for a reason"),
                            ("add", "Added"),
                            ("strike", "Statement struck"),
                            ("ask_check", "Handed in for the check"),
                            ("send_back", "Sent back from the check"),
                            ("close", "Checked and closed"),
                            ("reopen", "Reopened"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("words", models.TextField(blank=True)),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unknown", "Not known yet (treated as serious)"),
                            ("lesser", "Less than serious (below 较大)"),
                            ("serious", "Serious or above (较大 or above)"),
                            ("critical", "Critical information infrastructure is concerned"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "authority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("cyberspace", "Provincial cyberspace administration (省级网信部门)"),
                            (
                                "protection",
                                "Department that protects the infrastructure (保护工作部门)",
                            ),
                            ("police", "Public security (公安机关)"),
                            ("department", "Another department in charge (主管部门)"),
                        ],
                        max_length=12,
                    ),
                ),
                ("means", models.CharField(blank=True, max_length=120)),
                ("receipt", models.CharField(blank=True, max_length=120)),
                ("made_at", models.DateTimeField()),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="breaches.breach",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "struck",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="struck_by",
                        to="breaches.step",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="breach",
            index=models.Index(
                condition=models.Q(("stage", "closed"), _negated=True),
                fields=["id"],
                name="breach_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(("found_at__lte", models.F("recorded_at"))),
                name="breach_never_found_after_it_was_recorded",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("asked_by__isnull", False),
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("stage", "closed"),
                    ),
                    models.Q(
                        models.Q(("stage", "closed"), _negated=True),
                        ("closed_at", None),
                        ("closed_by", None),
                    ),
                    _connector="OR",
                ),
                name="breach_closed_exactly_when_somebody_checked_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_by", None),
                    models.Q(("closed_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_checks_a_breach_they_handed_in",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)),
                fields=["next_at", "id"],
                name="breach_clock_next",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "running"), ("stopped_at", None)),
                    models.Q(
                        models.Q(("outcome", "running"), _negated=True),
                        ("stopped_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="breach_clock_stopped_exactly_when_it_has_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("stopped_at", None), ("next_at", None), _connector="OR"),
                name="stopped_breach_clock_never_causes_anything",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stopped_at", None)),
                fields=("breach",),
                name="one_clock_runs_on_a_breach",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(("at__lte", models.F("made_at"))),
                name="step_never_stated_before_it_happened",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "tell"), models.Q(("authority", ""), _negated=True)),
                    models.Q(
                        models.Q(("act", "tell"), _negated=True), ("authority", ""), ("receipt", "")
                    ),
                    _connector="OR",
                ),
                name="step_names_an_authority_exactly_when_one_was_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "strike"), ("struck__isnull", False)),
                    models.Q(models.Q(("act", "strike"), _negated=True), ("struck", None)),
                    _connector="OR",
                ),
                name="step_strikes_another_exactly_when_it_says_so",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "grade"), models.Q(("grade", ""), _negated=True)),
                    models.Q(models.Q(("act", "grade"), _negated=True), ("grade", "")),
                    _connector="OR",
                ),
                name="step_has_a_grade_exactly_when_it_grades",
            ),
        ),
    ]
