"""What those who check bring is evidence of the check, and no evidence of the fix."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

COMPARED = "only_after_photos_of_officers_are_ever_compared"


def sort_out(apps, schema_editor):
    """Officers on the side of the check brought it, whatever it was called."""
    evidence = apps.get_model("cases", "Evidence").objects
    hands = apps.get_model("cases", "Hand").objects
    checked = hands.filter(case=OuterRef("case"), member=OuterRef("added_by"), side="check")
    evidence.filter(Exists(checked), phase="after").update(phase="check")


def put_back(apps, schema_editor):
    evidence = apps.get_model("cases", "Evidence").objects
    evidence.filter(phase="check").update(phase="after")


class Migration(migrations.Migration):
    dependencies = [("cases", "0027_since_when_units_are_shut_out")]

    operations = [
        migrations.AlterField(
            model_name="evidence",
            name="phase",
            field=models.CharField(
                choices=[
                    ("before", "Before the fix"),
                    ("after", "After the fix"),
                    ("check", "From the check"),
                    ("document", "Document"),
                ],
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="evidence", name=COMPARED),
        migrations.RunPython(sort_out, put_back),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=Q(reused_from=None)
                | Q(phase__in=["after", "check"], added_by__isnull=False),
                name=COMPARED,
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=~Q(phase="check") | Q(added_by__isnull=False),
                name="only_an_officer_ever_brings_evidence_of_a_check",
            ),
        ),
    ]
