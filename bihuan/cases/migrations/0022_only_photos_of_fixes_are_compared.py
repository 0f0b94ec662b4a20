"""Photos are compared only where officers show a fix by them; scans lose the names they came with.

What the public sent is no longer tied to anything. Of two fixes that were both tied to such a photo,
the later one is tied to the earlier one instead.
"""

from django.db import migrations, models
from django.db.models import F, Q

NAMES = {"image/jpeg": "photo.jpg", "image/png": "photo.png"}
AT_A_DESK = ("phone", "letter", "visit")


def tie_again(apps, schema_editor):
    evidence = apps.get_model("cases", "Evidence").objects
    fixes = Q(phase="after", added_by__isnull=False)
    evidence.exclude(fixes).exclude(reused_from=None).update(reused_from=None)
    to_others = evidence.exclude(reused_from=None).exclude(
        reused_from__phase="after", reused_from__added_by__isnull=False
    )
    first = {}
    for row in to_others.order_by("added_at", "pk"):
        found = first.setdefault(row.reused_from_id, row)
        other = None if found.case_id == row.case_id else found.pk
        evidence.filter(pk=row.pk).update(reused_from=other)
    check_now(schema_editor)


def forget_names(apps, schema_editor):
    """An officer at a desk scanned what somebody brought, and named it after them."""
    brought = apps.get_model("cases", "Evidence").objects.filter(
        case__channel__in=AT_A_DESK, added_at=F("case__reported_at"), added_by__isnull=False
    )
    stored = apps.get_model("files", "StoredFile").objects
    for media_type, name in NAMES.items():
        stored.filter(pk__in=brought.values("file"), media_type=media_type).update(name=name)


def check_now(schema_editor):
    """PostgreSQL changes no table whose keys it still has to check."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0021_seal_keys"),
        ("files", "0002_files_of_the_public_are_nameless"),
    ]

    operations = [
        migrations.RunPython(tie_again, migrations.RunPython.noop),
        migrations.RunPython(forget_names, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(reused_from=None)
                | models.Q(phase="after", added_by__isnull=False),
                name="only_after_photos_of_officers_are_ever_compared",
            ),
        ),
    ]
