"""Since when a hearing is in progress is a column of the grievance; the case kept it until now."""

from django.db import migrations, models


def take_over(apps, schema_editor):
    schema_editor.execute(
        "UPDATE grievances_grievance SET hearing_began_at = (SELECT stopped_at FROM cases_case c "
        "WHERE c.id = grievances_grievance.case_id) WHERE case_id IN "
        "(SELECT id FROM cases_case WHERE stopped_at IS NOT NULL)"
    )


def give_back(apps, schema_editor):
    schema_editor.execute(
        "UPDATE cases_case SET stopped_at = (SELECT hearing_began_at FROM grievances_grievance g "
        "WHERE g.case_id = cases_case.id) WHERE id IN "
        "(SELECT case_id FROM grievances_grievance WHERE hearing_began_at IS NOT NULL)"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0037_clocks_leave"),
        ("grievances", "0002_opinions_served_on_paper"),
    ]
    run_before = [("cases", "0039_what_kinds_keep")]

    operations = [
        migrations.AddField(
            "grievance", "hearing_began_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunPython(take_over, give_back),
    ]
