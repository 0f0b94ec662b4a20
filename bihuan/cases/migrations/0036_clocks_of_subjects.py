"""A clock names its subject as the journal does and knows its unit, so that it may run on others.

Its table is renamed where it lies; that it belongs to `clocks` is said in the next steps.
"""

import django.db.models.deletion
from django.db import migrations, models


def name_subjects(apps, schema_editor):
    _at_once(
        schema_editor,
        "UPDATE cases_clock SET "
        "subject = (SELECT 'case/' || c.number FROM cases_case c WHERE c.id = cases_clock.case_id), "
        "unit_id = (SELECT c.owner_id FROM cases_case c WHERE c.id = cases_clock.case_id)",
    )


def name_cases(apps, schema_editor):
    _at_once(
        schema_editor,
        "UPDATE cases_clock SET case_id = "
        "(SELECT c.id FROM cases_case c WHERE 'case/' || c.number = cases_clock.subject)",
    )


def _at_once(schema_editor, statement):
    """Keys that are checked at the commit would keep PostgreSQL from changing the table after."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute(statement)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def unit(**options):
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="orgs.unit",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_plain_labels"),
        ("orgs", "0005_until_when_posts_were_held"),
    ]

    operations = [
        migrations.AddField("clock", "subject", models.CharField(default="", max_length=60)),
        migrations.AddField("clock", "unit", unit(null=True)),
        migrations.AlterField(
            "clock",
            "case",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="clocks",
                to="cases.case",
            ),
        ),
        migrations.RunPython(name_subjects, name_cases),
        migrations.AlterField("clock", "subject", models.CharField(max_length=60)),
        migrations.AlterField("clock", "unit", unit()),
        migrations.RemoveField("clock", "case"),
        migrations.AddIndex("clock", models.Index(fields=["subject"], name="clock_by_subject")),
        migrations.AlterModelTable("clock", "clocks_clock"),
    ]
