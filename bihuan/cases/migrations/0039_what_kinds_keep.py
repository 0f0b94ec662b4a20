"""What only one kind of case knows leaves the table of cases: columns, and constraints that name
stages. Each kind has taken its columns over before and holds its constraints from now on.

Whether a case has ended is said by `ended_at` alone. Nothing has to be filled in for that: the
constraint that goes has held that a case at a final stage has it, and no other.

SQLite builds the table again and drops its triggers (migration 0009), so that they are laid aside
first and made again in the end.
"""

from django.db import migrations, models
from django.db.models import Q


def lay_aside(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TEMPORARY TABLE laid_aside AS SELECT name, sql FROM sqlite_master "
            "WHERE type = 'trigger' AND tbl_name = 'cases_case'"
        )


def make_again(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM laid_aside WHERE name NOT IN "
            "(SELECT name FROM sqlite_master WHERE type = 'trigger')"
        )
        for (trigger,) in cursor.fetchall():
            schema_editor.execute(trigger, params=None)
    schema_editor.execute("DROP TABLE laid_aside")


class Migration(migrations.Migration):
    dependencies = [("cases", "0038_standard_names")]

    operations = [
        migrations.RunPython(lay_aside, make_again),
        migrations.RemoveConstraint("case", "ended_exactly_when_the_stage_says_so"),
        migrations.RemoveConstraint("case", "closed_is_always_verified"),
        migrations.RemoveConstraint("case", "only_what_was_rejected_is_a_duplicate"),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | Q(ended_at__isnull=False),
                name="what_follows_another_has_always_ended",
            ),
        ),
        migrations.RemoveIndex("case", "case_by_rare_end"),
        migrations.RemoveIndex("case", "case_ended_by_kind"),
        migrations.AddIndex(
            "case",
            models.Index(
                condition=Q(ended_at__isnull=False),
                fields=[
                    "kind",
                    "ended_at",
                    "stage",
                    "is_confidential",
                    "owner",
                    "origin",
                    "reported_by",
                    "id",
                ],
                name="case_ended_by_kind",
            ),
        ),
        migrations.RemoveField("case", "grade"),
        migrations.RemoveField("case", "lister"),
        migrations.RemoveField("case", "stopped_at"),
        migrations.RemoveField("case", "rebounds"),
        migrations.RunPython(make_again, lay_aside),
    ]
