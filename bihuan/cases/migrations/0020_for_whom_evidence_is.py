"""Evidence says under which code it came and for whom it is; until now it was shown to too many.

What officers added stays with the office, and what a person gave is for that person and the office.
"""

import json

from django.db import migrations, models

EVERY = 1000


def say_for_whom(apps, schema_editor):
    """Of one picture that two parties gave, the first to give it is named."""
    evidence = apps.get_model("cases", "Evidence").objects
    evidence.filter(added_by=None).update(slot="reporter", shown_to="giver")
    given = evidence.filter(added_by=None, case__kind="mediation").select_related("case", "file")
    cases = {}
    for row in given.order_by("case", "pk").iterator(EVERY):
        cases.setdefault(row.case.number, []).append(row)
    entries = apps.get_model("journal", "Entry").objects.filter(act="add")
    for number, rows in cases.items():
        slots = {}
        for entry in entries.filter(chain__subject=f"case/{number}").order_by("seq"):
            detail = json.loads(entry.detail) if entry.detail else {}
            for digest in detail.get("files", ()):
                slots.setdefault(digest, detail.get("slot", "reporter"))
        for row in rows:
            slot = slots.get(row.file.sha256, "reporter")
            if slot != "reporter":
                evidence.filter(pk=row.pk).update(slot=slot)
    check_now(schema_editor)


def check_now(schema_editor):
    """PostgreSQL changes no table whose keys it still has to check."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0019_what_ledgers_ended"),
        ("files", "0001_stored_files"),
        ("journal", "0003_kept_values"),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="slot",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="evidence",
            name="shown_to",
            field=models.CharField(
                choices=[
                    ("office", "For the office only"),
                    ("giver", "For the office, from the holder of a code"),
                    ("codes", "Shown to everybody who holds a code"),
                ],
                db_default="office",
                default="office",
                max_length=6,
            ),
        ),
        migrations.RunPython(say_for_whom, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(added_by__isnull=False, slot="")
                | (models.Q(added_by=None) & ~models.Q(slot="")),
                name="evidence_always_comes_from_an_officer_or_under_a_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(slot="", shown_to__in=["office", "codes"])
                | (~models.Q(slot="") & models.Q(shown_to__in=["giver", "codes"])),
                name="evidence_always_says_for_whom_it_is",
            ),
        ),
    ]
