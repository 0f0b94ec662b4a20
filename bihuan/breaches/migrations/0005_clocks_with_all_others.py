"""The clocks of breaches are kept with all others; the journal goes on knowing them by their keys.

They are few, so that they are copied.
"""

from django.core.management.color import no_style
from django.db import migrations

KEPT = (
    "rule_id",
    "rule_version",
    "started_at",
    "due_at",
    "stopped_at",
    "outcome",
    "next_at",
    "seen_at",
    "overdue_at",
)
PREFIX = "breach/"


def to_all_others(apps, schema_editor):
    clocks = apps.get_model("clocks", "Clock")
    for row in apps.get_model("breaches", "Clock").objects.select_related("breach").order_by("pk"):
        events = [{"act": "start", "at": row.started_at.isoformat()}]
        if row.stopped_at:
            events.append({"act": "stop", "at": row.stopped_at.isoformat()})
        clocks.objects.create(
            subject=PREFIX + row.breach.number,
            unit_id=row.breach.unit_id,
            is_only=True,
            journal_key=row.pk,
            events=events,
            **{name: getattr(row, name) for name in KEPT},
        )


def back(apps, schema_editor):
    own = apps.get_model("breaches", "Clock")
    breaches = dict(apps.get_model("breaches", "Breach").objects.values_list("number", "pk"))
    moved = apps.get_model("clocks", "Clock").objects.filter(subject__startswith=PREFIX)
    for row in moved.order_by("pk"):
        own.objects.create(
            pk=row.journal_key or row.pk,
            breach_id=breaches[row.subject.removeprefix(PREFIX)],
            **{name: getattr(row, name) for name in KEPT},
        )
    moved.delete()
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), [own]):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("breaches", "0004_plain_labels"),
        ("clocks", "0002_clocks_of_every_subject"),
    ]

    operations = [
        migrations.RunPython(to_all_others, back),
        migrations.DeleteModel("Clock"),
    ]
