"""What a ledger says was checked or closed waits for a second officer.

SQLite builds the table again and drops its triggers (migration 0009), so that they are laid aside
first and made again in the end.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


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


def member():
    return models.ForeignKey(
        blank=True,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cases", "0028_evidence_of_the_check"),
    ]

    operations = [
        migrations.RunPython(lay_aside, make_again),
        migrations.AddField(
            model_name="case",
            name="import_check",
            field=models.CharField(
                blank=True,
                choices=[
                    ("waiting", "Unverified, imported"),
                    ("confirmed", "Imported, confirmed by a second officer"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(model_name="case", name="import_by", field=member()),
        migrations.AddField(model_name="case", name="import_checked_by", field=member()),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(import_check="waiting"),
                fields=["ended_at", "id"],
                name="case_import_unverified",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(import_check="", import_by=None, import_checked_by=None)
                | Q(import_check="waiting", channel="import", import_checked_by=None)
                | Q(import_check="confirmed", channel="import", import_checked_by__isnull=False),
                name="only_an_import_is_ever_unverified",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(import_by=None)
                | Q(import_checked_by=None)
                | ~Q(import_checked_by=F("import_by")),
                name="nobody_confirms_their_own_import",
            ),
        ),
        migrations.RunPython(make_again, lay_aside),
    ]
