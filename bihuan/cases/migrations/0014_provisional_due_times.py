"""A due time that reaches into a year whose holidays are not loaded says that it is provisional.

SQLite builds the tables of both again and drops their triggers (migration 0009), so that they are
laid aside first and made again in the end.
"""

from django.db import migrations, models


def lay_aside(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TEMPORARY TABLE laid_aside AS SELECT name, sql FROM sqlite_master "
            "WHERE type = 'trigger' AND tbl_name IN ('cases_case', 'cases_clock')"
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
    dependencies = [("cases", "0013_numbers_of_ledgers_by_index")]

    operations = [
        migrations.RunPython(lay_aside, make_again),
        migrations.AddField(
            model_name="clock",
            name="is_provisional",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="is_due_provisional",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("is_provisional", True)),
                fields=["id"],
                name="clock_provisional",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_provisional", False),
                    models.Q(("calendar_version", ""), _negated=True),
                    _connector="OR",
                ),
                name="provisional_clock_names_its_holidays",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_due_provisional", False), ("due_at__isnull", False), _connector="OR"
                ),
                name="only_what_is_due_is_provisional",
            ),
        ),
        migrations.RunPython(make_again, lay_aside),
    ]
