"""What is due for disposal is counted in an index, without reading a case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0033_requests_on_held_cases")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_ended_by_kind"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=[
                    "kind",
                    "ended_at",
                    "grade",
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
    ]
